import { expect, test } from 'vitest';
import { dayMark, dayText, neighbourCell } from '../../../src/renderer/features/completeness/slice.ts';
import type { CompletenessDay } from '../../../src/shared/api/completeness.ts';

const day = (over: Partial<CompletenessDay>): CompletenessDay => ({
  day: '2026-11-22',
  expected: 48,
  received: 48,
  lost: 0,
  open: 0,
  reason: null,
  deadline: null,
  mismatch: null,
  ...over,
});

test.each([
  [{ expected: 0, received: 0 }, 'future', ''],
  [{}, 'complete', ''],
  [{ received: 40, open: 8 }, 'open', '8'],
  [{ received: 37, open: 8, lost: 3 }, 'lost', '−11'],
  [{ mismatch: 'clock-set' }, 'mismatch', '≠'],
  [{ mismatch: 'missing-slots', received: 47, lost: 1 }, 'lost', '−1'],
] as const)('a day with %j is shown as %s', (over, mark, text) => {
  expect([dayMark(day(over)), dayText(day(over))]).toEqual([mark, text]);
});

test('the arrows walk from day to day and stop at the edge', () => {
  expect(neighbourCell('ArrowDown', 0, 3, 8, 30)).toEqual([1, 3]);
  expect(neighbourCell('ArrowLeft', 1, 3, 8, 30)).toEqual([1, 2]);
  expect(neighbourCell('ArrowUp', 0, 3, 8, 30)).toBeNull();
  expect(neighbourCell('Enter', 0, 3, 8, 30)).toBeNull();
});
