import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

const HALF_HOUR = 1800;
let clock: FakeClock;
let store: MemoryStore;
let meters: ScriptedMeter[];
let lines: Map<number, ScriptedLine>;
let engine: Engine;

function build(plan: Partial<PollPlan>, meterCount = 4, historyDays = 60): Engine {
  meters = Array.from({ length: meterCount }, (_, index) => new ScriptedMeter(index + 1, 1));
  lines = new Map([[1, new ScriptedLine(clock)]]);
  engine = createEngine({
    plant: plantOf(meters),
    store,
    openLine: (record) => lines.get(record.id) ?? new ScriptedLine(clock),
    drivers: new Map([['mercury-23x', scriptedDriver(meters, lines, clock, historyDays)]]),
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, depthDays: 2, ...plan },
  });
  return engine;
}

beforeEach(() => {
  clock = new FakeClock('2026-11-22T09:10:00Z');
  store = new MemoryStore();
});

afterEach(async () => {
  const stopped = engine.stop();
  await clock.advance(120_000);
  await stopped;
});

const line = () => lines.get(1) as ScriptedLine;
const meter = (index: number) => meters[index] as ScriptedMeter;
/** Whether a promise has settled by now, without waiting for it. */
const isDone = (promise: Promise<unknown>) =>
  new Promise<boolean>((resolve) => {
    void promise.then(() => resolve(true));
    setImmediate(() => resolve(false));
  });

test('a poll stores every interval of its depth once, equal to what the meters recorded, and ends', async () => {
  build({ mode: 'once' });
  const run = engine.run();
  await clock.advance(60_000);
  expect(await isDone(run)).toBe(true);
  expect(store.duplicates).toBe(0);
  for (const one of meters) {
    const stored = store.intervals.get(one.record.id);
    expect(stored?.size).toBe(96);
    for (const [start, interval] of stored ?? []) expect(interval.counts).toEqual(one.counts(start));
    expect(engine.meter(one.record.id)?.openRanges).toEqual([]);
  }
});

test('what the meter proves never to have recorded is settled, not asked for again', async () => {
  build({ mode: 'once' });
  const hole = Date.parse('2026-11-22T05:00:00Z') / 1000;
  meter(0).holes.add(hole);
  const run = engine.run();
  await clock.advance(60_000);
  expect(await isDone(run)).toBe(true);
  const row = store.gapRows.get(1)?.find(({ state }) => state === 'proven-absent');
  expect(row).toMatchObject({ fromUtc: hole, toUtc: hole + HALF_HOUR, reason: 'never-recorded' });
});

test('what was open when the ring came round is proven lost, not left open for ever', async () => {
  build({}, 1, 200);
  const fromUtc = Date.parse('2026-06-01T00:00:00Z') / 1000;
  const row = { fromUtc, toUtc: fromUtc + 10 * HALF_HOUR, sinceUtc: fromUtc, tries: 3, nextTryUtc: null, deadlineUtc: null };
  store.leftOpen.push({ ...row, meterId: 1, reason: 'silent', state: 'open' });
  void engine.run();
  await clock.advance(300_000);
  expect(store.gapRows.get(1)).toContainEqual(expect.objectContaining({ fromUtc, toUtc: row.toUtc, reason: 'overwritten' }));
  expect(engine.meter(1)?.openRanges).toEqual([]);
});

test('the newest half-hour is stored before an old one that is about to be overwritten', async () => {
  build({}, 1, 200);
  const newest = Date.parse('2026-11-22T08:30:00Z') / 1000;
  const fromUtc = newest - 84 * 86_400;
  const row = { fromUtc, toUtc: fromUtc + 10 * HALF_HOUR, sinceUtc: fromUtc, tries: 3, nextTryUtc: null, deadlineUtc: null };
  store.leftOpen.push({ ...row, meterId: 1, reason: 'silent', state: 'open' });
  void engine.run();
  await clock.advance(60_000);
  const stored = store.batches.flatMap(({ intervals }) => (intervals === undefined ? [] : [intervals.map(({ startUtc }) => startUtc)]));
  expect(stored[0]).toContain(newest);
  expect(stored[1]).toContain(fromUtc);
});

test('after a start each meter shows its values before anything else of it is read', async () => {
  build({}, 18);
  void engine.run();
  await clock.advance(1000);
  expect(engine.meter(1)?.live.atUtc).not.toBeNull();
  const first = Math.max(...meters.map(({ record }) => line().log.findIndex(({ meterId }) => meterId === record.id)));
  await clock.advance(10_000);
  expect(meters.every(({ record }) => (engine.meter(record.id)?.live.atUtc ?? null) !== null)).toBe(true);
  // Nobody is read to the end while others show nothing.
  expect(first).toBeLessThan(5 * meters.length);
});

