/** Closed days against registers in simulated time: a healthy plant agrees, what is wrong is named, what is read again agrees. */
import { expect, test, vi } from 'vitest';
import { DayChecker } from '../../src/main/api/day-checker.ts';
import { Site } from '../../src/main/api/site.ts';
import { countingOf } from '../../src/main/drivers/registry.ts';
import { TRAINING_PLANT } from '../../src/main/simulator/layout.ts';
import type { Store } from '../../src/main/store/store.ts';
import type { DayCheckRow } from '../../src/shared/api/day-checks.ts';
import type { MethodResult } from '../../src/shared/api/methods.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { type Seed, simulatedProduct, type TrainingPlant } from '../support/simulated-product.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const HALF_HOUR = 1800;
const DAY = 86_400;
const ALL = TRAINING_PLANT.flatMap(({ points }) => points);
/** One meter of each family that keeps half-hours and freezes its registers at midnight. */
const FAMILIES = ['m234', 'm234d', 'm236', 'm230', 'm230old', 'm204', 'm206'] as const;
const firstOf = (family: string) => ALL.filter((row) => row.family === family && row.load !== 'standby').slice(0, 1);

/** The product over these points; it begins a quarter past the midnight of the meters unless told otherwise. */
async function running(points: typeof ALL, seed?: Seed, start = '2026-11-23T21:15:00Z') {
  const { clock, plant, call } = await simulatedProduct([{ name: 'ТП', code: 'P', line: 'L', points }], { seed, start });
  const checks = async (filter: object = {}) =>
    ((await call('checks.list', { ...filter, limit: 1000 })) as { readonly rows: DayCheckRow[] }).rows;
  return { clock, plant, call, checks };
}

/** Midnight of the meters that began `2026-11-24`, seconds. */
const MIDNIGHT = Date.parse('2026-11-23T21:00:00Z') / 1000;

/** What the meters froze at the midnights that the product was not there for. */
async function seedDayStarts(store: Store, { truth }: TrainingPlant): Promise<void> {
  for (const { id, serial, clock } of store.plant.load().meters) {
    const registers = [1, 2, 3].flatMap((back) => {
      const momentUtc = MIDNIGHT - back * DAY - (clock.offsetMin - 180) * 60;
      const energy = truth.register(serial, 'day-start', momentUtc, 0);
      return energy === null ? [] : [{ kind: 'day-start' as const, momentUtc, tariff: 0, energy }];
    });
    const commit = store.commit({ meterId: id, atUtc: MIDNIGHT, registers });
    await store.flush();
    await commit;
  }
}

test('every closed day of a healthy plant matches, whatever the family, the period, the zone and the season bit', {
  timeout: 60_000,
}, async () => {
  const special = ALL.filter(
    ({ periodMin, zoneH, season, outages }) => periodMin === 60 || zoneH === 5 || season === 'stale' || outages.length > 0,
  );
  const points = [...FAMILIES.flatMap(firstOf), ...special];
  expect(points).toHaveLength(FAMILIES.length + 4);
  const { clock, checks } = await running(points, seedDayStarts);
  await clock.advance(20 * 60_000);
  const rows = await checks({ from: '2026-11-21' });
  expect(rows.map(({ day, verdict }) => `${day} ${verdict}`)).toEqual(
    points.flatMap(() => ['2026-11-21 matches', '2026-11-22 matches', '2026-11-23 matches']),
  );
});

test('the days before the first start are compared where the meter keeps registers by date', { timeout: 60_000 }, async () => {
  const { clock, checks } = await running(['m236', 'm206'].flatMap(firstOf));
  await clock.advance(40 * 60_000);
  expect((await checks({ from: '2026-11-21' })).map(({ day, verdict }) => `${day} ${verdict}`)).toEqual([
    '2026-11-21 matches',
    '2026-11-22 matches',
    '2026-11-23 matches',
    '2026-11-21 matches',
    '2026-11-22 matches',
    '2026-11-23 matches',
  ]);
});

test('a day is compared after its midnight, and the first one only when its registers are known', { timeout: 60_000 }, async () => {
  const { clock, checks } = await running(firstOf('m234'));
  await clock.advance(DAY * 1000);
  expect((await checks({ from: '2026-11-22' })).map(({ day, verdict, diagnosis }) => [day, verdict, diagnosis])).toEqual([
    ['2026-11-22', 'not-comparable', 'registers-missing'],
    ['2026-11-23', 'matches', null],
    ['2026-11-24', 'matches', null],
  ]);
});

