import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BoundaryLosses, type LossModel, lossModel } from '../../../src/shared/domain/losses.ts';
import { compare, decimalText, type Rational, rational } from '../../../src/main/metering/energy.ts';
import { energyAtBoundary, formFactorSquared, lossesOf, lossesToBoundary, sumLosses } from '../../../src/main/metering/losses.ts';

const text = (value: Rational | null) => (value === null ? null : decimalText(value));
const step = (active: number | null, reactive: number | null, minutes = 30) => ({
  minutes,
  active: active === null ? null : rational(active),
  reactive: reactive === null ? null : rational(reactive),
});
const shown = (losses: ReturnType<typeof lossesOf>) => [text(losses.active), text(losses.reactive), losses.lack];

const transformer: LossModel = {
  kind: 'transformer',
  noLoadW: '2000',
  loadW: '12000',
  ratedVA: '1000000',
  noLoadCurrentPercent: '1.4',
  shortCircuitPercent: '5.5',
};
const line: LossModel = { kind: 'line', resistanceOhm: '0.32', reactanceOhm: '0.08', voltageV: '10000' };
const percent: LossModel = { kind: 'percent', active: '1.5', reactive: '4' };

describe('losses of a half-hour', () => {
  test('a transformer at half its rated power', () => {
    // 200 kWh and 150 kvarh in half an hour are 500 kVA, beta 0.5.
    // Active: 2000 x 0.5 + 12 000 x 0.25 x 0.5 = 1000 + 1500 Wh. Reactive: 1.4 % and 5.5 % x 0.25 of 1 MVA x 0.5 h = 7000 + 6875 varh.
    expect(shown(lossesOf(transformer, step(200_000, 150_000)))).toEqual(['2500', '13875', null]);
  });

  test('an idle transformer still has its no-load losses', () => {
    expect(shown(lossesOf(transformer, step(0, 0)))).toEqual(['1000', '7000', null]);
  });

  test('a transformer without currents on its plate has no reactive figure', () => {
    const bare: LossModel = { ...transformer, noLoadCurrentPercent: null };
    expect(shown(lossesOf(bare, step(200_000, 150_000)))).toEqual(['2500', null, null]);
  });

  test('a line', () => {
    // 500 kVA at 10 kV are 28.87 A: 3 x 28.87^2 x 0.32 = 800 W, half an hour of it; 0.08 ohm likewise 200 var.
    expect(shown(lossesOf(line, step(200_000, 150_000)))).toEqual(['400', '100', null]);
  });

  test('a percentage', () => {
    expect(shown(lossesOf(percent, step(1000, 500)))).toEqual(['15', '20', null]);
    expect(shown(lossesOf({ ...percent, reactive: '0' }, step(1000, null)))).toEqual(['15', '0', null]);
  });

  test('what is not known makes null with a reason, never 0', () => {
    for (const model of [transformer, line]) {
      expect(shown(lossesOf(model, step(null, 5)))).toEqual([null, null, 'active-missing']);
      expect(shown(lossesOf(model, step(5, null)))).toEqual([null, null, 'reactive-missing']);
    }
    expect(shown(lossesOf(percent, step(null, 500)))).toEqual([null, '20', 'active-missing']);
    expect(shown(lossesOf(percent, step(1000, null)))).toEqual(['15', null, 'reactive-missing']);
  });
});

describe('losses of a month', () => {
  test('from its totals by the form factor of the load factor', () => {
    expect(text(formFactorSquared(rational(1)))).toBe('1');
    // k = 0.5: (1 + 1) / 1.5 = 4/3.
    expect(compare(formFactorSquared(), rational(4, 3))).toBe(0);
    // 72 MWh in 720 h are 100 kW: (100 000 / 10 000)^2 x 0.32 = 32 W, x 720 h x 4/3 = 30 720 Wh.
    expect(shown(lossesOf(line, step(72_000_000, 0, 43_200), formFactorSquared()))).toEqual(['30720', '7680', null]);
    expect(() => formFactorSquared(rational(0))).toThrow(RangeError);
    expect(() => formFactorSquared(rational(3, 2))).toThrow(RangeError);
  });

  test('an even load gives by intervals what it gives by its total, an uneven one more', () => {
    const figures = fc.array(fc.tuple(fc.nat(1e6), fc.nat(1e6)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom<LossModel>(transformer, line), figures, (model, loads) => {
        const total = (index: 0 | 1) => loads.reduce((sum, load) => sum + load[index], 0);
        const byTotal = lossesOf(model, step(total(0), total(1), loads.length * 30)).active;
        const byParts = sumLosses(loads.map(([active, reactive]) => lossesOf(model, step(active, reactive)))).active;
        const even = sumLosses(
          loads.map(() =>
            lossesOf(model, { minutes: 30, active: rational(total(0), loads.length), reactive: rational(total(1), loads.length) }),
          ),
        );
        if (byTotal === null || byParts === null || even.active === null) throw new Error('all figures are given');
        expect(compare(even.active, byTotal)).toBe(0);
        expect(compare(byParts, byTotal)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('a step that is not known makes the month unknown', () => {
    const parts = [step(1, 1), step(null, 1), step(2, 2)].map((each) => lossesOf(line, each));
    expect(shown(sumLosses(parts))).toEqual([null, null, 'active-missing']);
    expect(shown(sumLosses([]))).toEqual(['0', '0', null]);
  });

  test('elements in a row add up', () => {
    const plan: BoundaryLosses = { meterStands: 'behind-boundary', elements: [transformer, line] };
    expect(shown(lossesToBoundary(plan, step(200_000, 150_000)))).toEqual(['2900', '13975', null]);
    expect(shown(lossesToBoundary(plan, step(200_000, null)))).toEqual([null, null, 'reactive-missing']);
    const month = sumLosses([transformer, line].map((model) => lossesOf(model, step(72_000_000, 0, 43_200), formFactorSquared())));
    expect(shown(lossesToBoundary(plan, step(72_000_000, 0, 43_200), formFactorSquared()))).toEqual(shown(month));
  });

  test('a meter behind the boundary counts too little, one before it too much', () => {
    const at = (side: BoundaryLosses['meterStands']) => text(energyAtBoundary(rational(1000), rational(15), side));
    expect([at('behind-boundary'), at('before-boundary')]).toEqual(['1015', '985']);
    expect(energyAtBoundary(null, rational(15), 'behind-boundary')).toBeNull();
    expect(energyAtBoundary(rational(1000), null, 'behind-boundary')).toBeNull();
  });
});

describe('losses as data', () => {
  test('a figure is an exact decimal and a divisor is never zero', () => {
    expect(lossModel.safeParse(transformer).success).toBe(true);
    for (const wrong of [
      { ...percent, active: '-1' },
      { ...percent, active: 1.5 },
      { ...transformer, ratedVA: '0.0' },
      { ...line, voltageV: '0' },
      { ...line, kind: 'cable' },
    ]) {
      expect(lossModel.safeParse(wrong).success).toBe(false);
    }
  });
});
