import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourcedInterval } from '../../../src/shared/domain/interval.ts';
import { countCompleteness } from '../../../src/main/metering/completeness.ts';
import { consumptionSeries, type SpanData, stepBounds, sumSeries } from '../../../src/main/metering/consumption.ts';
import { decimalText, type Rational, rational, sumOf } from '../../../src/main/metering/energy.ts';
import { expectedStarts, isWithinInstallation, spansOfPoint } from '../../../src/main/metering/expected.ts';
import { halfHoursOf, periodOf, siteZone } from '../../../src/main/metering/zone.ts';
import { installation, interval, meter, plant, point, utc } from './plant.ts';

const zone = siteZone('Europe/Moscow');
const later = utc('2030-01-01T00:00:00Z');
const text = (value: Rational | null) => (value === null ? null : decimalText(value));

function dataOf(site: ReturnType<typeof plant>, from: string, to: string, byMeter: Record<number, SourcedInterval[]>): SpanData[] {
  const period = periodOf(from, to, zone);
  return spansOfPoint(site, 1, period.fromUtc, period.toUtc).map((span) => ({
    span,
    constant: span.meter.facts.constantImpPerKwh,
    intervals: byMeter[span.meter.id] ?? [],
    reasonAt: () => 'silent',
  }));
}

const onePoint = plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)] });

describe('expected intervals', () => {
  test('only what has ended is expected', () => {
    const { fromUtc, toUtc } = periodOf('2026-11-22', '2026-11-22', zone);
    const [span] = spansOfPoint(onePoint, 1, fromUtc, toUtc);
    if (span === undefined) throw new Error('no span');
    expect(expectedStarts(span, later)).toEqual(halfHoursOf('2026-11-22', zone));
    expect(expectedStarts(span, fromUtc + 3599)).toEqual([fromUtc]);
    expect(expectedStarts(span, fromUtc + 3600)).toEqual([fromUtc, fromUtc + 1800]);
  });

  test('a replaced meter shares the interval of its replacement with the new one', () => {
    const swap = utc('2026-11-22T09:10:00Z');
    const site = plant({
      points: [point(1)],
      meters: [meter(1), meter(2)],
      installations: [
        installation(1, 1, { toUtc: swap }),
        installation(1, 2, { fromUtc: swap }),
        installation(1, 3, { kind: 'parallel-control' }),
      ],
    });
    const spans = spansOfPoint(site, 1, utc('2026-11-22T08:00:00Z'), utc('2026-11-22T10:00:00Z'));
    expect(
      spans.map((span) => [span.meter.id, expectedStarts(span, later).map((start) => new Date(start * 1000).toISOString().slice(11, 16))]),
    ).toEqual([
      [1, ['08:00', '08:30', '09:00']],
      [2, ['09:00', '09:30']],
    ]);
    expect(spans.map((span) => isWithinInstallation(span, utc('2026-11-22T09:00:00Z')))).toEqual([false, false]);
    expect(spans.map((span) => isWithinInstallation(span, utc('2026-11-22T08:30:00Z')))).toEqual([true, false]);
  });

  test('an hourly profile stands on the marks of the meter’s own clock', () => {
    const site = plant({
      points: [point(1)],
      meters: [meter(1, { clock: { offsetMin: 330, seasonBit: 'ignored' }, facts: { ...meter(1).facts, profilePeriodMin: 60 } })],
      installations: [installation(1, 1)],
    });
    const spans = spansOfPoint(site, 1, utc('2026-11-22T08:00:00Z'), utc('2026-11-22T10:00:00Z'));
    expect(spans.flatMap((span) => expectedStarts(span, later))).toEqual([utc('2026-11-22T08:30:00Z'), utc('2026-11-22T09:30:00Z')]);
  });

  test('the half-hour of a replacement is one interval, received when both meters have given their part', () => {
    const former = { starts: [0, 1800], isReceived: () => true };
    const next = (isReceived: (start: number) => boolean) => ({ starts: [1800, 3600], isReceived });
    expect(countCompleteness([former, next(() => true)])).toEqual({ expected: 3, received: 3 });
    expect(countCompleteness([former, next((start) => start !== 1800)])).toEqual({ expected: 3, received: 2 });
    expect(countCompleteness([next(() => false), former])).toEqual({ expected: 3, received: 1 });
  });

  test('completeness does not count what nobody expected', () => {
    expect(countCompleteness([{ starts: [0, 1800, 3600], isReceived: (start) => start === 1800 || start === 7200 }])).toEqual({
      expected: 3,
      received: 1,
    });
  });
});

