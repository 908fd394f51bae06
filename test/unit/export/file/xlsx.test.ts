import exceljs from 'exceljs';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { writeXlsx, type XlsxCell, type XlsxSheet, type XlsxWorkbook } from '../../../../src/main/export/file/xlsx.ts';
import { MemorySink } from './support.ts';

const MADE = { utc: Date.UTC(2025, 0, 31, 20, 59, 58) / 1000, offsetMin: 180 };

async function written(...sheets: readonly XlsxSheet[]): Promise<Uint8Array> {
  const sink = new MemorySink();
  await writeXlsx({ made: MADE, sheets }, sink);
  return sink.bytes();
}

async function readBack(bytes: Uint8Array): Promise<exceljs.Workbook> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(bytes.buffer as ArrayBuffer);
  return workbook;
}

function part(bytes: Uint8Array, name: string): string {
  return new TextDecoder().decode(unzipSync(bytes)[name]);
}

const sheet = (over: Partial<XlsxSheet> & { readonly cells?: readonly XlsxCell[] }): XlsxSheet => ({
  name: 'Лист',
  columns: [{ width: 20 }],
  rows: over.cells === undefined ? [] : [{ cells: over.cells }],
  ...over,
});

test('a reader of another make finds texts, exact figures, dates and flags', async () => {
  const workbook = await readBack(
    await written(
      sheet({
        cells: [
          { value: '00123456', style: 'cell text' },
          { value: { units: -1_234_567_890_123n, scale: 3 }, style: 'cell number-3' },
          { value: MADE, style: 'cell moment' },
          { value: { day: '2025-01-31' }, style: 'cell date' },
          { value: { month: '2025-01' }, style: 'cell month' },
          { value: true, style: 'cell text' },
          { value: 48, style: 'total number-0' },
          { value: null, style: 'missing text' },
        ],
      }),
    ),
  );
  const row = workbook.getWorksheet('Лист')?.getRow(1);
  expect(row?.values).toEqual([
    undefined,
    '00123456',
    -1_234_567_890.123,
    new Date('2025-01-31T23:59:58.000Z'),
    new Date('2025-01-31T00:00:00.000Z'),
    new Date('2025-01-01T00:00:00.000Z'),
    true,
    48,
  ]);
  expect([2, 3, 4, 5, 7].map((column) => row?.getCell(column).numFmt)).toEqual([
    '#,##0.000',
    'dd.mm.yyyy hh:mm:ss',
    'dd.mm.yyyy',
    'mm.yyyy',
    '#,##0',
  ]);
  expect(row?.getCell(7).font.bold).toBe(true);
  expect(row?.getCell(8).fill).toMatchObject({ fgColor: { argb: 'FFF3E3E3' } });
  expect(row?.getCell(8).border.left?.style).toBe('thin');
});

test('every digit of a figure stands in the file, whatever a double would make of it', async () => {
  const bytes = await written(sheet({ cells: [{ value: { units: 9_999_999_999_999_999n, scale: 4 }, style: 'cell number-4' }] }));
  expect(part(bytes, 'xl/worksheets/sheet1.xml')).toContain('<v>999999999999.9999</v>');
});

test('a text is never a formula, keeps its characters and loses what XML cannot hold', async () => {
  const texts = ['=1+1', '+7(495)', '-A1', '@СУММ(A1)', ' a<b>&"c" ', 'две\nстроки', 'до\u0000\u001Bпосле\uFFFF', '😀', 'пара\uD800без'];
  const bytes = await written(sheet({ cells: texts.map((value) => ({ value, style: 'cell text' })) }));
  const row = (await readBack(bytes)).worksheets[0]?.getRow(1);
  expect(texts.map((_, index) => row?.getCell(index + 1).value)).toEqual([...texts.slice(0, 6), 'допосле', '😀', 'парабез']);
  expect(part(bytes, 'xl/worksheets/sheet1.xml')).not.toContain('<f>');
});

test('what Excel would read as a character by its number is written so that it stays text', async () => {
  const bytes = await written(sheet({ cells: [{ value: 'РП_x0041_1', style: 'cell text' }] }));
  expect(part(bytes, 'xl/worksheets/sheet1.xml')).toContain('>РП_x005F_x0041_1<');
});

