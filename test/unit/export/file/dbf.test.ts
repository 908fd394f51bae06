import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DBFFile } from 'dbffile';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DbfOptions, writeDbf } from '../../../../src/main/export/file/dbf.ts';
import type { Table } from '../../../../src/main/export/file/table.ts';
import { column, countedTable, MemorySink, tableOf } from './support.ts';

const MADE = { utc: Date.UTC(2025, 1, 28, 22) / 1000, offsetMin: 180 };
const CODE = column('point_code', { kind: 'text', length: 8 }, { dbf: 'PT_CODE', isKey: true });
const NAME = column('point_name', { kind: 'text', length: 10 }, { dbf: 'PT_NAME' });
const ENERGY = column('energy', { kind: 'decimal', digits: 16, scale: 3 });
const BEGIN = column('begin', { kind: 'moment' }, { dbf: 'DT' });
const FLAG = column('rollover', { kind: 'flag' });
const ZONE = column('zone', { kind: 'integer', digits: 2 });

async function written(table: Table, rowCount: number, encoding: DbfOptions['encoding'] = 'cp1251'): Promise<Uint8Array> {
  const sink = new MemorySink();
  await writeDbf(table, sink, { encoding, made: MADE, rowCount });
  return sink.bytes();
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'feeder-dbf-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['cp1251', 'win1251', 0xc9],
  ['cp866', 'cp866', 0x65],
] as const)('a reader of another make finds the fields and the records in %s', async (encoding, readAs, languageByte) => {
  const table = tableOf(
    [CODE, NAME, ENERGY, ZONE, BEGIN, FLAG],
    ['007', 'Ёж №1', -1_234_567_890_123n, 4, MADE, true],
    ['Я-8', null, null, null, null, null],
    ['Я-8', '', 0n, 0, MADE, false],
  );
  const bytes = await written(table, 3, encoding);
  expect(bytes[29]).toBe(languageByte);
  expect([...bytes.subarray(1, 4)]).toEqual([125, 3, 1]);
  const file = path.join(folder, 'A.DBF');
  await writeFile(file, bytes);
  const dbf = await DBFFile.open(file, { encoding: readAs });
  expect(dbf.fields.map(({ name, type, size, decimalPlaces }) => [name, type, size, decimalPlaces])).toEqual([
    ['PT_CODE', 'C', 8, 0],
    ['PT_NAME', 'C', 10, 0],
    ['ENERGY', 'N', 16, 3],
    ['ZONE', 'N', 2, 0],
    ['DT', 'D', 8, 0],
    ['TM', 'C', 8, 0],
    ['ROLLOVER', 'L', 1, 0],
  ]);
  const day = new Date('2025-03-01T00:00:00Z');
  expect((await dbf.readRecords()).map((record) => Object.values(record))).toEqual([
    ['007', 'Ёж №1', -1_234_567_890.123, 4, expect.toSatisfy((at) => isSameDay(at, day)), '01:00:00', true],
    ['Я-8', '', null, null, null, '', null],
    ['Я-8', '', 0, 0, expect.toSatisfy((at) => isSameDay(at, day)), '01:00:00', false],
  ]);
});

/** The reader gives dates in the zone of the machine. */
const isSameDay = (at: unknown, day: Date): boolean => at instanceof Date && Math.abs(at.getTime() - day.getTime()) <= 14 * 3_600_000;

test('a record is laid out as dBase III wants it, byte by byte', async () => {
  const bytes = await written(
    tableOf([CODE, ENERGY, ZONE, column('day', { kind: 'day' }, { dbf: 'DT' }), FLAG], ['007', -5n, 3, '2025-01-31', null]),
    1,
  );
  const head = 32 * 7 + 1;
  const view = new DataView(bytes.buffer);
  expect([bytes[0], view.getUint32(4, true), view.getUint16(8, true), view.getUint16(10, true)]).toEqual([
    3,
    1,
    head,
    1 + 8 + 16 + 2 + 16 + 1,
  ]);
  expect(bytes[head - 1]).toBe(0x0d);
  expect(new TextDecoder().decode(bytes.subarray(head))).toBe(' 007               -0.005 32025013100:00:00 \u001a');
});

test('a month stands as its first day', async () => {
  const bytes = await written(tableOf([column('month', { kind: 'month' }, { dbf: 'DT' })], ['2025-02']), 1);
  expect(new TextDecoder().decode(bytes.subarray(97, 114))).toBe(' 2025020100:00:00');
});

test('a day under a name of its own is one field, and an instant has no other name than DT', async () => {
  const days = [column('from', { kind: 'day' }, { dbf: 'PER_FROM' }), column('to', { kind: 'day' }, { dbf: 'PER_TO' })];
  const bytes = await written(tableOf(days, ['2025-01-01', null]), 1);
  expect(new TextDecoder().decode(bytes.subarray(97))).toBe(' 20250101        \u001a');
  await expect(written(tableOf([column('created', { kind: 'moment' })]), 0)).rejects.toThrow('goes into the field DT, not CREATED');
});

test('a name is cut and keeps to its code page, a key does not put up with it', async () => {
  const bytes = await written(tableOf([NAME], ['Подстанция\n№ 5'], ['Ввод Ⅱ']), 2);
  expect(new TextDecoder('windows-1251').decode(bytes.subarray(65))).toBe(' Подстанция Ввод ?    \u001a');
  for (const code of ['123456789', 'Ⅱ']) {
    await expect(written(tableOf([CODE], [code]), 1)).rejects.toMatchObject({ code: 'export/unsupported', context: { value: code } });
  }
});

test('a figure wider than its field is refused and never cut', async () => {
  const width = column('energy', { kind: 'decimal', digits: 6, scale: 3 });
  await expect(written(tableOf([width], [-12_345n]), 1)).rejects.toMatchObject({ code: 'export/unsupported' });
  await expect(written(tableOf([ZONE], [100]), 1)).rejects.toMatchObject({ code: 'export/unsupported' });
  await written(tableOf([width], [12_345n]), 1);
});

test('columns that would be one field, and a number of rows that is not that of the table, are faults of the maker', async () => {
  await expect(written(tableOf([BEGIN, column('day', { kind: 'day' }, { dbf: 'DT' })]), 0)).rejects.toThrow('two fields are named DT');
  await expect(written(tableOf([column('a', { kind: 'flag' }, { dbf: 'LONGER_THAN_TEN' })]), 0)).rejects.toThrow(
    'no name of a dBase field',
  );
  await expect(written(tableOf([ZONE], [1]), 2)).rejects.toThrow('has 1 rows and was announced with 2');
});

test('rows are made as they are written', async () => {
  const { asked, table } = countedTable([CODE], 2500, () => ['А']);
  const seen: number[] = [];
  await writeDbf(table, { write: () => Promise.resolve(void seen.push(asked.rows)) }, { encoding: 'cp1251', made: MADE, rowCount: 2500 });
  expect(seen).toEqual([0, 1000, 2000, 2500, 2500]);
});
