import { expect, test } from 'vitest';
import type { DayCheckRecord } from '../../../src/main/store/store.ts';
import { MIDNIGHT, storeWithMeters } from './support.ts';

const check = (meterId: number, day: number, over: Partial<DayCheckRecord> = {}): DayCheckRecord => ({
  meterId,
  startUtc: MIDNIGHT + day * 86_400,
  endUtc: MIDNIGHT + (day + 1) * 86_400,
  verdict: 'matches',
  diagnosis: null,
  figures: { 'A+': { sum: '12.5' } },
  checkedUtc: MIDNIGHT,
  ...over,
});

test('a day has its latest verdict, and what does not match is found without looking through all days', () => {
  const { store } = storeWithMeters(2);
  store.dayChecks.save([
    check(1, 0),
    check(1, 1, { verdict: 'mismatch', diagnosis: 'missing-slots' }),
    check(2, 1, { verdict: 'mismatch' }),
  ]);
  expect(store.dayChecks.mismatches(MIDNIGHT).map(({ meterId }) => meterId)).toEqual([2, 1]);
  store.dayChecks.save([check(1, 1, { checkedUtc: MIDNIGHT + 9 })]);
  expect(store.dayChecks.get(1, MIDNIGHT + 86_400)).toEqual(check(1, 1, { checkedUtc: MIDNIGHT + 9 }));
  expect(store.dayChecks.mismatches(MIDNIGHT).map(({ meterId }) => meterId)).toEqual([2]);
  expect(store.dayChecks.list(1, MIDNIGHT, MIDNIGHT + 86_400)).toEqual([check(1, 0)]);
  expect(store.dayChecks.get(2, MIDNIGHT)).toBeNull();
});
