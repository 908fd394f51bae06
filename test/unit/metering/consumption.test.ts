import { describe, expect, test } from 'vitest';
import type { SourcedInterval } from '../../../src/shared/domain/interval.ts';
import { countCompleteness } from '../../../src/main/metering/completeness.ts';
import { consumptionSeries, type SpanData, stepBounds, sumSeries } from '../../../src/main/metering/consumption.ts';
import { decimalText, type Rational } from '../../../src/main/metering/energy.ts';
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

  test('completeness does not count what nobody expected', () => {
    expect(countCompleteness([0, 1800, 3600], new Set([1800, 7200]))).toEqual({ expected: 3, received: 1 });
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
