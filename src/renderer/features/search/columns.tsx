import type { FoundMeter, LogEntry, SearchState } from '../../../shared/api/search.ts';
import { routeHref } from '../../app/routes.ts';
import { formatCount } from '../../ui/format.ts';
import { HexText } from '../../ui/hex.tsx';
import type { Locale } from '../../ui/locale.ts';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { printDate } from '../../ui/time.ts';
import { TASK_MARKS } from '../../ui/task-state.ts';

/** Searches so far. */
export function searchColumns({ t, numbers, time }: Locale, nameOf: (line: string) => string): TableColumn<SearchState>[] {
  const count = (id: 'found' | 'missing'): TableColumn<SearchState> => ({
    id,
    title: t(`search.${id}`),
    width: id === 'found' ? 74 : 104,
    kind: 'number',
    sortValue: (search) => search[id].length,
    text: (search) => String(search[id].length),
    render: (search) => formatCount(search[id].length, numbers),
  });
  return [
    {
      id: 'line',
      title: t('column.line'),
      width: 190,
      kind: 'text',
      sortValue: (search) => nameOf(search.line),
      text: (search) => nameOf(search.line),
      render: (search) => (
        <a href={routeHref('search', search.id)} tabIndex={-1}>
          {nameOf(search.line)}
        </a>
      ),
    },
    {
      id: 'state',
      title: t('column.state'),
      width: 106,
      kind: 'text',
      sortValue: (search) => search.state,
      text: (search) => t(`task.${search.state}`),
      render: (search) => <StateMark state={TASK_MARKS[search.state]} label={t(`task.${search.state}`)} />,
    },
    count('found'),
    count('missing'),
    {
      id: 'done',
      title: t('search.exchanges'),
      width: 96,
      kind: 'number',
      sortValue: (search) => search.done,
      text: (search) => String(search.done),
      render: (search) => `${formatCount(search.done, numbers)} / ${formatCount(search.total, numbers)}`,
    },
    {
      id: 'startedAt',
      title: t('task.startedAt'),
      width: 124,
      kind: 'text',
      sortValue: (search) => search.startedAt,
      text: (search) => time.dateTime(search.startedAt),
    },
  ];
}

/** Where a found meter belongs: in the plant, expected but not in the plant, or neither. */
export function placeOf(meter: FoundMeter, { t }: Pick<Locale, 't'>): { readonly state: Mark; readonly label: string } {
  if (meter.pointCode !== null) return { state: 'ok', label: t('search.inPlant', { point: meter.pointCode }) };
  return meter.isExpected ? { state: 'info', label: t('search.expected') } : { state: 'info', label: t('search.notInPlant') };
}

