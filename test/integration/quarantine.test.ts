/** A meter is swapped without a word: its profile is read in quarantine, and a person decides whose it is. In simulated time. */
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
import { openStore, openStoreReader } from '../../src/main/store/store.ts';
import type { CallContext } from '../../src/shared/api/dispatch.ts';
import type { MethodName, MethodParams, MethodResult } from '../../src/shared/api/methods.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const LAYOUT = [
  {
    name: 'ТП',
    code: 'P',
    line: 'L',
    points: TRAINING_PLANT.flatMap(({ points }) => points.filter(({ family, load }) => family === 'm234' && load !== 'standby')).slice(
      0,
      2,
    ),
  },
];
const HALF_HOUR = 1800;
const HOUR_MS = 3_600_000;
const ENGINEER: CallContext = { transport: 'http', role: 'engineer' };
const PLAN = { ...CONTINUOUS_PLAN, depthDays: 1, livePeriodS: 30, registersPeriodS: 3600 };
const START = Date.parse('2026-11-24T08:10:00Z') / 1000;
/** A quarter before the swap interval ends. */
const SWAP = Date.parse('2026-11-24T10:45:00Z') / 1000;

/** The product over two points; the meter of the first is swapped at a quarter to, and two hours have gone since. */
async function swapped() {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-quarantine-'));
  const clock = new FakeClock('2026-11-24T08:10:00Z');
  const plant = createPlant({ clock, historyDays: 2, layout: LAYOUT });
  await plant.start();
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  const seeded = openStore({ folder, clock, logger: silentLogger });
  seeded.plant.applyImport(rows, 180, 'test');
  seeded.close();
  let app: App | null = null;
  const start = async () => {
    app = await createApp({ dataFolder: folder, clock, logger: silentLogger, plan: PLAN, checkResults: true });
    await app.start();
  };
  const stop = async () => {
    if (app !== null) await clock.finish(app.stop());
    app = null;
  };
  onTestFinished(async () => {
    await stop();
    await plant.stop();
    rmSync(folder, { recursive: true });
  });
  const call = async <N extends MethodName>(name: N, params: MethodParams<N>): Promise<MethodResult<N>> => {
    const outcome = await clock.finish(app?.api.dispatch(name, params, ENGINEER) ?? Promise.reject(new Error('stopped')));
    if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
    return outcome.data as MethodResult<N>;
  };
  const [point] = plant.truth.meters;
  if (point === undefined) throw new Error('an empty plant');
  await start();
  await clock.advance((SWAP - START) * 1000);
  plant.setFault({ kind: 'replaced-meter', serial: point.serial });
  await clock.advance(2 * HOUR_MS);
  const serial = plant.truth.standing(point.pointCode);
  const intervals = (from = SWAP - 4 * HALF_HOUR, to = SWAP + 8 * HALF_HOUR) =>
    call('intervals.list', { from: iso(from), to: iso(to), pointCode: point.pointCode, limit: 1000 });
  return { folder, clock, plant, point, serial, start, stop, call, intervals };
}

const iso = (utc: number) => new Date(utc * 1000).toISOString();
const swapStart = Math.floor(SWAP / HALF_HOUR) * HALF_HOUR;

