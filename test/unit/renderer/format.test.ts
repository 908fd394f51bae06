import { describe, expect, test } from 'vitest';
import {
  compareDecimals,
  completenessPercent,
  completenessState,
  ENGLISH_NUMBERS,
  energyPrefix,
  formatBytes,
  formatCount,
  formatDecimal,
  formatEnergy,
  formatPower,
  meanPower,
  plainDecimal,
  plainEnergy,
  roundDecimal,
  RUSSIAN_NUMBERS,
  shiftDecimal,
  sumDecimals,
} from '../../../src/renderer/ui/format.ts';

const NARROW = '\u202f';
const ru = RUSSIAN_NUMBERS;

describe('figures on the screens', () => {
  test.each([
    ['2.345', 2, '2.35'],
    ['2.3449999999999999999', 2, '2.34'],
    ['0.005', 2, '0.01'],
    ['-2.345', 2, '-2.35'],
    ['-0.004', 2, '0.00'],
    ['1.005', 2, '1.01'],
    ['999999.995', 2, '1000000.00'],
    ['7', 3, '7.000'],
    ['90071992547409931.5', 0, '90071992547409932'],
  ])('%s to %i digits is rounded half away from zero: %s', (text, digits, rounded) => {
    expect(roundDecimal(text, digits)).toBe(rounded);
  });

  test.each([
    ['12345678', -3, '12345.678'],
    ['5', -3, '0.005'],
    ['1.25', 3, '1250'],
    ['-40', -1, '-4'],
    ['0', -6, '0'],
    ['90071992547409931', -3, '90071992547409.931'],
  ])('%s shifted by %i places is exactly %s', (text, places, shifted) => {
    expect(shiftDecimal(text, places)).toBe(shifted);
  });

  test('are grouped by a narrow no-break space with a comma in Russian and a point in English', () => {
    expect(formatDecimal('12345.67', 2, ru)).toBe(`12${NARROW}345,67`);
    expect(formatDecimal('1234567', 0, ru)).toBe(`1${NARROW}234${NARROW}567`);
    expect(formatDecimal('12345.67', 2, ENGLISH_NUMBERS)).toBe(`12${NARROW}345.67`);
    expect(formatDecimal('-1234.5', 1, ru)).toBe(`−1${NARROW}234,5`);
    expect(formatCount(7968, ru)).toBe(`7${NARROW}968`);
  });

  test('print an exact zero as 0 and a small figure as what it rounds to', () => {
    expect(formatDecimal('0', 2, ru)).toBe('0');
    expect(formatDecimal('0.004', 2, ru)).toBe('0,00');
  });

  test('go to a spreadsheet without groups and with an ASCII minus', () => {
    expect(plainDecimal('-12345.678', 2, ru)).toBe('-12345,68');
    expect(plainEnergy('12345678', 'k', ru)).toBe('12345,68');
  });

  test('refuse what is no decimal instead of showing NaN', () => {
    expect(() => formatDecimal('1e5', 2, ru)).toThrow(RangeError);
    expect(() => formatDecimal('', 2, ru)).toThrow(RangeError);
  });

  test('take one prefix for a whole column: mega when any figure reaches 100 000 kWh', () => {
    expect(energyPrefix(['99999999.9', null])).toBe('k');
    expect(energyPrefix(['5', '100000000'])).toBe('M');
    expect(energyPrefix(['-100000000'])).toBe('M');
    expect(energyPrefix([null])).toBe('k');
    expect(formatEnergy('276975432', 'M', ru)).toBe('276,975');
    expect(formatEnergy('1370800', 'k', ru)).toBe(`1${NARROW}370,80`);
    expect(formatPower('1370849', ru)).toBe(`1${NARROW}370,8`);
  });
});

describe('exact arithmetic', () => {
  test('adds what floating point cannot', () => {
    expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(sumDecimals(['9007199254740993', '0.5', '-0.5'])).toBe('9007199254740993');
  });

  test('leaves absent terms out, and the sum of nothing is absent, not zero', () => {
    expect(sumDecimals(['5', null])).toBe('5');
    expect(sumDecimals([null, null])).toBeNull();
    expect(sumDecimals([])).toBeNull();
  });

  test('compares by value whatever the number of digits', () => {
    expect(compareDecimals('2', '10')).toBeLessThan(0);
    expect(compareDecimals('2.50', '2.5')).toBe(0);
    expect(compareDecimals('-3', '-4')).toBeGreaterThan(0);
  });

  test('makes mean power of an interval from its energy', () => {
    expect(meanPower('951120', 30)).toBe('1902240');
    expect(meanPower('100', 1500)).toBe('4');
    expect(meanPower('1', 70)).toBe('0.857');
  });
});

describe('completeness', () => {
  test('is 100 only when nothing is missing', () => {
    expect(completenessPercent({ expected: 3360, received: 3360 }, ru)).toBe('100');
    expect(completenessPercent({ expected: 3360, received: 3359 }, ru)).toBe('99,9');
    expect(completenessPercent({ expected: 48, received: 0 }, ru)).toBe('0');
    expect(completenessPercent({ expected: 0, received: 0 }, ru)).toBeNull();
  });

  test('is never green while something is missing, and grey is not good', () => {
    expect(completenessState({ expected: 100, received: 100 })).toBe('ok');
    expect(completenessState({ expected: 100, received: 99 })).toBe('attention');
    expect(completenessState({ expected: 100, received: 94 })).toBe('fault');
    expect(completenessState({ expected: 0, received: 0 })).toBe('no-data');
  });
});

test('bytes take a binary prefix', () => {
  const units = ['Б', 'КБ', 'МБ', 'ГБ'] as const;
  expect(formatBytes(812, units, ru)).toBe('812 Б');
  expect(formatBytes(8.2 * 2 ** 20, units, ru)).toBe('8,2 МБ');
  expect(formatBytes(78 * 2 ** 30, units, ru)).toBe('78 ГБ');
});
