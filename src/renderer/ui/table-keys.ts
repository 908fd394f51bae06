import { type FocusEvent, type KeyboardEvent, type MouseEvent, useState } from 'react';

/** The cell that the keyboard stands on. */
export interface ActiveCell {
  readonly rowId: string;
  readonly columnId: string;
}

export interface GridKeysOptions {
  readonly rowIds: readonly string[];
  readonly columnIds: readonly string[];
  /** Rows that PageUp and PageDown go over. */
  readonly pageRows: number;
  /** Scrolls a row into view. */
  readonly reveal: (rowIndex: number) => void;
  readonly open: (rowId: string, columnId: string) => void;
}

export interface GridMove {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads from a cell, within the table; null for keys that do not move. */
export function gridMove(
  key: string,
  isCtrl: boolean,
  at: GridMove,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): GridMove | null {
  const row = (value: number) => Math.min(Math.max(value, 0), size.rows - 1);
  const column = (value: number) => Math.min(Math.max(value, 0), size.columns - 1);
  switch (key) {
    case 'ArrowDown':
      return { ...at, row: row(isCtrl ? size.rows : at.row + 1) };
    case 'ArrowUp':
      return { ...at, row: row(isCtrl ? 0 : at.row - 1) };
    case 'ArrowRight':
      return { ...at, column: column(at.column + 1) };
    case 'ArrowLeft':
      return { ...at, column: column(at.column - 1) };
    case 'PageDown':
      return { ...at, row: row(at.row + size.page) };
    case 'PageUp':
      return { ...at, row: row(at.row - size.page) };
    case 'Home':
      return { row: isCtrl ? 0 : at.row, column: 0 };
    case 'End':
      return { row: isCtrl ? row(size.rows) : at.row, column: column(size.columns) };
    default:
      return null;
  }
}

/** Keyboard and selection of a grid: arrows move, Shift extends, Ctrl+A takes all, Enter opens, Esc lets go. */
export function useGridKeys({ rowIds, columnIds, pageRows, reveal, open }: GridKeysOptions) {
  const [active, setActive] = useState<ActiveCell | null>(null);
  const [anchor, setAnchor] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());

  const place = {
    row: active === null ? -1 : rowIds.indexOf(active.rowId),
    column: active === null ? 0 : columnIds.indexOf(active.columnId),
  };

  const select = (rowId: string, extend: boolean) => {
    if (!extend || anchor === null) {
      setAnchor(rowId);
      setSelected(new Set([rowId]));
      return;
    }
    const [from, to] = [rowIds.indexOf(anchor), rowIds.indexOf(rowId)];
    setSelected(new Set(rowIds.slice(Math.min(from, to), Math.max(from, to) + 1)));
  };

  const go = (move: GridMove, extend: boolean) => {
    const rowId = rowIds[move.row];
    const columnId = columnIds[Math.max(move.column, 0)];
    if (rowId === undefined || columnId === undefined) return;
    setActive({ rowId, columnId });
    select(rowId, extend);
    reveal(move.row);
  };

  return {
    active,
    selected,
    onFocus: (event: FocusEvent) => {
      if (event.target === event.currentTarget && place.row < 0) go({ row: 0, column: 0 }, false);
    },
    onPick: (event: MouseEvent, rowId: string, columnId: string) => {
      setActive({ rowId, columnId });
      if (event.ctrlKey || event.metaKey) {
        setAnchor(rowId);
        setSelected((before) => new Set(before.has(rowId) ? [...before].filter((id) => id !== rowId) : [...before, rowId]));
      } else {
        select(rowId, event.shiftKey);
      }
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget) return;
      const isCtrl = event.ctrlKey || event.metaKey;
      const move = gridMove(event.key, isCtrl, place, { rows: rowIds.length, columns: columnIds.length, page: pageRows });
      if (move !== null) go(move, event.shiftKey);
      else if (event.key === 'Enter' && active !== null) open(active.rowId, active.columnId);
      else if (event.code === 'KeyA' && isCtrl) setSelected(new Set(rowIds));
      else if (event.key === 'Escape') setSelected(new Set());
      else return;
      event.preventDefault();
    },
  };
}
