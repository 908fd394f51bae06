import { expect, test } from 'vitest';
import { nextRecordUtc } from '../../../src/main/engine/profile-follower.ts';

const HALF_HOUR = 1800;
const NINE = 1_000_000 * 3600;
const next = (newestStartUtc: number | null, nowUtc: number) => (nextRecordUtc({ newestStartUtc, periodMin: 30 }, nowUtc) - NINE) / 60;

test('after a closed half-hour the next record comes with the end of the one that runs, however late it is', () => {
  expect(next(NINE, NINE + HALF_HOUR + 10)).toBe(60);
  expect(next(NINE, NINE + 3 * HALF_HOUR)).toBe(60);
});

test('a newest record of the half-hour that runs is a part: the rest comes with its end', () => {
  expect(next(NINE, NINE + 1100)).toBe(30);
});

test('a newest record of a time to come was closed before the clock was set back', () => {
  expect(next(NINE + 86_400, NINE + 600)).toBe(30);
});

test('an empty ring has its first record at the next boundary', () => {
  expect(next(null, NINE + 600)).toBe(30);
});
