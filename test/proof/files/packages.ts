/**
 * Packages as the command makes them: a month of a training plant, all five kinds in all five formats, read back by programs that
 * are not their writers. Every format must hold the same rows, and each the count and the sum that its flag file names.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DBFFile } from 'dbffile';
import exceljs from 'exceljs';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { addDays, startOfMonth } from '../../../src/main/metering/zone.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { TRAINING_PLANT } from '../../../src/main/simulator/layout.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { ONEC_FORMATS, ONEC_KINDS, type OnecFormat, type OnecKind } from '../../../src/shared/api/receivers.ts';
import { feeder } from '../../support/feeder-process.ts';
import { readFlagFile, readStrictly } from '../../unit/export/support.ts';
import { opened } from './office.ts';

const NAMESPACE = 'http://energy-metering.local/1c/1.0';
const SCHEMA = join(import.meta.dirname, '../../../resources/1c/energy-1c-1.0.xsd');
/** So many points of each line of the plant, when nobody says otherwise. */
const POINTS = 4;
/** The whole month before this one, and what is left of this one. */
const DEPTH_DAYS = 62;
const MOMENTS = new Set(['moment', 'begin']);
const FLAGS = new Set(['replaced_meter', 'rollover']);
/** Column that the control sum adds up; reference rows have none. */
const SUMMED: Readonly<Record<OnecKind, string | null>> = { RF: null, RD: 'reading', IV: 'energy', DY: 'energy', MN: 'energy' };
/** The byte of a dBase file that names its code page, and windows-1251 in it. */
const [LANGUAGE_AT, CP1251] = [29, 0xc9];
const MB = 2 ** 20;

export interface PackageOutcome {
  readonly kind: OnecKind;
  readonly rows: number;
  readonly readers: readonly string[];
  /** In words; empty = every reader saw the same. */
  readonly faults: readonly string[];
}

/** Throws when a command fails. */
export async function packageProof(folder: string, hasOffice: boolean, points = POINTS): Promise<PackageOutcome[]> {
  const data = join(folder, 'data');
  await pollPlant(folder, data, points);
  const to = addDays(startOfMonth(new Date(systemClock.now()).toISOString().slice(0, 10)), -1);
  const from = startOfMonth(to);
  const outcomes: PackageOutcome[] = [];
  for (const kind of ONEC_KINDS) {
    const tables = new Map<string, string[][]>();
    const faults: string[] = [];
    for (const format of ONEC_FORMATS) {
      const out = join(folder, `${kind}-${format}`);
      await done(['export-1c', '--data', data, '--kind', kind, '--from', from, '--to', to, '--format', format, '--out', out]);
      const names = readdirSync(out);
      const file = join(out, names.find((name) => name.endsWith(`.${format}`) && !name.endsWith('H.dbf')) ?? '');
      const columns = tables.get('csv')?.[0] ?? [];
      for (const [reader, rows] of await READERS[format](file, kind, columns, hasOffice ? folder : null)) {
        tables.set(reader, rows);
        const flag = readFlagFile(readFileSync(join(out, names.find((name) => name.endsWith('.ok')) ?? '')));
        faults.push(...flagFaults(kind, rows, flag).map((fault) => `${reader}: ${fault}`));
      }
    }
    const [first = '', ...others] = tables.keys();
    for (const reader of others) faults.push(...differences(reader, tables.get(first) ?? [], tables.get(reader) ?? []));
    outcomes.push({ kind, rows: (tables.get(first)?.length ?? 1) - 1, readers: [...tables.keys()], faults: faults.slice(0, 20) });
  }
  return outcomes;
}

async function pollPlant(folder: string, data: string, points: number): Promise<void> {
  const layout = TRAINING_PLANT.map((row) => ({ ...row, points: row.points.slice(0, points) }));
  const plant = createPlant({ clock: systemClock, historyDays: DEPTH_DAYS + 3, hasWireTime: false, latencyMs: [0, 1], layout });
  await plant.start();
  try {
    const list = join(folder, 'list.csv');
    writeFileSync(list, plant.importFile());
    await done(['import', '--data', data, list]);
    await done(['poll', '--data', data, '--until-complete', '--depth-days', String(DEPTH_DAYS)]);
  } finally {
    await plant.stop();
  }
}

async function done(args: readonly string[]): Promise<void> {
  const { code, lines, stderr } = await feeder(args);
  if (code !== 0) throw new Error(`feeder ${args.join(' ')} ended with ${code}: ${JSON.stringify(lines)} ${stderr}`);
}

/** The names of the columns first, then the rows, by reader: figures with a point and without zeros at their end, times as ISO, flags as 0 and 1. */
type Reader = (file: string, kind: OnecKind, columns: readonly string[], office: string | null) => Promise<[string, string[][]][]>;

