import { expect, test } from 'vitest';
import { judgeSlots } from '../../../src/main/engine/profile-fill.ts';
import type { ProfileHead, ProfileSlot } from '../../../src/main/drivers/driver.ts';
import type { IntervalFlag } from '../../../src/shared/domain/interval.ts';

const HALF_HOUR = 1800;
const NEWEST = 1_000_000 * HALF_HOUR;
const head: ProfileHead = { newestStartUtc: NEWEST, periodMin: 30, ringSlots: 4096, maxBatch: 17, position: null };
const wall = { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0 };

function record(slotsBack: number, startUtc: number, aPlus: number, flags: IntervalFlag[] = []): ProfileSlot {
  const counts = { 'A+': aPlus, 'A-': null, 'R+': 1, 'R-': null };
  return {
    slotsBack,
    kind: 'interval',
    interval: { startUtc, lengthS: HALF_HOUR, counts, flags },
    isCut: flags.includes('power-cut'),
    stamp: wall,
  };
}

test('records at their places become intervals in order of time', () => {
  const judged = judgeSlots(head, [record(1, NEWEST - HALF_HOUR, 7), record(0, NEWEST, 8)]);
  expect(judged.intervals.map(({ startUtc, counts }) => [startUtc, counts['A+']])).toEqual([
    [NEWEST - HALF_HOUR, 7],
    [NEWEST, 8],
  ]);
  expect(judged.shift).toBe(0);
  expect(judged.absent).toEqual([]);
});

test('a record that is one ring old proves that the meter was off, and its figures are not taken', () => {
  const judged = judgeSlots(head, [record(3, NEWEST - 3 * HALF_HOUR - 4096 * HALF_HOUR, 500)]);
  expect(judged.intervals).toEqual([]);
  expect(judged.absent).toEqual([{ startUtc: NEWEST - 3 * HALF_HOUR, reason: 'meter-off' }]);
});

test('a slot that was never written proves that nothing was recorded', () => {
  expect(judgeSlots(head, [{ slotsBack: 2, kind: 'never-written' }]).absent).toEqual([
    { startUtc: NEWEST - 2 * HALF_HOUR, reason: 'never-recorded' },
  ]);
});

test('two records of one interval are added and keep what happened to each', () => {
  const judged = judgeSlots(head, [record(1, NEWEST, 3, ['power-cut', 'incomplete']), record(0, NEWEST, 4, ['incomplete'])]);
  expect(judged.intervals).toHaveLength(1);
  expect(judged.intervals[0]?.counts).toEqual({ 'A+': 7, 'A-': null, 'R+': 2, 'R-': null });
  expect(new Set(judged.intervals[0]?.flags)).toEqual(new Set(['power-cut', 'incomplete']));
});

test('a record elsewhere keeps its own time and tells by how much the ring is shifted', () => {
  const judged = judgeSlots(head, [record(5, NEWEST - 3 * HALF_HOUR, 9)]);
  expect(judged.intervals[0]?.startUtc).toBe(NEWEST - 3 * HALF_HOUR);
  expect(judged.shift).toBe(2);
});

test('bytes that make no sense stay open and are named', () => {
  const judged = judgeSlots(head, [{ slotsBack: 0, kind: 'implausible', why: 'month 13', hex: '0A' }]);
  expect(judged.implausible).toEqual([{ startUtc: NEWEST, hex: '0A' }]);
  expect(judged.intervals).toEqual([]);
  expect(judged.absent).toEqual([]);
});
