import { describe, expect, test } from 'vitest';
import { formulaText, parseFormula } from '../../../src/main/metering/formula-text.ts';

const names = {
  points: [
    { id: 1, code: 'TP1-01' },
    { id: 2, code: 'TP1-02' },
    { id: 3, code: '7' },
  ],
  formulas: [{ id: 9, name: 'Цех 1' }],
};
const read = (text: string, unit: 'Wh' | 'varh' = 'Wh') => parseFormula(text, unit, names);
const point = (pointId: number, channel: string, numerator: number, denominator = 1) => ({
  coefficient: { numerator, denominator },
  of: { kind: 'point', pointId, channel },
});

describe('formulas as text', () => {
  test('signs, coefficients, channels and other formulas', () => {
    expect(read('TP1-01 + 0,5*TP1-02:A- - {Цех 1}')).toEqual([
      point(1, 'A+', 1),
      point(2, 'A-', 5, 10),
      { coefficient: { numerator: -1, denominator: 1 }, of: { kind: 'formula', formulaId: 9 } },
    ]);
    expect(read('-TP1-01 − 2 * 7', 'varh')).toEqual([point(1, 'R+', -1), point(3, 'R+', -2)]);
  });

  test('what is wrong is named with its part', () => {
    expect(read('  ')).toEqual({ code: 'no-term', part: '' });
    expect(read('TP1-01 + TP9')).toEqual({ code: 'unknown-point', part: 'TP9' });
    expect(read('TP1-01 TP1-02')).toEqual({ code: 'unreadable', part: 'TP1-02' });
    expect(read('TP1-01 + ')).toEqual({ code: 'unreadable', part: '+' });
    expect(read('{Цех 2}')).toEqual({ code: 'unknown-formula', part: 'Цех 2' });
    expect(read('0*TP1-01')).toEqual({ code: 'zero-coefficient', part: '0*TP1-01' });
  });

  test('text of terms reads back as the same terms', () => {
    for (const text of ['TP1-01 + 0.5*TP1-02:A- - {Цех 1}', '-7 - 2.25*TP1-01']) {
      const terms = read(text);
      if (!Array.isArray(terms)) throw new Error('not read');
      expect(formulaText({ terms: [...terms], unit: 'Wh' }, names)).toBe(text);
    }
  });
});
