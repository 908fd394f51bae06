import { describe, expect, it } from 'vitest';
import type { MarketDocument } from '../../../../src/main/export/xml80020/document.ts';
import {
  checkNameTemplate,
  DEFAULT_NAME_TEMPLATE,
  marketFileName,
  parseMarketFileName,
} from '../../../../src/main/export/xml80020/name.ts';

const DOCUMENT: MarketDocument = {
  messageClass: '80020',
  version: '2',
  number: '4690',
  timestamp: '20211101081503',
  daylightSaving: '0',
  day: '20211031',
  sender: { inn: '1834024515', name: '' },
  areas: [{ inn: '5600010901', name: '', timeZone: '1', points: [] }],
};

describe('the name of a file', () => {
  it('is that of the real file', () => {
    expect(marketFileName(DEFAULT_NAME_TEMPLATE, DOCUMENT)).toBe('80020_1834024515_20211031_4690_5600010900');
  });

  it.each([
    ['80020_{day}_{inn}_{number}', '80020_20211031_1834024515_4690'],
    ['{class}_{inn}_{day}_{number}', '80020_1834024515_20211031_4690'],
    ['Макет {area} ({day}) № {number}'.replace('№', 'N'), 'Макет 5600010901 (20211031) N 4690'],
  ])('%s gives %s and is taken apart again', (template, name) => {
    expect(marketFileName(template, DOCUMENT)).toBe(name);
    for (const ending of ['', '.xml', '.zip', '.XML']) {
      expect(parseMarketFileName(template, name + ending)).toMatchObject({ day: '2021-10-31', number: 4690 });
    }
  });

  it('takes the real name apart, and that of an entrepreneur of 12 digits', () => {
    const fields = { class: '80020', inn: '1834024515', day: '2021-10-31', number: 4690, aiis: '5600010900', area: null };
    expect(parseMarketFileName(DEFAULT_NAME_TEMPLATE, '80020_1834024515_20211031_4690_5600010900.xml')).toEqual(fields);
    expect(parseMarketFileName(DEFAULT_NAME_TEMPLATE, '80040_183402451512_20211031_1_5600010900.zip')).toMatchObject({
      class: '80040',
      inn: '183402451512',
    });
  });

  it.each([
    '80025_1834024515_20211031_4690_5600010900.xml',
    '80020_183402451_20211031_4690_5600010900.xml',
    '80020_1834024515_20211131_4690_5600010900.xml',
    '80020_1834024515_20211031__5600010900.xml',
    '80020_1834024515_20211031_4690_5600010900.xml.exe',
    '../80020_1834024515_20211031_4690_5600010900.xml',
    'x80020_1834024515_20211031_4690_5600010900.xml',
    '',
  ])('%j is none', (name) => {
    expect(parseMarketFileName(DEFAULT_NAME_TEMPLATE, name)).toBeNull();
  });

  it.each([
    ['{class}_{day}', 'number'],
    ['{number}', 'day'],
    ['{day}_{number}_{hour}', 'hour'],
    ['{day}_{number}_{day}', 'repeated'],
    ['{day}{number}', 'sign'],
    ['{day}_1{number}', 'sign'],
    ['../{day}_{number}', 'characters'],
    ['{day}_{number}:x', 'characters'],
  ])('the template %s is refused', (template, why) => {
    expect(() => checkNameTemplate(template)).toThrow(
      expect.objectContaining({ code: 'api/invalid-argument', message: expect.stringContaining(why) }),
    );
  });

  it('lets nothing into a path that is not of its field', () => {
    for (const inn of ['', '../../etc', '1834024515/x']) {
      expect(() => marketFileName(DEFAULT_NAME_TEMPLATE, { ...DOCUMENT, sender: { inn, name: '' } })).toThrow(
        expect.objectContaining({ code: 'api/invalid-argument' }),
      );
    }
    expect(() => marketFileName(DEFAULT_NAME_TEMPLATE, { ...DOCUMENT, areas: [] })).toThrow(
      expect.objectContaining({ code: 'api/invalid-argument' }),
    );
  });
});
