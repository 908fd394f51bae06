/** One table in all five formats, read back by programs that are not their writers: the same rows, the same sum to the last digit. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBFFile } from 'dbffile';
import exceljs from 'exceljs';
import { unzipSync } from 'fflate';
import { type XmlElement, XmlDocument, XsdValidator } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCsv } from '../../../src/main/export/file/csv.ts';
import { type DbfEncoding, writeDbf } from '../../../src/main/export/file/dbf.ts';
import { writeJson } from '../../../src/main/export/file/json.ts';
import type { ByteSink } from '../../../src/main/export/file/sink.ts';
import type { TableColumn, TableDocument } from '../../../src/main/export/file/table.ts';
import { writeTableXlsx } from '../../../src/main/export/file/xlsx-table.ts';
import { writeXml } from '../../../src/main/export/file/xml.ts';
import { expectedCells, type FileFormat, type HostileKind, type HostileTable, hostileTable } from '../../support/hostile-tables.ts';
import { readStrictly } from '../../unit/export/support.ts';

const NAMESPACE = 'http://energy-metering.local/1c/1.0';
const SCHEMA = join(import.meta.dirname, '../../../resources/1c/energy-1c-1.0.xsd');
const MADE = { utc: Date.UTC(2014, 9, 27, 3) / 1000, offsetMin: 180 };
/** More than a lot of the writers, so that lots have to join. */
const ROWS = 1234;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-formats-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function written(write: (sink: ByteSink) => Promise<void>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  await write({ write: (bytes) => Promise.resolve(void chunks.push(Uint8Array.from(bytes))) });
  return new Uint8Array(Buffer.concat(chunks));
}

