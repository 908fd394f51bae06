/**
 * A table on its way into a file: typed columns, and rows that are made only when the writer asks for them, so that memory does
 * not grow with the period. Writers know formats and nothing of metering; what the rows mean is the business of their maker.
 */
import type { UtcSeconds } from '../../../shared/domain/time.ts';

export type ColumnType =
  /** Cells are strings of at most `length` characters. */
  | { readonly kind: 'text'; readonly length: number }
  /** Cells are bigints in units of 10^-scale, at most `digits` digits and the point; `isTrimmed` = printed without trailing zeros. */
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
  /** Name in a dBase file, at most 10 upper-case letters; moments, days and months always become DT and TM there. */
  readonly dbf: string;
  readonly type: ColumnType;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  /** Cells in the order of the columns. Asked for once. */
  readonly rows: Iterable<readonly Cell[]>;
}
