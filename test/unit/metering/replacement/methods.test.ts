import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interval, installation, point } from '../plant.ts';
import { manualReplacement, proposeReplacement } from '../../../../src/main/metering/replacement/propose.ts';
import { Plant, wattHourMeter, zone } from './plants.ts';
import { halfHoursOf } from '../../../../src/main/metering/zone.ts';

const DAY = '2026-11-18';
const WEEK_BEFORE = '2026-11-11';
const starts = halfHoursOf(DAY, zone);
const without =
  (...holes: readonly number[]) =>
  (index: number) =>
    holes.includes(index) ? null : 100;

describe('the control meter', () => {
  test('gives its own counts where it stands beside the main one', () => {
    const site = new Plant(1, {
      meters: [wattHourMeter(1), wattHourMeter(9)],
      installations: [installation(1, 1), installation(1, 9, { kind: 'parallel-control' })],
    });
    site.measure(1, DAY, DAY, without(10, 11)).measure(9, DAY, DAY, (index) => 90 + index);
    expect(site.by('control', 1, DAY, DAY)).toMatchObject({ figures: [100, 101] });
  });

  test('may be another point, and says so', () => {
    const site = new Plant(2).measure(1, DAY, DAY, without(10, 11)).measure(2, DAY, DAY, (index) => 2 * index);
    site.rules.set(1, { controlPointId: 2 });
    expect(site.by('control', 1, DAY, DAY)).toMatchObject({ figures: [20, 22], basis: { points: [{ pointId: 2, sharePpm: 1_000_000 }] } });
  });

  test('says nothing when it is not there, when it lacks an interval itself, or counts by hours', () => {
    const site = new Plant(2).measure(1, DAY, DAY, without(10, 11)).measure(2, DAY, DAY, without(11));
    expect(site.by('control', 1, DAY, DAY)).toEqual({ obstacle: 'not-configured' });
    site.rules.set(1, { controlPointId: 2 });
    expect(site.by('control', 1, DAY, DAY)).toEqual({ obstacle: 'source-incomplete' });
    const hourly = new Plant(2, { meters: [wattHourMeter(1), wattHourMeter(2, 60)] });
    hourly.measure(1, DAY, DAY, without(10, 11)).source.profile.set(
      2,
      starts.filter((_, index) => index % 2 === 0).map((start) => interval(start, { 'A+': 300 }, [], 3600)),
    );
    hourly.rules.set(1, { controlPointId: 2 });
    expect(hourly.by('control', 1, DAY, DAY)).toEqual({ obstacle: 'source-coarser' });
  });

  test('a replacement at the control point is no witness', () => {
    const site = new Plant(2).measure(1, DAY, DAY, without(10)).measure(2, DAY, DAY, without(10));
    site.rules.set(1, { controlPointId: 2 });
    site.source.replaced.push({ pointId: 2, channel: 'A+', startUtc: starts[10] ?? 0, lengthS: 1800, energyWh: 70, method: 'legal' });
    expect(site.by('control', 1, DAY, DAY)).toEqual({ obstacle: 'source-incomplete' });
  });
});

describe('the other end of the line', () => {
  test('with the losses between, seen from its own side, rounded so that the sum stays', () => {
    const site = new Plant(2).measure(1, DAY, DAY, without(3, 4, 5)).measure(2, DAY, DAY, () => 101, 'A-');
    site.rules.set(1, { oppositeEnd: { pointId: 2, isMirrored: true, lossesPpm: -15_000 } });
    // 101 x 0.985 = 99.485 each, 298.455 together: 298, so one of three gets 100.
    expect(site.by('opposite-end', 1, DAY, DAY)).toMatchObject({
      figures: [100, 99, 99],
      sum: 298n,
      basis: { points: [{ pointId: 2, sharePpm: 985_000 }] },
    });
  });
});

describe('the balance of the bus', () => {
  const bus = [
    { pointId: 2, sign: 1 },
    { pointId: 3, sign: 1 },
    { pointId: 4, sign: -1 },
  ] as const;

  test('is the inputs less the other feeders', () => {
    const site = new Plant(4).measure(1, DAY, DAY, without(20));
    site
      .measure(2, DAY, DAY, () => 700)
      .measure(3, DAY, DAY, () => 300)
      .measure(4, DAY, DAY, () => 650);
    site.rules.set(1, { bus });
    expect(site.by('bus-balance', 1, DAY, DAY)).toMatchObject({ figures: [350] });
  });

  test('is not worked out without one of them, nor below zero', () => {
    const site = new Plant(4).measure(1, DAY, DAY, without(20));
    site.measure(2, DAY, DAY, () => 700).measure(4, DAY, DAY, () => 1650);
    site.rules.set(1, { bus });
    expect(site.by('bus-balance', 1, DAY, DAY)).toEqual({ obstacle: 'source-incomplete' });
    site.measure(3, DAY, DAY, () => 300);
    expect(site.by('bus-balance', 1, DAY, DAY)).toEqual({ obstacle: 'balance-negative' });
  });
});

