import { expect, test } from 'vitest';
import { clipRanges, mergeRanges, subtractRanges } from '../../../src/main/engine/ranges.ts';

const range = (fromUtc: number, toUtc: number) => ({ fromUtc, toUtc });

test('taking holes out of a range leaves what lies between them', () => {
  expect(subtractRanges([range(0, 100)], [range(10, 20), range(50, 60)])).toEqual([range(0, 10), range(20, 50), range(60, 100)]);
});

test('a hole over the edge shortens, a hole over everything removes, a hole outside changes nothing', () => {
  expect(subtractRanges([range(10, 20), range(30, 40)], [range(0, 12), range(30, 40), range(50, 60)])).toEqual([range(12, 20)]);
});

test('touching and overlapping ranges become one, empty ones vanish', () => {
  expect(mergeRanges([range(30, 40), range(0, 10), range(10, 20), range(35, 50), range(60, 60)])).toEqual([range(0, 20), range(30, 50)]);
});

test('clipping keeps only what lies inside the window', () => {
  expect(clipRanges([range(0, 10), range(15, 30), range(40, 50)], range(5, 20))).toEqual([range(5, 10), range(15, 20)]);
});
