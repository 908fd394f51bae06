import { useMemo, useState } from 'react';
import type { SupplierDay, SupplierMonth } from '../../../shared/api/supplier.ts';
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import { exchangeHref, ExchangeTabs } from '../../app/exchange-tabs.tsx';
import { NoPoints, useHasPoints } from '../../app/no-points.tsx';
import { navigate, type Query, routeHref, selectionOf } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Absent, Figure } from '../../ui/figures.tsx';
import { formatCount, formatDecimal, plainDecimal, sumDecimals } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { printDate, weekdayName } from '../../ui/time.ts';
import { ReceivedView } from './compare.tsx';
import { DayPane } from './day-pane.tsx';
import { SupplierForm } from './settings-form.tsx';
import { createMonthSlice, createSettingsSlice, dayMark, dayNote, errorText, isHandedOver, isLate, markOfDay } from './slice.ts';

/** Files of the supplier day by day; files of others beside our figures; the settings of the file. */
export function SupplierView({ query }: { readonly query: Query }) {
  const { t } = useLocale();
  const tab = query.tab === 'received' || query.tab === 'settings' ? query.tab : 'days';
  if (tab === 'received') return <ReceivedView query={query} />;
  if (tab === 'settings') {
    return (
      <>
        <PageBar path={[{ label: t('nav.packages') }]} />
        <ExchangeTabs current="layout" query={query} />
        <SupplierForm />
      </>
    );
  }
  return <DaysView query={query} />;
}

function DaysView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t, language, time } = locale;
  const { serverNow } = useServices();
  const hasPoints = useHasPoints();
  const today = time.isoDate(serverNow());
  const { date } = selectionOf(query, today);
  const month = date.slice(0, 7);
  const { data, error, isLoading, load } = useResource(
    createMonthSlice,
    { month },
    { on: ['supplier.changed', 'data.changed'], everyMs: 60_000 },
  );
  const settings = useResource(createSettingsSlice, {});
  const [chosen, setChosen] = useState<string | null>(null);
  const isCurrent = data?.month === month;
  const days = useMemo(() => (isCurrent ? data.days.filter(({ state }) => state !== 'future').toReversed() : []), [data, isCurrent]);
  const columns = useMemo(() => dayColumns(locale, days, setChosen), [locale, days]);
  const open = days.find(({ day }) => day === chosen) ?? null;
  return (
    <>
      <PageBar path={[{ label: t('nav.packages') }]}>
        <PeriodPicker
          period={{ kind: 'month', date }}
          kinds={['month']}
          today={today}
          onChange={(next) => navigate(routeHref('supplier', null, { ...query, date: next.date }))}
        />
      </PageBar>
      <ExchangeTabs current="supplier" query={query} />
      {hasPoints ? null : <NoPoints />}
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null || !hasPoints ? null : (
        <>
          {data.problems.length === 0 ? null : (
            <Notice kind="attention">
              <strong>{t('supplier.problems')}:</strong> {data.problems.map((problem) => t(`supplier.problem.${problem}`)).join('; ')}.{' '}
              <a href={exchangeHref('layout', query)}>{t('supplier.toSettings')}</a>
            </Notice>
          )}
          <Summary month={data} days={days} deadline={settings.data?.xml80020.deadline ?? ''} locale={locale} now={serverNow()} />
          {data.refusedReplies.length === 0 ? null : (
            <Notice kind="attention">
              <strong>{t('supplier.refusedReplies')}:</strong>{' '}
              {data.refusedReplies
                .slice(0, 3)
                .map(({ name, seenAt, error: why }) => `${name} (${time.dateTime(seenAt)}) – ${errorText(why, language)}`)
                .join('; ')}
            </Notice>
          )}
          <DataTable
            id="table-supplier"
            label={t('supplier.table')}
            columns={columns}
            rows={days}
            rowKey={({ day }) => day}
            onOpen={({ day }) => setChosen(day)}
            fileName={`${t('supplier.file')} ${month}`}
            empty={<EmptyState text={t('supplier.empty')} />}
          />
        </>
      )}
      {open === null ? null : (
        <DayPane
          day={open}
          isSetUp={data?.problems.length === 0}
          settingsHref={exchangeHref('layout', query)}
          onClose={() => setChosen(null)}
          onChange={() => load({ month })}
        />
      )}
    </>
  );
}

interface SummaryProps {
  readonly month: SupplierMonth;
  readonly days: readonly SupplierDay[];
  readonly deadline: string;
  readonly locale: Locale;
  readonly now: number;
}

function Summary({ month, days, deadline, locale: { t, numbers }, now }: SummaryProps) {
  const handed = days.filter(isHandedOver).length;
  const held = days.filter(({ state }) => state === 'held').length;
  const late = days.filter((day) => isLate(day, now)).length;
  return (
    <div className="figures supplier-figures">
      <Figure
        label={t('supplier.onTime')}
        value={formatCount(handed, numbers)}
        note={t('supplier.ofDays', { days: days.filter(({ state }) => state !== 'unbegun').length })}
      />
      <Figure label={t('supplier.heldDays')} value={formatCount(held, numbers)} note={t('supplier.heldNote')} />
      <Figure label={t('supplier.lateDays')} value={formatCount(late, numbers)} note={t('supplier.lateNote', { time: deadline })} />
      <Figure
        label={t('supplier.nextNumber')}
        value={formatCount(month.nextNumber, numbers)}
        note={t('supplier.nextNote', { count: month.points })}
      />
    </div>
  );
}

