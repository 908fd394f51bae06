import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PerChannel } from '../../../src/shared/domain/channel.ts';
import type { IntervalFlag, SourcedInterval } from '../../../src/shared/domain/interval.ts';
import { crossCheckDay, type DayCheckInput } from '../../../src/main/metering/day-cross-check.ts';
import { decimalText, perChannel, rational } from '../../../src/main/metering/energy.ts';
import { interval, utc } from './plant.ts';

const startUtc = utc('2026-11-21T21:00:00Z');
const lengthS = 1800;
const KNOWN = [250, 500, 1000, 1250, 5000, 25_000];

const active = (energy: number | null): PerChannel<number | null> => perChannel((channel) => (channel === 'A+' ? energy : null));

/** Slot -1 is the one before the day, slot 48 the one after it. */
function slots(count: (slot: number) => number | null, flagsOf: (slot: number) => readonly IntervalFlag[] = () => []): SourcedInterval[] {
  return Array.from({ length: 50 }, (_, index) => index - 1).flatMap((slot) => {
    const energy = count(slot);
    return energy === null ? [] : [interval(startUtc + slot * lengthS, { 'A+': energy }, flagsOf(slot))];
  });
}

/** A day of a meter of 1000 imp/kWh, two counts a Wh, whose registers counted `registersWh`. */
function day(intervals: readonly SourcedInterval[], registersWh: number, over: Partial<DayCheckInput> = {}): DayCheckInput {
  return {
    startUtc,
    endUtc: startUtc + 86_400,
    lengthS,
    intervals,
    constant: 1000,
    knownConstants: KNOWN,
    first: active(5000),
    last: active(5000 + registersWh),
    registerUnit: 1,
    digits: 6,
    isReplaced: false,
    ...over,
  };
}

/** Rises through the day, so that no shift looks like another: 48 slots of 200, 202 ... 294 counts are 11 856 counts, 5928 Wh. */
const rising = (slot: number) => 200 + 2 * slot;
const RISING_WH = 5928;

describe('cross-check of a meter-day', () => {
  test('intervals and registers of the same energy agree', () => {
    const check = crossCheckDay(day(slots(rising), RISING_WH));
    expect(check).toMatchObject({ verdict: 'agrees', obstacle: null, diagnosis: null, expectedSlots: 48, missingSlots: 0 });
    const own = check.channels['A+'];
    if (own === null) throw new Error('A+ is kept');
    // 48 counts of 0.5 Wh and 2 Wh.
    expect([decimalText(own.intervals), own.registers, decimalText(own.tolerance)]).toEqual(['5928', RISING_WH, '26']);
    expect(check.channels['R+']).toBeNull();
  });

  test('the tolerance is one count for each slot and 2 Wh, both ways', () => {
    const verdict = (registers: number) => crossCheckDay(day(slots(rising), registers)).verdict;
    expect([RISING_WH - 27, RISING_WH - 26, RISING_WH + 26, RISING_WH + 27].map(verdict)).toEqual([
      'differs',
      'agrees',
      'agrees',
      'differs',
    ]);
  });

  test('registers of hundredths of a kWh are taken ten times as coarse', () => {
    const verdict = (registers: number) => crossCheckDay(day(slots(rising), registers, { registerUnit: 10 })).verdict;
    expect([RISING_WH - 45, RISING_WH - 44, RISING_WH + 44, RISING_WH + 45].map(verdict)).toEqual([
      'differs',
      'agrees',
      'agrees',
      'differs',
    ]);
  });

  test('half-hours made of frozen registers are whole Wh, whatever the constant', () => {
    const frozen = slots(rising).map((one): SourcedInterval => ({ ...one, source: 'frozen-registers' }));
    const check = crossCheckDay(day(frozen, 2 * RISING_WH, { constant: null }));
    expect(check.verdict).toBe('agrees');
    expect(decimalText(check.channels['A+']?.tolerance ?? rational(0))).toBe('50');
  });

  test('a day that is partly frozen registers is as coarse as the coarser of the two', () => {
    const mixed = slots(rising).map((one, index): SourcedInterval => (index < 10 ? { ...one, source: 'frozen-registers' } : one));
    // 48 x 1 Wh + 2 Wh; of a meter of 250 imp/kWh a count is 2 Wh.
    const tolerance = (constant: number) => crossCheckDay(day(mixed, RISING_WH, { constant })).channels['A+']?.tolerance;
    expect([1000, 250].map((constant) => decimalText(tolerance(constant) ?? rational(0)))).toEqual(['50', '98']);
  });

  test('a day of 50 half-hours is checked over all of them', () => {
    const long = Array.from({ length: 50 }, (_, slot) => interval(startUtc + slot * lengthS, { 'A+': 200 }));
    expect(crossCheckDay(day(long, 5000, { endUtc: startUtc + 90_000 }))).toMatchObject({ verdict: 'agrees', expectedSlots: 50 });
  });

  test('one channel that differs is enough', () => {
    const both = Array.from({ length: 48 }, (_, slot) => interval(startUtc + slot * lengthS, { 'A+': 200, 'R+': 100 }));
    const figures = (a: number, r: number) => perChannel((channel) => (channel === 'A+' ? a : channel === 'R+' ? r : null));
    const check = (reactive: number) => crossCheckDay(day(both, 0, { first: figures(0, 0), last: figures(4800, reactive) }));
    expect(check(2400).verdict).toBe('agrees');
    expect(check(1000)).toMatchObject({ verdict: 'differs', channels: { 'A+': { agrees: true }, 'R+': { agrees: false }, 'A-': null } });
  });

  test('a register that ran over is seen by the intervals that say so', () => {
    const over = { first: active(999_999_000), last: active(RISING_WH - 1000) };
    expect(crossCheckDay(day(slots(rising), 0, over))).toMatchObject({ verdict: 'agrees', channels: { 'A+': { registers: RISING_WH } } });
    expect(crossCheckDay(day(slots(rising), 0, { ...over, digits: null })).diagnosis).toBe('replaced-meter');
  });
});

