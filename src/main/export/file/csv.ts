import { AppError } from '../../../shared/api/errors.ts';
import { decimalText, isMoment, wallParts, wrongCell } from './cell-text.ts';
import { encodeText, keyGuard, type TextEncoding } from './encoding.ts';
import { type ByteSink, writeInLots } from './sink.ts';
import type { Cell, Table, TableColumn } from './table.ts';

export interface CsvOptions {
  readonly encoding: TextEncoding;
  readonly separator: ';' | ',' | '\t';
  readonly decimal: ',' | '.';
}

/**
 * Writes a table as text that a reader without quoting takes apart by splitting alone: a line of names, CRLF, no quotes, an empty
 * cell for what is not there. Dates are `31.01.2025 23:30:00`, `31.01.2025` and `01.2025`, flags 1 and 0. UTF-8 begins with the byte
 * order mark. A letter that the code page lacks becomes `?`; in a key column it throws `export/unsupported`, as does a separator
 * that is the decimal sign as well.
 */
export async function writeCsv(table: Table, sink: ByteSink, options: CsvOptions): Promise<void> {
  const { encoding, separator } = options;
  if (separator === options.decimal) {
    throw new AppError('export/unsupported', 'The separator of columns and the decimal sign are both a comma', {
      hint: 'Choose another separator or a decimal point.',
    });
  }
  const texts = table.columns.map((column) => cellWriter(column, options));
  const names = table.columns.map(({ name }) => name).join(separator);
  await sink.write(encodeText(`${encoding === 'utf-8' ? '\uFEFF' : ''}${names}\r\n`, encoding));
  const line = (row: readonly Cell[]): string => `${texts.map((text, index) => text(row[index] ?? null)).join(separator)}\r\n`;
  await writeInLots(table.rows, (rows) => encodeText(rows.map(line).join(''), encoding), sink);
}

function cellWriter(column: TableColumn, options: CsvOptions): (cell: Cell) => string {
  const { type } = column;
  const guard = column.isKey === true ? keyGuard(column.name, options.encoding) : () => {};
  return (cell) => {
    if (cell === null) return '';
    if (type.kind === 'decimal' && typeof cell === 'bigint') return decimalText(cell, type).replace('.', options.decimal);
    if (type.kind === 'integer' && typeof cell === 'number') return String(cell);
    if (type.kind === 'flag' && typeof cell === 'boolean') return cell ? '1' : '0';
    if (type.kind === 'moment' && isMoment(cell)) {
      const { day, time } = wallParts(cell);
      return `${dottedDate(day)} ${time}`;
    }
    if (typeof cell !== 'string') throw wrongCell(column, cell);
    if (type.kind === 'day' || type.kind === 'month') return dottedDate(cell);
    if (type.kind !== 'text') throw wrongCell(column, cell);
    guard(cell);
    return cleanText(cell, options.separator);
  };
}

/** No separator, no quote, no line end and no other control character stays in a text: `;` gives way to `,`, and `,` to `;` where it separates. */
function cleanText(text: string, separator: CsvOptions['separator']): string {
  const clean = text.replaceAll('"', "'").replaceAll(/[\u0000-\u001F]/g, ' ');
  return separator === '\t' ? clean : clean.replaceAll(separator, separator === ';' ? ',' : ';');
}

/** `31.01.2025` of an ISO date, `01.2025` of an ISO month. */
function dottedDate(iso: string): string {
  return iso.split('-').reverse().join('.');
}
