import { Button, Checkbox, Popover } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import {
  type ColumnDef,
  columnFilteringFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createFilteredRowModel,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useId, useMemo, useRef } from 'react';
import { csvText, saveFile, tsvText } from './clipboard.ts';
import { useLocale } from './locale.ts';
import { compareValues, isFigure, matchesFilter, type TableColumn } from './table-columns.ts';
import { useGridKeys } from './table-keys.ts';

const ROW_PX = 28;
/** Heights of the sticky header, as in components.css. */
const HEAD_PX = 40;
const FILTERED_HEAD_PX = 66;

const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
  columnFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
});

export interface DataTableProps<Row> {
  /** `data-testid` and the key under which the chosen columns are remembered. */
  readonly id: string;
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** CSS class of a row, for example for stale values. */
  readonly rowClass?: (row: Row) => string;
  /** Enter or a double click on a row. */
  readonly onOpen?: (row: Row) => void;
  readonly hasFilters?: boolean;
  /** What stands in the filters at first, by column. */
  readonly firstFilters?: Readonly<Record<string, string>>;
  /** Name of the exported file without its extension; without it there is no export. */
  readonly fileName?: string;
  /** Told after scrolling, filtering or sorting which rows are on screen. */
  readonly onVisible?: (rows: readonly Row[]) => void;
  /** Keeps the newest row, which is the last, in sight while rows are added. */
  readonly isFollowing?: boolean;
  /** CSS class of the grid. */
  readonly className?: string;
  /** Stands left in the bar above the table. */
  readonly children?: ReactNode;
  /** Instead of rows when there are none. */
  readonly empty?: ReactNode;
}

const NO_FILTERS = {};

