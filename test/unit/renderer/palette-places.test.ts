import { describe, expect, test } from 'vitest';
import { findEntries } from '../../../src/renderer/app/palette-search.ts';
import { palettePlaces } from '../../../src/renderer/app/palette-places.ts';
import { createTexts } from '../../../src/renderer/app/texts.ts';
import { REPORT_NAMES } from '../../../src/shared/api/reports.ts';
import { en } from '../../../src/shared/i18n/en.ts';
import { enReports } from '../../../src/shared/i18n/reports/en.ts';
import { ruReports } from '../../../src/shared/i18n/reports/ru.ts';
import { ru } from '../../../src/shared/i18n/ru.ts';

const { t } = await createTexts('ru');
const places = palettePlaces(t, { date: '2026-11-01', period: 'month' });
const hrefOf = (text: string) => findEntries(places, text)[0]?.href;

describe('the palette', () => {
  test('leads to the parts of the exchange, of the closing and of the reports, and keeps the month', () => {
    expect(hrefOf('календарь')).toBe('#/packages?period=month&date=2026-11-01');
    expect(hrefOf('файлы поставщику')).toBe('#/supplier?period=month&date=2026-11-01');
    expect(hrefOf('настройка макета')).toBe('#/supplier?period=month&date=2026-11-01&tab=settings');
    expect(hrefOf('показания вручную')).toBe('#/closing?date=2026-11-01&period=month&tab=readings');
    expect(hrefOf('акт баланса')).toBe('#/reports?date=2026-11-01&period=month&report=balance');
  });

  test('names every place once', () => {
    const names = places.map(({ label, detail }) => `${detail} ${label}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /[a-z]+\.[a-z]/.test(name))).toEqual([]);
  });
});

test('a report has one name, in the list, in a job and on paper', () => {
  for (const name of REPORT_NAMES) {
    expect(ru.handover.report[name]).toBe(ruReports.titles[name]);
    expect(en.handover.report[name]).toBe(enReports.titles[name]);
  }
});
