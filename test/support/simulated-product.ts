/** The whole product over a training plant in simulated time; the test file mocks `node:net` by `memory-net.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApp } from '../../src/main/app.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createPlant, type PlantOptions } from '../../src/main/simulator/plant.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import type { CallContext } from '../../src/shared/api/dispatch.ts';
import { FakeClock } from './fake-clock.ts';

export type TrainingPlant = ReturnType<typeof createPlant>;
/** What is stored before the product starts. */
export type Seed = (store: Store, plant: TrainingPlant, clock: FakeClock) => Promise<void>;

const ENGINEER: CallContext = { transport: 'http', role: 'engineer' };

export interface SimulatedProductOptions {
  readonly seed?: Seed | undefined;
  /** ISO moment at which it begins; the meters have run for four days by then. */
  readonly start: string;
}

export async function simulatedProduct(layout: NonNullable<PlantOptions['layout']>, { seed, start }: SimulatedProductOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-product-'));
  const clock = new FakeClock(start);
  const plant = createPlant({ clock, historyDays: 4, layout });
  await plant.start();
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  const store = openStore({ folder, clock, logger: silentLogger });
  store.plant.applyImport(rows, 180, 'test');
  await seed?.(store, plant, clock);
  store.close();
  const plan = { ...CONTINUOUS_PLAN, depthDays: 4, livePeriodS: 3600, registersPeriodS: 7200, clockPeriodS: 7200, journalsPeriodS: 3600 };
  const app = await createApp({ dataFolder: folder, clock, logger: silentLogger, plan, checkResults: true });
  await app.start();
  onTestFinished(async () => {
    await clock.finish(app.stop());
    await plant.stop();
    rmSync(folder, { recursive: true });
  });
  const call = async (name: string, params: object): Promise<unknown> => {
    const outcome = await app.api.dispatch(name, params, ENGINEER);
    if (!outcome.ok) throw new Error(outcome.error.message);
    return outcome.data;
  };
  return { clock, plant, call };
}
