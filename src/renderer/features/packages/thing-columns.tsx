import type { CalendarStreamRow } from '../../../shared/api/package-calendar.ts';
import { exchangeHref } from '../../app/exchange-tabs.tsx';
import { type Query, routeHref } from '../../app/routes.ts';
import { formatCount } from '../../ui/format.ts';
import type { Locale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { kindName, periodText, reportName } from './calendar.ts';
import { packageStateMark } from './state.ts';

/** One thing that was handed over, with the row of the calendar that it stands in. */
export interface ThingRow {
  readonly key: string;
  readonly stream: CalendarStreamRow;
  readonly thing: CalendarStreamRow['cells'][number]['things'][number];
}

/** Columns of what a month or a cell holds: packages, supplier's files, reports. */
export function thingColumns({ t, language, numbers, time }: Locale, query: Query, hasFiles: boolean): TableColumn<ThingRow>[] {
  const mark = ({ thing: { state, missing } }: ThingRow) => packageStateMark({ state, missingRows: missing }, t);
  return [
    {
      id: 'thing',
      title: t('handover.thing'),
      width: hasFiles ? 186 : 100,
      kind: 'text',
      sortValue: ({ thing }) => thing.name,
      text: ({ stream, thing }) => (stream.what === 'onec' ? `№ ${thing.name}` : thing.name),
      render: ({ stream, thing }) =>
        stream.what === 'onec' ? (
          <a href={routeHref('packages', thing.id, query)} tabIndex={-1}>
            № {thing.name}
          </a>
        ) : stream.what === 'xml80020' ? (
          <a href={exchangeHref('supplier', { date: thing.from })} tabIndex={-1}>
            {thing.name}
          </a>
        ) : (
          thing.name
        ),
    },
    {
      id: 'receiver',
      title: t('handover.receiver'),
      width: 124,
      kind: 'text',
      sortValue: ({ stream }) => stream.receiverName,
      text: ({ stream }) =>
        stream.what === 'xml80020'
          ? t('handover.supplierShort')
          : stream.what === 'report'
            ? t('handover.what_report')
            : stream.receiverName,
    },
    {
      id: 'kind',
      title: t('handover.kind'),
      width: 156,
      kind: 'text',
      sortValue: ({ stream }) => stream.kind,
      text: ({ stream }) =>
        stream.what === 'report'
          ? reportName(stream.receiver, t)
          : stream.what === 'xml80020'
            ? t('handover.what_xml80020')
            : kindName(stream.kind, t),
    },
    {
      id: 'period',
      title: t('packages.period'),
      width: 146,
      kind: 'text',
      sortValue: ({ thing }) => thing.from,
      text: ({ thing }) => periodText(thing, language),
    },
    {
      id: 'state',
      title: t('column.state'),
      width: 170,
      kind: 'text',
      sortValue: (row) => mark(row).label,
      text: (row) => mark(row).label,
      render: (row) => <StateMark {...mark(row)} />,
    },
    {
      id: 'missingRows',
      title: t('packages.missingRows'),
      width: 96,
      kind: 'number',
      sortValue: ({ thing }) => thing.missing,
      text: ({ thing }) => String(thing.missing),
      render: ({ thing }) => formatCount(thing.missing, numbers),
    },
    {
      id: 'created',
      title: t('packages.created'),
      width: 126,
      kind: 'text',
      sortValue: ({ thing }) => thing.createdAt,
      text: ({ thing }) => time.dateTime(thing.createdAt),
    },
    {
      id: 'mode',
      title: t('packages.mode'),
      width: 84,
      kind: 'text',
      sortValue: ({ thing }) => thing.mode,
      text: ({ thing }) => t(`packages.mode_${thing.mode}`),
    },
  ];
}
