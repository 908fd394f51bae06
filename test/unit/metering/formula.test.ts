import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../src/shared/domain/channel.ts';
import { formula as formulaSchema, type Formula, type FormulaTerm } from '../../../src/shared/domain/formula.ts';
import { add, compare, decimalText, multiply, type Rational, rational, sumOf } from '../../../src/main/metering/energy.ts';
import { checkFormulas, evaluateFormula, flattenFormula, MAX_DEPTH, type PointStep } from '../../../src/main/metering/formula.ts';
import { peakPower } from '../../../src/main/metering/maxima.ts';

const text = (value: Rational | null) => (value === null ? null : decimalText(value));
const ofPoint = (numerator: number, pointId: number, channel: Channel = 'A+', denominator = 1): FormulaTerm => ({
  coefficient: { numerator, denominator },
  of: { kind: 'point', pointId, channel },
});
const ofFormula = (numerator: number, formulaId: number, denominator = 1): FormulaTerm => ({
  coefficient: { numerator, denominator },
  of: { kind: 'formula', formulaId },
});
const formula = (id: number, terms: readonly FormulaTerm[], unit: 'Wh' | 'varh' = 'Wh'): Formula => ({
  id,
  name: `Г${id}`,
  unit,
  terms: [...terms],
});
/** Hours of a point; null = nothing was received. */
const hours = (...energies: (number | null)[]): PointStep[] =>
  energies.map((energy, index) => ({
    startUtc: index * 3600,
    minutes: 60,
    energy: energy === null ? null : rational(energy),
    expected: 2,
    received: energy === null ? 0 : 2,
    lack: null,
    reason: energy === null ? 'silent' : null,
  }));
const evaluate = (formulas: readonly Formula[], id: number, points: Readonly<Record<number, PointStep[]>>) =>
  evaluateFormula(flattenFormula(formulas, id), (pointId) => points[pointId] ?? []);

/** +1 P1 -1 P2 -0.5 P3 */
const simple = formula(1, [ofPoint(1, 1), ofPoint(-1, 2), ofPoint(-1, 3, 'A+', 2)]);

describe('a calculated point', () => {
  test('is the signed sum of its points, step by step', () => {
    const steps = evaluate([simple], 1, { 1: hours(100, 50), 2: hours(30, 10), 3: hours(10, 1) });
    expect(steps.map(({ startUtc, minutes, energy, expected, received }) => [startUtc, minutes, text(energy), expected, received])).toEqual(
      [
        [0, 60, '65', 6, 6],
        [3600, 60, '39.5', 6, 6],
      ],
    );
  });

  test('thirds stay thirds', () => {
    const shares = formula(1, [ofPoint(1, 1, 'A+', 3), ofPoint(1, 2, 'A+', 3), ofPoint(1, 3, 'A+', 3)]);
    expect(text(evaluate([shares], 1, { 1: hours(100), 2: hours(100), 3: hours(100) })[0]?.energy ?? null)).toBe('100');
  });

  test('lacks a figure where any of its points does, and names them', () => {
    const steps = evaluate([simple], 1, { 1: hours(100, 50, 1), 2: hours(30, null, 1), 3: hours(null, null, 1) });
    expect(steps.map(({ energy }) => text(energy))).toEqual([null, null, '-0.5']);
    expect(steps[1]?.missing).toEqual([
      { pointId: 2, channel: 'A+', reason: 'silent' },
      { pointId: 3, channel: 'A+', reason: 'silent' },
    ]);
    expect(steps[2]?.missing).toEqual([]);
  });

  test('a part of a step, a figure that cannot be, and a time without a meter are no figures', () => {
    const [whole] = hours(10);
    if (whole === undefined) throw new Error('one step');
    const reasonOf = (step: PointStep) => evaluate([formula(1, [ofPoint(1, 1)])], 1, { 1: [step] })[0]?.missing[0]?.reason;
    expect(reasonOf({ ...whole, received: 1, reason: 'line-down' })).toBe('line-down');
    expect(reasonOf({ ...whole, lack: 'ratio-changed' })).toBe('ratio-changed');
    expect(reasonOf({ ...whole, energy: null, expected: 0, received: 0 })).toBe('nothing-expected');
  });

  test('has a peak like a point has', () => {
    const steps = evaluate([simple], 1, { 1: hours(100, 500, 900), 2: hours(0, 0, null), 3: hours(0, 0, 0) });
    expect(peakPower(steps, 1e6)).toMatchObject({ startUtc: 3600, minutes: 60 });
  });

  test('points with other steps cannot be added', () => {
    expect(() => evaluate([simple], 1, { 1: hours(1, 2), 2: hours(1), 3: hours(1, 2) })).toThrow(RangeError);
    const halves = hours(1).map((step) => ({ ...step, minutes: 30 }));
    expect(() => evaluate([simple], 1, { 1: hours(1), 2: halves, 3: hours(1) })).toThrow(RangeError);
  });
});

