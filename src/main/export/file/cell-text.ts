/** Texts of cells as more than one format prints them. */
import { fixedText } from '../../metering/energy.ts';
import type { Cell, ColumnType, Moment, TableColumn } from './table.ts';

/** The part of a wall clock's text that formats put together in their own order. */
export interface WallParts {
  /** ISO date. */
  readonly day: string;
  /** `23:30:00` */
  readonly time: string;
}

export function wallParts({ utc, offsetMin }: Moment): WallParts {
  const iso = new Date((utc + offsetMin * 60) * 1000).toISOString();
  return { day: iso.slice(0, 10), time: iso.slice(11, 19) };
}

/** All decimals of the scale, or those that are not trailing zeros, with a point: `12.345`, `157.5`. */
export function decimalText(units: bigint, { scale, isTrimmed }: Extract<ColumnType, { kind: 'decimal' }>): string {
  const text = fixedText(units, scale);
  return isTrimmed === true && scale > 0 ? text.replace(/\.?0+$/, '') : text;
}

/** A cell that is not of its column's kind is a fault of the table's maker, never of its data. */
export function wrongCell(column: TableColumn, cell: Cell): TypeError {
  return new TypeError(`a cell of column ${column.name} is no ${column.type.kind}: ${typeof cell}`);
}

export function isMoment(cell: Cell): cell is Moment {
  return typeof cell === 'object' && cell !== null;
}
