import exceljs from 'exceljs';
import { expect, test } from 'vitest';
import type { TableDocument } from '../../../../src/main/export/file/table.ts';
import { writeTableXlsx } from '../../../../src/main/export/file/xlsx-table.ts';
import { column, countedTable, MemorySink, tableOf } from './support.ts';

const AT = { utc: Date.UTC(2025, 0, 31, 20, 30) / 1000, offsetMin: 180 };
const CODE = column('point_code', { kind: 'text', length: 32 });
const HEADER = {
  columns: [
    column('pack_no', { kind: 'integer', digits: 10 }),
    column('control_sum', { kind: 'decimal', digits: 20, scale: 3 }),
    column('replaces_pack_id', { kind: 'text', length: 36 }),
  ],
  cells: [17, 12_345n, null],
};

async function written(document: TableDocument): Promise<exceljs.Workbook> {
  const sink = new MemorySink();
  await writeTableXlsx(document, sink, { sheet: 'Данные', headerSheet: 'Пакет', made: AT });
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(sink.bytes().buffer as ArrayBuffer);
  return workbook;
}

const valuesOf = (sheet: exceljs.Worksheet | undefined, row: number) => ((sheet?.getRow(row).values ?? []) as unknown[]).slice(1);

test('row 1 has the names, the cells their types, and the header has a sheet of its own', async () => {
  const table = tableOf(
    [
      CODE,
      column('reading', { kind: 'decimal', digits: 16, scale: 4 }),
      column('zone', { kind: 'integer', digits: 2 }),
      column('moment', { kind: 'moment' }),
      column('day', { kind: 'day' }),
      column('month', { kind: 'month' }),
      column('rollover', { kind: 'flag' }),
    ],
    ['=007', -31_962_010n, 0, AT, '2025-01-31', '2025-01', false],
    ['008', null, null, null, null, null, null],
  );
  const workbook = await written({ header: HEADER, table });
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Данные', 'Пакет']);
  const data = workbook.getWorksheet('Данные');
  expect(valuesOf(data, 1)).toEqual(['point_code', 'reading', 'zone', 'moment', 'day', 'month', 'rollover']);
  expect(valuesOf(data, 2)).toEqual([
    '=007',
    -3196.201,
    0,
    new Date('2025-01-31T23:30:00Z'),
    new Date('2025-01-31'),
    new Date('2025-01-01'),
    false,
  ]);
  expect(valuesOf(data, 3)).toEqual(['008']);
  expect(data?.getCell('B2').numFmt).toBe('0.0000');
  expect(data?.model.merges).toEqual([]);
  const header = workbook.getWorksheet('Пакет');
  expect([1, 2, 3].map((row) => valuesOf(header, row))).toEqual([['pack_no', 17], ['control_sum', 12.345], ['replaces_pack_id']]);
});

test('100,000 rows are a sheet, and each sheet has its names', async () => {
  const { table } = countedTable([column('n', { kind: 'integer', digits: 6 })], 200_001, (index) => [index]);
  const workbook = await written({ header: HEADER, table });
  expect(workbook.worksheets.map(({ name, rowCount }) => [name, rowCount])).toEqual([
    ['Данные', 100_001],
    ['Данные (2)', 100_001],
    ['Данные (3)', 2],
    ['Пакет', 3],
  ]);
  expect(['Данные (2)', 'Данные (3)'].map((name) => [1, 2].map((row) => valuesOf(workbook.getWorksheet(name), row)[0]))).toEqual([
    ['n', 100_000],
    ['n', 200_000],
  ]);
});

test('exactly 100,000 rows leave no empty sheet behind, and no rows leave one with names', async () => {
  const exact = countedTable([CODE], 100_000, () => ['А']);
  expect((await written({ header: HEADER, table: exact.table })).worksheets.map(({ name }) => name)).toEqual(['Данные', 'Пакет']);
  const none = await written({ header: HEADER, table: tableOf([CODE]) });
  expect(valuesOf(none.getWorksheet('Данные'), 1)).toEqual(['point_code']);
});

test('rows that nobody reads to their end are let go', async () => {
  let isEnded = false;
  const rows = (function* () {
    try {
      for (;;) yield ['x'.repeat(500)];
    } finally {
      isEnded = true;
    }
  })();
  let writes = 0;
  const sink = { write: () => ((writes += 1) === 3 ? Promise.reject(new Error('no space left')) : Promise.resolve()) };
  const document = { header: HEADER, table: { columns: [CODE], rows } };
  await expect(writeTableXlsx(document, sink, { sheet: 'Данные', headerSheet: 'Пакет', made: AT })).rejects.toThrow('no space left');
  await expect.poll(() => isEnded).toBe(true);
});
