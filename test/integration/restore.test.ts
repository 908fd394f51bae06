/** A copy of two days ago put back: what was lost with the disk is read from the meters again. In simulated time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { TRAINING_PLANT } from '../../src/main/simulator/layout.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { listBackups, openStore, openStoreReader, restoreBackup } from '../../src/main/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const HALF_HOUR = 1800;
const LAYOUT = [
  {
    name: 'ТП',
    code: 'P',
    line: 'L',
    points: TRAINING_PLANT.flatMap(({ points }) => points.filter(({ family }) => family === 'm234')).slice(0, 2),
  },
];

test('the hole is refilled from the meters, equal to what they counted', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-restore-'));
  const clock = new FakeClock('2026-11-24T08:10:00Z');
  const plant = createPlant({ clock, historyDays: 1, layout: LAYOUT });
  await plant.start();
  onTestFinished(async () => {
    await plant.stop();
    rmSync(folder, { recursive: true });
  });
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  const seeded = openStore({ folder, clock, logger: silentLogger });
  seeded.plant.applyImport(rows, 180, 'test');
  seeded.close();
  const runFor = async (ms: number) => {
    const app: App = await createApp({
      dataFolder: folder,
      clock,
      logger: silentLogger,
      plan: { ...CONTINUOUS_PLAN, depthDays: 4, livePeriodS: 900, journalsPeriodS: null },
    });
    await app.start();
    await clock.advance(ms);
    await clock.finish(app.stop());
  };
  const startUtc = Math.floor(clock.now() / 1000 / HALF_HOUR) * HALF_HOUR;
  await runFor(20 * 60_000);
  const [copy] = listBackups(join(folder, 'backups'));
  expect(copy?.day).toBe('2026-11-24');
  await runFor(26 * 3_600_000);
  restoreBackup(folder, copy?.file ?? '', clock.now());
  const hole = openStoreReader({ folder });
  expect(hole.intervals.count(1, startUtc, startUtc + 52 * HALF_HOUR)).toBeLessThan(3);
  hole.close();
  await runFor(20 * 60_000);
  const reader = openStoreReader({ folder });
  for (const { id, serial } of reader.plant.load().meters) {
    const stored = reader.intervals.list(id, startUtc, startUtc + 52 * HALF_HOUR);
    expect(stored).toHaveLength(52);
    for (const interval of stored) expect(interval.counts).toEqual(plant.truth.interval(serial, interval.startUtc));
  }
  reader.close();
});
