import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../src/shared/api/errors.ts';
import { attention } from '../../../src/shared/api/values.ts';
import { ABSENCE_REASONS, INTERVAL_FLAGS } from '../../../src/shared/domain/interval.ts';
import { ABSENCE_TEXTS, ATTENTION_TEXTS, FLAG_TEXTS, reasonText } from '../../../src/shared/i18n/causes.ts';
import { en } from '../../../src/shared/i18n/en.ts';
import { ERROR_TEXTS } from '../../../src/shared/i18n/errors.ts';
import { exchangeLabelText } from '../../../src/shared/i18n/exchange-labels.ts';
import { importFaultText } from '../../../src/shared/i18n/import-columns.ts';
import { fillText } from '../../../src/shared/i18n/language.ts';
import { ru } from '../../../src/shared/i18n/ru.ts';

const PLURAL = /_(one|few|many|other)$/;

/** Paths of all texts; forms of a plural count as one. */
function paths(texts: object, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : paths(value as object, `${prefix}${key}.`),
  );
}
const russian = paths(ru);
const english = paths(en);
const names = (texts: [string, string][]) => [...new Set(texts.map(([path]) => path.replace(PLURAL, '')))].sort();
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort();

describe('the texts of the screens', () => {
  test('are there in both languages', () => {
    expect(names(english)).toEqual(names(russian));
  });

  test('take the same values in both languages', () => {
    const first = new Map(russian.map(([path, text]) => [path.replace(PLURAL, ''), slots(text)]));
    for (const [path, text] of english) expect([path, slots(text)]).toEqual([path, first.get(path.replace(PLURAL, ''))]);
  });

  test('have all Russian plural forms and both English ones', () => {
    for (const [texts, forms] of [
      [russian, ['few', 'many', 'one', 'other']],
      [english, ['one', 'other']],
    ] as const) {
      for (const base of new Set(texts.flatMap(([path]) => (PLURAL.test(path) ? [path.replace(PLURAL, '')] : [])))) {
        const found = texts.flatMap(([path]) => (path.replace(PLURAL, '') === base && PLURAL.test(path) ? [path.replace(/^.*_/, '')] : []));
        expect([base, found.sort()]).toEqual([base, forms]);
      }
    }
  });

  test('do not shout, and no English word stands in for a Russian one', () => {
    for (const [path, text] of russian) {
      expect([path, text]).not.toEqual([path, expect.stringContaining('!')]);
      if (!path.endsWith('.file') && /[A-Za-z]{4,}/.test(text.replaceAll(/\{\{\w+\}\}/g, '')))
        expect([
          'setup.importNote',
          'search.jsonLines',
          'search.lineHint',
          'search.lineFault',
          'token.hint',
          'installation.passwordHint',
          'backup.restore',
        ]).toContain(path);
    }
  });
});

describe('errors and causes', () => {
  test('say what happened, what it means and what to do, in both languages', () => {
    const advice = [...ERROR_CODES.map((code) => ERROR_TEXTS[code]), ...attention.shape.code.options.map((code) => ATTENTION_TEXTS[code])];
    for (const text of advice) {
      for (const part of [text.ru.what, text.ru.means, text.ru.todo]) expect(part).toMatch(/[а-яё]{3}/i);
      for (const part of [text.en.what, text.en.means, text.en.todo]) expect(part).toMatch(/^[^а-яё]{8,}$/i);
    }
  });

  test('have words for every absence reason and every flag', () => {
    for (const reason of ABSENCE_REASONS) expect(ABSENCE_TEXTS[reason].ru).toMatch(/[а-яё]{3}/i);
    for (const flag of INTERVAL_FLAGS) expect(FLAG_TEXTS[flag].ru).toMatch(/[а-яё]{3}/i);
  });

  test('never show a code, not even an unknown one', () => {
    expect(reasonText('silent', 'ru')).toBe('счётчик не отвечает');
    expect(reasonText('stale', 'en')).toBe('the values are old');
    expect(reasonText('line/in-use', 'ru')).toBe('порт занят другой программой');
    expect(reasonText('of-a-newer-server', 'ru')).toBe('причина не определена');
  });
});

test('a fault of the import says what the cell must hold, or which line it repeats', () => {
  const fault = (line: number, column: string, message: string) => importFaultText({ line, column, message }, 'ru');
  expect(fault(3, 'address', 'requests to address 7 begin with 00, which the mercury-23x meters take for theirs')).toContain('адрес 0');
  expect(fault(4, 'ct_ratio', 'inside')).toContain('600/5');
  expect(fault(9, 'serial', 'this serial number already stands in line 3')).toBe('повтор строки 3');
  expect(fault(5, '', '10 columns, the header has 11')).toContain('столбцов');
  expect(fault(1, 'driver', 'column 5 of the header must be driver')).toContain('заголовок');
});

test('an exchange is named in words, and an unknown one keeps the words of the protocol', () => {
  expect(exchangeLabelText('profile records 526 to 542', 'ru')).toBe('записи профиля 526–542');
  expect(exchangeLabelText('profile record 0', 'en')).toBe('profile record 0');
  expect(exchangeLabelText('half-hours 2026-11-22 block 2', 'ru')).toBe('получасы 2026-11-22, блок 2');
  expect(exchangeLabelText('month slice 2026-11-01', 'ru')).toBe('срез месяца 2026-11-01');
  expect(exchangeLabelText('energy array B month 3 tariff 2', 'ru')).toBe('на начало месяца 3, тариф 2');
  expect(exchangeLabelText('energy array 5 all tariffs', 'ru')).toBe('за прошлые сутки, все тарифы');
  expect(exchangeLabelText('maxima schedule 0A', 'ru')).toBe('расписание максимумов, месяц 10');
  expect(exchangeLabelText('write clock correction', 'ru')).toBe('запись: коррекция часов');
  expect(exchangeLabelText('status word', 'ru')).toBe('слово состояния');
  expect(exchangeLabelText('status word', 'en')).toBe('status word');
  expect(exchangeLabelText('something new', 'ru')).toBe('something new');
});

test('a text without a value for its slot leaves no hole', () => {
  expect(fillText('повтор строки {line} ', {})).not.toContain('{');
});