const READERS: Readonly<Record<OnecFormat, Reader>> = {
  csv: async (file) => {
    const rows = readStrictly(readFileSync(file));
    const columns = Object.keys(rows[0] ?? {});
    const table = [columns, ...rows.map((row) => columns.map((name) => common(name, row[name] ?? '')))];
    return [['csv', table]];
  },
  xlsx: async (file, _kind, _columns, office) => {
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.readFile(file);
    const sheet = workbook.worksheets.reduce((a, b) => (a.name === 'Пакет' || (b.name !== 'Пакет' && b.rowCount > a.rowCount) ? b : a));
    const columns = (sheet.getRow(1).values as string[]).slice(1);
    const rows: string[][] = [];
    sheet.eachRow((row, at) => {
      if (at > 1) rows.push(columns.map((name, index) => sheetText(name, row.getCell(index + 1).value)));
    });
    const found: [string, string[][]][] = [['xlsx by exceljs', [columns, ...rows]]];
    if (office !== null) {
      const [head = [], ...cells] = opened(file, office).get(sheet.name) ?? [];
      found.push(['xlsx by LibreOffice', [head, ...cells.map((row) => head.map((name, index) => common(name, row[index] ?? '')))]]);
    }
    return found;
  },
  dbf: async (file, _kind, columns) => {
    const encoding = readFileSync(file)[LANGUAGE_AT] === CP1251 ? 'windows-1251' : 'ibm866';
    const text = new TextDecoder(encoding).decode(outputOf('dbview', ['-b', '-d', '\u0001', file]));
    const rows = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const fields = line.split('\u0001').map((field) => field.trim());
        return columns.map((name) => common(name, fieldText(name, fields)));
      });
    const dbf = await DBFFile.open(file, { encoding: 'cp866' });
    if (dbf.recordCount !== rows.length) throw new Error(`dbffile sees ${dbf.recordCount} records in ${file}`);
    return [['dbf by dbview', [[...columns], ...rows]]];
  },
  xml: async (file, kind, columns) => {
    outputOf('xmllint', ['--noout', '--schema', SCHEMA, file]);
    using xml = XmlDocument.fromBuffer(readFileSync(file));
    const rows = (xml.find(`/p:package/p:rows/p:${kind}`, { p: NAMESPACE }) as XmlElement[]).map((row) => {
      const cells = new Map<string, string>();
      for (let node = row.firstChild; node !== null; node = node.next) if (node instanceof XmlElement) cells.set(node.name, node.content);
      return columns.map((name) => common(name, cells.get(name) ?? ''));
    });
    return [['xml by xmllint and libxml2', [[...columns], ...rows]]];
  },
  json: async (file, _kind, columns) => {
    const parsed = JSON.parse(readFileSync(file, 'utf8'), (_key, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' ? (context?.source ?? value) : value,
    ) as { readonly rows: readonly Readonly<Record<string, string | boolean | null>>[] };
    return [['json', [[...columns], ...parsed.rows.map((row) => columns.map((name) => common(name, String(row[name] ?? ''))))]]];
  },
};

function outputOf(command: string, args: readonly string[]): Uint8Array {
  const { status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 512 * MB });
  if (status !== 0) throw new Error(`${command}: ${stderr.toString()}`);
  return stdout;
}

/** Takes what belongs to a column from the front: a time is a date and a time of day. */
function fieldText(name: string, fields: string[]): string {
  const field = fields.shift() ?? '';
  if (!MOMENTS.has(name) && name !== 'day' && name !== 'month') return field;
  const time = fields.shift() ?? '';
  const iso = field.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return MOMENTS.has(name) ? `${iso} ${time}` : iso;
}

function sheetText(name: string, value: exceljs.CellValue): string {
  if (value instanceof Date) return common(name, value.toISOString());
  if (value !== null && typeof value === 'object') throw new Error(`a cell of another kind in ${name}`);
  return common(name, String(value ?? ''));
}

/** One way of writing for all formats. */
function common(name: string, text: string): string {
  const iso = text.replace(/^(?:(\d\d)\.)?(\d\d)\.(\d{4})/, (_, day, month, year) => [year, month, day].filter(Boolean).join('-'));
  if (MOMENTS.has(name)) return iso.slice(0, 19).replace('T', ' ');
  if (name === 'day') return iso.slice(0, 10);
  if (name === 'month') return iso.slice(0, 7);
  if (FLAGS.has(name)) return { true: '1', false: '0', T: '1', F: '0', TRUE: '1', FALSE: '0' }[text] ?? text;
  return /^-?\d+[.,]\d+$/.test(text) ? text.replace(',', '.').replace(/\.?0+$/, '') : text;
}

function differences(reader: string, expected: readonly (readonly string[])[], found: readonly (readonly string[])[]): string[] {
  if (found.length !== expected.length) return [`${reader}: ${found.length - 1} rows instead of ${expected.length - 1}`];
  return expected.flatMap((row, at) =>
    row.flatMap((cell, column) => {
      const other = found[at]?.[column];
      return other === cell ? [] : [`${reader}, row ${at}, ${expected[0]?.[column]}: ${other} instead of ${cell}`];
    }),
  );
}

function flagFaults(
  kind: OnecKind,
  [columns = [], ...rows]: readonly (readonly string[])[],
  flag: Readonly<Record<string, string>>,
): string[] {
  const at = columns.indexOf(SUMMED[kind] ?? '');
  const sum = rows.reduce((total, row) => total + thousandths(row[at] ?? ''), 0n);
  return [
    ...(String(rows.length) === flag['rows'] ? [] : [`${rows.length} rows, the flag file says ${flag['rows']}`]),
    ...(sum === thousandths(flag['control_sum'] ?? '') ? [] : [`a sum of ${sum} thousandths, the flag file says ${flag['control_sum']}`]),
  ];
}

function thousandths(text: string): bigint {
  const [whole = '', part = ''] = text.split('.');
  return text === '' ? 0n : BigInt(whole + part.padEnd(3, '0'));
}
