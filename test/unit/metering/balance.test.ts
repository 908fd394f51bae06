import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BalanceElement,
  type BalanceSection,
  complexErrorSquared,
  computeBalance,
  percentRoot,
} from '../../../src/main/metering/balance.ts';
import { compare, decimalText, fixedText, type Rational, rational, roundHalfUp, sumOf } from '../../../src/main/metering/energy.ts';

const text = (value: Rational | null) => (value === null ? null : decimalText(value));
const rounded = (value: Rational | null) => (value === null ? null : fixedText(roundHalfUp(value, 5), 5));
const inputError = complexErrorSquared({ ct: '0.5', vt: '0.5', line: '0.25', meter: '0.5' });
const feederError = complexErrorSquared({ ct: '0.5', vt: '0.5', line: '0.25', meter: '1.0' });

const element = (section: BalanceSection, name: string, energy: number | null, errorSquared: Rational | null = null): BalanceElement => ({
  section,
  name,
  energy: energy === null ? null : rational(energy),
  reason: energy === null ? 'silent' : null,
  errorSquared,
});
const inputs = [element('received', 'Ввод 1', 600, inputError), element('received', 'Ввод 2', 400, inputError)];
/** Shares 0.4, 0.3, 0.2, 0.1 of what is delivered. */
const feeders = (delivered: number) =>
  [4, 3, 2, 1].map((tenth, index) => element('delivered', `Фидер ${index + 1}`, (delivered * tenth) / 10, feederError));

describe('error of a measuring complex', () => {
  test('the figures of quality.md 5', () => {
    expect([rounded(percentRoot(inputError)), rounded(percentRoot(feederError))]).toEqual(['0.99153', '1.37500']);
  });

  test('without a voltage transformer its error and the drop to it fall away', () => {
    // 1.1 x sqrt(0.5^2 + 0.5^2) = 0.777817...
    expect(text(percentRoot(complexErrorSquared({ ct: '0.5', vt: null, line: null, meter: '0.5' })))).toBe('0.77781745');
    expect(() => complexErrorSquared({ ct: '0,5', vt: null, line: null, meter: '1' })).toThrow(RangeError);
  });
});

describe('balance', () => {
  test('the test vector of quality.md 5: allowed 1.03847 %', () => {
    const balance = computeBalance([...inputs, ...feeders(990)]);
    expect(rounded(balance.allowed)).toBe('1.03847');
    expect(text(balance.allowed)).toBe('1.03846641');
    expect([balance.verdict, text(balance.actual), text(balance.imbalance)]).toEqual(['good', '1', '10']);
    expect(balance.lines.map(({ share }) => text(share))).toEqual(['60', '40', '40', '30', '20', '10']);
    expect([text(balance.totals.received), text(balance.totals.delivered)]).toEqual(['1000', '990']);
  });

  test('beyond the allowed it is bad, whichever way', () => {
    expect(computeBalance([...inputs, ...feeders(980)])).toMatchObject({ verdict: 'bad', obstacle: null });
    const over = computeBalance([...inputs, ...feeders(1020)]);
    expect([over.verdict, text(over.actual)]).toEqual(['bad', '-2']);
  });

  test('own needs and transformer losses are no imbalance and weigh nothing', () => {
    const balance = computeBalance([...inputs, ...feeders(970), element('own-needs', 'СН', 12), element('transformer-losses', 'Т-1', 8)]);
    expect([balance.verdict, text(balance.actual), rounded(balance.allowed)]).toEqual(['good', '1', '1.03847']);
    expect([text(balance.totals['own-needs']), text(balance.totals['transformer-losses'])]).toEqual(['12', '8']);
  });

  test('the verdict is exact at the limit itself', () => {
    const fixed = rational(1);
    expect(computeBalance([...inputs, ...feeders(990)], fixed).verdict).toBe('good');
    expect(computeBalance([...inputs, ...feeders(990), element('own-needs', 'СН', 1)], rational(899_999, 1_000_000)).verdict).toBe('bad');
  });

  test('a missing element gives no verdict and is named', () => {
    const [first, ...rest] = feeders(990);
    const balance = computeBalance([
      ...inputs,
      ...rest,
      { ...(first ?? rest[0] ?? inputs[0]), energy: null, reason: 'line-down' } as BalanceElement,
    ]);
    expect(balance).toMatchObject({ verdict: 'not-computed', obstacle: 'elements-missing', actual: null, allowed: null, imbalance: null });
    expect(balance.missing).toEqual([{ name: 'Фидер 1', reason: 'line-down' }]);
    expect([text(balance.totals.received), balance.totals.delivered]).toEqual(['1000', null]);
  });

  test('nothing received has no percentage', () => {
    expect(computeBalance(feeders(10))).toMatchObject({ verdict: 'not-computed', obstacle: 'nothing-received', actual: null });
    expect(computeBalance([])).toMatchObject({ verdict: 'not-computed', obstacle: 'nothing-received' });
  });

  test('an unknown class gives the actual figure without a verdict, unless a limit is set', () => {
    const elements = [...inputs, element('delivered', 'Цех 4', 990)];
    const balance = computeBalance(elements);
    expect(balance).toMatchObject({ verdict: 'not-computed', obstacle: 'errors-unknown', missing: [{ name: 'Цех 4' }] });
    expect(text(balance.actual)).toBe('1');
    expect(computeBalance(elements, rational(2))).toMatchObject({ verdict: 'good', allowed: rational(2) });
    // A feeder that carried nothing needs no class.
    expect(computeBalance([...inputs, ...feeders(990), element('delivered', 'Резерв', 0)]).verdict).toBe('good');
  });

  test('order changes nothing, the parts are the whole, and one null is enough to have no verdict', () => {
    const one = fc.record({
      section: fc.constantFrom<BalanceSection>('received', 'delivered', 'own-needs', 'transformer-losses'),
      energy: fc.option(fc.nat(1e9), { freq: 10 }),
      error: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (ones) => {
        const elements = ones.map(({ section, energy, error }, index) => element(section, `${index}`, energy, rational(error, 100)));
        const forth = computeBalance(elements);
        const back = computeBalance(elements.toReversed());
        expect([forth.verdict, text(forth.actual), text(forth.allowed)]).toEqual([back.verdict, text(back.actual), text(back.allowed)]);
        const lacking = elements.filter(({ energy }) => energy === null).map(({ name }) => name);
        expect(forth.missing.map(({ name }) => name)).toEqual(lacking);
        if (lacking.length > 0) expect([forth.verdict, forth.actual]).toEqual(['not-computed', null]);
        else
          expect(text(forth.imbalance)).toBe(
            String(ones.reduce((sum, { section, energy }) => sum + (section === 'received' ? 1 : -1) * (energy ?? 0), 0)),
          );
        for (const section of ['received', 'delivered'] as const) {
          const shares = forth.lines.filter((line) => line.section === section).flatMap(({ share }) => share ?? []);
          if (shares.length > 0) expect(compare(sumOf(shares), rational(100))).toBe(0);
        }
      }),
    );
  });
});
