/**
 * `npm run proof:files -- [--rows N]`: tables that are hard on every format, opened by LibreOffice as XLSX, CSV and DBF and compared
 * cell by cell; then packages of the command, all kinds in all formats. A JSON line with the figures, exit 1 when a cell differs. Says
 * so and ends well when LibreOffice is not there.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeCsv } from '../../../src/main/export/file/csv.ts';
import { type DbfEncoding, writeDbf } from '../../../src/main/export/file/dbf.ts';
import type { ByteSink } from '../../../src/main/export/file/sink.ts';
import type { TableColumn } from '../../../src/main/export/file/table.ts';
import { writeTableXlsx } from '../../../src/main/export/file/xlsx-table.ts';
import { expectedCells, type FileFormat, type HostileTable, hostileTable } from '../../support/hostile-tables.ts';
import { ENCODINGS, officeVersion, opened } from './office.ts';
import { packageProof } from './packages.ts';

const MADE = { utc: Date.UTC(2014, 9, 27, 3) / 1000, offsetMin: 180 };
/** Digits of a figure that a program of doubles keeps. */
const DOUBLE_DIGITS = 15;

const { values } = parseArgs({ options: { rows: { type: 'string', default: '120000' } } });
const count = Number(values.rows);

interface Outcome {
  readonly file: string;
  readonly rows: number;
  readonly cells: number;
  readonly different: number;
  readonly first: string | null;
}

async function written(folder: string, name: string, write: (sink: ByteSink) => Promise<void>): Promise<string> {
  const file = join(folder, name);
  const out = createWriteStream(file);
  await write({
    write: async (bytes) => {
      if (!out.write(Uint8Array.from(bytes))) await once(out, 'drain');
    },
  });
  out.end();
  await once(out, 'finish');
  return file;
}

/** The columns as a sheet has them: an instant, a day and a month of a dBase table are two. */
function* sheetCells(columns: readonly TableColumn[], cells: readonly string[], format: FileFormat): Generator<[TableColumn, string]> {
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (format !== 'dbf' || (column.type.kind !== 'moment' && column.type.kind !== 'month')) yield [column, cell];
    else {
      yield [column, column.type.kind === 'month' ? `${cell}-01` : cell.slice(0, 10)];
      yield [{ ...column, type: { kind: 'text', length: 8 } }, column.type.kind === 'month' ? '00:00:00' : cell.slice(11)];
    }
  }
}

function isSame({ type }: TableColumn, expected: string, shown: string): boolean {
  switch (type.kind) {
    case 'decimal':
    case 'integer':
      // Fifteen digits are all that the program has, so a figure of sixteen is compared by those.
      return expected === '' ? shown === '' : shown !== '' && Number(shown) === Number(Number(expected).toPrecision(DOUBLE_DIGITS));
    case 'flag':
      return shown.toLowerCase() === expected || shown === (expected === 'true' ? '1' : '0');
    case 'moment':
    case 'day':
    case 'month':
      return isoOf(shown) === expected;
    case 'text':
      // The program takes the two characters of a line end for one.
      return shown === expected.replaceAll('\r\n', '\n');
  }
}

/** `26.10.2014 01:00:00`, `12.2024` and the `10/26/14` of a dBase date. */
function isoOf(shown: string): string {
  const american = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(shown);
  if (american !== null) return `20${american[3]}-${american[1]}-${american[2]}`;
  const [date = '', time] = shown.split(' ');
  return date.split('.').reverse().join('-') + (time === undefined ? '' : ` ${time}`);
}

function compared(file: string, table: HostileTable, format: FileFormat, sheets: readonly (readonly string[][])[]): Outcome {
  const rows = sheets.flatMap((sheet) => sheet.slice(1));
  let [cells, different, first]: [number, number, string | null] = [0, 0, null];
  for (const [index, row] of table.rows.entries()) {
    let at = 0;
    for (const [column, expected] of sheetCells(table.columns, expectedCells(table.columns, row, format), format)) {
      const shown = rows[index]?.[at] ?? 'no cell';
      at += 1;
      cells += 1;
      if (isSame(column, expected, shown)) continue;
      different += 1;
      first ??= `row ${index + 2}, ${column.name}: "${shown}" instead of "${expected}"`;
    }
  }
  if (rows.length !== table.rows.length) different += Math.abs(rows.length - table.rows.length);
  return { file, rows: rows.length, cells, different, first };
}

async function workbook(table: HostileTable, folder: string): Promise<Outcome> {
  const file = await written(folder, `${table.kind}.xlsx`, (sink) =>
    writeTableXlsx(table.document(), sink, { sheet: 'Данные', headerSheet: 'Пакет', made: MADE }),
  );
  const sheets = opened(file, folder);
  const names = [...sheets.keys()].filter((name) => name.startsWith('Данные')).sort();
  return compared(
    'XLSX',
    table,
    'xlsx',
    names.map((name) => sheets.get(name) ?? []),
  );
}

async function csv(table: HostileTable, folder: string): Promise<Outcome> {
  const file = await written(folder, `${table.kind}.csv`, (sink) =>
    writeCsv(table.document().table, sink, { encoding: 'windows-1251', separator: ';', decimal: ',' }),
  );
  // Texts and dates as text (2), figures as the Russian language (1049) writes them (1).
  const kinds = table.columns.map(({ type }, index) => `${index + 1}/${type.kind === 'decimal' || type.kind === 'integer' ? 1 : 2}`);
  const readAs = `Text - txt - csv (StarCalc):59,,${ENCODINGS['windows-1251']},1,${kinds.join('/')},1049`;
  return compared('CSV', table, 'csv', [...opened(file, folder, readAs).values()]);
}

async function dbf(table: HostileTable, folder: string, encoding: DbfEncoding): Promise<Outcome> {
  const rowCount = table.rows.length;
  const file = await written(folder, `${encoding}.dbf`, (sink) =>
    writeDbf(table.document().table, sink, { encoding, made: MADE, rowCount }),
  );
  const readAs = `dBase:${ENCODINGS[encoding === 'cp866' ? 'cp866' : 'windows-1251']}`;
  return compared(`DBF ${encoding}`, table, 'dbf', [...opened(file, folder, readAs).values()]);
}

const version = officeVersion();
if (version === null) {
  console.error(
    'LibreOffice is not there, so nothing was proven: apt-get install -y --no-install-recommends libreoffice-calc libreoffice-base-drivers',
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-files-'));
  try {
    const outcomes: Record<string, Outcome[]> = {};
    for (const table of [hostileTable('IV', count), hostileTable('MN', Math.ceil(count / 10))]) {
      const all = [
        await workbook(table, folder),
        await csv(table, folder),
        await dbf(table, folder, 'cp1251'),
        await dbf(table, folder, 'cp866'),
      ];
      for (const outcome of all) console.error(`${table.kind} ${outcome.file}: ${outcome.cells} cells, ${outcome.different} different`);
      outcomes[table.kind] = all;
    }
    const packages = await packageProof(folder, true);
    for (const { kind, rows, readers, faults } of packages) {
      console.error(`packages of ${kind}: ${rows} rows by ${readers.length} readers, ${faults.length} faults ${faults[0] ?? ''}`);
    }
    console.log(JSON.stringify({ program: version, ...outcomes, packages }));
    const isGood =
      Object.values(outcomes)
        .flat()
        .every(({ different, cells }) => different === 0 && cells > 0) &&
      packages.every(({ rows, faults }) => rows > 0 && faults.length === 0);
    process.exitCode = isGood ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
