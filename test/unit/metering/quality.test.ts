import { describe, expect, test } from 'vitest';
import type { IntervalFlag } from '../../../src/shared/domain/interval.ts';
import { intervalQuality, isValidQuality } from '../../../src/main/metering/quality.ts';

const of = (flags: readonly IntervalFlag[] | null, over: object = {}) => intervalQuality({ flags, isWithinInstallation: true, ...over });

describe('quality of an interval', () => {
  test.each<[IntervalFlag[], string]>([
    [[], 'valid'],
    [['frozen'], 'valid'],
    [['power-cut'], 'valid-cut'],
    [['power-cut', 'incomplete'], 'valid-cut'],
    [['clock-set'], 'incomplete-clock'],
    [['clock-corrected', 'incomplete'], 'incomplete-clock'],
    [['season-changed'], 'incomplete-clock'],
    [['power-cut', 'clock-set'], 'incomplete-clock'],
    [['initialised', 'clock-set'], 'incomplete-init'],
    [['incomplete'], 'suspect'],
  ])('flags %j mean %s', (flags, quality) => {
    expect(of(flags)).toBe(quality);
  });

  test('an absent interval is missing, a zero only on proof', () => {
    expect(of(null)).toBe('missing');
    expect(of(['proven-off'])).toBe('valid-off');
    expect(of(['proven-off'], { isWithinInstallation: false })).toBe('incomplete-replacement');
  });

  test('the interval of a replacement is incomplete whatever the meter says', () => {
    expect(of([], { isWithinInstallation: false })).toBe('incomplete-replacement');
    expect(of(['clock-set'], { isWithinInstallation: false })).toBe('incomplete-replacement');
  });

  test('verdicts of checks and people stand above flags, and a replacement value above all', () => {
    expect(of(['power-cut'], { doubt: 'suspect' })).toBe('suspect');
    expect(of([], { doubt: 'rejected' })).toBe('rejected');
    expect(of([], { doubt: 'rejected', isReplaced: true })).toBe('replaced');
    expect(of(null, { isReplaced: true })).toBe('replaced');
  });

  test('a recipient may take the half-hours of the daily clock correction, but not of a clock that was set', () => {
    expect(of(['clock-corrected', 'incomplete'], { acceptsCorrection: true })).toBe('valid');
    expect(of(['clock-set'], { acceptsCorrection: true })).toBe('incomplete-clock');
  });

  test('valid are valid, cut and proven off, and nothing else', () => {
    expect((['valid', 'valid-cut', 'valid-off'] as const).every(isValidQuality)).toBe(true);
    expect(
      (['replaced', 'missing', 'suspect', 'rejected', 'incomplete-clock', 'incomplete-replacement'] as const).some(isValidQuality),
    ).toBe(false);
  });
});