test('a dead meter is given up after three tries over a minute while its neighbours are read at once', async () => {
  build({ mode: 'once' });
  meter(1).isDead = true;
  const run = engine.run();
  await clock.advance(20_000);
  for (const index of [0, 2, 3]) expect(store.intervals.get(meter(index).record.id)?.size).toBe(96);
  expect(await isDone(run)).toBe(false);
  await clock.advance(30_000);
  expect(await isDone(run)).toBe(false);
  await clock.advance(60_000);
  expect(await isDone(run)).toBe(true);
  expect(meter(1).exchanges).toBeGreaterThanOrEqual(3);
  expect(engine.meter(2)).toMatchObject({ health: 'silent', absence: 'silent', code: 'transport/timeout' });
  expect(store.lastReason(2)).toBe('silent');
  expect(engine.meter(2)?.openRanges.length).toBe(1);
});

test('a dead meter costs its line less than three per cent', async () => {
  build({}, 8);
  meter(0).isDead = true;
  void engine.run();
  await clock.advance(600_000);
  const probes = line().log.filter(({ meterId, atMs }) => meterId === 1 && atMs > 60_000).length;
  expect(probes * 650).toBeLessThan(0.03 * 540_000);
  expect(probes).toBeGreaterThanOrEqual(540 / 60);
});

test('a meter that comes back is read again within a minute', async () => {
  build({});
  meter(0).isDead = true;
  void engine.run();
  await clock.advance(300_000);
  expect(engine.meter(1)?.health).toBe('silent');
  meter(0).isDead = false;
  await clock.advance(60_000);
  expect(engine.meter(1)?.health).toBe('ok');
  expect(store.intervals.get(1)?.size).toBeGreaterThanOrEqual(96);
});

test('a refused password is never tried again by itself', async () => {
  build({});
  meter(2).refusesPassword = true;
  void engine.run();
  await clock.advance(3_600_000);
  expect(meter(2).opens).toBe(1);
  expect(engine.meter(3)).toMatchObject({ health: 'denied', absence: 'denied' });
  expect(store.lastReason(3)).toBe('denied');
});

test('another serial at the address stores nothing under the name of the old meter', async () => {
  build({ mode: 'once' });
  meter(0).answersAs = '99999999';
  const run = engine.run();
  await clock.advance(60_000);
  expect(await isDone(run)).toBe(true);
  expect(store.intervals.get(1)?.size ?? 0).toBe(0);
  expect(engine.meter(1)).toMatchObject({ health: 'wrong-serial', absence: 'wrong-serial' });
});

test('a meter that begins to refuse its password has every half-hour from then on as a gap', async () => {
  build({}, 1);
  void engine.run();
  await clock.advance(60_000);
  expect(engine.meter(1)?.openRanges).toEqual([]);
  meter(0).refusesPassword = true;
  meter(0).isDead = true;
  await clock.advance(120_000);
  meter(0).isDead = false;
  await clock.advance(3 * 3_600_000);
  const newestUtc = Date.parse('2026-11-22T09:00:00Z') / 1000;
  expect(engine.meter(1)).toMatchObject({ health: 'denied', openRanges: [{ fromUtc: newestUtc, toUtc: newestUtc + 6 * HALF_HOUR }] });
  expect(store.gapRows.get(1)?.at(-1)).toMatchObject({ reason: 'denied', toUtc: newestUtc + 6 * HALF_HOUR });
});

test('a meter that was another is asked who it is at growing intervals, without a password, and polled again once it is the right one', async () => {
  build({});
  meter(0).answersAs = '99999999';
  void engine.run();
  await clock.advance(3_600_000);
  expect(engine.meter(1)).toMatchObject({ health: 'wrong-serial', absence: 'wrong-serial' });
  expect(meter(0).opens).toBe(0);
  const { exchanges } = meter(0);
  expect(exchanges).toBeGreaterThan(4);
  expect(exchanges).toBeLessThan(15);
  meter(0).isDead = true;
  await clock.advance(3_600_000);
  expect(engine.meter(1)?.health).toBe('wrong-serial');
  expect(meter(0).exchanges - exchanges).toBeLessThanOrEqual(3);
  meter(0).isDead = false;
  meter(0).answersAs = meter(0).record.serial;
  await clock.advance(1_900_000);
  expect(engine.meter(1)?.health).toBe('ok');
  expect(meter(0).opens).toBe(1);
  expect(store.intervals.get(1)?.size).toBeGreaterThanOrEqual(96);
});

test('a meter that is the right one only now and then gets no password', async () => {
  build({});
  meter(0).answersAs = '99999999';
  void engine.run();
  await clock.advance(1000);
  const answers = [meter(0).record.serial, meter(0).record.serial, '99999999'];
  let asked = 0;
  Object.defineProperty(meter(0), 'answersAs', {
    get: () => {
      asked += 1;
      return answers[(asked - 1) % answers.length];
    },
  });
  await clock.advance(7_200_000);
  expect(asked).toBeGreaterThanOrEqual(3 * 6);
  expect(engine.meter(1)?.health).toBe('wrong-serial');
  expect(meter(0).opens).toBe(0);
});