describe('readings by the profile of a like day', () => {
  /** 45 half-hours of 100 Wh are measured; the registers counted 5,000: 500 are left for half-hours 10, 11 and 12. */
  const gap = (like: (index: number) => number) =>
    new Plant(1)
      .measure(1, DAY, DAY, without(10, 11, 12))
      .measure(1, WEEK_BEFORE, WEEK_BEFORE, like)
      .read(1, { [DAY]: 1_000_000, '2026-11-19': 1_005_000 });

  test('the sum is what the register counted, the shape is that of the week before', () => {
    const { figures, basis, sum } = gap((index) => (index === 10 ? 10 : index === 11 ? 20 : 30)).by('readings-by-profile', 1, DAY, DAY);
    // 500 by 10:20:30 is 83.33, 166.67, 250.
    expect(figures).toEqual([83, 167, 250]);
    expect(sum).toBe(500n);
    expect(basis).toMatchObject({
      windows: [{ fromUtc: starts[0], energyWh: 5000, knownWh: 4500, isManual: false }],
      shapes: [{ day: DAY, likeDay: WEEK_BEFORE, pointId: null }],
    });
  });

  test('a like day with a hole is passed over for the next one', () => {
    const site = gap(() => 50).measure(1, '2026-11-04', '2026-11-04', (index) => (index === 10 ? 3 : 1));
    const profile = site.source.profile.get(1) ?? [];
    site.source.profile.set(
      1,
      profile.filter(({ startUtc }) => startUtc !== (starts[11] ?? 0) - 7 * 86_400),
    );
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toMatchObject({
      figures: [300, 100, 100],
      basis: { shapes: [{ likeDay: '2026-11-04' }] },
    });
  });

  test('without any like day the neighbour gives the shape, without one the energy is even', () => {
    const site = new Plant(2).measure(1, DAY, DAY, without(10, 11, 12)).measure(2, DAY, DAY, (index) => (index === 12 ? 8 : 1));
    site.read(1, { [DAY]: 0, '2026-11-19': 5000 });
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toMatchObject({
      figures: [167, 167, 166],
      basis: { shapes: [{ likeDay: null, pointId: null }] },
    });
    site.rules.set(1, { profilePointId: 2 });
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toMatchObject({
      figures: [50, 50, 400],
      basis: { shapes: [{ likeDay: null, pointId: 2 }] },
    });
  });

  test('two gaps between the same readings make the sum together, whichever is approved first', () => {
    const site = new Plant(1).measure(1, DAY, DAY, without(10, 30)).read(1, { [DAY]: 0, '2026-11-19': 5001 });
    const amounts = () =>
      site.runs(1, DAY, DAY).map((run) => proposeReplacement(run, ['readings-by-profile'], site.context()).options[0]?.figures.map(Number));
    // 5,001 less 46 x 100.
    expect(amounts()).toEqual([[201], [200]]);
    site.source.replaced.push({
      pointId: 1,
      channel: 'A+',
      startUtc: starts[10] ?? 0,
      lengthS: 1800,
      energyWh: 201,
      method: 'readings-by-profile',
    });
    expect(amounts()).toEqual([[200]]);
  });

  test('the ratio of the transformers multiplies the readings, and the rest is rounded once', () => {
    const site = new Plant(1, { installations: [installation(1, 1, { ct: { primary: 315, secondary: 2 } })] });
    site.measure(1, DAY, DAY, without(47)).read(1, { [DAY]: 0, '2026-11-19': 4801 });
    // 4,801 x 157.5 - 4,700 x 157.5 = 15,907.5, half up.
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toMatchObject({ figures: [15_908] });
  });

  test('a reading is wanted on both sides, and it may not say less than was measured', () => {
    const site = new Plant(1).measure(1, DAY, DAY, without(10));
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toEqual({ obstacle: 'no-reading-before' });
    site.read(1, { [DAY]: 0 });
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toEqual({ obstacle: 'no-reading-after' });
    // 48 counts and 2 Wh are what rounding may hide.
    for (const [counted, outcome] of [
      [4650, { figures: [0] }],
      [4649, { obstacle: 'readings-below-profile' }],
    ] as const) {
      const other = new Plant(1).measure(1, DAY, DAY, without(10)).read(1, { [DAY]: 0, '2026-11-19': counted });
      expect(other.by('readings-by-profile', 1, DAY, DAY)).toMatchObject(outcome);
    }
  });

  test('a meter that was replaced inside is counted by both acts', () => {
    const swapUtc = (starts[20] ?? 0) + 600;
    const act = (wh: number) => [{ tariff: 0, energy: { 'A+': wh, 'A-': null, 'R+': null, 'R-': null } }];
    const site = new Plant(1, {
      points: [point(1)],
      meters: [wattHourMeter(1), wattHourMeter(2)],
      installations: [
        installation(1, 1, { toUtc: swapUtc, lastRegisters: act(2050) }),
        installation(1, 2, { fromUtc: swapUtc, firstRegisters: act(7) }),
      ],
    });
    site.measure(1, DAY, DAY, (index) => (index < 20 ? 100 : null)).measure(2, DAY, DAY, (index) => (index > 20 ? 100 : null));
    site.read(1, { [DAY]: 0 }).read(2, { '2026-11-19': 2747 });
    // 2,050 + (2,747 - 7) - 47 x 100: the half-hour of the swap took 90.
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toMatchObject({ figures: [90] });
  });

  test('hours of an hourly profile are filled as hours, also beside half-hours of the meter before', () => {
    const swapUtc = starts[24] ?? 0;
    const site = new Plant(2, {
      points: [point(1), point(2)],
      meters: [wattHourMeter(1), wattHourMeter(3, 60), wattHourMeter(2)],
      installations: [installation(1, 1, { toUtc: swapUtc }), installation(1, 3, { fromUtc: swapUtc }), installation(2, 2)],
    });
    site.measure(1, DAY, DAY, (index) => (index < 22 ? 100 : null)).measure(2, DAY, DAY, (index) => index);
    site.source.profile.set(
      3,
      starts.filter((_, index) => index >= 28 && index % 2 === 0).map((start) => interval(start, { 'A+': 200 }, [], 3600)),
    );
    site.rules.set(1, { controlPointId: 2 });
    expect(site.runs(1, DAY, DAY).map(({ starts: begins, lengthS }) => [begins.length, lengthS])).toEqual([
      [2, 1800],
      [2, 3600],
    ]);
    const context = site.context();
    const figures = site.runs(1, DAY, DAY).map((run) => proposeReplacement(run, ['control'], context).options[0]?.figures.map(Number));
    // 24 + 25 and 26 + 27 of the half-hours of the control point.
    expect(figures).toEqual([
      [22, 23],
      [49, 53],
    ]);
  });

  test('readings that a person wrote down serve as well, and the proposal says so', () => {
    const site = new Plant(1).measure(1, DAY, DAY, without(10, 11));
    site.written.push(
      { pointId: 1, atUtc: (starts[0] ?? 0) - 540, channel: 'A+', tariff: 0, readingWh: 0, isRollOver: false },
      { pointId: 1, atUtc: (starts[47] ?? 0) + 1800, channel: 'A+', tariff: 0, readingWh: 5000, isRollOver: false },
    );
    expect(site.by('readings-by-profile', 1, DAY, DAY)).toMatchObject({ figures: [200, 200], basis: { windows: [{ isManual: true }] } });
  });

  test('whatever is absent and whatever was counted, the month comes out to the watt-hour', () => {
    const holes = fc.uniqueArray(fc.integer({ min: 0, max: 47 }), { minLength: 1, maxLength: 48 });
    fc.assert(
      fc.property(
        holes,
        fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 48, maxLength: 48 }),
        fc.integer({ min: 0, max: 900_000 }),
        (absent, like, extra) => {
          const site = new Plant(1)
            .measure(1, DAY, DAY, without(...absent))
            .measure(1, WEEK_BEFORE, WEEK_BEFORE, (index) => like[index] ?? 0);
          site.read(1, { [DAY]: 0, '2026-11-19': (48 - absent.length) * 100 + extra });
          const context = site.context();
          const proposed = site.runs(1, DAY, DAY).flatMap((run) => proposeReplacement(run, ['readings-by-profile'], context).options);
          expect(proposed.flatMap(({ figures }) => figures).reduce((a, b) => a + b, 0n)).toBe(BigInt(extra));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('by law, without readings', () => {
  test('the first month repeats the same month of the year before, a part of it by its length', () => {
    const site = new Plant(1)
      .measure(1, '2025-11-01', '2025-11-30', () => 60)
      .measure(1, '2026-11-01', '2026-11-30', (index, day) => (day === DAY && index < 2 ? null : 100));
    // November a year ago: 1,440 x 60 = 86,400 Wh; two half-hours of 1,440 are 120.
    expect(site.by('legal', 1, DAY, DAY)).toMatchObject({ figures: [60, 60], basis: { referenceMonth: '2025-11' } });
  });

  test('a whole month repeats the whole of the other one, else the last month with data', () => {
    const site = new Plant(1).measure(1, '2026-10-01', '2026-10-31', () => 10);
    const whole = site.by('legal', 1, '2026-11-01', '2026-11-30');
    // October has a day more: its sum stays.
    expect(whole).toMatchObject({ sum: 14_880n, basis: { referenceMonth: '2026-10' } });
    site.measure(1, '2025-11-01', '2025-11-30', () => 20);
    expect(site.by('legal', 1, '2026-11-01', '2026-11-30')).toMatchObject({ sum: 28_800n, basis: { referenceMonth: '2025-11' } });
  });

  test('the third month without data counts the largest power by the hours of the regime', () => {
    const site = new Plant(1).measure(1, '2026-08-01', '2026-08-31', () => 10);
    expect(site.by('legal', 1, '2026-10-01', '2026-10-31')).toMatchObject({ basis: { referenceMonth: '2026-08' } });
    expect(site.by('legal', 1, '2026-11-01', '2026-11-30')).toEqual({ obstacle: 'max-power-unknown' });
    site.rules.set(1, { maxPowerW: 150_000, hoursPerDay: 8 });
    // 150 kW x 30 days x 8 h.
    expect(site.by('legal', 1, '2026-11-01', '2026-11-30')).toMatchObject({
      sum: 36_000_000n,
      basis: { maxPowerW: 150_000, hoursPerDay: 8 },
    });
  });

  test('a reading written down in between begins the count of months anew', () => {
    const site = new Plant(1).measure(1, '2026-08-01', '2026-08-31', () => 10);
    site.written.push({
      pointId: 1,
      atUtc: zone.momentOf('2026-10-15', '10:00'),
      channel: 'A+',
      tariff: 0,
      readingWh: 5,
      isRollOver: false,
    });
    expect(site.by('legal', 1, '2026-11-01', '2026-11-30')).toMatchObject({ basis: { referenceMonth: '2026-08' } });
  });

  test('the hours of the planned peak take it evenly up to the largest power, the others the rest', () => {
    const site = new Plant(1)
      .measure(1, '2025-11-01', '2025-11-30', () => 600)
      .measure(1, '2026-11-01', '2026-11-30', (index, day) => (day === DAY && index >= 14 && index < 20 ? null : 100));
    for (const index of [16, 17]) site.peaks.add(starts[index] ?? 0);
    site.rules.set(1, { maxPowerW: 2000 });
    // 6 x 600 = 3,600 Wh; two peak half-hours hold 1,000 each at most, 1,600 are left for four.
    expect(site.by('legal', 1, DAY, DAY)).toMatchObject({ figures: [400, 400, 1000, 1000, 400, 400], basis: { isSplitByLaw: true } });
    site.rules.set(1, { maxPowerW: 8000 });
    expect(site.by('legal', 1, DAY, DAY)).toMatchObject({ figures: [0, 0, 1800, 1800, 0, 0] });
  });

  test('nothing to repeat is no figure', () => {
    const site = new Plant(1).measure(1, DAY, DAY, without(10));
    expect(site.by('legal', 1, DAY, DAY)).toEqual({ obstacle: 'no-reference-month' });
  });
});

test('a figure that a person brought is shared out by the like day', () => {
  const site = new Plant(1).measure(1, DAY, DAY, without(10, 11)).measure(1, WEEK_BEFORE, WEEK_BEFORE, (index) => index);
  const [run] = site.runs(1, DAY, DAY);
  if (run === undefined) throw new Error('a gap was expected');
  expect(manualReplacement(run, 210n, site.context()).figures).toEqual([100n, 110n]);
  expect(() => manualReplacement(run, -1n, site.context())).toThrow(RangeError);
});

test('rules are asked in the order of the site, and each that has no figure says why', () => {
  const site = new Plant(2)
    .measure(1, DAY, DAY, without(10))
    .measure(2, DAY, DAY, () => 77)
    .read(1, { [DAY]: 0, '2026-11-19': 4780 });
  site.rules.set(1, { controlPointId: 2 });
  const [run] = site.runs(1, DAY, DAY);
  if (run === undefined) throw new Error('a gap was expected');
  const methods = ['opposite-end', 'readings-by-profile', 'control', 'manual'] as const;
  const { options, obstacles } = proposeReplacement(run, methods, site.context());
  expect(options.map(({ method, figures }) => [method, Number(figures[0])])).toEqual([
    ['readings-by-profile', 80],
    ['control', 77],
  ]);
  expect(obstacles).toEqual([
    { method: 'opposite-end', obstacle: 'not-configured' },
    { method: 'manual', obstacle: 'needs-a-person' },
  ]);
});
