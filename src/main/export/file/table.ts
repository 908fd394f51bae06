/**
 * A table on its way into a file: typed columns, and rows that are made only when the writer asks for them, so that memory does
 * not grow with the period. Writers know formats and nothing of metering; what the rows mean is the business of their maker.
 */
import type { UtcSeconds } from '../../../shared/domain/time.ts';

export type ColumnType =
  /** Cells are strings of at most `length` characters. */
  | { readonly kind: 'text'; readonly length: number }
  /**
   * Cells are bigints in units of 10^-scale. `digits` is the width as dBase counts it, the point and a minus included.
   * `isTrimmed` = printed without trailing zeros, where the format does not fix their number.
   */
  | { readonly kind: 'decimal'; readonly digits: number; readonly scale: number; readonly isTrimmed?: true }
  /** Cells are safe integers. */
  | { readonly kind: 'integer'; readonly digits: number }
  /** Cells are `Moment`s. */
  | { readonly kind: 'moment' }
  /** Cells are ISO dates, `2025-01-31`. */
  | { readonly kind: 'day' }
  /** Cells are ISO months, `2025-01`. */
  | { readonly kind: 'month' }
  /** Cells are booleans. */
  | { readonly kind: 'flag' };

/** An instant with the wall clock that it is shown on. */
export interface Moment {
  readonly utc: UtcSeconds;
  /** Minutes east of UTC. */
  readonly offsetMin: number;
}

/** null is "not there": an empty cell, never a zero. */
export type Cell = string | bigint | number | boolean | Moment | null;

export interface TableColumn {
  /** Latin lower case with underscores, unique in its table. */
  readonly name: string;
  /** Name in a dBase file, at most 10 upper-case letters. Under DT a moment, a day or a month becomes DT and TM; a moment has no other. */
  readonly dbf: string;
  readonly type: ColumnType;
  /** Text by which the receiver finds what a row is of: it goes over whole or the file is refused with `export/unsupported`. */
  readonly isKey?: true;
}

/** The one record of fields that a file says of itself. */
export interface HeaderRecord {
  readonly columns: readonly TableColumn[];
  /** In the order of the columns. */
  readonly cells: readonly Cell[];
}

/** A table with its header, for the formats that hold both in one file. */
export interface TableDocument {
  readonly header: HeaderRecord;
  readonly table: Table;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  /** Cells in the order of the columns. Asked for once. */
  readonly rows: Iterable<readonly Cell[]>;
}