describe('nested groups', () => {
  const shop = formula(2, [ofPoint(1, 1), ofPoint(1, 2)]);
  const plant = formula(3, [ofFormula(2, 2), ofPoint(-1, 1), ofFormula(-1, 1, 2)]);

  test('are multiplied out, each point once', () => {
    // 2 (P1 + P2) - P1 - (P1 - P2 - P3 / 2) / 2
    const flat = flattenFormula([simple, shop, plant], 3).map(({ pointId, coefficient }) => [pointId, text(coefficient)]);
    expect(flat).toEqual([
      [1, '0.5'],
      [2, '2.5'],
      [3, '0.25'],
    ]);
  });

  test('a point that cancels out must still be there', () => {
    const nothing = formula(4, [ofPoint(1, 3), ofPoint(1, 1), ofFormula(-1, 5)]);
    const inner = formula(5, [ofPoint(1, 1)]);
    expect(text(evaluate([nothing, inner], 4, { 1: hours(5), 3: hours(7) })[0]?.energy ?? null)).toBe('7');
    expect(evaluate([nothing, inner], 4, { 1: hours(null), 3: hours(7) })[0]?.energy).toBeNull();
  });

  test('a wide net of shared groups is walked once', () => {
    const levels = Array.from({ length: MAX_DEPTH }, (_, level) =>
      formula(level + 1, level === 0 ? [ofPoint(1, 1)] : Array.from({ length: 40 }, () => ofFormula(1, level))),
    );
    expect(checkFormulas(levels, new Set([1]))).toEqual([]);
    expect(text(flattenFormula(levels, MAX_DEPTH)[0]?.coefficient ?? null)).toBe(String(40n ** BigInt(MAX_DEPTH - 1)));
  });
});

