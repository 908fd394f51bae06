import { describe, expect, test } from 'vitest';
import { DayCheckDesk } from '../../../src/main/api/day-check-desk.ts';
import { DayChecker } from '../../../src/main/api/day-checker.ts';
import { dayCheckRows } from '../../../src/main/api/day-checks.ts';
import { Site } from '../../../src/main/api/site.ts';
import { engineStore } from '../../../src/main/lines.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { Store } from '../../../src/main/store/store.ts';
import type { MeterBatch } from '../../../src/shared/domain/batch.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { gap, HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from '../store/support.ts';

const DAY = 86_400;
/** The meters live three hours ahead of UTC: their day of 23 November begins here, at slot 42 of 22 November UTC. */
const OFFSET_SLOTS = -6;
const START = MIDNIGHT + DAY + OFFSET_SLOTS * HALF_HOUR;
const FACTS = { ...NO_FACTS, constantImpPerKwh: 500, profilePeriodMin: 30, ringSlots: 4000 };
const countingOf = () => ({ constants: [500, 1000], registerStepWh: 1 });

/** A whole day of 100 Wh an interval, from its first slot on. */
const slots = (from = 0, to = 48) => Array.from({ length: to - from }, (_, n) => interval(48 + OFFSET_SLOTS + from + n, 100));
const dayStart = (day: number, aPlus: number) => ({
  kind: 'day-start' as const,
  momentUtc: START + day * DAY,
  tariff: 0,
  energy: { 'A+': aPlus, 'A-': null, 'R+': 0, 'R-': null },
});

/** It is one in the morning by the meters, after the day that began at START. */
async function site(...batches: Omit<MeterBatch, 'meterId' | 'atUtc'>[]) {
  const { store, clock } = storeWithMeters(1);
  await clock.advance((START + DAY + 3600) * 1000 - clock.now());
  await put(store, { facts: FACTS }, ...batches);
  return { store, clock, site: new Site({ store, clock, engine: () => null }) };
}
const put = (store: Store, ...batches: Omit<MeterBatch, 'meterId' | 'atUtc'>[]) =>
  stored(store, ...batches.map((batch) => ({ meterId: 1, atUtc: START, ...batch })));
const verdicts = (store: Store) => store.dayChecks.list(1, 0, START + 9 * DAY).map(({ verdict, diagnosis }) => [verdict, diagnosis]);

describe('a closed day', () => {
  const check = (on: Site) => new DayChecker(on, countingOf).check(1, null);

  test('is the day of the clock of the meter, and its figures are exact decimals', async () => {
    const { store, site: on } = await site({ intervals: slots(), registers: [dayStart(0, 1000), dayStart(1, 5801)] });
    store.dayChecks.save(check(on));
    expect(dayCheckRows(on, on.points, {})).toMatchObject([
      {
        point_code: 'P1',
        day: '2026-11-23',
        verdict: 'matches',
        diagnosis: null,
        channels: { 'A+': { sum: '4800', difference: '4801', tolerance: '50', agrees: true }, 'A-': null },
      },
    ]);
    expect(dayCheckRows(on, on.points, { from: '2026-11-24' })).toEqual([]);
    expect(dayCheckRows(on, on.points, { verdict: 'mismatch' })).toEqual([]);
    expect(() => dayCheckRows(on, on.points, { from: '2026-11-24', to: '2026-11-23' })).toThrow(/before it begins/);
  });

  test('has no verdict while an interval of it can still be had', async () => {
    const { site: on } = await site({ intervals: slots(0, 47), gaps: [gap(89, 90)], registers: [dayStart(0, 0), dayStart(1, 4800)] });
    expect(check(on)).toEqual([]);
  });

  test('lacks intervals when one is proven absent and its energy is missing', async () => {
    const proven = gap(89, 90, { state: 'proven-absent', reason: 'never-recorded' });
    const { site: on } = await site({ intervals: slots(0, 47), gaps: [proven], registers: [dayStart(0, 0), dayStart(1, 4800)] });
    expect(check(on)).toMatchObject([{ verdict: 'mismatch', diagnosis: 'missing-slots', figures: { missingSlots: 1 } }]);
  });

  test('waits for its registers, and says so', async () => {
    const { store, site: on } = await site({ intervals: slots(), registers: [dayStart(1, 4800)] });
    const first = check(on);
    expect(first).toMatchObject([{ verdict: 'not-comparable', diagnosis: 'registers-missing' }]);
    store.dayChecks.save(first);
    expect(check(on)).toEqual([]);
    await put(store, { registers: [{ ...dayStart(0, 0), kind: 'month-start' }] });
    expect(check(on)).toMatchObject([{ verdict: 'matches', diagnosis: null }]);
  });

  test('with intervals of two lengths is not compared', async () => {
    const { site: on } = await site({
      intervals: [...slots(0, 46), { ...interval(88, 200), lengthS: 3600 }],
      registers: [dayStart(0, 0), dayStart(1, 4800)],
    });
    expect(check(on)).toMatchObject([{ verdict: 'not-comparable', diagnosis: 'period-changed' }]);
  });

  test('whose registers run backwards is laid to another meter', async () => {
    const { site: on } = await site({ intervals: slots(), registers: [dayStart(0, 9000), dayStart(1, 4800)] });
    expect(check(on)).toMatchObject([{ verdict: 'mismatch', diagnosis: 'replaced-meter' }]);
  });
});

