/** The product as a service over a training plant, in this process: what the end-to-end tests and the screenshots look at. */
import { existsSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHeadless } from '../../src/main/headless.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { polledMeters } from '../../src/main/demo/truth-check.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createPlant, type Plant } from '../../src/main/simulator/plant.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { openStore } from '../../src/main/store/store.ts';

const SCREENS = fileURLToPath(new URL('../../out/renderer', import.meta.url));

export interface TrainingService {
  readonly plant: Plant;
  readonly url: string;
  readonly openUrl: string;
  readonly outFolder: string;
  readonly dataFolder: string;
  call(method: string, params?: object): Promise<unknown>;
  /** Resolves when yesterday is complete for every point whose meter keeps intervals and has a driver. */
  untilComplete(): Promise<void>;
  stop(): Promise<void>;
}

/** How many intervals of yesterday, by the day of Moscow, a complete poll brings. */
export function intervalsOfYesterday({ truth }: Plant): number {
  const today = Math.floor((systemClock.now() / 1000 + 10_800) / 86_400) * 86_400 - 10_800;
  return polledMeters(truth).reduce((sum, { serial }) => sum + truth.expectedStarts(serial, today - 86_400, today).length, 0);
}

export async function startTrainingService(options: {
  readonly folder: string;
  readonly historyDays?: number;
  readonly isEmpty?: boolean;
  /** How many points, from the first on, have a code of the supplier. */
  readonly codedPoints?: number;
}): Promise<TrainingService> {
  if (!existsSync(join(SCREENS, 'index.html'))) throw new Error('The screens are not built: npm run build');
  const dataFolder = join(options.folder, 'data');
  const outFolder = join(options.folder, 'out');
  mkdirSync(outFolder, { recursive: true });
  const plant = createPlant({ clock: systemClock, historyDays: options.historyDays ?? 5, hasWireTime: false, latencyMs: [0, 2] });
  await plant.start();
  const store = openStore({ folder: dataFolder, clock: systemClock, logger: silentLogger });
  store.settings.save(
    {
      ...DEFAULT_SETTINGS,
      site: { name: 'Учебный завод «Полиграфмаш»', code: 'DEMO', inn: '7800000000', kpp: '780001001', timeZone: 'Europe/Moscow' },
      onec: { ...DEFAULT_SETTINGS.onec, folder: outFolder },
    },
    'test',
  );
  if (options.isEmpty !== true) {
    const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
      formatLineAddress(parseLineAddress(text)),
    );
    const coded = rows.map((row, index) => ({
      ...row,
      code80020: index < (options.codedPoints ?? 0) ? `56000000000${String(index + 1).padStart(4, '0')}` : row.code80020,
    }));
    store.plant.applyImport(coded, 180, 'test');
  }
  store.close();
  const service = await startHeadless({
    dataFolder,
    port: 0,
    clock: systemClock,
    logger: silentLogger,
    screensFolder: SCREENS,
    checkResults: true,
  });
  const token = service.openUrl.split('#token=')[1] ?? '';
  const call = async (method: string, params: object = {}) => {
    const response = await fetch(`${service.url}/api/call/${method}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(params),
    });
    const outcome = (await response.json()) as { ok: boolean; data?: unknown; error?: { message: string } };
    if (!outcome.ok) throw new Error(`${method}: ${outcome.error?.message ?? 'failed'}`);
    return outcome.data;
  };
  return {
    plant,
    url: service.url,
    openUrl: service.openUrl,
    outFolder,
    dataFolder,
    call,
    async untilComplete() {
      const wanted = intervalsOfYesterday(plant);
      for (;;) {
        const { completenessYesterday } = (await call('system.status')) as { completenessYesterday: { received: number } };
        if (completenessYesterday.received >= wanted) return;
        await systemClock.sleep(200);
      }
    },
    async stop() {
      await service.stop();
      await plant.stop();
    },
  };
}
