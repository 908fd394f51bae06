import type { ReactNode } from 'react';
import { compareDecimals } from './format.ts';

/** One column of a DataTable. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Stands under the title; then the cells hold bare figures. */
  readonly unit?: string;
  /** Longer explanation of the title, on hover. */
  readonly hint?: string;
  readonly width: number;
  /** `decimal`: `sortValue` gives exact decimal strings; `number` and `decimal` stand to the right. */
  readonly kind: 'text' | 'number' | 'decimal';
  /** Numbers that stand for words, such as states, keep to the left. */
  readonly isLeft?: boolean;
  /** Hidden until the reader chooses it. */
  readonly isHiddenAtFirst?: boolean;
  /** What rows are ordered by; null goes last either way. */
  sortValue(row: Row): string | number | null;
  /** Plain text for the clipboard, a file and the filter: no groups, no unit; '' when absent. */
  text(row: Row): string;
  /** What the cell shows; the plain text when not given. */
  render?(row: Row): ReactNode;
  /** Said for the cell that the keyboard stands on, for example why its figure is absent. */
  note?(row: Row): string | null;
  /** What Enter or a click on the figure does, for cells that lead somewhere else than their row. */
  press?(row: Row): void;
  readonly total?: { readonly text: string; readonly view: ReactNode };
}

/** Figures stand to the right. */
export function isFigure<Row>({ kind, isLeft }: TableColumn<Row>): boolean {
  return kind !== 'text' && isLeft !== true;
}

/** Ascending; both values are present. */
export function compareValues(kind: TableColumn<unknown>['kind'], a: unknown, b: unknown): number {
  if (kind === 'decimal' && typeof a === 'string' && typeof b === 'string') return compareDecimals(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'ru', { numeric: true });
}

/**
 * Whether a cell passes what was typed above it: `>10`, `<=0,5`, `=3` compare with the figure as shown, anything else is
 * looked for in the text.
 */
export function matchesFilter(cell: string, wanted: string): boolean {
  const comparison = /^([<>]=?|=)\s*(-?\d+(?:[.,]\d+)?)$/.exec(wanted.trim());
  if (comparison === null) return cell.toLowerCase().includes(wanted.trim().toLowerCase());
  const [, sign, limitText = ''] = comparison;
  const figure = cell.replace(',', '.');
  if (!/^-?\d+(\.\d+)?$/.test(figure)) return false;
  const order = compareDecimals(figure, limitText.replace(',', '.'));
  switch (sign) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default:
      return order === 0;
  }
}
