import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rational } from '../../../../src/main/metering/energy.ts';
import { spread, wholeWattHours } from '../../../../src/main/metering/replacement/spread.ts';

const sum = (shares: readonly bigint[]) => shares.reduce((a, b) => a + b, 0n);

describe('sharing out whole watt-hours', () => {
  test('the rest goes to the largest fractions, ties to the earlier', () => {
    // 100 by 1:1:1 is 33 and a third each: the first takes the one that is left over.
    expect(spread(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    // 10 by 5:3:1 is 5.56, 3.33, 1.11: two are left over, for .56 and .33.
    expect(spread(10n, [5n, 3n, 1n])).toEqual([6n, 3n, 1n]);
    // 7 by 2:2:3 is 2, 2, 3 without a rest.
    expect(spread(7n, [2n, 2n, 3n])).toEqual([2n, 2n, 3n]);
  });

  test('weights of nothing share evenly, and a weight of nothing beside others gets nothing', () => {
    expect(spread(5n, [0n, 0n])).toEqual([3n, 2n]);
    expect(spread(5n, [0n, 3n, 0n])).toEqual([0n, 5n, 0n]);
  });

  test('exact energies become whole watt-hours whose sum is rounded once', () => {
    // Three times 1/3 Wh: each alone would round to nothing, together they are one.
    const third = rational(1, 3000);
    expect(wholeWattHours([third, third, third])).toEqual([1n, 0n, 0n]);
  });

  test('the sum is the whole, exactly, and no share is a watt-hour away from its due', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), weights, (total, shares) => {
        const parts = spread(total, shares);
        const whole = sum(shares);
        expect(sum(parts)).toBe(total);
        if (whole === 0n) return;
        parts.forEach((part, index) => {
          const away = part * whole - total * (shares[index] ?? 0n);
          expect(away > -whole && away < whole).toBe(true);
        });
      }),
    );
  });
});
