import { isoWithOffset } from '../../metering/zone.ts';
import { decimalText, isMoment, wrongCell } from './cell-text.ts';
import { type ByteSink, writeInLots } from './sink.ts';
import type { Cell, TableColumn, TableDocument } from './table.ts';

/**
 * Writes a document as JSON in UTF-8 without a byte order mark: `{ "header": {...}, "rows": [{...}, ...] }`, members named and
 * ordered as the columns, one row a line. A decimal is a number printed digit by digit, an instant is
 * `2025-01-31T23:30:00+03:00`; what is not there is null.
 */
export async function writeJson({ header, table }: TableDocument, sink: ByteSink): Promise<void> {
  const encoder = new TextEncoder();
  await sink.write(encoder.encode(`{"header":${objectText(header.columns)(header.cells)},\n"rows":[`));
  const row = objectText(table.columns);
  let separator = '\n';
  const lines = (rows: readonly (readonly Cell[])[]): Uint8Array => {
    const text = separator + rows.map(row).join(',\n');
    separator = ',\n';
    return encoder.encode(text);
  };
  await writeInLots(table.rows, lines, sink);
  await sink.write(encoder.encode('\n]}\n'));
}

function objectText(columns: readonly TableColumn[]): (cells: readonly Cell[]) => string {
  const members = columns.map((column) => ({ column, name: `${JSON.stringify(column.name)}:` }));
  return (cells) => `{${members.map(({ column, name }, index) => name + valueText(column, cells[index] ?? null)).join(',')}}`;
}

function valueText(column: TableColumn, cell: Cell): string {
  if (cell === null) return 'null';
  const { type } = column;
  switch (type.kind) {
    case 'text':
    case 'day':
    case 'month':
      if (typeof cell === 'string') return JSON.stringify(cell);
      break;
    case 'decimal':
      if (typeof cell === 'bigint') return decimalText(cell, type);
      break;
    case 'integer':
      if (typeof cell === 'number') return String(cell);
      break;
    case 'flag':
      if (typeof cell === 'boolean') return String(cell);
      break;
    case 'moment':
      if (isMoment(cell)) return JSON.stringify(isoWithOffset(cell.utc, cell.offsetMin));
      break;
  }
  throw wrongCell(column, cell);
}