test('a clock that was set back over whole intervals makes a day that its registers do not confirm', { timeout: 60_000 }, async () => {
  const points = ['m234', 'm230', 'm236', 'm234d'].flatMap(firstOf);
  const { clock, plant, checks } = await running(points, undefined, '2026-11-24T15:00:00Z');
  const serial = plant.truth.meters[1]?.serial ?? '';
  const minutesBack = plant.truth.meters[2]?.serial ?? '';
  await clock.advance(40 * 60_000);
  // By an hour: a half-hour is recorded twice. By minutes, its parts add up and the registers confirm the day.
  plant.setFault({ kind: 'clock-set', serial, by_s: -3600 });
  plant.setFault({ kind: 'clock-set', serial: minutesBack, by_s: -1200 });
  await clock.advance(2 * 3_600_000);
  plant.clearFault({ kind: 'clock-set', serial, by_s: -3600 });
  plant.clearFault({ kind: 'clock-set', serial: minutesBack, by_s: -1200 });
  await clock.advance(4 * 3_600_000);
  const rows = await checks({ from: '2026-11-24' });
  expect(rows.map(({ meter_serial, verdict, diagnosis }) => [meter_serial, verdict, diagnosis])).toEqual(
    plant.truth.meters.map((meter) => [meter.serial, ...(meter.serial === serial ? ['mismatch', 'clock-set'] : ['matches', null])]),
  );
  expect(rows[1]?.channels?.['A+']?.agrees).toBe(false);
});

test('what is stored wrongly is named, told, and matches once it was read again', { timeout: 60_000 }, async () => {
  const points = ['m234d', 'm230', 'm236'].flatMap(firstOf);
  const before: unknown[] = [];
  const { clock, checks, call } = await running(points, async (store, plant, seedClock) => {
    await seedDayStarts(store, plant);
    const [, shifted = '', scaled = ''] = plant.truth.meters.map(({ serial }) => serial);
    const stored = (serial: string, startUtc: number, endUtc: number, shiftS: number) =>
      plant.truth.expectedStarts(serial, startUtc, endUtc).flatMap((at) => {
        const counts = plant.truth.interval(serial, at + shiftS);
        return counts === null ? [] : [{ startUtc: at, lengthS: HALF_HOUR, counts, flags: [], source: 'profile' as const }];
      });
    const noon = { fromUtc: MIDNIGHT - DAY / 2, toUtc: MIDNIGHT - DAY / 2 + HALF_HOUR };
    const proven = {
      reason: 'never-recorded',
      state: 'proven-absent',
      sinceUtc: MIDNIGHT,
      tries: 1,
      nextTryUtc: null,
      deadlineUtc: null,
    } as const;
    const commits = [
      store.commit({ meterId: 1, atUtc: MIDNIGHT, gaps: [{ ...proven, ...noon }] }),
      store.commit({ meterId: 2, atUtc: MIDNIGHT, intervals: stored(shifted, MIDNIGHT - DAY, MIDNIGHT, HALF_HOUR) }),
      store.commit({
        meterId: 3,
        atUtc: MIDNIGHT,
        intervals: stored(scaled, MIDNIGHT - 2 * DAY, MIDNIGHT - DAY, 0),
        facts: { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 },
      }),
    ];
    await store.flush();
    await Promise.all(commits);
    // The meter tells its constant as soon as it is asked: what the wrong one makes of a day shows before.
    const records = new DayChecker(new Site({ store, clock: seedClock, engine: () => null }), countingOf).check(3, null);
    store.dayChecks.save(records);
    before.push(...records.map(({ verdict, diagnosis, figures }) => [verdict, diagnosis, figures.fittingConstant]));
  });
  expect(before).toEqual([['mismatch', 'wrong-constant', 500]]);
  await clock.advance(20 * 60_000);
  const told = async () => (await checks({ from: '2026-11-21' })).map(({ day, verdict, diagnosis }) => `${day} ${verdict} ${diagnosis}`);
  const healthy = ['2026-11-21 matches null', '2026-11-22 matches null', '2026-11-23 matches null'];
  expect(await told()).toEqual([
    ...healthy.slice(0, 2),
    '2026-11-23 mismatch missing-slots',
    ...healthy.slice(0, 2),
    '2026-11-23 mismatch shifted-by-a-slot',
    ...healthy,
  ]);
  const asking = async () => {
    const { attention } = (await call('overview.get', {})) as MethodResult<'overview.get'>;
    return attention.flatMap(({ code, params }) => (code === 'sum-mismatch' ? [`${params.code} ${params.diagnosis}`] : [])).sort();
  };
  expect(await asking()).toEqual(['P-01 missing-slots', 'P-02 shifted-by-a-slot']);
  for (const pointId of [1, 2]) await call('rereads.ask', { pointId, from: iso(MIDNIGHT - DAY), to: iso(MIDNIGHT) });
  await clock.advance(5 * 60_000);
  expect(await told()).toEqual([...healthy, ...healthy, ...healthy]);
  expect(await asking()).toEqual([]);
});

function iso(at: number): string {
  return new Date(at * 1000).toISOString();
}
