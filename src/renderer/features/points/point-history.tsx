import { Select } from '@mantine/core';
import { useMemo } from 'react';
import type { History, HistoryRow } from '../../../shared/api/history.ts';
import type { LivePoint } from '../../../shared/api/methods.ts';
import type { InstantaneousKey } from '../../../shared/domain/quantity.ts';
import { navigate, type Query, routeHref, selectionOf } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Chart, type ChartSeries } from '../../ui/chart.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ABSENT, formatDecimal, plainDecimal, shiftDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { periodDays } from '../../ui/period.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { printOf, quantityTitle, SHOWN_QUANTITIES } from '../live/columns.tsx';
import { historyLines } from './history.ts';
import { createHistorySlice } from './slice.ts';

/** Quantities whose zero is far from what they ever are, or means nothing. */
const NOT_FROM_ZERO = /^(U|F|cos|T)/;

/** One instantaneous quantity of a point over a day, a month or a year: mean, smallest and largest of every read. */
export function PointHistory({ live, query }: { readonly live: LivePoint; readonly query: Query }) {
  const locale = useLocale();
  const { time, t } = locale;
  const { serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const { period, date } = selectionOf(query, today);
  const quantity = SHOWN_QUANTITIES.find((key) => key === query.quantity) ?? 'P';
  const { data, error, isLoading } = useResource(
    createHistorySlice,
    { pointId: live.pointId, quantity, ...periodDays({ kind: period, date }), step: period === 'year' ? 'day' : 'half-hour' },
    { on: ['data.changed'] },
  );
  const go = (part: Query) => navigate(routeHref('points', live.pointId, { ...query, period, date, quantity, ...part }));
  // What the meter does not have is not offered; before the first read nobody knows.
  const offered = SHOWN_QUANTITIES.filter((key) => key === quantity || live.values[key] !== null);
  return (
    <div className="table-page">
      <div className="filter-bar">
        <Select
          size="xs"
          w={130}
          aria-label={t('point.quantity')}
          data={offered.map((key) => ({ value: key, label: titleWithUnit(key, locale) }))}
          value={quantity}
          allowDeselect={false}
          onChange={(value) => go({ quantity: value ?? quantity })}
        />
        <PeriodPicker period={{ kind: period, date }} today={today} onChange={(next) => go({ period: next.kind, date: next.date })} />
      </div>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null || data.pointId !== live.pointId ? null : <Result history={data} />}
    </div>
  );
}

function Result({ history }: { readonly history: History }) {
  const locale = useLocale();
  const { t } = locale;
  const { serverNow } = useServices();
  const { quantity, rows } = history;
  const lines = useMemo(() => historyLines(history, serverNow()), [history, serverNow]);
  const columns = useMemo(() => historyColumns(history, locale), [history, locale]);
  const series = useMemo((): ChartSeries => {
    const { places } = printOf(quantity);
    const values = (of: 'min' | 'mean' | 'max') => lines.map(({ row }) => (row === null ? null : Number(row[of]) * 10 ** places));
    return {
      label: titleWithUnit(quantity, locale),
      kind: 'step',
      color: 'var(--series-1)',
      values: values('mean'),
      band: { low: values('min'), high: values('max') },
      text: (index) => {
        const row = lines[index]?.row ?? null;
        return row === null ? ABSENT : rangeText(row, quantity, locale);
      },
    };
  }, [lines, quantity, locale]);
  const endS = Date.parse(history.to) / 1000;
  const titleOf = (index: number) => {
    const [line, next] = [lines[index], lines[index + 1]];
    if (line === undefined) return '';
    if (line.row !== null) return stepText(line.row, history, locale);
    const { dateTime } = locale.time;
    return `${dateTime(line.startS * 1000)} – ${dateTime((next?.startS ?? endS) * 1000)}`;
  };
  return (
    <>
      {rows.length === 0 ? null : (
        <Chart
          label={t('history.title', { quantity: titleWithUnit(quantity, locale) })}
          starts={lines.map(({ startS }) => startS)}
          end={endS}
          series={[series]}
          missing={lines.map(({ missing }) => missing)}
          height={240}
          unit={unitText(quantity, locale)}
          isFromZero={!NOT_FROM_ZERO.test(quantity)}
          title={titleOf}
        />
      )}
      <DataTable
        id="table-history"
        label={t('history.table')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.start}
        fileName={`${t('history.file')}-${quantity}-${locale.time.isoDate(history.from)}`}
        empty={<EmptyState text={t('history.none')} />}
      />
    </>
  );
}

function historyColumns(history: History, locale: Locale): TableColumn<HistoryRow>[] {
  const { t, numbers } = locale;
  const { quantity } = history;
  const { places, digits } = printOf(quantity);
  const unit = unitText(quantity, locale);
  const figure = (id: 'min' | 'mean' | 'max'): TableColumn<HistoryRow> => ({
    id,
    title: t(`history.${id}`),
    ...(unit === '' ? {} : { unit }),
    width: 130,
    kind: 'decimal',
    sortValue: (row) => row[id],
    text: (row) => plainDecimal(shiftDecimal(row[id], places), digits, numbers),
    render: (row) => formatDecimal(shiftDecimal(row[id], places), digits, numbers),
  });
  return [
    {
      id: 'interval',
      title: t(history.step === 'day' ? 'consumption.date' : 'consumption.interval'),
      width: 190,
      kind: 'text',
      sortValue: (row) => row.start,
      text: (row) => stepText(row, history, locale),
    },
    figure('mean'),
    figure('min'),
    figure('max'),
    {
      id: 'reads',
      title: t('history.reads'),
      width: 100,
      kind: 'number',
      sortValue: (row) => row.reads,
      text: (row) => String(row.reads),
    },
  ];
}

/** `21.11.2026 14:00–14:30`, the day alone for a day. */
function stepText({ start, minutes }: HistoryRow, { step }: History, { time }: Locale): string {
  return step === 'day' ? time.date(start) : `${time.date(start)} ${time.interval(start, minutes)}`;
}

function rangeText(row: HistoryRow, quantity: InstantaneousKey, locale: Locale): string {
  const { places, digits } = printOf(quantity);
  const print = (value: string) => formatDecimal(shiftDecimal(value, places), digits, locale.numbers);
  return locale.t('history.range', { mean: print(row.mean), min: print(row.min), max: print(row.max) });
}

function unitText(quantity: InstantaneousKey, { t }: Locale): string {
  const { unit } = printOf(quantity);
  return unit === 'one' ? '' : t(`unit.${unit}`);
}

function titleWithUnit(quantity: InstantaneousKey, locale: Locale): string {
  const unit = unitText(quantity, locale);
  return unit === '' ? quantityTitle(quantity, locale) : `${quantityTitle(quantity, locale)}, ${unit}`;
}