test('names of sheets are what Excel accepts, and no two are the same', async () => {
  const names = ["'ТП/1: [ввод] №1*?'", 'Т'.repeat(40), 'т'.repeat(40), '', 'Лист'];
  const workbook = await readBack(await written(...names.map((name) => sheet({ name }))));
  expect(workbook.worksheets.map(({ name }) => name)).toEqual([
    'ТП 1   ввод  №1',
    'Т'.repeat(31),
    `${'т'.repeat(27)} (2)`,
    'Лист',
    'Лист (2)',
  ]);
});

test('joined cells, frozen heads and the page stand where Excel looks for them', async () => {
  const head = { value: 'А', style: 'heading head' } as const;
  const bytes = await written(
    sheet({
      name: "Пе'чать",
      columns: [{ width: 10 }, { width: 10 }, { width: 10 }],
      rows: [
        { cells: [{ value: 'Ведомость', style: 'title text', across: 3 }], height: 24 },
        {
          cells: [
            { ...head, down: 2 },
            { ...head, across: 2 },
          ],
        },
        { cells: [{ ...head, value: null }, head, head] },
      ],
      frozenRows: 3,
      frozenColumns: 1,
      page: { isLandscape: true, fitsWidth: true, repeatRows: { from: 2, to: 3 }, footer: '5 & 6' },
    }),
  );
  const read = (await readBack(bytes)).worksheets[0];
  expect(read?.model.merges).toEqual(['A1:C1', 'A2:A3', 'B2:C2']);
  expect(read?.views[0]).toMatchObject({ state: 'frozen', xSplit: 1, ySplit: 3, topLeftCell: 'B4' });
  expect(read?.pageSetup).toMatchObject({ orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, paperSize: 9 });
  expect(read?.headerFooter.oddFooter).toBe('&L&8 5 && 6&R&8стр. &P из &N');
  expect(read?.getRow(1).height).toBe(24);
  expect(part(bytes, 'xl/workbook.xml')).toContain("'Пе''чать'!$2:$3</definedName>");
  const order = [
    ...part(bytes, 'xl/worksheets/sheet1.xml').matchAll(
      /<(sheetPr|sheetViews|sheetFormatPr|cols|sheetData|mergeCells|pageMargins|pageSetup|headerFooter|ignoredErrors)[ >]/g,
    ),
  ];
  expect(order.map(([, name]) => name)).toEqual([
    'sheetPr',
    'sheetViews',
    'sheetFormatPr',
    'cols',
    'sheetData',
    'mergeCells',
    'pageMargins',
    'pageSetup',
    'headerFooter',
    'ignoredErrors',
  ]);
});

test('the same workbook made twice is the same bytes, and its parts bear the time it was made', async () => {
  const [one, two] = [await written(sheet({ name: 'а' })), await written(sheet({ name: 'а' }))];
  expect(one).toEqual(two);
  // Time and date of the first entry as MS-DOS packs them: 23:59:58 on 31 January 2025, by the wall clock of the site.
  const view = new DataView(one.buffer);
  expect(view.getUint16(10, true)).toBe((23 << 11) | (59 << 5) | 29);
  expect(view.getUint16(12, true)).toBe(((2025 - 1980) << 9) | (1 << 5) | 31);
});

test('a workbook needs a sheet', async () => {
  await expect(written()).rejects.toThrow('at least one sheet');
});

/** Two sheets; the rows of the second one throw. */
function* faultySheets(ended: string[]): Generator<XlsxSheet> {
  const rows = function* (name: string, isFaulty: boolean) {
    try {
      for (let index = 0; index < 50_000; index += 1) {
        if (isFaulty && index === 2500) throw new Error('the store is gone');
        yield { cells: [{ value: `${index}`.repeat(20), style: 'cell text' } as const] };
      }
    } finally {
      ended.push(name);
    }
  };
  yield sheet({ name: 'один', rows: rows('один', false) });
  yield sheet({ name: 'два', rows: rows('два', true) });
}

test('a fault of the rows comes out of the writer', async () => {
  const ended: string[] = [];
  await expect(writeXlsx({ made: MADE, sheets: faultySheets(ended) }, new MemorySink())).rejects.toThrow('the store is gone');
  expect(ended).toEqual(['один', 'два']);
});

test('a fault of the sink comes out of the writer and ends the rows', async () => {
  const ended: string[] = [];
  const workbook: XlsxWorkbook = { made: MADE, sheets: faultySheets(ended) };
  let writes = 0;
  const sink = { write: () => ((writes += 1) === 5 ? Promise.reject(new Error('no space left')) : Promise.resolve()) };
  await expect(writeXlsx(workbook, sink)).rejects.toThrow('no space left');
  await expect.poll(() => ended).toEqual(['один']);
});
