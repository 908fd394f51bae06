import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import type { MeterEvent } from '../../../src/shared/domain/meter-event.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

let clock: FakeClock;
let store: MemoryStore;
let meter: ScriptedMeter;
let line: ScriptedLine;
let engine: Engine;

function start(plan: Partial<PollPlan> = {}): void {
  const lines = new Map([[1, line]]);
  engine = createEngine({
    plant: plantOf([meter]),
    store,
    openLine: () => line,
    drivers: new Map([['mercury-23x', scriptedDriver([meter], lines, clock)]]),
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, depthDays: 2, ...plan },
  });
  void engine.run();
}

const event = (journal: number, atUtc: number): MeterEvent => ({ journal, kind: 'power-on', atUtc, details: {} });
const read = () => store.batches.flatMap(({ events }) => events ?? []).map(({ journal, atUtc }) => [journal, atUtc]);

beforeEach(() => {
  clock = new FakeClock('2026-11-22T09:10:00Z');
  store = new MemoryStore();
  meter = new ScriptedMeter(1, 1);
  line = new ScriptedLine(clock);
  meter.journals.set(1, [[event(1, 10), event(1, 20)], [event(1, 30)]]);
  meter.journals.set(5, [[], [event(5, 40)]]);
});

afterEach(async () => {
  const stopped = engine.stop();
  await clock.advance(60_000);
  await stopped;
});

test('journals are read to their end once after the start, and again a day later', async () => {
  start();
  await clock.advance(60_000);
  const whole = [
    [1, 10],
    [1, 20],
    [1, 30],
    [5, 40],
  ];
  expect(read()).toEqual(whole);
  await clock.advance(23 * 3_600_000);
  expect(read()).toEqual(whole);
  await clock.advance(3_600_000);
  expect(read()).toEqual([...whole, ...whole]);
});

test('times over which the clock was set back are read anew, once', async () => {
  const setUtc = Date.parse('2026-11-22T06:10:00Z') / 1000;
  const set = (movedS: number): MeterEvent => ({ journal: 1, kind: 'clock-before-correction', atUtc: setUtc, details: { movedS } });
  meter.journals.set(1, [[set(-3600)]]);
  start();
  await clock.advance(3_600_000);
  const times = (startUtc: number) =>
    store.batches.flatMap(({ intervals }) => intervals ?? []).filter((each) => each.startUtc === startUtc).length;
  const half = (back: number) => setUtc - 600 - back * 1800;
  expect([half(-1), half(0), half(1), half(2), half(3)].map(times)).toEqual([1, 2, 2, 2, 1]);
  expect(engine.meter(1)?.openRanges).toEqual([]);
});

test('a correction of the clock has recorded nothing twice', async () => {
  const atUtc = Date.parse('2026-11-22T06:10:00Z') / 1000;
  meter.journals.set(1, [[{ journal: 1, kind: 'clock-before-correction', atUtc, details: { movedS: -200 } }]]);
  start();
  await clock.advance(3_600_000);
  expect(store.duplicates).toBe(0);
});

test('journals wait until the back-fill is done', async () => {
  start({ depthDays: 50 });
  await clock.advance(1000);
  expect(read()).toEqual([]);
  await clock.advance(60_000);
  const filled = store.batches.findIndex(({ events }) => events !== undefined);
  const batchesAfter = store.batches.slice(filled).filter(({ intervals }) => (intervals?.length ?? 0) > 1);
  expect(read().length).toBe(4);
  expect(batchesAfter).toEqual([]);
});

test('a journal that the meter refuses is left alone until the next round', async () => {
  meter.journals.set(1, [[event(1, 10)], new AppError('meter/refused', 'busy')]);
  meter.journals.set(3, [new AppError('meter/unsupported', 'no such journal')]);
  start();
  await clock.advance(120_000);
  expect(read()).toEqual([
    [1, 10],
    [5, 40],
  ]);
  expect(meter.journalReads).toBe(5);
  expect(engine.meter(1)?.health).toBe('ok');
});