describe('consumption', () => {
  test('half-hours, hours, days and months of the day with 25 hours', () => {
    const starts = halfHoursOf('2014-10-26', zone);
    const intervals = starts.map((start) => interval(start, { 'A+': 2 }));
    const request = { from: '2014-10-26', to: '2014-10-26', channel: 'A+', zone, nowUtc: later } as const;
    const data = dataOf(onePoint, '2014-10-26', '2014-10-26', { 1: intervals });
    const rowsBy = (step: 'half-hour' | 'hour' | 'day' | 'month') => consumptionSeries({ ...request, step, data });
    expect(rowsBy('half-hour').rows).toHaveLength(50);
    expect(rowsBy('hour').rows).toHaveLength(25);
    expect(rowsBy('hour').rows.map((row) => text(row.energy))).toEqual(Array<string>(25).fill('2'));
    const day = rowsBy('day');
    expect(day.rows).toHaveLength(1);
    expect(day.rows[0]).toMatchObject({ minutes: 1500, expected: 50, received: 50, reason: null });
    expect(text(day.total)).toBe('50');
    expect(rowsBy('month').rows[0]).toMatchObject({ startUtc: starts[0], minutes: 1500, expected: 50 });
  });

  test('an absent interval leaves the sum of the rest with its count and reason', () => {
    const [first = 0, second = 0, third = 0] = halfHoursOf('2026-11-22', zone);
    const data = dataOf(onePoint, '2026-11-22', '2026-11-22', {
      1: [interval(first, { 'A+': 1 }, ['power-cut']), interval(third, { 'A+': 3 })],
    });
    const series = consumptionSeries({
      from: '2026-11-22',
      to: '2026-11-22',
      step: 'hour',
      channel: 'A+',
      zone,
      nowUtc: third + 1800,
      data: data.map((part) => ({ ...part, reasonAt: (start) => (start === second ? 'line-down' : 'bug') as 'line-down' })),
    });
    expect(series.rows[0]).toMatchObject({ expected: 2, received: 1, reason: 'line-down', flags: ['power-cut'] });
    expect(text(series.rows[0]?.energy ?? null)).toBe('0.5');
    expect(series.rows[1]).toMatchObject({ expected: 1, received: 1, reason: null });
    expect(series.rows[2]).toMatchObject({ energy: null, expected: 0, received: 0 });
    expect(series.completeness).toEqual({ expected: 3, received: 2 });
    expect(series.peak).toBeNull();
  });

  test('half-hours from frozen registers count whole watt-hours beside those of a profile, whatever the meter constant', () => {
    const [first = 0, second = 0] = halfHoursOf('2026-11-22', zone);
    const intervals = [interval(first, { 'A+': 3 }), interval(second, { 'A+': 7 }, ['frozen'], 1800, 'frozen-registers')];
    const ct = { primary: 600, secondary: 5 };
    const request = { from: '2026-11-22', to: '2026-11-22', channel: 'A+', zone, nowUtc: second + 1800 } as const;
    const energies = (site: ReturnType<typeof plant>) => {
      const data = dataOf(site, '2026-11-22', '2026-11-22', { 1: intervals });
      return consumptionSeries({ ...request, step: 'half-hour', data })
        .rows.slice(0, 2)
        .map(({ energy }) => text(energy));
    };
    // 3 counts at A = 1000 are 1.5 Wh, 7 Wh are 7 Wh; both times 120.
    expect(energies(plant({ ...onePoint, installations: [installation(1, 1, { ct })] }))).toEqual(['180', '840']);
    const unread = meter(1, { facts: { ...meter(1).facts, constantImpPerKwh: null } });
    expect(energies(plant({ ...onePoint, meters: [unread] }))).toEqual([null, '7']);
  });

  test('nothing received is null, never zero', () => {
    const data = dataOf(onePoint, '2026-11-22', '2026-11-22', {});
    const series = consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step: 'day', channel: 'A+', zone, nowUtc: later, data });
    expect(series.total).toBeNull();
    expect(series.rows[0]).toMatchObject({ energy: null, expected: 48, received: 0, reason: 'silent' });
  });

  test('a channel that the meter does not keep is null although the intervals are there', () => {
    const intervals = halfHoursOf('2026-11-22', zone).map((start) => interval(start, { 'A+': 1 }));
    const data = dataOf(onePoint, '2026-11-22', '2026-11-22', { 1: intervals });
    const series = consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step: 'day', channel: 'R-', zone, nowUtc: later, data });
    expect(series.rows[0]).toMatchObject({ energy: null, expected: 48, received: 48, reason: null });
  });

  test('the peak is the mean power of the largest complete step, primary side', () => {
    const site = plant({
      points: [point(1)],
      meters: [meter(1)],
      installations: [installation(1, 1, { vt: { primary: 15750, secondary: 100 } })],
    });
    const starts = halfHoursOf('2026-11-22', zone);
    const intervals = starts.map((start, index) => interval(start, { 'A+': index === 20 ? 10 : 4 }));
    const data = dataOf(site, '2026-11-22', '2026-11-22', { 1: intervals });
    const { peak } = consumptionSeries({
      from: '2026-11-22',
      to: '2026-11-22',
      step: 'half-hour',
      channel: 'A+',
      zone,
      nowUtc: later,
      data,
    });
    // 10 counts at A 1000 = 5 Wh in half an hour = 10 W, x 157.5.
    expect({ ...peak, power: text(peak?.power ?? null) }).toEqual({ startUtc: starts[20], minutes: 30, power: '1575' });
  });

  test('a ratio changed with the meter counts from its own time on', () => {
    const noon = utc('2026-11-22T09:00:00Z');
    const site = plant({
      points: [point(1)],
      meters: [meter(1), meter(2, { facts: { ...meter(2).facts, constantImpPerKwh: 500 } })],
      installations: [installation(1, 1, { toUtc: noon }), installation(1, 2, { fromUtc: noon, ct: { primary: 600, secondary: 5 } })],
    });
    const starts = halfHoursOf('2026-11-22', zone);
    const both = starts.map((start) => interval(start, { 'A+': 2 }));
    const data = dataOf(site, '2026-11-22', '2026-11-22', { 1: both, 2: both });
    const series = consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step: 'day', channel: 'A+', zone, nowUtc: later, data });
    // 24 x 1 Wh, then 24 x 2 Wh x 120.
    expect(text(series.total)).toBe('5784');
    expect(series.completeness).toEqual({ expected: 48, received: 48 });
  });

  test('the half-hour of a replacement is one interval, received when both meters gave their part, and never valid', () => {
    const swap = utc('2026-11-22T09:10:00Z');
    const site = plant({
      points: [point(1)],
      meters: [meter(1), meter(2)],
      installations: [installation(1, 1, { toUtc: swap }), installation(1, 2, { fromUtc: swap, ct: { primary: 100, secondary: 5 } })],
    });
    const all = halfHoursOf('2026-11-22', zone).map((start) => interval(start, { 'A+': 2 }));
    const shared = utc('2026-11-22T09:00:00Z');
    const without = all.filter(({ startUtc }) => startUtc !== shared);
    const day = (first: SourcedInterval[], second: SourcedInterval[]) => {
      const data = dataOf(site, '2026-11-22', '2026-11-22', { 1: first, 2: second });
      const request = { from: '2026-11-22', to: '2026-11-22', channel: 'A+', zone, nowUtc: later, data } as const;
      const series = consumptionSeries({ ...request, step: 'half-hour' });
      const row = series.rows.find(({ startUtc }) => startUtc === shared);
      return {
        ...series.completeness,
        valid: series.valid,
        received: row?.received,
        all: series.completeness.received,
        energy: text(row?.energy ?? null),
      };
    };
    // 1 Wh of the old meter and 1 Wh x 20 of the new one.
    expect(day(all, all)).toEqual({ expected: 48, received: 1, all: 48, valid: 47, energy: '21' });
    expect(day(without, all)).toEqual({ expected: 48, received: 0, all: 47, valid: 47, energy: '20' });
    expect(day(all, without)).toEqual({ expected: 48, received: 0, all: 47, valid: 47, energy: '1' });
    expect(day(without, without)).toEqual({ expected: 48, received: 0, all: 47, valid: 47, energy: null });
  });

  test('a half-hour with two replacements needs the parts of all three meters', () => {
    const shared = utc('2026-11-22T09:00:00Z');
    const site = plant({
      points: [point(1)],
      meters: [meter(1), meter(2), meter(3)],
      // Listed and numbered backwards: the order is that of time.
      installations: [
        installation(1, 3, { id: 1, fromUtc: shared + 900 }),
        installation(1, 2, { id: 2, fromUtc: shared + 300, toUtc: shared + 900 }),
        installation(1, 1, { id: 3, toUtc: shared + 300 }),
      ],
    });
    const part = [interval(shared, { 'A+': 2 })];
    const receivedWith = (meters: readonly number[]) => {
      const spans = spansOfPoint(site, 1, shared, shared + 1800);
      expect(spans.map((span) => span.meter.id)).toEqual([1, 2, 3]);
      const data = spans.map(
        (span): SpanData => ({
          span,
          constant: 1000,
          intervals: meters.includes(span.meter.id) ? part : [],
          reasonAt: () => 'silent',
        }),
      );
      const series = consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step: 'day', channel: 'A+', zone, nowUtc: later, data });
      return [series.completeness.expected, series.completeness.received, text(series.total)];
    };
    expect(receivedWith([1, 2, 3])).toEqual([1, 1, '3']);
    for (const some of [[1, 2], [1, 3], [2, 3], [1], [2], [3]]) expect(receivedWith(some)).toEqual([1, 0, String(some.length)]);
    expect(receivedWith([])).toEqual([1, 0, null]);
  });

  test('counts of the interval inside which the same meter got another ratio are no figure of either ratio', () => {
    const change = utc('2026-11-22T09:10:00Z');
    const ct = { primary: 600, secondary: 5 };
    const site = (over: object) =>
      plant({
        points: [point(1)],
        meters: [meter(1)],
        installations: [installation(1, 1, { id: 1, toUtc: change }), installation(1, 1, { id: 2, fromUtc: change, ...over })],
      });
    const all = halfHoursOf('2026-11-22', zone).map((start) => interval(start, { 'A+': 2 }));
    const day = (over: object, step: 'half-hour' | 'day') => {
      const data = dataOf(site(over), '2026-11-22', '2026-11-22', { 1: all });
      return consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step, channel: 'A+', zone, nowUtc: later, data });
    };
    const mixed = day({ ct }, 'half-hour').rows.find(({ startUtc }) => startUtc === utc('2026-11-22T09:00:00Z'));
    expect(mixed).toMatchObject({ energy: null, lack: 'ratio-changed', expected: 1, received: 1, valid: 0 });
    // 24 half-hours before at 1 Wh, 23 after at 120 Wh.
    expect(text(day({ ct }, 'day').total)).toBe('2784');
    expect(day({ ct }, 'day').rows[0]).toMatchObject({ expected: 48, received: 48, valid: 47, lack: 'ratio-changed' });
    // With the same ratio written another way every count has its place, once.
    expect(text(day({ ct: { primary: 5, secondary: 5 } }, 'day').total)).toBe('48');
  });

  test('a meter that went to another point inside an interval gives that interval to neither', () => {
    const moved = utc('2026-11-22T09:10:00Z');
    const site = plant({
      points: [point(1), point(2)],
      meters: [meter(1)],
      installations: [installation(1, 1, { toUtc: moved }), installation(2, 1, { fromUtc: moved })],
    });
    const period = periodOf('2026-11-22', '2026-11-22', zone);
    const mixed = [1, 2].map((id) => spansOfPoint(site, id, period.fromUtc, period.toUtc).map((span) => span.mixed));
    expect(mixed).toEqual([[[utc('2026-11-22T09:00:00Z')]], [[utc('2026-11-22T09:00:00Z')]]]);
  });

  test('spans stand in the order of time, however the installations are listed', () => {
    const noon = utc('2026-11-22T09:00:00Z');
    const site = plant({
      points: [point(1)],
      meters: [meter(1), meter(2)],
      installations: [installation(1, 2, { id: 1, fromUtc: noon }), installation(1, 1, { id: 2, toUtc: noon })],
    });
    const spans = spansOfPoint(site, 1, noon - 3600, noon + 3600);
    expect(spans.map((span) => [span.meter.id, span.fromUtc, span.toUtc])).toEqual([
      [1, noon - 3600, noon],
      [2, noon, noon + 3600],
    ]);
    expect(spans.map((span) => [noon - 1800, noon].map((start) => isWithinInstallation(span, start)))).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('a change on the half-hour mixes nothing', () => {
    const change = utc('2026-11-22T09:00:00Z');
    const ct = { primary: 600, secondary: 5 };
    const site = plant({
      points: [point(1)],
      meters: [meter(1)],
      installations: [installation(1, 1, { id: 1, toUtc: change }), installation(1, 1, { id: 2, fromUtc: change, ct })],
    });
    const spans = spansOfPoint(site, 1, change - 3600, change + 3600);
    expect(spans.map((span) => [span.mixed, expectedStarts(span, later)])).toEqual([
      [[], [change - 3600, change - 1800]],
      [[], [change, change + 1800]],
    ]);
  });

  test('control meters are asked for apart', () => {
    const site = plant({
      points: [point(1)],
      meters: [meter(1), meter(2)],
      installations: [installation(1, 1), installation(1, 2, { kind: 'parallel-control' })],
    });
    const ids = (kind: 'main' | 'parallel-control') => spansOfPoint(site, 1, 0, 3600, kind).map((span) => span.meter.id);
    expect([ids('main'), ids('parallel-control')]).toEqual([[1], [2]]);
  });

  test('valid are the intervals that no flag spoils', () => {
    const flags = [['power-cut', 'incomplete'], ['clock-set'], ['incomplete'], []] as const;
    const intervals = halfHoursOf('2026-11-22', zone).map((start, index) => interval(start, { 'A+': 1 }, flags[index] ?? []));
    const data = dataOf(onePoint, '2026-11-22', '2026-11-22', { 1: intervals });
    const series = consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step: 'hour', channel: 'A+', zone, nowUtc: later, data });
    expect(series.rows.slice(0, 3).map(({ received, valid }) => [received, valid])).toEqual([
      [2, 1],
      [2, 1],
      [2, 2],
    ]);
    expect(series.valid).toBe(46);
  });

  test('an interval of another length than the meter’s period is received, not valid', () => {
    const [first = 0, second = 0] = halfHoursOf('2026-11-22', zone);
    const intervals = [interval(first, { 'A+': 1 }, [], 3600), interval(second, { 'A+': 1 })];
    const data = dataOf(onePoint, '2026-11-22', '2026-11-22', { 1: intervals });
    const series = consumptionSeries({
      from: '2026-11-22',
      to: '2026-11-22',
      step: 'day',
      channel: 'A+',
      zone,
      nowUtc: second + 1800,
      data,
    });
    expect([series.completeness, series.valid]).toEqual([{ expected: 2, received: 2 }, 1]);
  });

  test('a received interval says why it has no figure', () => {
    const intervals = halfHoursOf('2026-11-22', zone).map((start) => interval(start, { 'A+': 1 }, ['frozen']));
    const lackOf = (site: ReturnType<typeof plant>, channel: 'A+' | 'R+') => {
      const data = dataOf(site, '2026-11-22', '2026-11-22', { 1: intervals });
      const series = consumptionSeries({ from: '2026-11-22', to: '2026-11-22', step: 'day', channel, zone, nowUtc: later, data });
      return [series.rows[0]?.lack, series.rows[0]?.energy ?? null, series.valid, series.rows[0]?.flags];
    };
    const unread = meter(1, { facts: { ...meter(1).facts, constantImpPerKwh: null } });
    expect(lackOf(onePoint, 'R+')).toEqual(['channel-not-kept', null, 0, ['frozen']]);
    expect(lackOf(plant({ ...onePoint, meters: [unread] }), 'A+')).toEqual(['constant-unknown', null, 0, ['frozen']]);
  });

  test('days of 46, 50 and 52 half-hours are complete with as many', () => {
    const day = (name: string, date: string) => {
      const at = siteZone(name);
      const intervals = halfHoursOf(date, at).map((start) => interval(start, { 'A+': 2 }));
      const period = periodOf(date, date, at);
      const data = spansOfPoint(onePoint, 1, period.fromUtc, period.toUtc).map((span) => ({
        span,
        constant: 1000,
        intervals,
        reasonAt: () => 'silent' as const,
      }));
      const series = consumptionSeries({ from: date, to: date, step: 'day', channel: 'A+', zone: at, nowUtc: later, data });
      return [series.completeness, text(series.total)];
    };
    expect(day('Europe/Moscow', '2011-03-27')).toEqual([{ expected: 46, received: 46 }, '46']);
    expect(day('Europe/Moscow', '2014-10-26')).toEqual([{ expected: 50, received: 50 }, '50']);
    expect(day('Asia/Magadan', '2014-10-26')).toEqual([{ expected: 52, received: 52 }, '52']);
  });

  test('the sum of the parts is the whole whatever the step, the order of points and the mixture of meters', () => {
    const counts = fc.array(fc.option(fc.nat(65_535)), { minLength: 96, maxLength: 96 });
    const oneMeter = fc.record({
      constant: fc.constantFrom(250, 500, 1000, 1250, 5000, 25_000),
      secondary: fc.integer({ min: 1, max: 300 }),
      counts,
    });
    fc.assert(
      fc.property(fc.array(oneMeter, { minLength: 1, maxLength: 4 }), (meters) => {
        const starts = ['2026-11-22', '2026-11-23'].flatMap((day) => halfHoursOf(day, zone));
        const seriesOf = (step: 'half-hour' | 'hour' | 'day' | 'month') =>
          meters.map((one) => {
            const site = plant({
              points: [point(1)],
              meters: [meter(1, { facts: { ...meter(1).facts, constantImpPerKwh: one.constant } })],
              installations: [installation(1, 1, { ct: { primary: 600, secondary: one.secondary } })],
            });
            const intervals = starts.flatMap((start, index) => {
              const count = one.counts[index] ?? null;
              return count === null ? [] : [interval(start, { 'A+': count })];
            });
            const data = dataOf(site, '2026-11-22', '2026-11-23', { 1: intervals });
            return consumptionSeries({ from: '2026-11-22', to: '2026-11-23', step, channel: 'A+', zone, nowUtc: later, data });
          });
        const totals = (['half-hour', 'hour', 'day', 'month'] as const).map((step) => {
          const rows = sumSeries(seriesOf(step));
          return text(sumOf(rows.flatMap(({ energy }) => energy ?? [])));
        });
        const backwards = text(
          sumOf(
            seriesOf('day')
              .toReversed()
              .flatMap(({ total }) => total ?? []),
          ),
        );
        // By hand over one common denominator, rounding nothing.
        const whole = meters.map((one) => {
          const sum = one.counts.reduce<number>((left, count) => left + (count ?? 0), 0);
          return rational(BigInt(sum) * 1000n * 600n, 2n * BigInt(one.constant) * BigInt(one.secondary));
        });
        expect(new Set([...totals, backwards])).toEqual(new Set([text(sumOf(whole))]));
        for (const series of seriesOf('hour')) {
          for (const row of series.rows) expect(row.energy === null).toBe(row.received === 0);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('an hourly profile answers in hours when asked for half-hours', () => {
    const site = plant({
      points: [point(1)],
      meters: [meter(1, { facts: { ...meter(1).facts, profilePeriodMin: 60 } })],
      installations: [installation(1, 1)],
    });
    const series = consumptionSeries({
      from: '2026-11-22',
      to: '2026-11-22',
      step: 'half-hour',
      channel: 'A+',
      zone,
      nowUtc: later,
      data: dataOf(site, '2026-11-22', '2026-11-22', { 1: [] }),
    });
    expect(series.rows.map((row) => [row.minutes, row.expected])).toEqual(Array.from({ length: 24 }, () => [60, 1]));
  });

  test('months are calendar months cut to the period', () => {
    const bounds = stepBounds('2026-01-15', '2026-03-10', 'month', zone).map((at) => zone.dateOf(at));
    expect(bounds).toEqual(['2026-01-15', '2026-02-01', '2026-03-01', '2026-03-11']);
  });

  test('several points are added step by step and the lacking ones are counted', () => {
    const request = { from: '2026-11-22', to: '2026-11-22', step: 'day', channel: 'A+', zone, nowUtc: later } as const;
    const starts = halfHoursOf('2026-11-22', zone);
    const full = consumptionSeries({
      ...request,
      data: dataOf(onePoint, '2026-11-22', '2026-11-22', { 1: starts.map((start) => interval(start, { 'A+': 2 })) }),
    });
    const empty = consumptionSeries({ ...request, data: dataOf(onePoint, '2026-11-22', '2026-11-22', {}) });
    const [row] = sumSeries([full, empty]);
    expect([text(row?.energy ?? null), row?.missingPoints]).toEqual(['48', 1]);
    expect(sumSeries([empty])[0]?.energy).toBeNull();
  });
});
