import { expect, test } from 'vitest';
import { isPcClockInDoubt } from '../../../src/main/metering/pc-clock.ts';

test('most meters that disagree alike put the PC in doubt, not themselves', () => {
  expect(isPcClockInDoubt([-3_600_500, -3_599_800, -3_600_100])).toBe(true);
  expect(isPcClockInDoubt([60_000, 61_000, 59_500, 0])).toBe(true);
});

test('meters that each go their own way are wrong themselves', () => {
  expect(isPcClockInDoubt([60_000, -40_000, 12_000])).toBe(false);
  expect(isPcClockInDoubt([0, 1000, -800, 90_000])).toBe(false);
});

test('a common deviation of some seconds and a pair of meters prove nothing', () => {
  expect(isPcClockInDoubt([4900, 5000, 4800])).toBe(false);
  expect(isPcClockInDoubt([90_000, 90_000])).toBe(false);
  expect(isPcClockInDoubt([])).toBe(false);
});
