import { expect, test } from 'vitest';
import { decimalText, rational } from '../../../src/main/metering/energy.ts';
import { type HalfHourReads, isWholeHalfHour, quantityFactor, readsByStep } from '../../../src/main/metering/instantaneous.ts';

const ratios = { ct: { primary: 600, secondary: 5 }, vt: { primary: 6000, secondary: 100 }, valuesArePrimary: false };

test('power takes both ratios, voltage and current their own, everything else none', () => {
  const factor = (unit: Parameters<typeof quantityFactor>[0]) => decimalText(quantityFactor(unit, ratios));
  expect((['W', 'var', 'VA', 'V', 'A', 'Hz', 'one', 'deg'] as const).map(factor)).toEqual([
    '7200',
    '7200',
    '7200',
    '60',
    '120',
    '1',
    '1',
    '1',
  ]);
  expect(decimalText(quantityFactor('W', { ...ratios, valuesArePrimary: true }))).toBe('1');
});

const half = (startUtc: number, min: number, max: number, sum: number, reads: number, changes: Partial<HalfHourReads> = {}) => ({
  startUtc,
  extremes: { scale: -1, min, max, sum, reads },
  factor: rational(1),
  ...changes,
});
const rows = (halfHours: readonly HalfHourReads[], bounds: readonly number[]) =>
  readsByStep(halfHours, bounds).map(({ startUtc, endUtc, min, mean, max, reads }) => [
    startUtc,
    endUtc,
    ...[min, mean, max].map(decimalText),
    reads,
  ]);

test('a step has the extremes of its half-hours and the mean of all their reads, rounded once', () => {
  // The mean of the means would be 3.5: the half-hour with more reads weighs more.
  expect(rows([half(0, 10, 30, 40, 2), half(1800, -5, 60, 301, 6), half(3600, 7, 7, 7, 1)], [0, 3600, 7200])).toEqual([
    [0, 3600, '-0.5', '4.3', '6', 8],
    [3600, 7200, '0.7', '0.7', '0.7', 1],
  ]);
});

test('a step without a read is not there, and half-hours outside of all steps count for none', () => {
  expect(rows([half(0, 1, 1, 1, 1), half(5400, 2, 2, 2, 1), half(7200, 3, 3, 3, 1)], [1800, 3600, 5400, 7200])).toEqual([
    [5400, 7200, '0.2', '0.2', '0.2', 1],
  ]);
  expect(rows([], [0, 1800])).toEqual([]);
});

test('figures of other ratios and scales are compared and added as primary ones', () => {
  const other = half(1800, 4, 5, 9, 2, { factor: rational(10), extremes: { scale: 1, min: 4, max: 5, sum: 9, reads: 2 } });
  expect(rows([half(0, 10, 4100, 4110, 2), other], [0, 3600])).toEqual([[0, 3600, '1', '327.8', '500', 4]]);
});

test('a mean that no decimal holds is rounded to the last digit that the meter gives', () => {
  const third = half(0, 1, 2, 4, 3);
  expect(rows([third], [0, 1800])).toEqual([[0, 1800, '0.1', '0.1', '0.2', 3]]);
  expect(rows([{ ...third, factor: rational(157_500, 1000) }], [0, 1800])).toEqual([[0, 1800, '15.75', '21', '31.5', 3]]);
});

test('a half-hour is whole only where nothing was changed in it', () => {
  const range = { fromUtc: 1000, toUtc: 5400 };
  expect([0, 1800, 3600, 5400].map((startUtc) => isWholeHalfHour(startUtc, range))).toEqual([false, true, true, false]);
});
