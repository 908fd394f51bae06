import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import type { ReplacementBasisView, ReplacementProposal } from '../../../src/shared/api/replacement.ts';
import { ru } from '../../../src/shared/i18n/ru.ts';
import {
  basisTexts,
  choiceOf,
  daysOf,
  energyOf,
  energyText,
  lackGroups,
  shortStretchText,
  stretchText,
  wattHoursOf,
} from '../../../src/renderer/features/replacement/slice.ts';
import { RUSSIAN_NUMBERS } from '../../../src/renderer/ui/format.ts';
import type { Locale } from '../../../src/renderer/ui/locale.ts';
import { siteTime } from '../../../src/renderer/ui/time.ts';

const basis: ReplacementBasisView = {
  points: [],
  windows: [],
  shapes: [],
  referenceMonth: null,
  maxPower: null,
  hoursPerDay: null,
  isSplitByLaw: false,
};
const gap: ReplacementProposal = {
  pointId: 3,
  code: 'P-3',
  name: 'Ввод',
  substation: 'ТП-1',
  channel: 'A+',
  from: '2026-11-05T19:00:00Z',
  to: '2026-11-06T01:00:00Z',
  intervals: 12,
  minutes: 30,
  state: 'missing',
  reason: 'silent',
  measured: null,
  options: [
    { method: 'control', energy: '1500', fingerprint: 'c', basis },
    { method: 'legal', energy: '900', fingerprint: 'l', basis },
  ],
  obstacles: [{ method: 'manual', obstacle: 'needs-a-person' }],
};

let locale: Locale;
beforeAll(async () => {
  const i18n = i18next.createInstance();
  await i18n.init({ lng: 'ru', resources: { ru: { translation: ru } }, interpolation: { escapeValue: false } });
  locale = { t: i18n.t, language: 'ru', numbers: RUSSIAN_NUMBERS, time: siteTime('Europe/Moscow') };
});

test('a gap is filled by its first method, by another one that was chosen, or by a figure of the person', () => {
  expect(choiceOf(gap, undefined)).toMatchObject({ pointId: 3, from: gap.from, method: 'control', fingerprint: 'c' });
  expect(choiceOf(gap, { method: 'legal', own: '' })).toMatchObject({ method: 'legal', fingerprint: 'l' });
  expect(energyOf(gap, { method: 'legal', own: '' })).toBe('900');
  expect(choiceOf(gap, { method: 'manual', own: '12,5' })).toEqual({
    pointId: 3,
    channel: 'A+',
    from: gap.from,
    method: 'manual',
    energy: '12500',
  });
  expect(choiceOf(gap, { method: 'manual', own: 'около 12' })).toBeNull();
  expect(choiceOf({ ...gap, options: [] }, undefined)).toBeNull();
});

test('kilowatt-hours as typed become whole watt-hours or nothing', () => {
  expect(['1', '0,5', '1 234.567', '0'].map(wattHoursOf)).toEqual(['1000', '500', '1234567', '0']);
  expect(['', '-1', '1,2345', '1e3', 'x'].map(wattHoursOf)).toEqual([null, null, null, null, null]);
});

test('a stretch names its dates in the zone of the site', () => {
  expect(stretchText(gap, locale)).toBe('05.11.2026 22:00 – 06.11.2026 04:00');
  expect(shortStretchText(gap, locale)).toBe('05.11 22:00 – 06.11 04:00');
  const day = { from: '2026-11-06T21:00:00Z', to: '2026-11-07T21:00:00Z' };
  expect([stretchText(day, locale), shortStretchText(day, locale)]).toEqual(['07.11.2026 00:00–24:00', '07.11 00:00–24:00']);
  expect(daysOf(gap, locale)).toEqual(['2026-11-05', '2026-11-06']);
  expect(daysOf(day, locale)).toEqual(['2026-11-07']);
});

test('what a figure is made of is said in sentences', () => {
  const window = { from: '2026-11-05T21:00:00Z', to: '2026-11-06T21:00:00Z', energy: '5000000', known: '4500000', isManual: true };
  const shapes = [
    { day: '2026-11-06', likeDay: '2026-10-30', neighbour: null },
    { day: '2026-11-07', likeDay: null, neighbour: 'P-4' },
    { day: '2026-11-08', likeDay: null, neighbour: null },
  ];
  expect(basisTexts({ ...basis, windows: [window], shapes }, 'A+', locale)).toEqual([
    expect.stringContaining('показания 06.11.2026 00:00 – 07.11.2026 00:00: 5\u202f000,00 кВт·ч'),
    'показания внесены вручную',
    '06.11.2026: форма суток 30.10.2026',
    '07.11.2026: форма соседней точки P-4',
    '08.11.2026: поровну, похожих суток с полными данными нет',
  ]);
  const one = (sharePpm: number) => basisTexts({ ...basis, points: [{ code: 'P-9', sharePpm }] }, 'A+', locale);
  expect(one(1_000_000)).toEqual(['источник: P-9']);
  expect(one(985_000)).toEqual(['P-9 с долей 98,50 %']);
  const bus = [
    { code: 'P-1', sharePpm: 1_000_000 },
    { code: 'P-2', sharePpm: -1_000_000 },
  ];
  expect(basisTexts({ ...basis, points: bus }, 'A+', locale)).toEqual(['+ P-1 − P-2']);
  const legal = { ...basis, referenceMonth: '2025-11', maxPower: '150000', hoursPerDay: 8, isSplitByLaw: true };
  expect(basisTexts(legal, 'A+', locale)).toEqual([
    'по потреблению за ноябрь 2025, в доле длительности промежутка',
    'максимальная мощность 150 кВт × 8 ч в сутки',
    'сначала плановые часы пиковой нагрузки, остаток поровну на остальные часы',
  ]);
});

test('energy has the unit of its channel, and the prefix of its column', () => {
  expect(energyText('1234560', 'R+', locale)).toBe('1\u202f234,56 квар·ч');
  expect(energyText('100000000', 'A+', locale)).toBe('100,000 МВт·ч');
  expect(energyText('100000000', 'A+', locale, 'k')).toBe('100\u202f000,00 кВт·ч');
});

test('channels of a point that lack as many intervals are one line of what is open', () => {
  const lack = { kind: 'missing', pointCode: 'P-3', channel: 'A+', intervals: 48, receiver: null, number: null } as const;
  const groups = lackGroups([lack, { ...lack, channel: 'R+' }, { ...lack, channel: 'R-', intervals: 1 }, { ...lack, pointCode: 'P-4' }]);
  expect(groups.map((group) => group.map(({ channel }) => channel))).toEqual([['A+', 'R+'], ['R-'], ['A+']]);
});