test.each([7_200_000, -3_540_000, 30 * 86_400_000])(
  'a clock that is off by %i ms misplaces no interval: nothing is stored, the meter stays alive',
  async (deviationMs) => {
    build({ mode: 'once' });
    meter(0).clockDeviationMs = deviationMs;
    const run = engine.run();
    await clock.advance(60_000);
    expect(await isDone(run)).toBe(true);
    expect(store.intervals.get(1)?.size ?? 0).toBe(0);
    expect(engine.meter(1)).toMatchObject({ health: 'ok', live: { clockDeviationMs: deviationMs } });
    expect(engine.meter(1)?.live.atUtc).not.toBeNull();
    expect(engine.meter(1)?.openRanges.length).toBe(1);
    expect(store.intervals.get(2)?.size).toBe(96);
  },
);

test.each([-240_000, 840_000])('a drift of %i ms is no reason to leave the profile unread', async (deviationMs) => {
  build({ mode: 'once' });
  meter(0).clockDeviationMs = deviationMs;
  const run = engine.run();
  await clock.advance(120_000);
  expect(await isDone(run)).toBe(true);
  expect(store.intervals.get(1)?.size).toBeGreaterThanOrEqual(95);
});

test('a line that is torn away and comes back loses nothing and stores nothing twice', async () => {
  build({ mode: 'once', depthDays: 20 });
  const run = engine.run();
  await clock.advance(4_000);
  const before = store.intervals.get(1)?.size ?? 0;
  expect(before).toBeGreaterThan(0);
  line().isDown = true;
  await clock.advance(10_000);
  expect(engine.lines()[0]).toMatchObject({ state: 'down', code: 'line/open-failed' });
  expect(store.lastReason(1)).toBe('line-down');
  line().isDown = false;
  await clock.advance(120_000);
  expect(await isDone(run)).toBe(true);
  expect(store.duplicates).toBe(0);
  for (const one of meters) expect(store.intervals.get(one.record.id)?.size).toBe(20 * 48);
});

test('a poll gives up a line that never opens, and says so', async () => {
  build({ mode: 'once' });
  line().isDown = true;
  const run = engine.run();
  await clock.advance(50_000);
  expect(await isDone(run)).toBe(false);
  await clock.advance(60_000);
  expect(await isDone(run)).toBe(true);
  expect(engine.meter(1)).toMatchObject({ absence: 'line-down', code: 'line/open-failed' });
  expect(engine.meter(1)?.openRanges.length).toBe(1);
});

test('while the store refuses nothing is read on, and afterwards nothing is missing', async () => {
  build({ mode: 'once' });
  store.fault = new AppError('store/disk-full', 'no space');
  const run = engine.run();
  await clock.advance(5_000);
  const exchanges = line().log.length;
  await clock.advance(8_000);
  expect(line().log.length).toBe(exchanges);
  expect(engine.storeFault?.code).toBe('store/disk-full');
  store.fault = null;
  await clock.advance(120_000);
  expect(await isDone(run)).toBe(true);
  expect(engine.storeFault).toBeNull();
  for (const one of meters) expect(store.intervals.get(one.record.id)?.size).toBe(96);
});

test('after each half-hour boundary every meter has its new interval within twenty seconds', async () => {
  build({}, 18);
  void engine.run();
  await clock.advance(600_000);
  const boundary = Date.parse('2026-11-22T09:30:00Z');
  await clock.advance(boundary - clock.now());
  for (const one of meters) expect(store.intervals.get(one.record.id)?.has(boundary / 1000 - HALF_HOUR)).toBe(false);
  await clock.advance(20_000);
  for (const one of meters) expect(store.intervals.get(one.record.id)?.has(boundary / 1000 - HALF_HOUR)).toBe(true);
});

test('a point on screen is read faster than the rest while a back-fill runs', async () => {
  build({ depthDays: 60 }, 18);
  void engine.run();
  await clock.advance(10_000);
  engine.watch([5]);
  await clock.advance(2_000);
  const ages: number[] = [];
  for (let second = 0; second < 30; second += 1) {
    await clock.advance(1_000);
    ages.push(clock.now() / 1000 - (engine.meter(5)?.live.atUtc ?? 0));
  }
  expect(Math.max(...ages)).toBeLessThanOrEqual(5.5);
});

test('after a restart only what is missing is read', async () => {
  build({ mode: 'once' });
  const first = engine.run();
  await clock.advance(60_000);
  await first;
  const before = store.batches.filter(({ intervals }) => intervals !== undefined).length;
  expect(before).toBeGreaterThan(0);
  build({ mode: 'once' });
  const second = engine.run();
  await clock.advance(60_000);
  expect(await isDone(second)).toBe(true);
  expect(store.duplicates).toBe(0);
  expect(store.batches.filter(({ intervals }) => intervals !== undefined).length).toBe(before);
});
