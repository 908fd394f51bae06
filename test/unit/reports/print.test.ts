import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { enReports } from '../../../src/shared/i18n/reports/en.ts';
import { ruReports } from '../../../src/shared/i18n/reports/ru.ts';
import type { ReportDocument } from '../../../src/main/reports/document.ts';
import { reportFileName, writeReport } from '../../../src/main/reports/print/file.ts';
import { MOST_CELLS, reportPdf } from '../../../src/main/reports/print/pdf.ts';
import { cellText, numberText, zoneText } from '../../../src/main/reports/words.ts';
import { installation, meter, plant, point, utc } from '../metering/plant.ts';
import { documentOf, MemoryReportSource } from './support.ts';

/** One point, an interval missing at 00:00, one replaced at 02:00. */
function source(): MemoryReportSource {
  const made = new MemoryReportSource(
    plant({
      points: [point(1, { name: 'Ввод № 1 «Щит»' })],
      meters: [meter(1)],
      installations: [installation(1, 1, { ct: { primary: 1000, secondary: 1 } })],
    }),
  );
  made.fill(1, '2026-11-21T21:30:00Z', '2026-11-22T21:00:00Z', { 'A+': 2469 });
  made.profile.get(1)?.splice(3, 1);
  made.replaced.push({
    pointId: 1,
    channel: 'A+',
    startUtc: utc('2026-11-21T23:00:00Z'),
    lengthS: 1800,
    energyWh: 1000,
    method: 'manual',
    author: 'Иванов',
    reason: 'акт',
    madeUtc: 0,
  });
  return made;
}

const DAY = { from: '2026-11-22', to: '2026-11-22' };

async function bytesOf(document: ReportDocument, format: 'xlsx' | 'pdf', made = source()) {
  const parts: Uint8Array[] = [];
  const count = await writeReport(document, format, made, {
    write: async (bytes) => {
      parts.push(bytes.slice());
    },
  });
  return { bytes: Buffer.concat(parts), count };
}

function pdfText(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-pdf-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'report.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replaceAll('\u00a0', ' ');
}

describe('a workbook', () => {
  test('holds figures as numbers, dates as dates, and the marks beside them', async () => {
    const { bytes, count } = await bytesOf(await documentOf(source(), 'hourly-matrix', DAY), 'xlsx');
    expect(count).toEqual({ rows: 1, missing: 2 });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const sheet = book.getWorksheet('P1');
    expect(sheet?.getCell('A1').value).toBe('Почасовые объёмы электроэнергии');
    let headAt = 0;
    sheet?.eachRow((row, number) => {
      if (row.getCell(1).value === 'Дата') headAt = number;
    });
    const row = sheet?.getRow(headAt + 1);
    expect(row?.getCell(1).value).toEqual(new Date('2026-11-22T00:00:00Z'));
    // 1234.5 kWh a half-hour.
    expect(row?.getCell(2).value).toBe(1234.5);
    expect(row?.getCell(2).numFmt).toMatch(/^#,##0\.000.*"Н"$/);
    expect(row?.getCell(3).value).toBe(2469);
    expect(row?.getCell(3).numFmt).toBe('#,##0.000');
    // 1234.5 is missing at 02:00: the replacement of 1 kWh stands in.
    expect(row?.getCell(4).value).toBe(1235.5);
    expect(row?.getCell(4).numFmt).toMatch(/^#,##0\.000.*"З"$/);
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: headAt, xSplit: 1 });
    expect(sheet?.pageSetup).toMatchObject({ orientation: 'landscape', fitToWidth: 1 });
    const texts: unknown[] = [];
    sheet?.eachRow((own) => texts.push(own.getCell(1).value));
    expect(texts).toContain('Организация: Завод, ИНН 7701234567, КПП 770101001');
    expect(texts.join('\n')).toMatch(/З – в показателе есть замещающая информация/);
    expect(texts.join('\n')).toMatch(/Главный энергетик/);
  });

  test('is the same bytes when it is made again', async () => {
    const document = await documentOf(source(), 'month-statement', DAY);
    const [first, second] = [await bytesOf(document, 'xlsx'), await bytesOf(document, 'xlsx')];
    expect(first.bytes.equals(second.bytes)).toBe(true);
  });
});

