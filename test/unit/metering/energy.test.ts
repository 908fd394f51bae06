import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRAIGHT_DIRECTION } from '../../../src/shared/domain/point.ts';
import {
  add,
  compare,
  countEnergy,
  decimalText,
  divide,
  energyTexts,
  fixedText,
  inWattHours,
  isSameScaling,
  magnitude,
  multiply,
  negate,
  parseDecimal,
  type Rational,
  rational,
  roundHalfUp,
  type Scaling,
  scalingFactor,
  squareRoot,
  subtract,
  sumOf,
  ZERO,
} from '../../../src/main/metering/energy.ts';

const direct: Scaling = {
  ct: { primary: 1, secondary: 1 },
  vt: { primary: 1, secondary: 1 },
  valuesArePrimary: false,
  direction: STRAIGHT_DIRECTION,
};

/** The decimal text read back as a ratio by long-hand arithmetic that shares nothing with the writer. */
function readBack(text: string): Rational {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole + fraction);
  return rational(text.startsWith('-') ? -magnitude : magnitude, 10n ** BigInt(fraction.length));
}

describe('counts to energy', () => {
  test('the check of mercury.md 8.4: N 10500 at A 1000 is 5.25 kWh', () => {
    expect(decimalText(countEnergy(10500, 1000))).toBe('5.25');
    expect(decimalText(inWattHours(countEnergy(1, 1000)))).toBe('0.5');
  });

  test('the example of CLI.md: 12 counts at A 1000 through 600/5 are 0.006 and 0.72 kWh', () => {
    const texts = energyTexts({ 'A+': 12, 'A-': null, 'R+': 3, 'R-': null }, 1000, { ...direct, ct: { primary: 600, secondary: 5 } });
    expect(texts.secondary).toEqual({ 'A+': '0.006', 'A-': null, 'R+': '0.0015', 'R-': null });
    expect(texts.primary).toEqual({ 'A+': '0.72', 'A-': null, 'R+': '0.18', 'R-': null });
  });

  test('15750/100 multiplies by 157.5 exactly', () => {
    const scaling = { ...direct, ct: { primary: 600, secondary: 5 }, vt: { primary: 15750, secondary: 100 } };
    expect(decimalText(scalingFactor(scaling))).toBe('18900');
    expect(energyTexts({ 'A+': 1, 'A-': 0, 'R+': 0, 'R-': 0 }, 5000, { ...direct, vt: scaling.vt }).primary).toEqual({
      'A+': '0.01575',
      'A-': '0',
      'R+': '0',
      'R-': '0',
    });
  });

  test('a meter that counts primary energy is not multiplied', () => {
    const scaling = { ...direct, ct: { primary: 600, secondary: 5 }, valuesArePrimary: true };
    const texts = energyTexts({ 'A+': 12, 'A-': null, 'R+': null, 'R-': null }, 1000, scaling);
    expect(texts.primary['A+']).toBe('0.006');
  });

  test('a boundary meter sees the plant from the other side', () => {
    const direction = { 'A+': 'A-', 'A-': 'A+', 'R+': 'R-', 'R-': 'R+' } as const;
    const texts = energyTexts({ 'A+': 2, 'A-': 4, 'R+': null, 'R-': 8 }, 1000, { ...direct, direction });
    expect(texts.secondary).toEqual({ 'A+': '0.001', 'A-': '0.002', 'R+': null, 'R-': '0.004' });
    expect(texts.primary).toEqual({ 'A+': '0.002', 'A-': '0.001', 'R+': '0.004', 'R-': null });
  });

  test('without a constant there is no energy', () => {
    const texts = energyTexts({ 'A+': 12, 'A-': 0, 'R+': 3, 'R-': 1 }, null, direct);
    expect(Object.values({ ...texts.secondary, ...texts.primary })).toEqual([null, null, null, null]);
  });

  test('a quotient without a finite decimal is rounded half-up to 12 digits', () => {
    expect(decimalText(rational(100, 3))).toBe('33.333333333333');
    expect(decimalText(rational(200, 3))).toBe('66.666666666667');
    expect(decimalText(rational(99, 3))).toBe('33');
    expect(decimalText(rational(7, 14))).toBe('0.5');
    expect(decimalText(rational(3n, 3n * 2n ** 14n))).toBe('0.00006103515625');
  });
});