describe('a day that cannot be checked says why', () => {
  test.each<[string, Partial<DayCheckInput>, string]>([
    ['no register at its start', { first: null }, 'registers-missing'],
    ['no register at its end', { last: null }, 'registers-missing'],
    ['the channel is not in the registers', { last: active(null) }, 'registers-missing'],
    ['the constant is not known', { constant: null }, 'constant-unknown'],
    ['no interval is stored', { intervals: [] }, 'intervals-missing'],
  ])('%s', (_, over, obstacle) => {
    expect(crossCheckDay(day(slots(rising), RISING_WH, over))).toMatchObject({ verdict: 'not-checked', obstacle, diagnosis: null });
  });
});

describe('the diagnosis of a mismatch', () => {
  const diagnosis = (input: DayCheckInput) => {
    const { verdict, diagnosis: found, shiftedBy, fittingConstant } = crossCheckDay(input);
    return [verdict, found, shiftedBy, fittingConstant];
  };

  test('missing slots whose energy the registers have', () => {
    const holes = slots((slot) => (slot >= 10 && slot < 14 ? null : rising(slot)));
    expect(diagnosis(day(holes, RISING_WH))).toEqual(['differs', 'missing-slots', null, null]);
    expect(crossCheckDay(day(holes, RISING_WH)).missingSlots).toBe(4);
  });

  test('missing slots do not explain too much energy', () => {
    const holes = slots((slot) => (slot === 10 ? null : rising(slot)));
    expect(diagnosis(day(holes, 1000))).toEqual(['differs', 'unknown', null, null]);
  });

  test('slots that are missing where nothing flowed are no mismatch', () => {
    const night = slots((slot) => (slot < 4 ? null : 100));
    expect(crossCheckDay(day(night, 2200))).toMatchObject({ verdict: 'agrees', missingSlots: 4 });
  });

  test('a clock that was set', () => {
    const set = slots(rising, (slot) => (slot === 20 ? ['clock-set'] : []));
    expect(diagnosis(day(set, RISING_WH + 100))).toEqual(['differs', 'clock-set', null, null]);
  });

  test('a flag of the slot beside the day says nothing of the day', () => {
    const set = slots(rising, (slot) => (slot === 48 ? ['clock-set'] : []));
    expect(diagnosis(day(set, RISING_WH + 100))[1]).toBe('unknown');
  });

  test('figures shifted by a slot, either way', () => {
    // The stored day begins one slot early: its last slot is missing from the sum and the one before it is in.
    const later = RISING_WH + (rising(48) - rising(0)) / 2;
    const earlier = RISING_WH + (rising(-1) - rising(47)) / 2;
    expect([later, earlier]).toEqual([5976, 5880]);
    expect(diagnosis(day(slots(rising), later))).toEqual(['differs', 'shifted-by-a-slot', 1, null]);
    expect(diagnosis(day(slots(rising), earlier))).toEqual(['differs', 'shifted-by-a-slot', -1, null]);
  });

  test('a shift is not claimed without the slot that it would bring in', () => {
    const without = slots((slot) => (slot === 48 ? null : rising(slot)));
    expect(diagnosis(day(without, 5976))[1]).toBe('unknown');
    const withoutBefore = slots((slot) => (slot === -1 ? null : rising(slot)));
    expect(diagnosis(day(withoutBefore, 5880))[1]).toBe('unknown');
  });

  test('a shift that moves less than the tolerance explains nothing', () => {
    // The slots beside the day carry 10 Wh more than the first and last of it, the registers 30 Wh more than the day.
    const even = slots((slot) => (slot === -1 || slot === 48 ? 220 : 200));
    expect(diagnosis(day(even, 4830))).toEqual(['differs', 'unknown', null, null]);
  });

  test('a shift that fits either way is named without its direction', () => {
    const even = slots((slot) => (slot === -1 || slot === 48 ? 300 : 200));
    expect(diagnosis(day(even, 4850))).toEqual(['differs', 'shifted-by-a-slot', null, null]);
  });

  test('what explains one channel and spoils another is no explanation', () => {
    const both = slots(rising).map((one) => ({ ...one, counts: { ...one.counts, 'R+': one.startUtc === startUtc ? 200 : 100 } }));
    const figures = (a: number, r: number) => perChannel((channel) => (channel === 'A+' ? a : channel === 'R+' ? r : null));
    const shifted = (reactive: number) => diagnosis(day(both, 0, { first: figures(0, 0), last: figures(5976, reactive) }))[1];
    // R+: 2450 Wh in the day as stored, 2400 Wh a slot later.
    expect([shifted(2400), shifted(2450)]).toEqual(['shifted-by-a-slot', 'unknown']);
  });

  test.each([500, 1250, 5000])('a constant that is %i in truth', (truth) => {
    expect(diagnosis(day(slots(rising), Math.floor((RISING_WH * 1000) / truth)))).toEqual(['differs', 'wrong-constant', null, truth]);
  });

  test('a constant is not named where two of them fit', () => {
    // 100 counts are 10 +- 6.8 Wh at 5000 and 2 +- 2.96 Wh at 25 000.
    const small = slots((slot) => (slot === 5 ? 100 : 0));
    expect(diagnosis(day(small, 8))).toEqual(['differs', 'wrong-constant', null, 5000]);
    expect(diagnosis(day(small, 4))).toEqual(['differs', 'unknown', null, null]);
  });

  test('registers of another meter', () => {
    expect(diagnosis(day(slots(rising), -4000))).toEqual(['differs', 'replaced-meter', null, null]);
    expect(diagnosis(day(slots(rising), RISING_WH + 900, { isReplaced: true }))).toEqual(['differs', 'replaced-meter', null, null]);
  });

  test('registers that stand still are not those of another meter', () => {
    expect(diagnosis(day(slots(rising), 0))).toEqual(['differs', 'unknown', null, null]);
  });

  test('what nothing explains is unknown, not silent', () => {
    expect(diagnosis(day(slots(rising), RISING_WH + 300))).toEqual(['differs', 'unknown', null, null]);
  });
});