describe('the check of a set of formulas', () => {
  const points = new Set([1, 2, 3]);
  const codes = (...formulas: Formula[]) =>
    checkFormulas(formulas, points).map(({ formulaId, code, term }) => `${formulaId}.${term} ${code}`);

  test('nothing is wrong with a sound set', () => {
    expect(codes(simple, formula(2, [ofFormula(1, 1), ofPoint(1, 1, 'A-')]))).toEqual([]);
  });

  test('references that lead nowhere', () => {
    expect(codes(formula(1, [ofPoint(1, 9), ofPoint(1, 1), ofFormula(1, 7)]))).toEqual(['1.0 unknown-point', '1.2 unknown-formula']);
  });

  test('active and reactive energy are never added', () => {
    const reactive = formula(2, [ofPoint(1, 1, 'R+')], 'varh');
    expect(codes(formula(1, [ofPoint(1, 1, 'R-'), ofFormula(1, 2)]), reactive)).toEqual(['1.0 unit-mixed', '1.1 unit-mixed']);
    expect(() => flattenFormula([formula(1, [ofFormula(1, 2)]), reactive], 1)).toThrow(RangeError);
  });

  test('a formula that leads to itself, directly or through others, and those that lead into the circle', () => {
    const circle = [formula(1, [ofFormula(1, 2)]), formula(2, [ofFormula(1, 3)]), formula(3, [ofPoint(1, 1), ofFormula(1, 1)])];
    expect(codes(...circle, formula(4, [ofFormula(1, 4)]), formula(5, [ofFormula(1, 1)]), simple6())).toEqual([
      '1.0 cycle',
      '2.0 cycle',
      '3.1 cycle',
      '4.0 cycle',
      '5.0 cycle',
    ]);
    expect(() => flattenFormula(circle, 1)).toThrow(RangeError);
  });

  test('deeper than eight levels', () => {
    const chain = Array.from({ length: MAX_DEPTH + 1 }, (_, level) =>
      formula(level + 1, [level === 0 ? ofPoint(1, 1) : ofFormula(1, level)]),
    );
    expect(codes(...chain)).toEqual([`${MAX_DEPTH + 1}.0 too-deep`]);
    expect(() => flattenFormula(chain, MAX_DEPTH + 1)).toThrow(RangeError);
  });

  test('a coefficient is a ratio of integers, not zero', () => {
    expect(formulaSchema.safeParse(simple).success).toBe(true);
    for (const coefficient of [
      { numerator: 0, denominator: 1 },
      { numerator: 1, denominator: 0 },
      { numerator: 0.5, denominator: 1 },
      { numerator: 1, denominator: -2 },
    ]) {
      expect(formulaSchema.safeParse(formula(1, [{ ...ofPoint(1, 1), coefficient }])).success).toBe(false);
    }
    expect(formulaSchema.safeParse(formula(1, [])).success).toBe(false);
  });

  function simple6(): Formula {
    return { ...simple, id: 6 };
  }
});

describe('formulas of random plants', () => {
  const coefficient = fc.record({
    numerator: fc.integer({ min: -9, max: 9 }).filter((n) => n !== 0),
    denominator: fc.integer({ min: 1, max: 9 }),
  });
  const energies = fc.array(fc.array(fc.option(fc.nat(1e6), { freq: 8 }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 });

  test('a group of groups is the sum of all its points in any order, and one null makes its step null', () => {
    fc.assert(
      fc.property(energies, fc.infiniteStream(coefficient), fc.integer({ min: 1, max: 3 }), (plant, stream, size) => {
        const terms = plant.map(
          (_, index): FormulaTerm => ({
            coefficient: stream.next().value ?? { numerator: 1, denominator: 1 },
            of: { kind: 'point', pointId: index + 1, channel: 'A+' },
          }),
        );
        const groups = Array.from({ length: Math.ceil(terms.length / size) }, (_, index) =>
          formula(index + 2, terms.slice(index * size, (index + 1) * size)),
        );
        const whole = formula(
          1,
          groups.map(({ id }) => ofFormula(1, id)),
        );
        const points = Object.fromEntries(plant.map((point, index) => [index + 1, hours(...point)]));
        const nested = evaluate([whole, ...groups], 1, points);
        const flat = evaluate([formula(1, terms.toReversed())], 1, points);
        const byGroup = groups.map(({ id }) => evaluate(groups, id, points));
        expect(nested.map(({ energy }) => text(energy))).toEqual(flat.map(({ energy }) => text(energy)));
        for (const [index, { energy, missing }] of nested.entries()) {
          const lacking = plant.flatMap((point, at) => (point[index] === null ? [at + 1] : []));
          expect(missing.map(({ pointId }) => pointId)).toEqual(lacking);
          expect(energy === null).toBe(lacking.length > 0);
          const parts = byGroup.map((steps) => steps[index]?.energy ?? null);
          if (energy !== null) expect(compare(sumOf(parts.flatMap((part) => part ?? [])), energy)).toBe(0);
          const byHand = terms.reduce(
            (sum, { coefficient: { numerator, denominator } }, at) =>
              add(sum, multiply(rational(plant[at]?.[index] ?? 0), rational(numerator, denominator))),
            rational(0),
          );
          if (energy !== null) expect(compare(byHand, energy)).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