function dayColumns(locale: Locale, days: readonly SupplierDay[], onOpen: (day: string) => void): TableColumn<SupplierDay>[] {
  const { t, language, numbers, time } = locale;
  const weekday = (day: string) => weekdayName(((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1, language);
  const sumOf = (day: SupplierDay, channel: Channel) => day.file?.sums.find((one) => one.channel === channel)?.sum ?? null;
  const present = CHANNELS.filter((channel) => days.some((day) => sumOf(day, channel) !== null));
  const handedAt = ({ file }: SupplierDay) => file?.mailAt ?? file?.folderAt ?? null;
  const count = (id: string, title: string, width: number, value: (file: NonNullable<SupplierDay['file']>) => number, hint?: string) => ({
    id,
    title,
    width,
    kind: 'number' as const,
    ...(hint === undefined ? {} : { hint }),
    sortValue: ({ file }: SupplierDay) => (file === null ? null : value(file)),
    text: ({ file }: SupplierDay) => (file === null ? '' : String(value(file))),
    render: ({ file }: SupplierDay) => (file === null ? '' : formatCount(value(file), numbers)),
  });
  const sums = present.map((channel): TableColumn<SupplierDay> => {
    const total = sumDecimals(days.map((day) => sumOf(day, channel)));
    return {
      id: `sum${channel}`,
      title: t('supplier.sum', { channel }),
      unit: t(channel.startsWith('A') ? 'unit.kWh' : 'unit.kvarh'),
      width: 100,
      kind: 'decimal',
      sortValue: (day) => sumOf(day, channel),
      text: (day) => {
        const sum = sumOf(day, channel);
        return sum === null ? '' : plainDecimal(sum, digitsOf(sum), numbers);
      },
      render: (day) => {
        const sum = sumOf(day, channel);
        return sum === null ? '' : formatDecimal(sum, digitsOf(sum), numbers);
      },
      ...(total === null
        ? {}
        : { total: { text: plainDecimal(total, digitsOf(total), numbers), view: formatDecimal(total, digitsOf(total), numbers) } }),
    };
  });
  return [
    {
      id: 'day',
      title: t('supplier.day'),
      width: 118,
      kind: 'text',
      sortValue: ({ day }) => day,
      text: ({ day }) => printDate(day),
      render: ({ day }) => (
        <>
          {printDate(day)} <span className="dim">{weekday(day)}</span>
        </>
      ),
      press: ({ day }) => onOpen(day),
    },
    {
      id: 'state',
      title: t('column.state'),
      width: 150,
      kind: 'text',
      sortValue: ({ state }) => dayMark(state, t).label,
      text: ({ state }) => dayMark(state, t).label,
      render: (day) => <StateMark {...markOfDay(day, t)} />,
    },
    count('number', t('supplier.number'), 66, (file) => file.number),
    ...sums,
    count('points', t('supplier.points'), 66, (file) => file.points),
    count('nonCommercial', t('supplier.nonCommercial'), 104, (file) => file.nonCommercial, t('supplier.nonCommercialHint')),
    {
      id: 'handed',
      title: t('supplier.handed'),
      width: 124,
      kind: 'text',
      sortValue: handedAt,
      text: (day) => {
        const at = handedAt(day);
        return at === null ? '' : time.dateTime(at);
      },
      render: (day) => {
        const at = handedAt(day);
        return at === null ? day.file === null ? '' : <Absent reason={t('supplier.notYet')} /> : time.dateTime(at);
      },
    },
    {
      id: 'files',
      title: t('supplier.corrections'),
      width: 74,
      kind: 'number',
      hint: t('supplier.correctionsHint'),
      sortValue: ({ files }) => files,
      text: ({ files }) => String(files),
      render: ({ files }) => (files === 0 ? '' : formatCount(files, numbers)),
    },
    {
      id: 'note',
      title: t('supplier.note'),
      width: 240,
      kind: 'text',
      sortValue: (day) => dayNote(day, t, language),
      text: (day) => dayNote(day, t, language),
    },
    {
      id: 'deadline',
      title: t('supplier.deadline'),
      width: 124,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: ({ deadline }) => deadline,
      text: ({ deadline }) => time.dateTime(deadline),
    },
    {
      id: 'name',
      title: t('supplier.name'),
      width: 360,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: ({ file }) => file?.name ?? null,
      text: ({ file }) => file?.name ?? '',
    },
  ];
}

/** Digits after the point that a printed figure has. */
function digitsOf(decimal: string): number {
  return decimal.split('.')[1]?.length ?? 0;
}
