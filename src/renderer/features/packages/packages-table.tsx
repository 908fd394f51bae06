import { useMemo } from 'react';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import { ERROR_TEXTS } from '../../../shared/i18n/errors.ts';
import { exchangeHref } from '../../app/exchange-tabs.tsx';
import { navigate, type Query, routeHref } from '../../app/routes.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Absent } from '../../ui/figures.tsx';
import { formatCount, formatDecimal, plainDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { periodText } from './calendar.ts';
import { packageErrorCode, packageStateMark } from './state.ts';

export interface PackagesTableProps {
  readonly rows: readonly PackageSummary[];
  readonly isLoaded: boolean;
  readonly query: Query;
  readonly receiverName: (receiver: string) => string;
  readonly makerName: (job: string | null) => string;
}

/** All packages, newest first: sorted, filtered, copied and exported. */
export function PackagesTable({ rows, isLoaded, query, receiverName, makerName }: PackagesTableProps) {
  const locale = useLocale();
  const { t } = locale;
  const hasFailed = rows.some(({ state }) => state === 'failed');
  const hasDelta = rows.some(({ mode }) => mode === 'delta');
  const queryKey = JSON.stringify(query);
  const columns = useMemo(
    () => packageColumns(locale, receiverName, makerName, (packageId) => routeHref('packages', packageId, query), { hasFailed, hasDelta }),
    [locale, receiverName, makerName, queryKey, hasFailed, hasDelta],
  );
  return (
    <DataTable
      id="table-all-packages"
      label={t('exchange.packages')}
      columns={columns}
      rows={rows}
      rowKey={(pack) => String(pack.id)}
      hasFilters
      onOpen={(pack) => navigate(routeHref('packages', pack.id, query))}
      fileName={t('packages.file')}
      {...(isLoaded
        ? {
            empty: <EmptyState text={t('packages.empty')} action={{ label: t('packages.exportNow'), href: exchangeHref('make', query) }} />,
          }
        : {})}
    />
  );
}

function packageColumns(
  locale: Locale,
  receiverName: (receiver: string) => string,
  makerName: (job: string | null) => string,
  href: (id: number) => string,
  // What no package has need not stand in the table from the start.
  { hasFailed, hasDelta }: { readonly hasFailed: boolean; readonly hasDelta: boolean },
): TableColumn<PackageSummary>[] {
  const { t, language, numbers, time } = locale;
  const count = (id: 'rows' | 'missingRows', width: number): TableColumn<PackageSummary> => ({
    id,
    title: t(`packages.${id}`),
    width,
    kind: 'number',
    sortValue: (pack) => pack[id],
    text: (pack) => String(pack[id]),
    render: (pack) => formatCount(pack[id], numbers),
  });
  /** Why a package is not there yet, in words. */
  const reason = ({ state, error }: PackageSummary): string => {
    if (state !== 'failed') return '';
    return ERROR_TEXTS[packageErrorCode(error) ?? 'export/folder-unavailable'][language].what;
  };
  return [
    {
      id: 'number',
      title: t('packages.number'),
      width: 64,
      kind: 'number',
      sortValue: (pack) => pack.number,
      text: (pack) => String(pack.number),
      render: (pack) => (
        <a href={href(pack.id)} tabIndex={-1}>
          {pack.number}
        </a>
      ),
    },
    {
      id: 'receiver',
      title: t('packages.receiver'),
      width: 92,
      kind: 'text',
      sortValue: (pack) => receiverName(pack.receiver),
      text: (pack) => receiverName(pack.receiver),
    },
    {
      id: 'kind',
      title: t('packages.kind'),
      width: 148,
      kind: 'text',
      sortValue: (pack) => pack.kind,
      text: (pack) => t(`kind.${pack.kind}`),
    },
    {
      id: 'period',
      title: t('packages.period'),
      width: 150,
      kind: 'text',
      sortValue: (pack) => pack.from,
      text: (pack) => periodText(pack, language),
    },
    {
      id: 'state',
      title: t('column.state'),
      width: 180,
      kind: 'text',
      sortValue: (pack) => packageStateMark(pack, t).label,
      text: (pack) => packageStateMark(pack, t).label,
      render: (pack) => <StateMark {...packageStateMark(pack, t)} />,
      note: (pack) => (reason(pack) === '' ? null : reason(pack)),
    },
    count('rows', 60),
    count('missingRows', 102),
    {
      id: 'controlSum',
      title: t('packages.controlSum'),
      width: 136,
      kind: 'decimal',
      sortValue: (pack) => pack.controlSum,
      text: (pack) => (pack.controlSum === null ? '' : plainDecimal(pack.controlSum, 3, numbers)),
      render: (pack) => (pack.controlSum === null ? <Absent reason={t('packages.noSum')} /> : formatDecimal(pack.controlSum, 3, numbers)),
    },
    {
      id: 'created',
      title: t('packages.created'),
      width: 126,
      kind: 'text',
      sortValue: (pack) => pack.createdAt,
      text: (pack) => time.dateTime(pack.createdAt),
    },
    {
      id: 'mode',
      title: t('packages.mode'),
      width: 92,
      kind: 'text',
      isHiddenAtFirst: !hasDelta,
      sortValue: (pack) => pack.mode,
      text: (pack) => t(`packages.mode_${pack.mode}`),
    },
    { id: 'reason', title: t('jobs.error'), width: 220, kind: 'text', isHiddenAtFirst: !hasFailed, sortValue: reason, text: reason },
    {
      id: 'job',
      title: t('packages.job'),
      width: 240,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (pack) => pack.job,
      text: (pack) => makerName(pack.job),
    },
    {
      id: 'format',
      title: t('packages.format'),
      width: 70,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (pack) => pack.format,
      text: (pack) => pack.format.toUpperCase(),
    },
    {
      id: 'folder',
      title: t('packages.folder'),
      width: 260,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (pack) => pack.folder,
      text: (pack) => pack.folder,
    },
  ];
}
