import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { CalendarCellRow, CalendarStreamRow, PackageCalendar } from '../../../shared/api/package-calendar.ts';
import { exchangeHref } from '../../app/exchange-tabs.tsx';
import { navigate, type Query, routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { cellAdvice, cellMark, type CellPlace, cellWords, periodText, streamName } from './calendar.ts';
import { CalendarGrid, CalendarLegend } from './calendar-grid.tsx';
import type { MakeDraft } from './make-draft.ts';
import { createCalendarSlice } from './slice.ts';
import { thingColumns, type ThingRow } from './thing-columns.tsx';

export interface CalendarTabProps {
  /** Any day of the month. */
  readonly date: string;
  readonly query: Query;
  readonly onMake: (draft: MakeDraft) => void;
}

/** The month at a glance, and below it what was handed over: all of it, or what belongs to the chosen cell. */
export function CalendarTab({ date, query, onMake }: CalendarTabProps) {
  const locale = useLocale();
  const { t } = locale;
  const { data, error, isLoading } = useResource(
    createCalendarSlice,
    { month: `${date.slice(0, 7)}-01` },
    { on: ['packages.changed', 'jobs.changed'], everyMs: 60_000 },
  );
  const [chosen, setChosen] = useState<CellPlace | null>(null);
  const stream = chosen === null ? undefined : data?.streams[chosen.stream];
  const cell = chosen === null ? undefined : stream?.cells[chosen.cell];
  const rows = useMemo(() => (data === null ? [] : rowsOf(data, chosen)), [data, chosen]);
  const hasFiles = rows.some(({ stream: { what } }) => what !== 'onec');
  const queryKey = JSON.stringify(query);
  const columns = useMemo(() => thingColumns(locale, query, hasFiles), [locale, queryKey, hasFiles]);
  return (
    <>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null ? null : data.streams.length === 0 ? (
        <EmptyState
          text={t('handover.calendarEmpty')}
          action={{ label: t('jobs.add'), href: routeHref('packages', null, { ...query, tab: 'schedules' }) }}
        />
      ) : (
        <>
          <section className="pack-section" aria-label={periodText(data, locale.language)}>
            <CalendarGrid calendar={data} chosen={chosen} onChoose={setChosen} />
            <CalendarLegend />
          </section>
          {stream === undefined || cell === undefined ? null : (
            <Chosen stream={stream} cell={cell} locale={locale} onMake={onMake} onLetGo={() => setChosen(null)} />
          )}
          <DataTable
            id="table-packages"
            label={t('exchange.packages')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.key}
            onOpen={({ stream: { what }, thing }) => {
              if (what === 'onec') navigate(routeHref('packages', thing.id, query));
              if (what === 'xml80020') navigate(exchangeHref('supplier', { date: thing.from }));
            }}
            fileName={t('handover.calendarFile')}
            empty={<EmptyState text={t('handover.nothingThere')} />}
          >
            <span>{t('handover.ofPeriod', { period: periodText(cell ?? data, locale.language) })}</span>
          </DataTable>
        </>
      )}
    </>
  );
}

interface ChosenProps {
  readonly stream: CalendarStreamRow;
  readonly cell: CalendarCellRow;
  readonly locale: Locale;
  readonly onMake: (draft: MakeDraft) => void;
  readonly onLetGo: () => void;
}

/** The chosen cell in words, with what can be done. */
function Chosen({ stream, cell, locale, onMake, onLetGo }: ChosenProps) {
  const { t, language, time } = locale;
  const advice = cellAdvice(cell, t);
  return (
    <div className="pack-chosen" aria-live="polite">
      <strong>{t('handover.chosen', { stream: streamName(stream, t), period: periodText(cell, language) })}</strong>
      <StateMark state={cellMark(cell)} label={cellWords(cell, t)} />
      {cell.latest === null ? null : <span className="dim">{t('handover.expectedBy', { at: time.dateTime(cell.latest) })}</span>}
      {advice === null ? null : <span className="pack-advice">{advice}</span>}
      <span className="pack-actions">
        {stream.what === 'onec' ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onMake({ receiver: stream.receiver, kind: stream.kind, from: cell.from, to: cell.to })}
          >
            {t('handover.makeNow')}
          </Button>
        ) : null}
        <Button size="compact-xs" variant="subtle" onClick={onLetGo}>
          {t('handover.showAll')}
        </Button>
      </span>
    </div>
  );
}

/** Things of the chosen cell, or all of the month, newest first; one that fills several days stands once. */
function rowsOf({ streams }: PackageCalendar, chosen: CellPlace | null): ThingRow[] {
  const rows = new Map<string, ThingRow>();
  for (const [row, stream] of streams.entries()) {
    for (const [column, { things }] of stream.cells.entries()) {
      if (chosen !== null && (chosen.stream !== row || chosen.cell !== column)) continue;
      for (const thing of things) {
        const key = `${stream.what} ${thing.id}`;
        rows.set(key, { key, stream, thing });
      }
    }
  }
  return [...rows.values()].sort((a, b) =>
    a.thing.createdAt < b.thing.createdAt ? 1 : a.thing.createdAt > b.thing.createdAt ? -1 : b.thing.id - a.thing.id,
  );
}
