import { describe, expect, test } from 'vitest';
import { type ChangeDraft, changeOf, ratioOfText, wattHoursOf } from '../../../src/renderer/features/meter/change-draft.ts';
import { siteTime } from '../../../src/renderer/ui/time.ts';

const MOSCOW = siteTime('Europe/Moscow');
const DRAFT: ChangeDraft = {
  kind: 'replace-meter',
  date: '2026-11-24',
  time: '14:20',
  serial: '40000001',
  address: '',
  password: '',
  ct: '600/5',
  vt: '1',
  reason: 'акт 17',
  final: { '0 A+': '12 345,67' },
  first: {},
};

describe('an act as a person enters it', () => {
  test('becomes a change at the moment of the site, readings in whole Wh', () => {
    expect(changeOf(DRAFT, 3, MOSCOW)).toMatchObject({
      kind: 'replace-meter',
      pointId: 3,
      at: '2026-11-24T11:20:00.000Z',
      address: null,
      ct: { primary: 600, secondary: 5 },
      finalRegisters: [{ tariff: 0, 'A+': '12345670', 'A-': null, 'R+': null, 'R-': null }],
      firstRegisters: [],
    });
  });

  test.each([
    { serial: '' },
    { serial: '12a' },
    { time: '' },
    { ct: '600/0' },
    { reason: ' ' },
    { final: { '0 A+': '12,3456' } },
    { address: 'x' },
  ])('is not ready with %j', (wrong) => {
    expect(changeOf({ ...DRAFT, ...wrong }, 3, MOSCOW)).toBeNull();
  });

  test('of another kind carries only what belongs to it', () => {
    expect(changeOf({ ...DRAFT, kind: 'switch-off' }, 3, MOSCOW)).toEqual({
      kind: 'switch-off',
      pointId: 3,
      at: '2026-11-24T11:20:00.000Z',
      reason: 'акт 17',
    });
  });
});

test('ratios are read as plates give them', () => {
  expect(ratioOfText('6000/100')).toEqual({ primary: 6000, secondary: 100 });
  expect(ratioOfText('120')).toEqual({ primary: 120, secondary: 1 });
  expect(ratioOfText('157,5')).toEqual({ primary: 1575, secondary: 10 });
  for (const wrong of ['', '0', '5/0', 'a', '1,25']) expect(ratioOfText(wrong)).toBeNull();
});

test('readings are exact: kWh with up to three decimals, in any way of writing', () => {
  expect(wattHoursOf('0,5')).toBe('500');
  expect(wattHoursOf('1 234.567')).toBe('1234567');
  expect(wattHoursOf('00012')).toBe('12000');
  for (const wrong of ['', '-1', '1,2345', '1e3']) expect(wattHoursOf(wrong)).toBeNull();
});