describe('properties', () => {
  const constants = fc.constantFrom(5000, 25000, 2500, 1250, 500, 1000, 250);
  const ratios = fc.record({ primary: fc.integer({ min: 1, max: 1_000_000 }), secondary: fc.constantFrom(1, 2, 5, 100) });

  test('decimal text is exact for every count, constant and usual ratio, in its canonical form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65534 }), constants, ratios, ratios, (count, constant, ct, vt) => {
        const value = multiply(countEnergy(count, constant), scalingFactor({ ...direct, ct, vt }));
        const text = decimalText(value);
        expect(text).toMatch(/^\d+(\.\d*[1-9])?$/);
        const back = readBack(text);
        expect(back.numerator * value.denominator).toBe(value.numerator * back.denominator);
      }),
    );
  });

  test('half-up rounding is never further than half a unit, and a tie goes away from zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        fc.integer({ min: 0, max: 6 }),
        (numerator, denominator, digits) => {
          const rounded = roundHalfUp({ numerator, denominator }, digits);
          // Twice the distance in units of 10^-digits, over the denominator.
          const doubled = 2n * (rounded * denominator - numerator * 10n ** BigInt(digits));
          const distance = doubled < 0n ? -doubled : doubled;
          expect(distance <= denominator).toBe(true);
          if (distance === denominator) expect(doubled > 0n).toBe(numerator > 0n);
        },
      ),
    );
  });

  test('rounding a figure that is half a unit up: 0.0005 becomes 0.001 and 0.00049 becomes 0', () => {
    expect(roundHalfUp(rational(5, 10_000), 3)).toBe(1n);
    expect(roundHalfUp(rational(49, 100_000), 3)).toBe(0n);
    expect(roundHalfUp(rational(-5, 10_000), 3)).toBe(-1n);
  });

  test('fixed text keeps all its digits and reads back to the same units', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 6 }), (units, digits) => {
        const text = fixedText(units, digits);
        expect(text.split('.')[1]?.length ?? 0).toBe(digits);
        const back = readBack(text);
        expect(back.numerator * 10n ** BigInt(digits)).toBe(units * back.denominator);
      }),
    );
  });
});

describe('exact ratios', () => {
  const ratios = fc.tuple(fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: 1n, max: 1000n })).map(([n, d]) => rational(n, d));

  test('a sum does not depend on the order and its denominator stays the common one', () => {
    fc.assert(
      fc.property(fc.array(ratios, { maxLength: 30 }), (values) => {
        const [forth, back] = [sumOf(values), sumOf(values.toReversed())];
        expect(compare(forth, back)).toBe(0);
        const common = values.reduce((left, { denominator }) => (left * denominator) / divisor(left, denominator), 1n);
        expect(common % forth.denominator).toBe(0n);
      }),
    );
  });

  test('what is taken away, divided and turned round comes back', () => {
    fc.assert(
      fc.property(ratios, ratios, (a, b) => {
        expect(compare(add(subtract(a, b), b), a)).toBe(0);
        if (b.numerator !== 0n) expect(compare(multiply(divide(a, b), b), a)).toBe(0);
        expect(compare(magnitude(negate(a)), magnitude(a))).toBe(0);
      }),
    );
    expect(() => divide(rational(1), rational(0))).toThrow(RangeError);
    expect(() => rational(1, 0)).toThrow(RangeError);
    expect(() => rational(1, -2)).toThrow(RangeError);
  });

  test('a decimal is read as it is written', () => {
    expect(['0.5', '-0.25', '12', '1.10', '-0'].map((one) => decimalText(parseDecimal(one)))).toEqual(['0.5', '-0.25', '12', '1.1', '0']);
    for (const text of ['', '1,5', '.5', '1.', '1e3', '+1', ' 1', '0x1']) expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  test('a square root is the last decimal that does not exceed it', () => {
    expect(decimalText(squareRoot(rational(2), 8))).toBe('1.41421356');
    expect(decimalText(squareRoot(rational(9, 4), 3))).toBe('1.5');
    expect(decimalText(squareRoot(ZERO, 3))).toBe('0');
    expect(() => squareRoot(rational(-1), 3)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.nat(12), (n, d, digits) => {
        const value = rational(n, d);
        const root = squareRoot(value, digits);
        const next = rational(root.numerator + 1n, root.denominator);
        expect(compare(multiply(root, root), value)).toBeLessThanOrEqual(0);
        expect(compare(multiply(next, next), value)).toBe(1);
      }),
    );
  });

  test('ratios of the same quotient in the same direction scale alike', () => {
    const other = { ...direct, ct: { primary: 600, secondary: 5 }, vt: { primary: 100, secondary: 100 } };
    expect(isSameScaling(other, { ...direct, ct: { primary: 120, secondary: 1 } })).toBe(true);
    expect(isSameScaling(other, direct)).toBe(false);
    expect(isSameScaling(direct, { ...direct, direction: { 'A+': 'A-', 'A-': 'A+', 'R+': 'R-', 'R-': 'R+' } })).toBe(false);
    expect(isSameScaling(direct, { ...other, valuesArePrimary: true })).toBe(true);
  });
});

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}