describe('random days', () => {
  const counts = fc.array(fc.nat(65_535), { minLength: 48, maxLength: 48 });

  test('a register in whole Wh that counts what the slots count always agrees, wherever it started', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(...KNOWN), fc.nat(900_000_000), fc.nat(999), (profile, constant, first, startMilliWh) => {
        // The meter's own accumulator in thousandths of a Wh: whole Wh are shown, whole counts are kept in the profile.
        const countMilliWh = 500_000 / constant;
        const total = profile.reduce((sum, count) => sum + count, 0) * countMilliWh;
        const last = first + Math.floor((startMilliWh + total) / 1000);
        const intervals = profile.map((count, slot) => interval(startUtc + slot * lengthS, { 'A+': count }));
        expect(crossCheckDay(day(intervals, 0, { constant, first: active(first), last: active(last) })).verdict).toBe('agrees');
      }),
    );
  });

  test('order of the intervals changes nothing, and a difference is never without a diagnosis', () => {
    fc.assert(
      fc.property(counts, fc.array(fc.nat(47)), fc.integer({ min: 0, max: 2_000_000 }), (profile, holes, registers) => {
        const intervals = profile.flatMap((count, slot) =>
          holes.includes(slot) ? [] : [interval(startUtc + slot * lengthS, { 'A+': count })],
        );
        const check = crossCheckDay(day(intervals, registers));
        expect(crossCheckDay(day(intervals.toReversed(), registers))).toEqual(check);
        expect(check.diagnosis !== null).toBe(check.verdict === 'differs');
        expect(check.missingSlots).toBe(new Set(holes).size);
      }),
    );
  });
});
