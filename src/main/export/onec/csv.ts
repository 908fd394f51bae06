import iconv from 'iconv-lite';
import { AppError } from '../../../shared/api/errors.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { fixedText, ratioOf, roundHalfUp } from '../../metering/energy.ts';
import { type IntervalRow, type OnecRow, printedFigure, type ReadingRow } from './rows.ts';

export type CsvEncoding = Settings['onec']['encoding'];

/** One column of a file: its name in the header row and the text of its cell. */
interface Column<R> {
  readonly name: string;
  readonly cell: (row: R) => string;
}

/**
 * Columns of IV in the order of onec.md 3. No losses are modelled, so nothing is added to the energy of a row that has one.
 * Every figure is read from a meter by this program, hence `auto`.
 */
const INTERVAL_COLUMNS: readonly Column<IntervalRow>[] = [
  { name: 'point_code', cell: (row) => cleanText(row.point.code) },
  { name: 'point_name', cell: (row) => cleanText(row.point.name) },
  { name: 'channel', cell: (row) => row.channel },
  { name: 'begin', cell: (row) => localTime(row.instantUtc, row.offsetMin) },
  { name: 'utc_offset_min', cell: (row) => String(row.offsetMin) },
  { name: 'length_min', cell: (row) => String(row.lengthMin) },
  { name: 'energy', cell: (row) => withComma(printedFigure(row)) },
  { name: 'losses', cell: (row) => (row.figure === null ? '' : '0,000') },
  { name: 'energy_total', cell: (row) => withComma(printedFigure(row)) },
  { name: 'status', cell: (row) => String(row.status) },
  { name: 'method', cell: () => 'auto' },
  { name: 'revision', cell: (row) => String(row.revision) },
];

/** Columns of RD. No read of the Mercury protocols names the model, so it is empty; flags are 1 and 0. */
const READING_COLUMNS: readonly Column<ReadingRow>[] = [
  { name: 'point_code', cell: (row) => cleanText(row.point.code) },
  { name: 'point_name', cell: (row) => cleanText(row.point.name) },
  { name: 'meter_serial', cell: (row) => row.serial },
  { name: 'meter_model', cell: () => '' },
  { name: 'channel', cell: (row) => row.channel },
  { name: 'zone', cell: (row) => String(row.tariff) },
  { name: 'moment', cell: (row) => localTime(row.instantUtc, row.offsetMin) },
  { name: 'utc_offset_min', cell: (row) => String(row.offsetMin) },
  { name: 'reading', cell: (row) => withComma(printedFigure(row)) },
  { name: 'ratio_ct', cell: (row) => ratioText(row.ct) },
  { name: 'ratio_vt', cell: (row) => ratioText(row.vt) },
  { name: 'status', cell: (row) => String(row.status) },
  { name: 'method', cell: () => 'auto' },
  { name: 'replaced_meter', cell: (row) => (row.isReplaced ? '1' : '0') },
  { name: 'rollover', cell: () => '0' },
  { name: 'revision', cell: (row) => String(row.revision) },
];

/** The header row with its line end; a UTF-8 file begins with the byte order mark (onec.md 3, Encodings). */
export function csvHeader(kind: OnecRow['kind'], encoding: CsvEncoding): Uint8Array {
  const names = (kind === 'IV' ? INTERVAL_COLUMNS : READING_COLUMNS).map(({ name }) => name);
  return encodeText(`${encoding === 'utf-8' ? '\uFEFF' : ''}${names.join(';')}\r\n`, encoding);
}

/**
 * Rows as CSV text in bytes: `;`, decimal comma, CRLF, no quotes. In windows-1251 a letter of a point's name that the code
 * page lacks becomes `?`; a point code with such a letter throws `export/unsupported`, because 1C could not find the point.
 */
export function csvRows(rows: readonly OnecRow[], encoding: CsvEncoding): Uint8Array {
  checkPointCodes(new Set(rows.map(({ point }) => point)), encoding);
  return encodeText(rows.map((row) => `${csvLine(row)}\r\n`).join(''), encoding);
}

function csvLine(row: OnecRow): string {
  const cells = row.kind === 'IV' ? INTERVAL_COLUMNS.map(({ cell }) => cell(row)) : READING_COLUMNS.map(({ cell }) => cell(row));
  return cells.join(';');
}

function encodeText(text: string, encoding: CsvEncoding): Uint8Array {
  return encoding === 'utf-8' ? new TextEncoder().encode(text) : iconv.encode(text, 'win1251');
}

/**
 * Throws `export/unsupported` for the first point whose code the encoding cannot hold. Decoding back is the only sure sign:
 * the encoder turns what it does not know into a question mark without a word.
 */
export function checkPointCodes(points: Iterable<{ readonly code: string }>, encoding: CsvEncoding): void {
  if (encoding === 'utf-8') return;
  for (const { code } of points) {
    if (iconv.decode(iconv.encode(code, 'win1251'), 'win1251') === code) continue;
    throw new AppError('export/unsupported', `Point code "${code}" has letters that windows-1251 cannot hold`, {
      context: { pointCode: code, encoding },
      hint: 'Choose UTF-8 for the 1C files in the settings, or give the point another code.',
    });
  }
}

/** Text that a reader without quoting takes apart again: no separators and no quotes in it. */
function cleanText(text: string): string {
  return text
    .replaceAll(';', ',')
    .replaceAll('"', "'")
    .replaceAll(/[\r\n\t]/g, ' ');
}

/** `31.01.2025 23:30:00` on the site's wall clock. */
function localTime(at: UtcSeconds, offsetMin: number): string {
  const iso = new Date((at + offsetMin * 60) * 1000).toISOString();
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

function withComma(figure: string): string {
  return figure.replace('.', ',');
}

/** At most 4 decimals without trailing zeros, as K_CT and K_VT are defined; 100/3 is rounded half-up to 33,3333. */
function ratioText(ratio: ReadingRow['ct']): string {
  return withComma(fixedText(roundHalfUp(ratioOf(ratio), 4), 4).replace(/\.?0+$/, ''));
}