test('a round broken off by silence goes on where it was', async () => {
  start({ livePeriodS: 3600 });
  meter.journals.set(1, [[event(1, 10)], new AppError('transport/timeout', 'no answer')]);
  await clock.advance(20_000);
  expect(read()).toEqual([[1, 10]]);
  meter.journals.set(1, [[event(1, 10)], [event(1, 30)]]);
  await clock.advance(60_000);
  expect(read()).toEqual([
    [1, 10],
    [1, 30],
    [5, 40],
  ]);
});

test('a poll reads no journals', async () => {
  start({ mode: 'once', journalsPeriodS: null });
  await clock.advance(60_000);
  expect(meter.journalReads).toBe(0);
});

/** Another run of the program over the same store. */
async function restart(): Promise<void> {
  const stopped = engine.stop();
  await clock.advance(60_000);
  await stopped;
  store.batches.splice(0, store.batches.length, ...store.batches.filter(({ journalRead }) => journalRead !== undefined));
  meter.journalReads = 0;
  meter.newestReads = 0;
  start();
  await clock.advance(60_000);
}

test('a restart costs one exchange for each journal that tells its newest record, and none for the others until they are due', async () => {
  meter.newestRecords.set(1, 'a');
  start();
  await clock.advance(60_000);
  expect([meter.newestReads, meter.journalReads]).toEqual([1, 4]);
  await restart();
  expect([meter.newestReads, meter.journalReads]).toEqual([1, 0]);
  await clock.advance(24 * 3_600_000 - 180_000);
  expect([meter.newestReads, meter.journalReads]).toEqual([1, 0]);
  await clock.advance(180_000);
  expect([meter.newestReads, meter.journalReads]).toEqual([2, 2]);
  expect(read()).toEqual([[5, 40]]);
});

test('a record that came while the program was not running is read at its start', async () => {
  meter.newestRecords.set(1, 'a');
  meter.newestRecords.set(5, 'x');
  start();
  await clock.advance(60_000);
  meter.newestRecords.set(1, 'b');
  meter.journals.set(1, [[event(1, 50), event(1, 20)], [event(1, 30)]]);
  await restart();
  expect(read()).toEqual([
    [1, 50],
    [1, 20],
    [1, 30],
  ]);
  await restart();
  expect([meter.newestReads, meter.journalReads]).toEqual([2, 0]);
});

test('a record that came while its journal was being read is found by the next round', async () => {
  meter.newestRecords.set(1, 'a');
  start({ livePeriodS: 3600 });
  while (meter.journalReads < 1) await clock.advance(10);
  meter.newestRecords.set(1, 'b');
  await clock.advance(60_000);
  await restart();
  expect(read()).toHaveLength(3);
});

test('a journal that was broken off, or that the store has not taken, is read again', async () => {
  meter.newestRecords.set(1, 'a');
  meter.newestRecords.set(5, 'x');
  meter.journals.set(1, [[event(1, 10)], new AppError('transport/timeout', 'no answer')]);
  start();
  await clock.advance(60_000);
  meter.journals.set(1, [[event(1, 10)], [event(1, 30)]]);
  await restart();
  expect(read()).toContainEqual([1, 30]);
  meter.newestRecords.set(5, 'y');
  const commit = store.commit.bind(store);
  store.commit = (batch) => (batch.events === undefined ? commit(batch) : Promise.reject(new AppError('store/disk-full', 'full')));
  await restart();
  expect(read()).toEqual([]);
  store.commit = commit;
  await restart();
  expect(read()).toEqual([[5, 40]]);
});

test.each([
  { days: 29, reads: 0 },
  { days: 31, reads: 2 },
])('a journal that was read $days days ago brings $reads reads, though its newest record is the same', async ({ days, reads }) => {
  meter.journals.delete(5);
  meter.newestRecords.set(1, 'a');
  const atUtc = clock.now() / 1000 - days * 86_400;
  await store.commit({ meterId: 1, atUtc, journalRead: { journal: 1, newest: 'a', atUtc } });
  start();
  await clock.advance(60_000);
  expect([meter.newestReads, meter.journalReads]).toEqual([1, reads]);
});
