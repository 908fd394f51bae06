import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryText, DECIMALS, halvesOf, parseCarry, roundEach, roundWithCarry } from '../../../../src/main/export/xml80020/round.ts';
import {
  add,
  compare,
  magnitude,
  parseDecimal,
  type Rational,
  rational,
  subtract,
  sumOf,
  ZERO,
} from '../../../../src/main/metering/energy.ts';

const energies = fc.array(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.constantFrom(1n, 3n, 7n, 500n, 1000n, 2500n, 10_000n, 32_000n))
    .map(([n, d]) => rational(n, d)),
  { minLength: 1, maxLength: 60 },
);
const decimals = fc.constantFrom(...DECIMALS);

/** Whole units as energy. */
const asEnergy = (units: readonly bigint[], digits: number): Rational =>
  rational(
    units.reduce((sum, unit) => sum + unit, 0n),
    10n ** BigInt(digits),
  );
const half = (digits: number) => rational(1n, 2n * 10n ** BigInt(digits));

describe('rounding with the remainder passed on', () => {
  it('gives the published half-hours of 555 kWh spread over 26', () => {
    const { units, carry } = roundWithCarry(
      Array.from({ length: 26 }, () => rational(555, 26)),
      0,
      ZERO,
    );
    expect(units.join(' ')).toBe('21 22 21 21 22 21 21 22 21 21 22 21 22 21 21 22 21 21 22 21 21 22 21 21 22 21');
    expect(carry).toEqual(ZERO);
  });

  it('never differs from the exact sum by more than half a unit, at any moment', () => {
    fc.assert(
      fc.property(energies, decimals, (exact, digits) => {
        const { units, carry } = roundWithCarry(exact, digits, ZERO);
        for (let count = 1; count <= exact.length; count += 1) {
          const difference = subtract(sumOf(exact.slice(0, count)), asEnergy(units.slice(0, count), digits));
          expect(compare(magnitude(difference), half(digits))).toBeLessThanOrEqual(0);
        }
        expect(compare(add(asEnergy(units, digits), carry), sumOf(exact))).toBe(0);
        expect(units.every((unit) => unit >= 0n)).toBe(true);
      }),
    );
  });

  it('differs from each half-hour by at most one unit', () => {
    fc.assert(
      fc.property(energies, decimals, (exact, digits) => {
        const { units } = roundWithCarry(exact, digits, ZERO);
        for (const [index, unit] of units.entries()) {
          const difference = subtract(exact[index] ?? ZERO, asEnergy([unit], digits));
          expect(compare(magnitude(difference), rational(1n, 10n ** BigInt(digits)))).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('gives the same figures in two days as in one run', () => {
    fc.assert(
      fc.property(energies, energies, decimals, (first, second, digits) => {
        const morning = roundWithCarry(first, digits, ZERO);
        const kept = parseCarry(carryText(morning.carry));
        const evening = roundWithCarry(second, digits, kept);
        expect([...morning.units, ...evening.units]).toEqual(roundWithCarry([...first, ...second], digits, ZERO).units);
      }),
    );
  });

  it('takes a half up', () => {
    expect(roundWithCarry([rational(1, 2), rational(1, 2), rational(1, 2)], 0, ZERO)).toEqual({
      units: [1n, 0n, 1n],
      carry: rational(-1, 2),
    });
  });

  it('writes 0 and keeps the remainder when a negative one is more than the energy', () => {
    expect(roundWithCarry([rational(1, 10), rational(3, 10)], 0, rational(-4, 10))).toEqual({ units: [0n, 0n], carry: ZERO });
    expect(roundWithCarry([rational(1, 10)], 0, rational(-1, 2))).toEqual({ units: [0n], carry: rational(-2, 5) });
  });

  it('does not grow its remainder over a month', () => {
    const { carry } = roundWithCarry(
      Array.from({ length: 1488 }, () => rational(1234, 32_000)),
      0,
      ZERO,
    );
    expect(carry.denominator).toBeLessThanOrEqual(32_000n);
  });

  it('refuses negative energy', () => {
    expect(() => roundWithCarry([rational(-1)], 0, ZERO)).toThrow(RangeError);
    expect(() => roundEach([rational(-1)], 0)).toThrow(RangeError);
  });
});

describe('rounding each by itself', () => {
  it('takes each half up and passes nothing on', () => {
    expect(roundEach(['0.5', '0.5', '0.49', '12.3456'].map(parseDecimal), 0)).toEqual([1n, 1n, 0n, 12n]);
    expect(roundEach([parseDecimal('12.3456')], 3)).toEqual([12_346n]);
  });

  it('stays within half a unit of each', () => {
    fc.assert(
      fc.property(energies, decimals, (exact, digits) => {
        for (const [index, unit] of roundEach(exact, digits).entries()) {
          expect(compare(magnitude(subtract(exact[index] ?? ZERO, asEnergy([unit], digits))), half(digits))).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe('an hour as two half-hours', () => {
  it('keeps its sum to the last digit', () => {
    const [first, second] = halvesOf(rational(1, 3));
    expect(compare(add(first, second), rational(1, 3))).toBe(0);
    expect(roundWithCarry(halvesOf(rational(7)), 0, ZERO).units).toEqual([4n, 3n]);
  });
});

describe('a kept remainder', () => {
  it('is text in lowest terms and comes back', () => {
    expect(carryText(rational(-6, 32))).toBe('-3/16');
    expect(parseCarry('-3/16')).toEqual(rational(-3, 16));
    expect(carryText(ZERO)).toBe('0/1');
  });

  it.each(['', '1', '1/0', '0.5', '1/-2', ' 1/2'])('refuses %j', (text) => {
    expect(() => parseCarry(text)).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
  });
});
