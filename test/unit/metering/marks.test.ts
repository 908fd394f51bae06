import { expect, test } from 'vitest';
import { type MarkingEvent, markIntervals } from '../../../src/main/metering/marks.ts';
import type { IntervalFlag, SourcedInterval } from '../../../src/shared/domain/interval.ts';
import { utc } from './plant.ts';

const interval = (iso: string, flags: IntervalFlag[] = []): SourcedInterval => ({
  startUtc: utc(iso),
  lengthS: 1800,
  counts: { 'A+': 1, 'A-': null, 'R+': null, 'R-': null },
  flags,
  source: 'profile',
});
const DAY = ['09:00', '09:30', '10:00', '10:30'].map((time) => interval(`2026-11-24T${time}:00Z`));
const moved = (iso: string, movedS: number): MarkingEvent[] => [
  { kind: 'clock-before-correction', atUtc: utc(iso), details: { movedS } },
  { kind: 'clock-after-correction', atUtc: utc(iso) + movedS, details: { movedS } },
];
const flagsOf = (events: MarkingEvent[]) => markIntervals(DAY, events).map(({ flags }) => flags);

test('a correction marks the interval that it happened in', () => {
  expect(flagsOf(moved('2026-11-24T09:45:00Z', -20))).toEqual([[], ['clock-corrected'], [], []]);
});

test('a step over a boundary marks both sides; a larger one says that the clock was set', () => {
  expect(flagsOf(moved('2026-11-24T09:59:00Z', 120))).toEqual([[], ['clock-corrected'], ['clock-corrected'], []]);
  expect(flagsOf(moved('2026-11-24T10:20:00Z', -3600))).toEqual([['clock-set'], ['clock-set'], ['clock-set'], []]);
});

test('an initialised profile marks the interval of that moment; what is marked already stays once', () => {
  expect(flagsOf([{ kind: 'profile-initialised', atUtc: utc('2026-11-24T10:00:00Z'), details: {} }])).toEqual([
    [],
    [],
    ['initialised'],
    [],
  ]);
  const marked = [interval('2026-11-24T09:30:00Z', ['clock-corrected'])];
  expect(markIntervals(marked, moved('2026-11-24T09:45:00Z', 5))).toEqual(marked);
});

test('without such events nothing is touched', () => {
  expect(markIntervals(DAY, [])).toBe(DAY);
});
