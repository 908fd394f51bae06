/** dBase III tables as a stream, see docs/adr/0021: a header of 32 bytes and 32 for each field, then records of one length. */
import { AppError } from '../../../shared/api/errors.ts';
import { fixedText } from '../../metering/energy.ts';
import { isMoment, wallParts, wrongCell } from './cell-text.ts';
import { encodeText, keyGuard, type TextEncoding } from './encoding.ts';
import { type ByteSink, writeInLots } from './sink.ts';
import type { Cell, Moment, Table, TableColumn } from './table.ts';

export type DbfEncoding = 'cp1251' | 'cp866';

export interface DbfOptions {
  readonly encoding: DbfEncoding;
  /** Its date stands in the file. */
  readonly made: Moment;
  /** Stands before the rows in the file, hence must be known before they are read. */
  readonly rowCount: number;
}

/** Encoding of the texts and the language byte at offset 29 that tells a reader of it. */
const ENCODINGS: Readonly<Record<DbfEncoding, { readonly text: TextEncoding; readonly languageByte: number }>> = {
  cp1251: { text: 'windows-1251', languageByte: 0xc9 },
  cp866: { text: 'cp866', languageByte: 0x65 },
};

const VERSION = 0x03;
const HEAD_BYTES = 32;
const END_OF_HEAD = 0x0d;
const END_OF_FILE = 0x1a;
const SPACE = 0x20;
const LONGEST_TEXT = 254;

interface Field {
  readonly name: string;
  readonly type: 'C' | 'N' | 'D' | 'L';
  readonly length: number;
  readonly decimals: number;
}

/** A column as its fields and what a cell gives them: text of at most their length, already fitted. */
interface FieldWriter {
  readonly fields: readonly Field[];
  readonly texts: (cell: Cell) => readonly (string | Uint8Array)[];
}

/**
 * Writes a table as dBase III. What is not there is blank in every type. An instant, a day and a month (its first day) in a column
 * DT become the fields DT and TM, the time of a day being 00:00:00; a day under another name is one field. A text that is too long is cut and a letter that the code page lacks becomes
 * `?`; in a key column both throw `export/unsupported`, as does a figure wider than its field. Throws TypeError for columns that
 * no file can have and RangeError when there are not `rowCount` rows.
 */
export async function writeDbf(table: Table, sink: ByteSink, options: DbfOptions): Promise<void> {
  const { text, languageByte } = ENCODINGS[options.encoding];
  const writers = table.columns.map((column) => fieldWriter(column, text));
  const fields = writers.flatMap((writer) => writer.fields);
  checkFields(fields);
  const recordBytes = 1 + fields.reduce((sum, { length }) => sum + length, 0);
  await sink.write(fileHead(fields, recordBytes, languageByte, options));
  let count = 0;
  const records = (rows: readonly (readonly Cell[])[]): Uint8Array => {
    const bytes = new Uint8Array(rows.length * recordBytes).fill(SPACE);
    for (const [index, row] of rows.entries()) {
      let at = index * recordBytes + 1;
      for (const [column, writer] of writers.entries()) {
        const texts = writer.texts(row[column] ?? null);
        for (const [part, field] of writer.fields.entries()) {
          place(bytes, at, texts[part] ?? '');
          at += field.length;
        }
      }
    }
    count += rows.length;
    return bytes;
  };
  await writeInLots(table.rows, records, sink);
  if (count !== options.rowCount) throw new RangeError(`the table has ${count} rows and was announced with ${options.rowCount}`);
  await sink.write(Uint8Array.of(END_OF_FILE));
}

