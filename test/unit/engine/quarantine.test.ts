import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import type { LinkedMeter } from '../../../src/shared/domain/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

const STRANGER = 9;
const START = Date.parse('2026-11-22T09:10:00Z') / 1000;
let clock: FakeClock;
let store: MemoryStore;
/** The meter of the papers, a neighbour, and the one that is put in place of the first. */
let known: ScriptedMeter;
let neighbour: ScriptedMeter;
let other: ScriptedMeter;
let engine: Engine;

const inQuarantine = (): LinkedMeter => ({ ...other.record, address: known.record.address, quarantinedUtc: START });

function build(plant = plantOf([known, neighbour])): Engine {
  const lines = new Map([[1, new ScriptedLine(clock)]]);
  engine = createEngine({
    plant,
    store,
    openLine: (record) => lines.get(record.id) ?? new ScriptedLine(clock),
    drivers: new Map([['mercury-23x', scriptedDriver([known, neighbour, other], lines, clock)]]),
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, depthDays: 2 },
  });
  return engine;
}

/** Whoever stands at the address answers the requests to both. */
function stands(meter: ScriptedMeter): void {
  known.answersAs = meter.record.serial;
  other.answersAs = meter.record.serial;
}

beforeEach(() => {
  clock = new FakeClock('2026-11-22T09:10:00Z');
  store = new MemoryStore();
  [known, neighbour, other] = [new ScriptedMeter(1, 1), new ScriptedMeter(2, 1), new ScriptedMeter(STRANGER, 1)];
  store.strangers.push(inQuarantine());
  stands(known);
});

afterEach(async () => {
  const stopped = engine.stop();
  await clock.advance(120_000);
  await stopped;
});

test('another serial that is heard again and again is read under its own number, without a password and beside the others', async () => {
  build();
  const heard: number[] = [];
  engine.subscribe({ quarantined: (meterId) => heard.push(meterId) });
  stands(other);
  void engine.run();
  await clock.advance(60_000);
  expect(engine.meter(STRANGER)).toBeNull();
  await clock.advance(540_000);
  expect(heard).toEqual([STRANGER]);
  expect(store.sightings[0]).toMatchObject({ expectedMeterId: 1, serial: other.record.serial, firstSeenUtc: START });
  expect(engine.meter(STRANGER)).toMatchObject({ health: 'ok', openRanges: [] });
  const stored = store.intervals.get(STRANGER);
  expect(stored?.size).toBeGreaterThanOrEqual(96);
  for (const [start, interval] of stored ?? []) expect(interval.counts).toEqual(other.counts(start));
  // Nothing of it goes under the name of the one that is gone, whose agent asks for no more than identity.
  expect(store.intervals.get(1)?.size ?? 0).toBe(0);
  expect(engine.meter(1)).toMatchObject({ health: 'wrong-serial', absence: 'wrong-serial' });
  expect(known.opens).toBe(0);
  expect(engine.lines()[0]?.meterIds).toEqual([1, 2]);
  expect(store.intervals.get(2)?.size).toBeGreaterThanOrEqual(96);
});

test('serials that take turns are two meters at one address: nobody is taken in', async () => {
  build();
  let asked = 0;
  const answers = [other, other, other, known];
  Object.defineProperty(known, 'answersAs', { get: () => answers[asked++ % answers.length]?.record.serial });
  void engine.run();
  await clock.advance(6 * 3_600_000);
  expect(asked).toBeGreaterThan(20);
  expect(store.sightings).toEqual([]);
  expect(engine.meter(STRANGER)).toBeNull();
});

test('it is polled on after a restart, from the stored plant alone', async () => {
  const plant = plantOf([known, neighbour]);
  build({ ...plant, meters: [...plant.meters, inQuarantine()] });
  stands(other);
  void engine.run();
  await clock.advance(60_000);
  expect(engine.meter(STRANGER)?.health).toBe('ok');
  expect(store.intervals.get(STRANGER)?.size).toBeGreaterThanOrEqual(96);
});

test('it rests when the known meter is back, and takes nobody in by itself', async () => {
  build();
  stands(other);
  void engine.run();
  await clock.advance(600_000);
  stands(known);
  store.sightings.length = 0;
  await clock.advance(3_600_000);
  expect(engine.meter(1)?.health).toBe('ok');
  expect(engine.meter(STRANGER)?.health).toBe('wrong-serial');
  expect(store.sightings).toEqual([]);
  const { opens, exchanges } = other;
  await clock.advance(6 * 3_600_000);
  expect(other.opens).toBe(opens);
  expect(other.exchanges - exchanges).toBeLessThan(6 * 2 + 3);
});

test('a password that it refuses is told to the store and never tried again', async () => {
  build();
  stands(other);
  other.refusesPassword = true;
  void engine.run();
  await clock.advance(24 * 3_600_000);
  expect(other.opens).toBe(1);
  expect(engine.meter(STRANGER)?.health).toBe('denied');
  expect(store.refusals).toEqual([STRANGER]);
});

test('whom the store does not want is not polled, and asked about again later', async () => {
  build();
  store.strangers.length = 0;
  stands(other);
  void engine.run();
  await clock.advance(3_600_000);
  expect(store.sightings.length).toBeGreaterThanOrEqual(2);
  expect(engine.meter(STRANGER)).toBeNull();
  expect(other.exchanges).toBe(0);
});

test('a store that refuses to keep a sighting is told again once it takes figures', async () => {
  build();
  stands(other);
  store.fault = new AppError('store/disk-full', 'full');
  void engine.run();
  await clock.advance(3_600_000);
  expect(engine.meter(STRANGER)).toBeNull();
  store.fault = null;
  await clock.advance(2 * 3_600_000);
  expect(engine.meter(STRANGER)?.health).toBe('ok');
});
