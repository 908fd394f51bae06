import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { meterFieldName, meterUnitText, meterValueText } from '../../../src/shared/i18n/meter-fields.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/decode-fields.md', import.meta.url), 'utf8');
/** Every name and unit in the tables of the document; `X` is a channel. */
const ROWS = DOCUMENT.split('\n').flatMap((line) => {
  const [, names = '', unit = '', ...more] = line.split('|');
  return line.startsWith('| ') && !names.includes('name') ? [{ names, unit: more.length > 1 ? unit : '' }] : [];
});
const NAMES = ROWS.flatMap(({ names }) => [...names.matchAll(/`([\w.+-]+)`/g)].map(([, name = '']) => name.replace('X', 'A+')));

describe('the fields of a meter in Russian', () => {
  test('have a word for every name that the decoder can give', () => {
    expect(NAMES.length).toBeGreaterThan(200);
    expect(NAMES.filter((name) => /[a-z]{2}/.test(meterFieldName(name.replace(/^\./, ''), 'ru')))).toEqual([]);
  });

  test('have a unit for every unit of the document', () => {
    const units = ROWS.flatMap(({ unit }) => unit.split(/[\s,]+/).filter((word) => /^[a-z/%]+$/i.test(word)));
    expect(units).toContain('kvarh');
    expect(units.filter((unit) => /[a-z]/.test(meterUnitText(unit, 'ru')))).toEqual([]);
  });

  test.each([
    [{ name: 'energy.A+.T1', value: '60323467', unit: 'Wh' }, 'энергия, A+, тариф 1', '60323467\u00a0Вт·ч'],
    [{ name: 'U1', value: '231.21', unit: 'V' }, 'Напряжение фазы A', '231,21\u00a0В'],
    [{ name: 'profile.time', value: '2026-11-25T22:00', unit: null }, 'конец последнего интервала', '25.11.2026 22:00'],
    [{ name: 'status_word.faults', value: 'E-01 E-06', unit: null }, 'слово состояния, неисправности', /батареи .*; E-06: неисправны часы/],
    [{ name: 'record.0.season', value: 'winter', unit: null }, 'запись профиля 0, время года', 'зимнее'],
    [{ name: 'variant.has_profile', value: 'false', unit: null }, 'профиль мощности', 'нет'],
    [{ name: 'firmware', value: '9.4.1', unit: null }, 'версия ПО', '9.4.1'],
  ])('read as an engineer reads them: %o', (field, name, value) => {
    expect(meterFieldName(field.name, 'ru')).toBe(name);
    expect(meterValueText(field, 'ru')).toMatch(value);
  });
});