test("after a swap the profile is read in quarantine, and is the point's from the replacement on", { timeout: 120_000 }, async () => {
  const { folder, clock, plant, point, serial, start, stop, call, intervals } = await swapped();
  expect(serial).not.toBe(point.serial);

  const [stranger, ...others] = await call('strangers.list', {});
  expect(others).toEqual([]);
  expect(stranger).toMatchObject({
    serial,
    expectedSerial: point.serial,
    pointCode: point.pointCode,
    state: 'quarantined',
    isDenied: false,
  });
  const firstSeen = Date.parse(stranger?.firstSeen ?? '') / 1000;
  expect(firstSeen - SWAP).toBeGreaterThanOrEqual(0);
  expect(firstSeen - SWAP).toBeLessThan(900);
  expect((await call('overview.get', {})).attention.filter(({ code }) => code === 'wrong-serial')).toMatchObject([
    { params: { serial: point.serial, stranger: serial, intervals: stranger?.intervals } },
  ]);

  // What the new meter holds is stored, as it measured it, and the point shows none of it.
  const held = () => plant.truth.expectedStarts(serial, START, Math.floor(clock.now() / 1000));
  const readAll = () => {
    const reader = openStoreReader({ folder });
    const meterId = reader.strangers.list()[0]?.meterId ?? 0;
    const stored = reader.intervals.list(meterId, START - 86_400, SWAP + 86_400);
    expect(stored.map(({ startUtc }) => startUtc)).toEqual(held());
    for (const { startUtc, counts } of stored) expect(counts).toEqual(plant.truth.interval(serial, startUtc));
    expect(reader.registers.list([meterId]).length).toBeGreaterThan(0);
    reader.close();
  };
  expect(held().length).toBeGreaterThanOrEqual(4);
  readAll();
  const before = await intervals();
  expect(before.rows.every(({ meter_serial }) => meter_serial === point.serial)).toBe(true);
  expect(before.rows.filter(({ intervalStart }) => Date.parse(intervalStart) / 1000 > swapStart).map(({ reason }) => reason)).toEqual(
    Array(3).fill('wrong-serial'),
  );
  expect((await call('events.list', { limit: 1000 })).rows.filter(({ meterSerial }) => meterSerial === serial)).toEqual([]);
  expect((await call('system.status', {})).lines).toMatchObject([{ meters: 2 }]);

  // A restart changes nothing.
  await stop();
  await start();
  await clock.advance(HOUR_MS);
  readAll();

  await call('points.change', {
    change: { kind: 'replace-meter', pointId: 1, at: iso(SWAP), reason: 'act 17', serial, finalRegisters: [], firstRegisters: [] },
  });
  await clock.advance(HOUR_MS / 2);
  const after = await intervals();
  const figures = after.rows.map(({ intervalStart, meter_serial, reason, counts }) => ({
    startUtc: Date.parse(intervalStart) / 1000,
    meter_serial,
    reason,
    counts,
  }));
  const whole = figures.filter(({ startUtc }) => startUtc !== swapStart);
  expect(whole).toHaveLength(9);
  for (const { startUtc, meter_serial, reason, counts } of whole) {
    const owner = startUtc < swapStart ? point.serial : serial;
    expect({ startUtc, meter_serial, reason }).toEqual({ startUtc, meter_serial: owner, reason: null });
    expect(counts).toEqual(plant.truth.interval(owner, startUtc));
  }
  expect(figures.filter(({ startUtc }) => startUtc === swapStart).map(({ meter_serial }) => meter_serial)).toEqual([point.serial, serial]);
  expect((await call('overview.get', {})).attention.filter(({ code }) => code === 'wrong-serial')).toEqual([]);
  expect(await call('strangers.list', {})).toMatchObject([{ serial, state: 'assigned', reason: 'act 17' }]);
});

test('a meter that is rejected is left alone, and nothing of it shows', { timeout: 120_000 }, async () => {
  const { folder, clock, plant, point, serial, call, intervals } = await swapped();
  const meterId = (() => {
    const reader = openStoreReader({ folder });
    onTestFinished(() => reader.close());
    return reader.strangers.list()[0]?.meterId ?? 0;
  })();
  const stored = () => {
    const reader = openStoreReader({ folder });
    const count = reader.intervals.count(meterId, 0, Number.MAX_SAFE_INTEGER);
    reader.close();
    return count;
  };
  const count = stored();
  expect(count).toBeGreaterThanOrEqual(4);
  await call('strangers.reject', { serial, reason: 'a portable meter' });
  await clock.advance(3 * HOUR_MS);
  expect(stored()).toBe(count);
  expect(await call('strangers.list', {})).toMatchObject([{ serial, state: 'rejected', who: 'http', reason: 'a portable meter' }]);
  expect((await call('overview.get', {})).attention.filter(({ code }) => code === 'wrong-serial')).toEqual([]);
  expect((await intervals()).rows.every(({ meter_serial }) => meter_serial === point.serial)).toBe(true);
  expect((await call('events.list', { limit: 1000 })).rows.filter(({ meterSerial }) => meterSerial === serial)).toEqual([]);

  // The right one comes back by itself.
  plant.clearFault({ kind: 'replaced-meter', serial: point.serial });
  await clock.advance(HOUR_MS);
  expect((await call('points.get', { pointId: 1 })).live.state).toBe('ok');
});
