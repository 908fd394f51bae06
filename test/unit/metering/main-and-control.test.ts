import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalText, type Rational, rational } from '../../../src/main/metering/energy.ts';
import { type AllowedDifference, compareWithControl } from '../../../src/main/metering/main-and-control.ts';
import type { EnergyStep } from '../../../src/main/metering/maxima.ts';

const text = (value: Rational | null) => (value === null ? null : decimalText(value));
const hours = (...energies: (number | null)[]): EnergyStep[] =>
  energies.map((energy, index) => ({
    startUtc: index * 3600,
    minutes: 60,
    energy: energy === null ? null : rational(energy),
    expected: 2,
    received: energy === null ? 1 : 2,
    lack: null,
  }));
/** Two meters whose errors are 0.3 % and 0.4 %: together 0.5 %. */
const classes: AllowedDifference = { mainErrorSquared: rational(9, 100), controlErrorSquared: rational(16, 100), resolution: rational(0) };
const one = (main: number | null, control: number | null, allowed = classes) => compareWithControl(hours(main), hours(control), allowed)[0];

describe('main and control meter', () => {
  test('agree within the root of the sum of their squared errors', () => {
    const step = one(100_000, 100_400);
    expect([step?.verdict, text(step?.difference ?? null), text(step?.allowed ?? null)]).toEqual(['agree', '400', '500']);
    expect([one(100_000, 100_500)?.verdict, one(100_000, 99_500)?.verdict]).toEqual(['agree', 'agree']);
    expect([one(100_000, 100_501)?.verdict, one(100_000, 99_499)?.verdict]).toEqual(['differ', 'differ']);
  });

  test('small figures are not blamed for the step of a count', () => {
    const coarse = { ...classes, resolution: rational(120) };
    expect(one(0, 120, coarse)?.verdict).toBe('agree');
    expect(one(0, 121, coarse)?.verdict).toBe('differ');
    expect([one(100_000, 100_620, coarse)?.verdict, one(100_000, 100_621, coarse)?.verdict]).toEqual(['agree', 'differ']);
    expect(text(one(100_000, 100_620, coarse)?.allowed ?? null)).toBe('620');
  });

  test('the figure that counts is the main one, even when they differ', () => {
    const differ = one(100_000, 200_000);
    expect([text(differ?.energy ?? null), differ?.proposal]).toEqual(['100000', null]);
    expect(one(100_000, null)).toMatchObject({ verdict: 'main-only', difference: null, allowed: null, proposal: null });
  });

  test('the control meter proposes where the main one lacks a figure, and never stands in by itself', () => {
    const step = one(null, 77);
    expect([step?.verdict, step?.energy, text(step?.proposal ?? null)]).toEqual(['control-only', null, '77']);
    expect(one(null, null)).toMatchObject({ verdict: 'neither', energy: null, proposal: null });
  });

  test('a part of a step is not compared', () => {
    const [half] = hours(5);
    if (half === undefined) throw new Error('one step');
    expect(compareWithControl([{ ...half, received: 1 }], hours(5), classes)[0]?.verdict).toBe('control-only');
    expect(compareWithControl([{ ...half, lack: 'ratio-changed' }], hours(5), classes)[0]?.energy).toBeNull();
  });

  test('other steps cannot be compared', () => {
    expect(() => compareWithControl(hours(1, 2), hours(1), classes)).toThrow(RangeError);
    expect(() => compareWithControl(hours(1, 2).slice(1), hours(1), classes)).toThrow(RangeError);
  });

  test('a null on either side is a null with its verdict, never a difference from 0', () => {
    const figure = fc.option(fc.nat(1e6));
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure)), (pairs) => {
        const steps = compareWithControl(hours(...pairs.map(([main]) => main)), hours(...pairs.map(([, control]) => control)), classes);
        for (const [index, { verdict, energy, difference, proposal }] of steps.entries()) {
          const [main, control] = pairs[index] ?? [null, null];
          expect(text(energy)).toBe(main === null ? null : String(main));
          expect(text(difference)).toBe(main === null || control === null ? null : String(control - main));
          expect(text(proposal)).toBe(main === null && control !== null ? String(control) : null);
          expect(verdict === 'agree' || verdict === 'differ').toBe(difference !== null);
        }
      }),
    );
  });
});
