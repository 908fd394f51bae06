import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packFigures, unpackFigures } from '../../../src/main/metering/closed-figures.ts';
import { compare, decimalText, rational } from '../../../src/main/metering/energy.ts';
import { type ClosedPeriod, type SettlementStep, settlementSteps } from '../../../src/main/metering/settlement.ts';
import { REPLACEMENT_METHODS } from '../../../src/shared/domain/replacement.ts';
import { MemorySource } from '../export/support.ts';
import { installation, interval, meter, plant, point } from './plant.ts';

const H = 1800;

test('figures come back exactly, with what was said of them', () => {
  const steps: SettlementStep[] = [
    { startUtc: 0, energy: rational(1, 3), status: 'valid', method: null },
    { startUtc: H, energy: null, status: 'missing', method: null },
    { startUtc: 3 * H, energy: rational(5, 2), status: 'incomplete', method: null },
    { startUtc: 4 * H, energy: rational(0), status: 'replaced', method: 'legal' },
  ];
  const packed = packFigures(steps, 0, 6 * H);
  expect(packed).toEqual({ denominator: 6n, numerators: [2n, null, null, 15n, 0n, null], marks: 'vm-i4-' });
  expect(
    unpackFigures(packed, 0).map(({ energy, ...step }) => ({ ...step, energy: energy === null ? null : decimalText(energy) })),
  ).toEqual([
    { startUtc: 0, status: 'valid', method: null, energy: '0.333333333333' },
    { startUtc: H, status: 'missing', method: null, energy: null },
    { startUtc: 3 * H, status: 'incomplete', method: null, energy: '2.5' },
    { startUtc: 4 * H, status: 'replaced', method: 'legal', energy: '0' },
  ]);
});

test('whatever the ratios were, no figure changes', () => {
  const ratio = fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 5000 }));
  const status = fc.constantFrom('valid' as const, 'incomplete' as const, 'missing' as const, 'replaced' as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(ratio, status, fc.constantFrom(...REPLACEMENT_METHODS)), { maxLength: 60 }), (figures) => {
      const steps = figures.map(([[n, d], what, method], index): SettlementStep => {
        const startUtc = index * H;
        return what === 'missing'
          ? { startUtc, energy: null, status: what, method: null }
          : { startUtc, energy: rational(n, d), status: what, method: what === 'replaced' ? method : null };
      });
      const back = unpackFigures(packFigures(steps, 0, 60 * H), 0);
      const said = ({ startUtc, status: mark, method }: SettlementStep) => [startUtc, mark, method];
      expect(back.map(said)).toEqual(steps.map(said));
      back.forEach(({ energy }, index) => {
        const before = steps[index]?.energy ?? null;
        expect(energy === null ? before : compare(energy, before ?? rational(-1))).toBe(energy === null ? null : 0);
      });
    }),
  );
});

describe('figures of a time that is closed', () => {
  /** Half-hours 0..3 of 1 kWh each; 1 and 2 were closed with half of it, and with a hole. */
  function source() {
    const memory = new MemorySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)] }));
    memory.profile.set(
      1,
      [0, 1, 2, 3].map((n) => interval(n * H, { 'A+': 2000 })),
    );
    const steps: SettlementStep[] = [
      { startUtc: H, energy: rational(1, 2), status: 'replaced', method: 'control' },
      { startUtc: 2 * H, energy: null, status: 'missing', method: null },
    ];
    const closed: ClosedPeriod[] = [{ fromUtc: H, toUtc: 3 * H, steps: new Map([['A+', steps]]) }];
    return Object.assign(memory, { closed: () => closed });
  }
  const stepsOf = (bounds: readonly number[]) =>
    (settlementSteps(1, source(), bounds).get('A+') ?? []).map(({ startUtc, energy, status, method }) => [
      startUtc / H,
      energy === null ? null : decimalText(energy),
      status,
      method,
    ]);

  test('stand as they were, beside those that are read as ever', () => {
    expect(stepsOf([0, H, 2 * H, 3 * H, 4 * H])).toEqual([
      [0, '1', 'valid', null],
      [1, '0.5', 'replaced', 'control'],
      [2, null, 'missing', null],
      [3, '1', 'valid', null],
    ]);
  });

  test('add up with them in longer steps, and a period may begin or end inside', () => {
    expect(stepsOf([0, 2 * H, 4 * H])).toEqual([
      [0, '1.5', 'replaced', 'control'],
      [2, '1', 'incomplete', null],
    ]);
    expect(stepsOf([2 * H, 3 * H])).toEqual([[2, null, 'missing', null]]);
  });
});