function fieldWriter(column: TableColumn, encoding: TextEncoding): FieldWriter {
  const { type, dbf: name } = column;
  switch (type.kind) {
    case 'text': {
      const guard = column.isKey === true ? keyGuard(column.name, encoding) : () => {};
      return oneField({ name, type: 'C', length: type.length, decimals: 0 }, (cell) => {
        if (typeof cell !== 'string') throw wrongCell(column, cell);
        guard(cell);
        const bytes = encodeText(cell.replaceAll(/[\u0000-\u001F]/g, ' '), encoding);
        if (bytes.length <= type.length) return bytes;
        if (column.isKey === true) throw doesNotFit(column, cell, type.length);
        return bytes.subarray(0, type.length);
      });
    }
    case 'decimal':
      return oneField({ name, type: 'N', length: type.digits, decimals: type.scale }, (cell) => {
        if (typeof cell !== 'bigint') throw wrongCell(column, cell);
        return toTheRight(column, fixedText(cell, type.scale), type.digits);
      });
    case 'integer':
      return oneField({ name, type: 'N', length: type.digits, decimals: 0 }, (cell) => {
        if (typeof cell !== 'number') throw wrongCell(column, cell);
        return toTheRight(column, String(cell), type.digits);
      });
    case 'flag':
      return oneField({ name, type: 'L', length: 1, decimals: 0 }, (cell) => {
        if (typeof cell !== 'boolean') throw wrongCell(column, cell);
        return cell ? 'T' : 'F';
      });
    case 'moment':
    case 'day':
    case 'month':
      return dateWriter(column);
  }
}

/** A date as DT and TM, which loaders of this exchange look for; under any other name a day is one field and a moment is none. */
function dateWriter(column: TableColumn): FieldWriter {
  const { type, dbf: name } = column;
  if (name !== 'DT' && type.kind === 'moment') throw new TypeError(`an instant goes into the field DT, not ${name}`);
  const day: Field = { name, type: 'D', length: 8, decimals: 0 };
  const time: Field = { name: 'TM', type: 'C', length: 8, decimals: 0 };
  return {
    fields: name === 'DT' ? [day, time] : [day],
    texts: (cell) => {
      if (cell === null) return [];
      const wall = isMoment(cell) ? wallParts(cell) : { day: cell, time: '00:00:00' };
      if (typeof wall.day !== 'string' || isMoment(cell) !== (type.kind === 'moment')) throw wrongCell(column, cell);
      return [(type.kind === 'month' ? `${wall.day}-01` : wall.day).replaceAll('-', ''), wall.time];
    },
  };
}

function oneField(field: Field, text: (cell: Exclude<Cell, null>) => string | Uint8Array): FieldWriter {
  return { fields: [field], texts: (cell) => (cell === null ? [] : [text(cell)]) };
}

function toTheRight(column: TableColumn, text: string, length: number): string {
  if (text.length > length) throw doesNotFit(column, text, length);
  return text.padStart(length);
}

function doesNotFit(column: TableColumn, value: string, length: number): AppError {
  return new AppError(
    'export/unsupported',
    `"${value}" in ${column.name} does not fit into the ${length} characters of field ${column.dbf}`,
    {
      context: { column: column.name, value, length },
      hint: 'Choose another format than DBF for this receiver, or a shorter code.',
    },
  );
}

function place(bytes: Uint8Array, at: number, text: string | Uint8Array): void {
  if (typeof text !== 'string') bytes.set(text, at);
  // Digits, signs and letters of dates, figures and flags.
  else for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
}

function checkFields(fields: readonly Field[]): void {
  const names = new Set<string>();
  for (const { name, length, decimals } of fields) {
    if (!/^[A-Z][A-Z0-9_]{0,9}$/.test(name)) throw new TypeError(`"${name}" is no name of a dBase field`);
    if (names.has(name)) throw new TypeError(`two fields are named ${name}`);
    if (length < 1 || length > LONGEST_TEXT || (decimals > 0 && decimals > length - 2))
      throw new TypeError(`field ${name} has no such size`);
    names.add(name);
  }
}

function fileHead(fields: readonly Field[], recordBytes: number, languageByte: number, { made, rowCount }: DbfOptions): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES * (fields.length + 1) + 1);
  const view = new DataView(bytes.buffer);
  const [year = 0, month = 0, day = 0] = wallParts(made).day.split('-').map(Number);
  bytes.set([VERSION, (year - 1900) & 0xff, month, day]);
  view.setUint32(4, rowCount, true);
  view.setUint16(8, bytes.length, true);
  view.setUint16(10, recordBytes, true);
  bytes[29] = languageByte;
  for (const [index, { name, type, length, decimals }] of fields.entries()) {
    const at = HEAD_BYTES * (index + 1);
    place(bytes, at, name);
    place(bytes, at + 11, type);
    bytes[at + 16] = length;
    bytes[at + 17] = decimals;
  }
  bytes[bytes.length - 1] = END_OF_HEAD;
  return bytes;
}
