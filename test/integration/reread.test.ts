/** A person asks for a period again: what was stored wrongly and what was given up wrongly comes right, in simulated time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createApp } from '../../src/main/app.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { TRAINING_PLANT } from '../../src/main/simulator/layout.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { openStore, openStoreReader } from '../../src/main/store/store.ts';
import type { CallContext } from '../../src/shared/api/dispatch.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const LAYOUT = [
  {
    name: 'ТП',
    code: 'P',
    line: 'L',
    points: TRAINING_PLANT.flatMap(({ points }) => points.filter(({ family }) => family === 'm234')).slice(0, 1),
  },
];
const HALF_HOUR = 1800;
const ENGINEER: CallContext = { transport: 'http', role: 'engineer' };

test('wrong figures become the earlier revision, and a gap that was closed too early is filled', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-reread-'));
  const clock = new FakeClock('2026-11-24T08:10:00Z');
  const plant = createPlant({ clock, historyDays: 2, layout: LAYOUT });
  await plant.start();
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  const noon = Date.parse('2026-11-23T12:00:00Z') / 1000;
  const seeded = openStore({ folder, clock, logger: silentLogger });
  seeded.plant.applyImport(rows, 180, 'test');
  const wrong = {
    startUtc: noon,
    lengthS: HALF_HOUR,
    counts: { 'A+': 60_001, 'A-': null, 'R+': 0, 'R-': null },
    flags: [],
    source: 'profile' as const,
  };
  const given = { fromUtc: noon + HALF_HOUR, toUtc: noon + 2 * HALF_HOUR, sinceUtc: noon, tries: 1, nextTryUtc: null, deadlineUtc: null };
  const batch = {
    meterId: 1,
    atUtc: noon,
    intervals: [wrong],
    gaps: [{ ...given, reason: 'never-recorded' as const, state: 'proven-absent' as const }],
  };
  await Promise.all([seeded.commit(batch), seeded.flush()]);
  seeded.close();
  const app = await createApp({
    dataFolder: folder,
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, depthDays: 2, livePeriodS: 600, journalsPeriodS: null },
  });
  await app.start();
  onTestFinished(async () => {
    await clock.finish(app.stop());
    await plant.stop();
    rmSync(folder, { recursive: true });
  });
  const call = async (name: 'rereads.ask' | 'rereads.list', params: unknown): Promise<unknown> => {
    const outcome = await app.api.dispatch(name, params, ENGINEER);
    if (!outcome.ok) throw new Error(outcome.error.message);
    return outcome.data;
  };
  await clock.advance(10 * 60_000);
  const period = { pointId: 1, from: new Date(noon * 1000).toISOString(), to: new Date((noon + 4 * HALF_HOUR) * 1000).toISOString() };
  await call('rereads.ask', { ...period, reason: 'implausible peak' });
  expect(await call('rereads.list', {})).toMatchObject({ rows: [{ outcome: null, open: 4, reason: 'implausible peak' }] });
  await clock.advance(60_000);
  expect(await call('rereads.list', {})).toMatchObject({ rows: [{ outcome: 'done', found: 1, changed: 1 }] });
  const reader = openStoreReader({ folder });
  const serial = plant.truth.meters[0]?.serial ?? '';
  const stored = reader.intervals.list(1, noon, noon + 4 * HALF_HOUR);
  expect(stored.map(({ startUtc, revision }) => [startUtc, revision])).toEqual(
    [0, 1, 2, 3].map((n) => [noon + n * HALF_HOUR, n === 0 ? 2 : 1]),
  );
  for (const { startUtc, counts } of stored) expect(counts).toEqual(plant.truth.interval(serial, startUtc));
  expect(reader.gaps.list(1).filter(({ toUtc }) => toUtc > noon && toUtc <= noon + 4 * HALF_HOUR)).toEqual([]);
  reader.close();
});
