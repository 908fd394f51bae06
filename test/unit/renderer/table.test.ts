import { describe, expect, test } from 'vitest';
import { csvText, tsvText } from '../../../src/renderer/ui/clipboard.ts';
import { compareValues, matchesFilter } from '../../../src/renderer/ui/table-columns.ts';
import { gridMove } from '../../../src/renderer/ui/table-keys.ts';

describe('a filter above a column', () => {
  test('looks for the text without regard to case', () => {
    expect(matchesFilter('Станочный участок 2', 'УЧАСТОК')).toBe(true);
    expect(matchesFilter('Ввод 1', 'участок')).toBe(false);
  });

  test.each([
    ['93,6', '>90', true],
    ['93,6', '> 93,6', false],
    ['93,6', '>=93.6', true],
    ['-5', '<0', true],
    ['10,0', '=10', true],
    ['9', '<=8,99', false],
    ['', '>0', false],
    ['работает', '>0', false],
  ])('compares %j with %s as figures: %s', (cell, wanted, passes) => {
    expect(matchesFilter(cell, wanted)).toBe(passes);
  });
});

test('decimals are ordered by value and words with numbers as a person counts', () => {
  expect(compareValues('decimal', '9', '10')).toBeLessThan(0);
  expect(compareValues('text', 'Ввод 2', 'Ввод 10')).toBeLessThan(0);
  expect(compareValues('number', 3, 2)).toBeGreaterThan(0);
});

describe('the keyboard in a grid', () => {
  const size = { rows: 70, columns: 9, page: 20 };
  const at = { row: 5, column: 3 };
  test.each([
    ['ArrowDown', false, { row: 6, column: 3 }],
    ['ArrowUp', true, { row: 0, column: 3 }],
    ['ArrowLeft', false, { row: 5, column: 2 }],
    ['PageDown', false, { row: 25, column: 3 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', false, { row: 5, column: 8 }],
    ['End', true, { row: 69, column: 8 }],
  ])('%s with Ctrl %s goes to %o', (key, isCtrl, place) => {
    expect(gridMove(key, isCtrl, at, size)).toEqual(place);
  });

  test('never leaves the table', () => {
    expect(gridMove('ArrowUp', false, { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 });
    expect(gridMove('PageDown', false, { row: 69, column: 8 }, size)).toEqual({ row: 69, column: 8 });
    expect(gridMove('ArrowRight', false, { row: 69, column: 8 }, size)).toEqual({ row: 69, column: 8 });
  });

  test('leaves the other keys alone', () => {
    expect(gridMove('a', false, at, size)).toBeNull();
    expect(gridMove('Tab', false, at, size)).toBeNull();
  });
});

describe('a table as text', () => {
  test('is tab-separated for the clipboard, and a cell cannot break a row', () => {
    expect(tsvText(['Точка', 'P, кВт'], [['Ввод\t1\n', '1370,8']])).toBe('Точка\tP, кВт\r\nВвод 1 \t1370,8');
  });

  test('is a CSV file that a spreadsheet opens, quotes what must be quoted and defuses formulas', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x;y', 'он сказал "да"'],
          ['=1+1', '-5,5'],
        ],
      ),
    ).toBe('\uFEFFa;b\r\n"x;y";"он сказал ""да"""\r\n\'=1+1;-5,5\r\n');
  });
});