/** Virtualised table: sort, filters, column choice and widths, keyboard, selection, copy and export. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const {
    id,
    label,
    columns,
    rows,
    rowKey,
    rowClass,
    onOpen,
    hasFilters = false,
    firstFilters = NO_FILTERS,
    fileName,
    onVisible,
    isFollowing = false,
    className = '',
    children,
    empty,
  } = props;
  const { t } = useLocale();
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [visibility, setVisibility] = useLocalStorage<Record<string, boolean>>({
    key: `feeder-columns-${id}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });

  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, Row> => ({
          id: column.id,
          size: column.width,
          minSize: 40,
          accessorFn: (row) => column.sortValue(row) ?? undefined,
          sortUndefined: 'last',
          sortFn: (a, b) => compareValues(column.kind, a.getValue(column.id), b.getValue(column.id)),
          filterFn: (row, _columnId, wanted) => matchesFilter(column.text(row.original), String(wanted)),
        }),
      ),
    [columns],
  );
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map((column) => [column.id, visibility[column.id] ?? column.isHiddenAtFirst !== true])),
    [columns, visibility],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowKey,
    state: { columnVisibility },
    initialState: { columnFilters: Object.entries(firstFilters).map(([columnId, value]) => ({ id: columnId, value })) },
    columnResizeMode: 'onChange',
  });

  const shown = table.getRowModel().rows;
  const visible = table.getVisibleLeafColumns().flatMap((column) => byId.get(column.id) ?? []);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    // Rows begin below the sticky header and end above the totals: both hide the lower edge of what is scrolled to.
    scrollPaddingEnd: (hasFilters ? FILTERED_HEAD_PX : HEAD_PX) + (columns.some((column) => column.total !== undefined) ? ROW_PX : 0),
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];

  const keys = useGridKeys({
    rowIds: shown.map((row) => row.id),
    columnIds: visible.map((column) => column.id),
    pageRows: Math.max(1, Math.floor((virtual.scrollRect?.height ?? 400) / ROW_PX) - 3),
    reveal: (index) => virtual.scrollToIndex(index),
    open: (rowId, columnId) => {
      const row = shown.find((candidate) => candidate.id === rowId)?.original;
      const press = byId.get(columnId)?.press;
      if (row === undefined) return;
      if (press === undefined) onOpen?.(row);
      else press(row);
    },
  });

  const shownKey = `${first?.index}-${last?.index}-${shown.length}`;
  useEffect(() => {
    if (onVisible !== undefined) onVisible(items.flatMap((item) => shown[item.index]?.original ?? []));
    // The rows themselves change with every value; what counts is which of them are on screen.
  }, [shownKey]);

  useEffect(() => {
    if (isFollowing && shown.length > 0) virtual.scrollToIndex(shown.length - 1);
  }, [isFollowing, shown.length]);

  const texts = (chosen: readonly { readonly original: Row }[]) => chosen.map((row) => visible.map((column) => column.text(row.original)));
  const header = () => visible.map(({ title, unit }) => (unit === undefined ? title : `${title}, ${unit}`));
  const copy = (event: React.ClipboardEvent) => {
    if (window.getSelection()?.isCollapsed === false) return;
    const chosen = shown.filter((row) => keys.selected.has(row.id));
    event.clipboardData.setData('text/plain', tsvText(header(), texts(chosen.length === 0 ? shown : chosen)));
    event.preventDefault();
  };

  const { active } = keys;
  const activeRow = active === null ? undefined : shown.find((row) => row.id === active.rowId)?.original;
  const note = active === null || activeRow === undefined ? null : (byId.get(active.columnId)?.note?.(activeRow) ?? null);
  const hasTotals = visible.some((column) => column.total !== undefined);
  const cellId = (rowId: string, columnId: string) => `${gridId}-${rowId}-${columnId}`;

  return (
    <div className="table-frame">
      <div className="table-bar">
        <span className="table-bar-left">{children}</span>
        <span className="table-note" aria-live="polite">
          {note}
        </span>
        <span className="table-bar-right">
          <span className="table-count">
            {shown.length === rows.length
              ? t('table.rows', { count: rows.length })
              : t('table.shown', { shown: shown.length, count: rows.length })}
          </span>
          <Popover position="bottom-end" shadow="md">
            <Popover.Target>
              <Button variant="subtle" size="compact-xs">
                {t('table.columns')}
              </Button>
            </Popover.Target>
            <Popover.Dropdown className="column-list">
              {columns.map((column) => (
                <Checkbox
                  key={column.id}
                  size="xs"
                  label={column.unit === undefined ? column.title : `${column.title}, ${column.unit}`}
                  checked={columnVisibility[column.id] === true}
                  onChange={({ currentTarget }) => {
                    const { checked } = currentTarget;
                    setVisibility((before) => ({ ...before, [column.id]: checked }));
                  }}
                />
              ))}
            </Popover.Dropdown>
          </Popover>
          {fileName === undefined ? null : (
            <Button variant="subtle" size="compact-xs" onClick={() => saveFile(`${fileName}.csv`, csvText(header(), texts(shown)))}>
              {t('table.csv')}
            </Button>
          )}
        </span>
      </div>
      {rows.length === 0 && empty !== undefined ? (
        empty
      ) : (
        <div className="table-scroll" ref={scroller}>
          <table
            role="grid"
            className={`grid ${className}`}
            data-testid={id}
            aria-label={label}
            aria-rowcount={shown.length + 1}
            aria-multiselectable="true"
            aria-activedescendant={active === null ? undefined : cellId(active.rowId, active.columnId)}
            tabIndex={0}
            style={{ width: table.getTotalSize() }}
            onKeyDown={keys.onKeyDown}
            onFocus={keys.onFocus}
            onCopy={copy}
          >
            <colgroup>
              {table.getVisibleLeafColumns().map((column) => (
                <col key={column.id} style={{ width: column.getSize() }} />
              ))}
              <col />
            </colgroup>
            <thead>
              <tr aria-rowindex={1}>
                {table.getFlatHeaders().map((head) => {
                  const column = byId.get(head.column.id);
                  if (column === undefined || !head.column.getIsVisible()) return null;
                  const sorted = head.column.getIsSorted();
                  return (
                    <th
                      key={head.id}
                      className={isFigure(column) ? 'number' : ''}
                      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
                      title={column.hint}
                    >
                      <button type="button" className="sort" onClick={head.column.getToggleSortingHandler()}>
                        {column.title}
                        {sorted === false ? '' : sorted === 'asc' ? ' ↑' : ' ↓'}
                        {column.unit === undefined ? null : <span className="unit">{column.unit}</span>}
                      </button>
                      {hasFilters ? (
                        <input
                          className="filter"
                          aria-label={t('table.filterBy', { column: column.title })}
                          value={filterText(head.column.getFilterValue())}
                          onChange={({ currentTarget }) =>
                            head.column.setFilterValue(currentTarget.value === '' ? undefined : currentTarget.value)
                          }
                        />
                      ) : null}
                      <span
                        className="resize"
                        aria-hidden="true"
                        onMouseDown={head.getResizeHandler()}
                        onTouchStart={head.getResizeHandler()}
                      />
                    </th>
                  );
                })}
                <td className="filler" />
              </tr>
            </thead>
            <tbody>
              {first === undefined || first.start === 0 ? null : (
                <tr aria-hidden="true" className="spacer" style={{ height: first.start }}>
                  <td colSpan={visible.length + 1} />
                </tr>
              )}
              {items.map((item) => {
                const row = shown[item.index];
                if (row === undefined) return null;
                const isSelected = keys.selected.has(row.id);
                return (
                  <tr
                    key={row.id}
                    aria-rowindex={item.index + 2}
                    aria-selected={isSelected}
                    className={rowClass?.(row.original)}
                    onDoubleClick={() => onOpen?.(row.original)}
                  >
                    {visible.map((column) => {
                      const isActive = active?.rowId === row.id && active.columnId === column.id;
                      const view = column.render === undefined ? column.text(row.original) : column.render(row.original);
                      return (
                        <td
                          key={column.id}
                          id={cellId(row.id, column.id)}
                          className={`${isFigure(column) ? 'number' : ''}${isActive ? ' active' : ''}`}
                          onMouseDown={(event) => keys.onPick(event, row.id, column.id)}
                        >
                          {column.press === undefined ? (
                            view
                          ) : (
                            <button type="button" tabIndex={-1} className="cell-button" onClick={() => column.press?.(row.original)}>
                              {view}
                            </button>
                          )}
                        </td>
                      );
                    })}
                    <td className="filler" />
                  </tr>
                );
              })}
              {last === undefined || virtual.getTotalSize() === last.end ? null : (
                <tr aria-hidden="true" className="spacer" style={{ height: virtual.getTotalSize() - last.end }}>
                  <td colSpan={visible.length + 1} />
                </tr>
              )}
            </tbody>
            {hasTotals ? (
              <tfoot>
                <tr>
                  {visible.map((column) => (
                    <td key={column.id} className={isFigure(column) ? 'number' : ''}>
                      {column.total?.view}
                    </td>
                  ))}
                  <td className="filler" />
                </tr>
              </tfoot>
            ) : null}
          </table>
        </div>
      )}
    </div>
  );
}

function filterText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
