import { expect, test } from 'vitest';
import { assembleIntervals } from '../../../src/main/engine/profile-fill.ts';
import type { IntervalFlag } from '../../../src/shared/domain/interval.ts';

const HALF_HOUR = 1800;
const HOUR = 3600;
const NINE = 1_000_000 * HOUR;

function record(startUtc: number, aPlus: number | null, { flags = [] as IntervalFlag[], lengthS = HALF_HOUR } = {}) {
  const counts = { 'A+': aPlus, 'A-': null, 'R+': 1, 'R-': null };
  return { interval: { startUtc, lengthS, counts, flags }, isCut: flags.includes('power-cut') };
}

const figures = (records: readonly ReturnType<typeof record>[]) =>
  assembleIntervals(records).map(({ startUtc, lengthS, counts }) => [(startUtc - NINE) / 60, lengthS / 60, counts['A+']]);

test('whole records become intervals in order of time', () => {
  expect(figures([record(NINE + HALF_HOUR, 7), record(NINE, 8)])).toEqual([
    [0, 30, 8],
    [30, 30, 7],
  ]);
});

test('parts of one interval are added and keep what happened to each', () => {
  const [interval, ...others] = assembleIntervals([
    record(NINE, 3, { flags: ['power-cut', 'incomplete'] }),
    record(NINE, 4, { flags: ['incomplete'] }),
  ]);
  expect(others).toEqual([]);
  expect(interval?.counts).toEqual({ 'A+': 7, 'A-': null, 'R+': 2, 'R-': null });
  expect(new Set(interval?.flags)).toEqual(new Set(['power-cut', 'incomplete']));
});

test('a channel that one part does not have is absent from the sum', () => {
  const parts = [record(NINE, null, { flags: ['incomplete'] }), record(NINE, 4, { flags: ['incomplete'] })];
  expect(assembleIntervals(parts)[0]?.counts['A+']).toBeNull();
});

test('of two whole records of one interval the later counts, marked as touched by a clock set', () => {
  const [interval] = assembleIntervals([record(NINE, 100), record(NINE, 200)]);
  expect(interval?.counts['A+']).toBe(200);
  expect(interval?.flags).toEqual(['clock-set']);
});

test('a part beside a whole record is energy of the same time twice: it is added, and marked', () => {
  const [interval] = assembleIntervals([record(NINE, 100, { flags: ['power-cut', 'incomplete'] }), record(NINE, 200)]);
  expect(interval?.counts['A+']).toBe(300);
  expect(interval?.flags).toContain('clock-set');
});

test('a period that becomes longer inside a half-hour leaves the rest of the hour to that half-hour', () => {
  expect(
    figures([
      record(NINE, 1),
      record(NINE + HALF_HOUR, 2, { flags: ['power-cut', 'incomplete'] }),
      record(NINE, 4, { lengthS: HOUR, flags: ['incomplete'] }),
    ]),
  ).toEqual([
    [0, 30, 1],
    [30, 30, 6],
  ]);
});

test('a period that becomes longer between two half-hours makes an interval of the rest of the hour', () => {
  expect(figures([record(NINE, 1), record(NINE, 4, { lengthS: HOUR, flags: ['incomplete'] })])).toEqual([
    [0, 30, 1],
    [30, 30, 4],
  ]);
});

test('a period that becomes shorter leaves the half-hours of the broken hour to it', () => {
  expect(
    figures([
      record(NINE, 1, { lengthS: HOUR, flags: ['power-cut', 'incomplete'] }),
      record(NINE, 2, { flags: ['incomplete'] }),
      record(NINE + HALF_HOUR, 4),
      record(NINE + HOUR, 8),
    ]),
  ).toEqual([
    [0, 60, 7],
    [60, 30, 8],
  ]);
});

test('a half-hour recorded anew inside a whole hour is not counted beside it', () => {
  expect(figures([record(NINE, 100, { lengthS: HOUR }), record(NINE + HALF_HOUR, 40)])).toEqual([[0, 60, 100]]);
});
