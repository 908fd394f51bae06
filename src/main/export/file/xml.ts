import { isoWithOffset } from '../../metering/zone.ts';
import { decimalText, isMoment, wrongCell } from './cell-text.ts';
import { type ByteSink, writeInLots } from './sink.ts';
import type { Cell, TableColumn, TableDocument } from './table.ts';
import { escapeXml } from './xml-text.ts';

export interface XmlOptions {
  readonly namespace: string;
  /** Element of the whole, with one `header` and one `rows` in it. */
  readonly root: string;
  /** Element of a row. */
  readonly row: string;
}

/**
 * Writes a document as XML in UTF-8: `<root><header>fields</header><rows><row>columns</row>...</rows></root>`, elements named and
 * ordered as the columns, one row a line. A decimal has a point, an instant is `2025-01-31T23:30:00+03:00`, a flag is `true` or
 * `false`; what is not there has no element. Characters that XML has no place for are left out.
 */
export async function writeXml({ header, table }: TableDocument, sink: ByteSink, { namespace, root, row }: XmlOptions): Promise<void> {
  const encoder = new TextEncoder();
  const fields = elements(header.columns)(header.cells);
  await sink.write(
    encoder.encode(
      `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${escapeXml(namespace)}">\n<header>${fields}</header>\n<rows>\n`,
    ),
  );
  const columns = elements(table.columns);
  await writeInLots(table.rows, (rows) => encoder.encode(rows.map((cells) => `<${row}>${columns(cells)}</${row}>\n`).join('')), sink);
  await sink.write(encoder.encode(`</rows>\n</${root}>\n`));
}

function elements(columns: readonly TableColumn[]): (cells: readonly Cell[]) => string {
  const parts = columns.map((column) => ({ column, open: `<${column.name}>`, close: `</${column.name}>` }));
  return (cells) => {
    let text = '';
    for (const [index, { column, open, close }] of parts.entries()) {
      const cell = cells[index] ?? null;
      if (cell !== null) text += open + cellText(column, cell) + close;
    }
    return text;
  };
}

function cellText(column: TableColumn, cell: Exclude<Cell, null>): string {
  const { type } = column;
  switch (type.kind) {
    case 'text':
      if (typeof cell === 'string') return escapeXml(cell);
      break;
    case 'day':
    case 'month':
      if (typeof cell === 'string') return cell;
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
      if (isMoment(cell)) return isoWithOffset(cell.utc, cell.offsetMin);
      break;
  }
  throw wrongCell(column, cell);
}
