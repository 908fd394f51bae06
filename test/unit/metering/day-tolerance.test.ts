/** The tolerance of the cross-check (slots x 1 count + 2 steps of the registers) against what simulated meters count. */
import { describe, expect, test } from 'vitest';
import { crossCheckDay, type DayCheckInput } from '../../../src/main/metering/day-cross-check.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { perChannel } from '../../../src/main/metering/energy.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const DAY = 86_400;
const DAYS = 6;
/** More than the registers can hide: with the finest constant their two steps are as much as several counts in every interval. */
const MANY = 8;

/** Closed days of all meters of a plant that record intervals, as they hold them. */
function closedDays(seed: number): { readonly name: string; readonly input: DayCheckInput }[] {
  const clock = new FakeClock('2026-11-23T21:15:00Z');
  const { truth } = createPlant({ clock, seed, historyDays: DAYS + 2 });
  return truth.meters
    .filter((meter) => meter.intervals !== 'registers')
    .flatMap(({ serial, name, periodMin, clockOffsetMin, constant, registerStepWh }) => {
      const lengthS = periodMin * 60;
      const today = Math.floor((clock.now() / 1000 + clockOffsetMin * 60) / DAY) * DAY - clockOffsetMin * 60;
      return Array.from({ length: DAYS }, (_, back) => {
        const [startUtc, endUtc] = [today - (back + 1) * DAY, today - back * DAY];
        const intervals = truth.expectedStarts(serial, startUtc, endUtc).flatMap((start) => {
          const counts = truth.interval(serial, start);
          return counts === null ? [] : [{ startUtc: start, lengthS, counts, flags: [], source: 'profile' as const }];
        });
        const [first, last] = [startUtc, endUtc].map((at) => truth.register(serial, 'day-start', at, 0));
        const input = { startUtc, endUtc, lengthS, intervals, constant, knownConstants: [], registerUnit: registerStepWh };
        return {
          name: `${name} ${back}`,
          input: { ...input, first: first ?? null, last: last ?? null, digits: null, isReplaced: false },
        };
      });
    });
}

/** The same day of a meter that keeps back so many counts of active import in every interval. */
function keepingBack(input: DayCheckInput, counts: number): DayCheckInput {
  const less = (count: number | null) => (count === null ? null : count - counts);
  return {
    ...input,
    intervals: input.intervals.map((interval) => ({
      ...interval,
      counts: perChannel((channel) => (channel === 'A+' ? less(interval.counts[channel]) : interval.counts[channel])),
    })),
  };
}

const verdictsOf = (days: ReturnType<typeof closedDays>) => [...new Set(days.map(({ input }) => crossCheckDay(input).verdict))];

describe.each([1, 7, 1234])('hundreds of meter-days of the plant of seed %i', (seed) => {
  const days = closedDays(seed);

  test('agree, whatever the family and the constant', () => {
    expect(days.length).toBeGreaterThan(300);
    expect(days.filter(({ input }) => crossCheckDay(input).verdict !== 'agrees').map(({ name }) => name)).toEqual([]);
  });

  test('agree still when a count is lost in every interval, and differ when many are', () => {
    const running = days.filter(({ input }) => input.intervals.every(({ counts }) => (counts['A+'] ?? 0) >= MANY));
    expect(running.length).toBeGreaterThan(200);
    expect(verdictsOf(running.map((day) => ({ ...day, input: keepingBack(day.input, 1) })))).toEqual(['agrees']);
    expect(verdictsOf(running.map((day) => ({ ...day, input: keepingBack(day.input, MANY) })))).toEqual(['differs']);
  });
});
