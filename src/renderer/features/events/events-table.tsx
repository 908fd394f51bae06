import { MultiSelect, SegmentedControl, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { EventRow } from '../../../shared/api/meters.ts';
import { METER_EVENTS, type MeterEventKind } from '../../../shared/domain/meter-event.ts';
import { EVENT_TEXTS } from '../../../shared/i18n/meter-events.ts';
import { routeHref } from '../../app/routes.ts';
import { type Resource, useResource } from '../../client/resource.ts';
import { type Services, useServices } from '../../client/services.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import type { Period } from '../../ui/period.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { createTreeSlice } from '../points/slice.ts';
import { eventDetail } from './event-detail.ts';
import { eventKey, eventParams } from './slice.ts';

export interface EventsTableProps {
  readonly create: (services: Services) => StoreApi<Resource<'events.list'>>;
  /** Events of this point alone; null lets the reader choose. */
  readonly pointId: number | null;
}

/** Events of the meters' own journals, newest first, by point, kind and period. */
export function EventsTable({ create, pointId }: EventsTableProps) {
  const locale = useLocale();
  const { t, language, time } = locale;
  const { serverNow } = useServices();
  const [kinds, setKinds] = useState<readonly MeterEventKind[]>([]);
  const [chosenPoint, setChosenPoint] = useState<number | null>(null);
  const [period, setPeriod] = useState<Period | null>(null);
  const filter = { pointId: pointId ?? chosenPoint, kinds, period };
  const { data, error, isLoading } = useResource(create, eventParams(filter, time), { on: ['data.changed'] });
  const rows = useMemo(() => data?.rows ?? [], [data]);
  const columns = useMemo(() => eventColumns(locale, pointId === null), [locale, pointId]);
  const today = time.isoDate(serverNow());
  const isFiltered = kinds.length > 0 || period !== null || chosenPoint !== null;
  return (
    <div className="table-page">
      <div className="filter-bar">
        {pointId === null ? <PointChoice value={chosenPoint} onChange={setChosenPoint} /> : null}
        <MultiSelect
          size="xs"
          className="filter-kinds"
          aria-label={t('events.kind')}
          placeholder={kinds.length === 0 ? t('events.everyKind') : ''}
          data={METER_EVENTS.map((kind) => ({ value: kind, label: EVENT_TEXTS[kind][language] }))}
          value={[...kinds]}
          searchable
          clearable
          onChange={(values) => setKinds(METER_EVENTS.filter((kind) => values.includes(kind)))}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('period.kind')}
          value={period?.kind ?? 'all'}
          onChange={(kind) =>
            setPeriod(kind === 'day' || kind === 'month' || kind === 'year' ? { kind, date: period?.date ?? today } : null)
          }
          data={[
            { value: 'all', label: t('events.ever') },
            { value: 'day', label: t('period.day') },
            { value: 'month', label: t('period.month') },
            { value: 'year', label: t('period.year') },
          ]}
        />
        {period === null ? null : <PeriodPicker period={period} kinds={[period.kind]} today={today} onChange={setPeriod} />}
      </div>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      <DataTable
        id={pointId === null ? 'table-events' : 'table-point-events'}
        label={t('events.journal')}
        columns={columns}
        rows={rows}
        rowKey={eventKey}
        fileName={t('events.file')}
        {...(data === null ? {} : { empty: <EmptyState text={t(isFiltered ? 'events.noneOfThese' : 'events.none')} /> })}
      >
        {data === null || data.total <= rows.length ? null : t('events.newestOf', { count: rows.length, total: data.total })}
      </DataTable>
    </div>
  );
}

function PointChoice({ value, onChange }: { readonly value: number | null; readonly onChange: (pointId: number | null) => void }) {
  const { t } = useLocale();
  const { data } = useResource(createTreeSlice, {});
  return (
    <Select
      w={230}
      aria-label={t('column.point')}
      placeholder={t('events.everyPoint')}
      searchable
      clearable
      data={(data ?? []).map(({ name, points }) => ({
        group: name,
        items: points.map((point) => ({ value: String(point.id), label: `${point.name} · ${point.code}` })),
      }))}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}

function eventColumns(locale: Locale, hasPoint: boolean): TableColumn<EventRow>[] {
  const { t, language, time } = locale;
  const point: TableColumn<EventRow> = {
    id: 'point',
    title: t('column.point'),
    width: 190,
    kind: 'text',
    sortValue: (row) => row.pointName,
    text: (row) => row.pointName ?? '',
    render: (row) =>
      row.pointId === null ? (
        <span className="dim">{t('events.noPoint')}</span>
      ) : (
        <a href={routeHref('points', row.pointId, { tab: 'events' })} tabIndex={-1}>
          {row.pointName}
        </a>
      ),
  };
  return [
    {
      id: 'at',
      title: t('events.at'),
      hint: t('events.atHint'),
      width: 150,
      kind: 'text',
      sortValue: (row) => row.at,
      text: (row) => `${time.date(row.at)} ${time.timeWithSeconds(row.at)}`,
    },
    ...(hasPoint ? [point] : []),
    {
      id: 'kind',
      title: t('events.event'),
      width: 270,
      kind: 'text',
      sortValue: (row) => EVENT_TEXTS[row.kind][language],
      text: (row) => EVENT_TEXTS[row.kind][language],
    },
    {
      id: 'details',
      title: t('events.details'),
      width: 300,
      kind: 'text',
      sortValue: (row) => eventDetail(row, locale),
      text: (row) => eventDetail(row, locale),
      note: (row) => eventDetail(row, locale) || null,
    },
    {
      id: 'meterSerial',
      title: t('column.meterSerial'),
      width: 94,
      kind: 'text',
      sortValue: (row) => row.meterSerial,
      text: (row) => row.meterSerial,
    },
    {
      id: 'journal',
      title: t('events.journalNumber'),
      width: 76,
      kind: 'number',
      isHiddenAtFirst: true,
      sortValue: (row) => row.journal,
      text: (row) => String(row.journal),
    },
  ];
}
