import { isMoment, wrongCell } from './cell-text.ts';
import type { ByteSink } from './sink.ts';
import type { Cell, HeaderRecord, Moment, Table, TableColumn, TableDocument } from './table.ts';
import { writeXlsx, type XlsxCell, type XlsxRow, type XlsxSheet, type XlsxValue } from './xlsx.ts';
import type { XlsxFormat, XlsxStyle } from './xlsx-styles.ts';

export interface TableXlsxOptions {
  /** Name of the sheet of rows; further ones are `name (2)` and so on. */
  readonly sheet: string;
  /** Name of the sheet of header fields. */
  readonly headerSheet: string;
  readonly made: Moment;
}

/** A person still opens such a sheet, and 1C still reads it. */
const ROWS_OF_SHEET = 100_000;
const NARROWEST = 8;
const WIDEST = 40;

/**
 * Writes a document as a workbook for 1C: sheets of at most 100,000 rows, each with the names of the columns in row 1 and nothing
 * joined, then a sheet of header fields, name and value. Texts are texts, figures numbers without groups, instants real dates.
 */
export function writeTableXlsx(
  { header, table }: TableDocument,
  sink: ByteSink,
  { sheet, headerSheet, made }: TableXlsxOptions,
): Promise<void> {
  function* sheets(): Generator<XlsxSheet> {
    yield* dataSheets(table, sheet);
    yield headerRows(header, headerSheet);
  }
  return writeXlsx({ made, sheets: sheets() }, sink);
}

function* dataSheets({ columns, rows }: Table, name: string): Generator<XlsxSheet> {
  const head: XlsxRow = { cells: columns.map((column) => ({ value: column.name, style: 'subtitle text' })) };
  const styles = columns.map((column): XlsxStyle => `plain ${formatOf(column)}`);
  const widths = columns.map((column) => ({ width: Math.max(NARROWEST, Math.min(WIDEST, widthOf(column)), column.name.length + 2) }));
  const rest = rows[Symbol.iterator]();
  let next = rest.next();
  function* rowsOfSheet(): Generator<XlsxRow> {
    yield head;
    for (let count = 0; count < ROWS_OF_SHEET && next.done !== true; count += 1) {
      const cells = next.value;
      yield { cells: columns.map((column, index) => cellOf(column, styles[index] ?? 'plain text', cells[index] ?? null)) };
      next = rest.next();
    }
  }
  try {
    do yield { name, columns: widths, rows: rowsOfSheet(), frozenRows: 1 };
    while (next.done !== true);
  } finally {
    rest.return?.();
  }
}

function headerRows({ columns, cells }: HeaderRecord, name: string): XlsxSheet {
  const rows = columns.map(
    (column, index): XlsxRow => ({
      cells: [{ value: column.name, style: 'subtitle text' }, cellOf(column, `plain ${formatOf(column)}`, cells[index] ?? null)],
    }),
  );
  return { name, columns: [{ width: 20 }, { width: WIDEST }], rows };
}

/** Cells that are not there are left out: nothing to read is what an empty cell means to 1C. */
function cellOf(column: TableColumn, style: XlsxStyle, cell: Cell): XlsxCell {
  return { value: cell === null ? null : valueOf(column, cell), style };
}

function valueOf(column: TableColumn, cell: Exclude<Cell, null>): XlsxValue {
  const { type } = column;
  if (type.kind === 'text' && typeof cell === 'string') return cell;
  if (type.kind === 'decimal' && typeof cell === 'bigint') return { units: cell, scale: type.scale };
  if (type.kind === 'integer' && typeof cell === 'number') return cell;
  if (type.kind === 'flag' && typeof cell === 'boolean') return cell;
  if (type.kind === 'moment' && isMoment(cell)) return cell;
  if (type.kind === 'day' && typeof cell === 'string') return { day: cell };
  if (type.kind === 'month' && typeof cell === 'string') return { month: cell };
  throw wrongCell(column, cell);
}

function formatOf({ type }: TableColumn): XlsxFormat {
  switch (type.kind) {
    case 'text':
      return 'text';
    case 'decimal':
      return type.isTrimmed === true ? 'general' : plainFormat(type.scale);
    case 'integer':
      return 'plain-0';
    case 'flag':
      return 'general';
    case 'moment':
      return 'moment';
    case 'day':
      return 'date';
    case 'month':
      return 'month';
  }
}

function plainFormat(scale: number): XlsxFormat {
  const formats: readonly XlsxFormat[] = ['plain-0', 'plain-1', 'plain-2', 'plain-3', 'plain-4'];
  return formats[scale] ?? 'general';
}

function widthOf({ type }: TableColumn): number {
  switch (type.kind) {
    case 'text':
      return type.length;
    case 'decimal':
    case 'integer':
      return type.digits;
    default:
      return 20;
  }
}
