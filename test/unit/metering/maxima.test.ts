import { describe, expect, test } from 'vitest';
import { decimalText, rational } from '../../../src/main/metering/energy.ts';
import { type EnergyStep, maximumWithin, peakPower } from '../../../src/main/metering/maxima.ts';

const later = 1_000_000;
const hours = (...energies: (number | null)[]): EnergyStep[] =>
  energies.map((energy, index) => ({
    startUtc: index * 3600,
    minutes: 60,
    energy: energy === null ? null : rational(energy),
    expected: 2,
    received: energy === null ? 0 : 2,
    lack: null,
  }));
const shown = (peak: ReturnType<typeof peakPower>) => (peak === null ? null : [peak.startUtc, decimalText(peak.power)]);

describe('maxima', () => {
  test('the largest mean power is of the first of equal steps', () => {
    expect(shown(peakPower(hours(5, 9, 9, 1), later))).toEqual([3600, '9']);
  });

  test('a half-hour of the same energy is twice the power of an hour', () => {
    const [hour] = hours(100);
    const half: EnergyStep = { startUtc: 7200, minutes: 30, energy: rational(60), expected: 1, received: 1, lack: null };
    expect(shown(peakPower([...(hour === undefined ? [] : [hour]), half], later))).toEqual([7200, '120']);
  });

  test('only the given hours are looked at', () => {
    const { peak, unknownSteps } = maximumWithin(hours(50, 9, 20, 70), later, (start) => start >= 3600 && start < 10_800);
    expect([shown(peak), unknownSteps]).toEqual([[7200, '20'], 0]);
  });

  test('a step without a complete figure is no candidate and is counted', () => {
    const part = { startUtc: 7200, minutes: 60, energy: rational(99), expected: 2 };
    const steps = [...hours(5, null), { ...part, received: 1, lack: null }, { ...part, received: 2, lack: 'ratio-changed' }];
    const { peak, unknownSteps } = maximumWithin(steps, later, () => true);
    expect([shown(peak), unknownSteps]).toEqual([[0, '5'], 3]);
  });

  test('a step that is not over yet is neither a peak nor unknown', () => {
    expect(maximumWithin(hours(5, 9), 7199, () => true)).toMatchObject({ peak: { startUtc: 0 }, unknownSteps: 0 });
    expect(maximumWithin(hours(5, 9), 7200, () => true)).toMatchObject({ peak: { startUtc: 3600 }, unknownSteps: 0 });
  });

  test('nothing at all has no peak, and export counts by its own sign', () => {
    expect(peakPower([], later)).toBeNull();
    expect(shown(peakPower(hours(-7, -3), later))).toEqual([3600, '-3']);
  });
});