describe('days are compared beside the polling', () => {
  async function desk(...batches: Omit<MeterBatch, 'meterId' | 'atUtc'>[]) {
    const opened = await site(...batches);
    const { store, clock, site: on } = opened;
    let told = 0;
    const checks = new DayCheckDesk({ site: on, store, clock, logger: silentLogger, countingOf, onChecked: () => (told += 1) });
    const engine = checks.watch(engineStore(store));
    const commit = async (batch: Omit<MeterBatch, 'meterId' | 'atUtc'>) => {
      const done = engine.commit({ meterId: 1, atUtc: START, ...batch });
      await store.flush();
      await done;
    };
    return { ...opened, checks, commit, told: () => told };
  }
  const later = (clock: FakeClock) => clock.advance(4000);

  test('at the start, for what a process that died has left', async () => {
    const { store, clock, checks, told } = await desk({ intervals: slots(), registers: [dayStart(0, 0), dayStart(1, 4800)] });
    checks.start();
    await later(clock);
    expect(verdicts(store)).toEqual([['matches', null]]);
    expect(told()).toBe(1);
  });

  test('a few seconds after something of the day was stored, once for all of it', async () => {
    const { store, clock, checks, commit, told } = await desk({ registers: [dayStart(0, 0), dayStart(1, 4800)] });
    checks.start();
    await later(clock);
    await commit({ intervals: slots(0, 20) });
    await commit({ intervals: slots(20, 48) });
    expect(verdicts(store)).toEqual([]);
    await later(clock);
    expect(verdicts(store)).toEqual([['matches', null]]);
    expect(told()).toBe(1);
  });

  test('anew when an interval gets another revision, for better or worse', async () => {
    const { store, clock, checks, commit } = await desk({ intervals: slots(), registers: [dayStart(0, 0), dayStart(1, 4800)] });
    checks.start();
    await later(clock);
    await commit({ intervals: [interval(60, 300)] });
    await later(clock);
    expect(verdicts(store)).toEqual([['mismatch', 'unknown']]);
    await commit({ intervals: [interval(60, 100)] });
    await later(clock);
    expect(verdicts(store)).toEqual([['matches', null]]);
  });

  test('anew when the meter tells another constant', async () => {
    const { store, clock, checks, commit } = await desk({
      facts: { ...FACTS, constantImpPerKwh: 1000 },
      intervals: slots(),
      registers: [dayStart(0, 0), dayStart(1, 4800)],
    });
    checks.start();
    await later(clock);
    expect(verdicts(store)).toEqual([['mismatch', 'wrong-constant']]);
    await commit({ facts: FACTS });
    await later(clock);
    expect(verdicts(store)).toEqual([['matches', null]]);
  });

  test('each hour, for what no batch has announced', async () => {
    const { store, clock, checks } = await desk({ intervals: slots() });
    checks.start();
    await later(clock);
    expect(verdicts(store)).toEqual([['not-comparable', 'registers-missing']]);
    await put(store, { registers: [dayStart(0, 0), dayStart(1, 4800)] });
    await clock.advance(3_600_000 + 4000);
    expect(verdicts(store)).toEqual([['matches', null]]);
  });

  test('later when the store refuses the verdict, and none is forgotten', async () => {
    const { store, clock, site: on } = await site({ intervals: slots(), registers: [dayStart(0, 0), dayStart(1, 4800)] });
    let isFull = true;
    const save: Store['dayChecks']['save'] = (records) => {
      if (isFull) throw new AppError('store/disk-full', 'The disk is full');
      store.dayChecks.save(records);
    };
    const refusing = { ...store, dayChecks: { ...store.dayChecks, save } };
    const checks = new DayCheckDesk({ site: on, store: refusing, clock, logger: silentLogger, countingOf, onChecked: () => {} });
    checks.start();
    await clock.advance(10 * 60_000);
    expect(verdicts(store)).toEqual([]);
    isFull = false;
    await clock.advance(60_000);
    expect(verdicts(store)).toEqual([['matches', null]]);
    checks.stop();
  });

  test('and no more once the desk is closed', async () => {
    const { store, clock, checks, commit } = await desk({ registers: [dayStart(0, 0), dayStart(1, 4800)] });
    checks.start();
    await later(clock);
    checks.stop();
    await commit({ intervals: slots() });
    await clock.advance(3 * 3_600_000);
    expect(verdicts(store)).toEqual([]);
  });
});