/** A program of the system over a file; its output in the encoding of that file. */
function outputOf(command: string, args: readonly string[], encoding = 'utf-8'): string {
  const { status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${command}: ${stderr.toString()}`);
  return new TextDecoder(encoding, { fatal: true }).decode(stdout);
}

const dotted = (text: string): string =>
  text.replace(/^(?:(\d\d)\.)?(\d\d)\.(\d{4})(.*)$/, (_, day, month, year, rest) => [year, month, day].filter(Boolean).join('-') + rest);

async function fromCsv({ columns, document }: HostileTable): Promise<string[][]> {
  const bytes = await written((sink) => writeCsv(document().table, sink, { encoding: 'windows-1251', separator: ';', decimal: ',' }));
  return readStrictly(bytes).map((row) =>
    columns.map(({ name, type }) => {
      const cell = row[name] ?? 'no such column';
      if (type.kind === 'decimal') return cell.replace(',', '.');
      if (type.kind === 'flag') return cell === '1' ? 'true' : 'false';
      return type.kind === 'text' ? cell : dotted(cell);
    }),
  );
}

async function fromXlsx({ columns, document }: HostileTable): Promise<string[][]> {
  const bytes = await written((sink) => writeTableXlsx(document(), sink, { sheet: 'Данные', headerSheet: 'Пакет', made: MADE }));
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(bytes.buffer as ArrayBuffer);
  const exact = figuresOfSheet(bytes);
  const rows: string[][] = [];
  workbook.getWorksheet('Данные')?.eachRow((row, number) => {
    if (number > 1) rows.push(columns.map((column, index) => sheetCell(column, row.getCell(index + 1), exact)));
    else expect(row.values).toEqual([undefined, ...columns.map(({ name }) => name)]);
  });
  return rows;
}

function sheetCell({ type }: TableColumn, cell: exceljs.Cell, exact: ReadonlyMap<string, string>): string {
  const { value } = cell;
  if (value === null || value === undefined) return '';
  if (value instanceof Date)
    return value
      .toISOString()
      .slice(0, type.kind === 'month' ? 7 : 19)
      .replace('T', ' ');
  if (type.kind !== 'decimal') {
    if (typeof value === 'object') throw new Error(`a cell of another kind at ${cell.address}`);
    expect(typeof value).toBe(type.kind === 'integer' ? 'number' : type.kind === 'flag' ? 'boolean' : 'string');
    return String(value);
  }
  // The reader makes doubles; the digits are in the file.
  const figure = exact.get(cell.address) ?? '';
  expect(value).toBe(Number(figure));
  return type.isTrimmed === true ? figure.replace(/\.?0+$/, '') : figure;
}

/** Text of every numeric cell of the first sheet by its place, by a parser of XML alone. */
function figuresOfSheet(bytes: Uint8Array): Map<string, string> {
  const part = unzipSync(bytes)['xl/worksheets/sheet1.xml'];
  if (part === undefined) throw new Error('no sheet');
  using xml = XmlDocument.fromBuffer(part);
  const cells = xml.find('//s:c[s:v]', { s: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main' }) as XmlElement[];
  return new Map(cells.map((cell) => [cell.attr('r')?.value ?? '', cell.content]));
}

async function fromXml({ kind, columns, document }: HostileTable): Promise<string[][]> {
  const bytes = await written((sink) => writeXml(document(), sink, { namespace: NAMESPACE, root: 'package', row: kind }));
  using xml = XmlDocument.fromBuffer(bytes);
  return (xml.find(`/p:package/p:rows/p:${kind}`, { p: NAMESPACE }) as XmlElement[]).map((row) =>
    columns.map(({ name, type }) => {
      const cell = row.get(`p:${name}`, { p: NAMESPACE })?.content ?? '';
      return type.kind === 'moment' ? cell.slice(0, 19).replace('T', ' ') : cell;
    }),
  );
}

async function fromJson({ columns, document }: HostileTable): Promise<string[][]> {
  const bytes = await written((sink) => writeJson(document(), sink));
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  // The text of a number as it stands in the file, before a double is made of it.
  const parsed = JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? (context?.source ?? value) : value,
  ) as { readonly rows: readonly Readonly<Record<string, string | boolean | null>>[] };
  return parsed.rows.map((row) => {
    expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
    return columns.map(({ name, type }) => {
      const cell = row[name] === null ? '' : String(row[name]);
      return type.kind === 'moment' ? cell.slice(0, 19).replace('T', ' ') : cell;
    });
  });
}

/** Fields by their dBase names, in the texts that `dbview` gives. */
async function dbfFile({ rows, document }: HostileTable, encoding: DbfEncoding): Promise<string> {
  const file = join(folder, `${encoding}.dbf`);
  writeFileSync(file, await written((sink) => writeDbf(document().table, sink, { encoding, made: MADE, rowCount: rows.length })));
  return file;
}

async function fromDbf(table: HostileTable, encoding: DbfEncoding): Promise<string[][]> {
  const file = await dbfFile(table, encoding);
  const output = outputOf('dbview', ['-b', '-d', '\u0001', file], encoding === 'cp866' ? 'ibm866' : 'windows-1251');
  const lines = output.replace(/\n$/, '').split('\n');
  return lines.map((line) => {
    const fields = line.split('\u0001').values();
    return table.columns.map(({ type }) => {
      const whole = fields.next().value ?? '';
      const field = type.kind === 'text' ? whole.trimEnd() : whole.trim();
      const day = field.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
      if (type.kind === 'moment') return `${day} ${fields.next().value}`;
      if (type.kind === 'month') {
        expect(fields.next().value).toBe('00:00:00');
        return day.slice(0, 7);
      }
      return type.kind === 'flag' ? ({ T: 'true', F: 'false' }[field] ?? field) : field;
    });
  });
}

const READERS: Readonly<Record<string, readonly [FileFormat, (table: HostileTable) => Promise<string[][]>]>> = {
  'CSV split by a strict reader': ['csv', fromCsv],
  'XLSX by exceljs': ['xlsx', fromXlsx],
  'DBF in windows-1251 by dbview': ['dbf', (table) => fromDbf(table, 'cp1251')],
  'DBF in cp866 by dbview': ['dbf', (table) => fromDbf(table, 'cp866')],
  'XML by libxml2': ['xml', fromXml],
  'JSON by the runtime': ['json', fromJson],
};

describe.each<HostileKind>(['IV', 'MN'])('a table of kind %s', (kind) => {
  const table = hostileTable(kind, ROWS);
  const energyAt = table.columns.findIndex(({ name }) => name === 'energy');

  test.each(Object.entries(READERS))('%s: every cell and the exact sum', async (_name, [format, read]) => {
    const rows = await read(table);
    expect(rows).toEqual(table.rows.map((row) => expectedCells(table.columns, row, format)));
    const sum = rows.reduce((total, row) => total + BigInt((row[energyAt] ?? '').replace('.', '') || '0'), 0n);
    expect(sum).toBe(table.sum);
  });

  test('DBF by dbffile: types, texts and figures as far as doubles hold them', async () => {
    const dbf = await DBFFile.open(await dbfFile(table, 'cp866'), { encoding: 'cp866' });
    const records = await dbf.readRecords();
    const expected = table.rows.map((row) => expectedCells(table.columns, row, 'dbf'));
    expect(records.map((record) => record['PT_NAME'])).toEqual(expected.map((cells) => cells[1]));
    expect(records.map((record) => record['ENERGY'])).toEqual(
      expected.map((cells) => (cells[energyAt] === '' ? null : Number(cells[energyAt]))),
    );
  });

  test('XML obeys the schema by xmllint and by libxml2', async () => {
    const bytes = await written((sink) => writeXml(table.document(), sink, { namespace: NAMESPACE, root: 'package', row: kind }));
    const file = join(folder, `${kind}.xml`);
    writeFileSync(file, bytes);
    outputOf('xmllint', ['--noout', '--schema', SCHEMA, file]);
    expect(() => validate(bytes)).not.toThrow();
  });
});

function validate(bytes: Uint8Array): void {
  using schema = XmlDocument.fromBuffer(readFileSync(SCHEMA));
  using validator = XsdValidator.fromDoc(schema);
  using xml = XmlDocument.fromBuffer(bytes);
  validator.validate(xml);
}

test('the repeated hour is two rows that differ by their offset alone', async () => {
  const table = hostileTable('IV', 6);
  const begins = (await fromCsv(table)).map((row) => `${row[3]} ${row[4]}`);
  expect(begins.slice(1, 5)).toEqual([
    '2014-10-26 01:00:00 240',
    '2014-10-26 01:30:00 240',
    '2014-10-26 01:00:00 180',
    '2014-10-26 01:30:00 180',
  ]);
});

/** A change of the text of a good file, and why the schema must not take it. */
const SPOILT: readonly (readonly [why: string, from: RegExp, to: string])[] = [
  ['an unknown channel', /<channel>A\+<\/channel>/, '<channel>B+</channel>'],
  ['a status that does not exist', /<status>0<\/status>/, '<status>4</status>'],
  ['a time without an offset', /\+04:00<\/begin>/, '</begin>'],
  ['a comma in a figure', /<energy>9999999999999\.999/, '<energy>9999999999999,999'],
  ['four decimals', /<energy>0\.000</, '<energy>0.0001<'],
  ['elements in another order', /(<energy>[^<]*<\/energy>)(<losses>[^<]*<\/losses>)/, '$2$1'],
  ['a row of another kind', /<\/IV>\n<\/rows>/, '</IV>\n<RF/>\n</rows>'],
  ['a missing key', /<point_code>[^<]*<\/point_code>/, ''],
  ['another version', /<version>1\.0/, '<version>2.0'],
];

test.each(SPOILT)('the schema refuses %s', async (_why, from, to) => {
  const { document } = hostileTable('IV', 8);
  const good = new TextDecoder().decode(
    await written((sink) => writeXml(document() satisfies TableDocument, sink, { namespace: NAMESPACE, root: 'package', row: 'IV' })),
  );
  expect(good).toMatch(from);
  expect(() => validate(new TextEncoder().encode(good.replace(from, to)))).toThrow();
});