describe('a paper', () => {
  test('has the Cyrillic head, the figures in Russian form, the marks, page numbers and lines to sign on', async () => {
    const { bytes, count } = await bytesOf(await documentOf(source(), 'hourly-matrix', DAY), 'pdf');
    expect(count).toEqual({ rows: 1, missing: 2 });
    const text = pdfText(bytes);
    for (const part of [
      'Почасовые объёмы электроэнергии',
      'Завод, ИНН 7701234567, КПП 770101001',
      'с 22.11.2026 по 22.11.2026 включительно',
      'московское, UTC+3',
      'Ввод № 1 «Щит» (P1)',
      '№ 01, Кт 1 000',
      '1 234,500 Н',
      '2 469,000',
      '1 235,500 З',
      'Главный энергетик',
      'Лист 1 из 1',
    ])
      expect(text).toContain(part);
  });

  test('repeats the heads of the table on every page', async () => {
    const many = new MemoryReportSource(
      plant({
        points: Array.from({ length: 60 }, (_, index) => point(index + 1)),
        meters: Array.from({ length: 60 }, (_, index) => meter(index + 1)),
        installations: Array.from({ length: 60 }, (_, index) => installation(index + 1, index + 1)),
      }),
    );
    const { bytes } = await bytesOf(await documentOf(many, 'month-statement', DAY), 'pdf');
    const pages = pdfText(bytes)
      .split('\f')
      .filter((page) => page.trim() !== '');
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(page).toContain(`из ${pages.length}`);
    for (const page of pages.slice(0, -1)) expect(page).toContain('Зав. №');
    expect(pages.at(-1)).toContain('Ответственный за учёт');
  });

  test('is laid out beside the polling: everything else goes on meanwhile', async () => {
    const document = await documentOf(source(), 'hourly-matrix', { from: '2026-11-01', to: '2026-11-30' });
    let isDone = false;
    let turns = 0;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    turn();
    await bytesOf(document, 'pdf');
    isDone = true;
    // In this thread the pages would take some tens of turns between the figures and the file.
    expect(turns).toBeGreaterThan(1000);
  });

  test('a report that is no paper any more is refused with what to do', async () => {
    const huge: ReportDocument = {
      ...(await documentOf(source(), 'hourly-matrix', DAY)),
      sections: Array.from({ length: 3 }, (_, index) => ({
        name: String(index),
        heading: null,
        columns: [{ title: 'A', unit: null, kind: 'text', digits: 0, width: 5 }],
        content: async () => ({
          facts: [],
          rows: Array.from({ length: MOST_CELLS / 2 }, () => ({ kind: 'data' as const, cells: [] })),
          results: [],
          notes: [],
        }),
      })),
    };
    await expect(reportPdf(huge, 0)).rejects.toMatchObject({ code: 'export/unsupported' });
  });
});

test('figures, marks and zones are printed as people read them', async () => {
  expect(numberText('-1234567.50', 'ru')).toBe('−1\u00a0234\u00a0567,50');
  expect(numberText('1234.5', 'en')).toBe('1\u00a0234.5');
  const column = { kind: 'number' } as const;
  expect(cellText({ value: null, mark: 'missing' }, column, 'ru')).toBe('–');
  expect(cellText({ value: null, mark: null }, column, 'ru')).toBe('');
  expect(cellText({ value: '0.000', mark: 'incomplete' }, column, 'ru')).toBe('0,000 Н');
  expect(cellText({ value: 'Итого', mark: null }, { kind: 'day' }, 'ru')).toBe('Итого');
  expect(cellText({ value: '2026-11-22T14:30:05+05:00', mark: null }, { kind: 'moment' }, 'ru')).toBe('22.11.2026 14:30:05');
  expect(zoneText(180, 'ru')).toBe('московское, UTC+3');
  expect(zoneText(300, 'ru')).toBe('UTC+5 (МСК+2)');
});

test('names of files are Latin and hold both dates', async () => {
  expect(reportFileName({ name: 'balance', from: '2026-11-01', to: '2026-11-30' }, 'ZAVOD1', 'pdf')).toBe(
    'report_balance_ZAVOD1_20261101_20261130.pdf',
  );
});

describe('the words of the reports', () => {
  /** Paths of all texts with the slots that they fill. */
  const slots = (texts: object, prefix = ''): [string, string[]][] =>
    Object.entries(texts).flatMap(([key, value]): [string, string[]][] =>
      typeof value === 'string'
        ? [[`${prefix}${key}`, [...value.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()]]
        : slots(value as object, `${prefix}${key}.`),
    );

  test('take the same values in both languages', () => {
    expect(slots(enReports)).toEqual(slots(ruReports));
  });

  test('are Russian in Russian and English in English', () => {
    const words = (texts: object): string[] =>
      Object.values(texts).flatMap((value): string[] => (typeof value === 'string' ? [value] : words(value as object)));
    for (const text of words(ruReports)) expect(text.replaceAll(/\{\w+\}/g, '')).not.toMatch(/[A-Za-z]{4,}|!/);
    // The letters of the marks are the same on every paper.
    for (const text of words(enReports)) expect(text.replaceAll(/^[ЗН]( –|$)/g, '')).not.toMatch(/[а-яё]/i);
  });
});