/** `pointHref` gives the page of a point by its code, or null when the point is not known. */
export function foundColumns(locale: Locale, pointHref: (code: string | null) => string | null): TableColumn<FoundMeter>[] {
  const { t, numbers } = locale;
  return [
    {
      id: 'address',
      title: t('search.address'),
      width: 70,
      kind: 'number',
      sortValue: (meter) => meter.address,
      text: (meter) => String(meter.address),
    },
    {
      id: 'serial',
      title: t('column.meterSerial'),
      width: 94,
      kind: 'text',
      sortValue: (meter) => meter.serial,
      text: (meter) => meter.serial,
    },
    {
      id: 'driver',
      title: t('search.type'),
      width: 106,
      kind: 'text',
      sortValue: (meter) => meter.driver,
      text: (meter) => t(`driver.${meter.driver}`),
    },
    {
      id: 'place',
      title: t('search.place'),
      width: 182,
      kind: 'text',
      sortValue: (meter) => placeOf(meter, locale).label,
      text: (meter) => placeOf(meter, locale).label,
      render: (meter) => {
        const { state, label } = placeOf(meter, locale);
        const href = pointHref(meter.pointCode);
        return href === null ? (
          <StateMark state={state} label={label} />
        ) : (
          <a href={href} tabIndex={-1}>
            <StateMark state={state} label={label} />
          </a>
        );
      },
    },
    {
      id: 'setting',
      title: t('search.setting'),
      width: 92,
      kind: 'text',
      sortValue: (meter) => meter.setting,
      text: (meter) => meter.setting,
    },
    {
      id: 'firstByteMs',
      title: t('search.firstByte'),
      unit: t('unit.ms'),
      width: 92,
      kind: 'number',
      sortValue: (meter) => meter.firstByteMs,
      text: (meter) => (meter.firstByteMs === null ? '' : String(Math.round(meter.firstByteMs))),
      render: (meter) => (meter.firstByteMs === null ? '–' : formatCount(Math.round(meter.firstByteMs), numbers)),
    },
    {
      id: 'manufactured',
      title: t('search.manufactured'),
      width: 88,
      kind: 'text',
      sortValue: (meter) => meter.manufactured,
      text: (meter) => (meter.manufactured === null ? '' : printDate(meter.manufactured)),
    },
    {
      id: 'line',
      title: t('column.line'),
      width: 200,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (meter) => meter.line,
      text: (meter) => meter.line,
    },
  ];
}

/** How the verdict on one exchange is marked. Silence is what most addresses of a search answer with. */
export const VERDICT_MARKS: Readonly<Record<LogEntry['verdict'], Mark>> = {
  meter: 'ok',
  late: 'attention',
  silence: 'no-data',
  damaged: 'fault',
  echo: 'attention',
  collision: 'fault',
  stray: 'attention',
  other: 'info',
};

/** Raw exchanges; times to the millisecond, bytes as they came. */
export function logColumns({ t, time, numbers }: Locale): TableColumn<LogEntry>[] {
  const at = (entry: LogEntry) => `${time.timeWithSeconds(entry.at)}.${entry.at.slice(20, 23).padEnd(3, '0')}`;
  const hex = (id: 'request' | 'response', width: number): TableColumn<LogEntry> => ({
    id,
    title: t(`search.${id}`),
    width,
    kind: 'text',
    sortValue: (entry) => entry[id],
    text: (entry) => entry[id],
    render: (entry) => <HexText hex={entry[id]} />,
    note: (entry) => entry.text,
  });
  return [
    { id: 'at', title: t('search.at'), width: 112, kind: 'text', sortValue: (entry) => entry.sequence, text: at },
    {
      id: 'address',
      title: t('search.address'),
      width: 60,
      kind: 'number',
      sortValue: (entry) => entry.address,
      text: (entry) => (entry.address === null ? '' : String(entry.address)),
    },
    {
      id: 'verdict',
      title: t('search.verdict'),
      width: 112,
      kind: 'text',
      sortValue: (entry) => entry.verdict,
      text: (entry) => t(`verdict.${entry.verdict}`),
      render: (entry) => <StateMark state={VERDICT_MARKS[entry.verdict]} label={t(`verdict.${entry.verdict}`)} />,
      note: (entry) => entry.text,
    },
    hex('request', 130),
    hex('response', 250),
    {
      id: 'firstByteMs',
      title: t('search.firstByte'),
      unit: t('unit.ms'),
      width: 92,
      kind: 'number',
      sortValue: (entry) => entry.firstByteMs,
      text: (entry) => (entry.firstByteMs === null ? '' : String(Math.round(entry.firstByteMs))),
      render: (entry) => (entry.firstByteMs === null ? '' : formatCount(Math.round(entry.firstByteMs), numbers)),
    },
    { id: 'text', title: t('search.text'), width: 220, kind: 'text', sortValue: (entry) => entry.text, text: (entry) => entry.text },
    {
      id: 'setting',
      title: t('search.setting'),
      width: 92,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (entry) => entry.setting,
      text: (entry) => entry.setting,
    },
  ];
}
