import { Button, Tabs } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import { ExchangeTabs } from '../../app/exchange-tabs.tsx';
import { navigate, type Query, routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Absent } from '../../ui/figures.tsx';
import { formatCount, formatDecimal, plainDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { printDate } from '../../ui/time.ts';
import { ExportDialog } from './export-dialog.tsx';
import { ExportSettings } from './export-settings.tsx';
import { PackageDetails } from './package-details.tsx';
import { createPackagesSlice, PACKAGES_SHOWN } from './slice.ts';
import { packageStateMark } from './state.ts';

export function PackagesView({ id, query }: { readonly id: number | null; readonly query: Query }) {
  const locale = useLocale();
  const { t } = locale;
  const { data, error, isLoading, load } = useResource(createPackagesSlice, PACKAGES_SHOWN, { on: ['packages.changed'] });
  const [isExporting, setExporting] = useState(false);
  const rows = useMemo(() => data?.rows ?? [], [data]);
  const queryKey = JSON.stringify(query);
  const columns = useMemo(() => packageColumns(locale, (packageId) => routeHref('packages', packageId, query)), [locale, queryKey]);
  const chosen = rows.find((pack) => pack.id === id) ?? null;
  const list = routeHref('packages', null, query);
  const reload = () => load(PACKAGES_SHOWN);
  return (
    <>
      <PageBar
        path={[
          { label: t('nav.packages'), ...(id === null ? {} : { href: list }) },
          ...(chosen === null ? [] : [{ label: t('packages.numbered', { number: chosen.number }) }]),
        ]}
      >
        <Button size="compact-sm" data-testid="export-now" onClick={() => setExporting(true)}>
          {t('packages.exportNow')}
        </Button>
      </PageBar>
      <ExchangeTabs current="packages" />
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {id !== null && chosen !== null ? (
        <PackageDetails pack={chosen} onChange={reload} />
      ) : id !== null && data !== null ? (
        <EmptyState text={t('packages.notFound')} action={{ label: t('packages.toList'), href: list }} />
      ) : (
        <Tabs defaultValue="list" keepMounted={false} className="tabs">
          <Tabs.List>
            <Tabs.Tab value="list">{t('packages.list')}</Tabs.Tab>
            <Tabs.Tab value="settings">{t('packages.settings')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="list" className="tab-fill">
            <DataTable
              id="table-packages"
              label={t('packages.list')}
              columns={columns}
              rows={rows}
              rowKey={(pack) => String(pack.id)}
              onOpen={(pack) => navigate(routeHref('packages', pack.id, query))}
              fileName={t('packages.file')}
              {...(data === null ? {} : { empty: <EmptyState text={t('packages.empty')} /> })}
            />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <ExportSettings />
          </Tabs.Panel>
        </Tabs>
      )}
      {isExporting ? (
        <ExportDialog
          onClose={() => setExporting(false)}
          onMade={(pack) => {
            setExporting(false);
            void reload();
            navigate(routeHref('packages', pack.id, query));
          }}
        />
      ) : null}
    </>
  );
}

function packageColumns(locale: Locale, href: (id: number) => string): TableColumn<PackageSummary>[] {
  const { t, numbers, time } = locale;
  const period = ({ from, to }: PackageSummary) => (from === to ? printDate(from) : `${printDate(from)}–${printDate(to)}`);
  const count = (id: 'rows' | 'missingRows', width: number): TableColumn<PackageSummary> => ({
    id,
    title: t(`packages.${id}`),
    width,
    kind: 'number',
    sortValue: (pack) => pack[id],
    text: (pack) => String(pack[id]),
    render: (pack) => formatCount(pack[id], numbers),
  });
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
      id: 'kind',
      title: t('packages.kind'),
      width: 158,
      kind: 'text',
      sortValue: (pack) => pack.kind,
      text: (pack) => t(`kind.${pack.kind}`),
    },
    { id: 'period', title: t('packages.period'), width: 160, kind: 'text', sortValue: (pack) => pack.from, text: period },
    {
      id: 'state',
      title: t('column.state'),
      width: 150,
      kind: 'text',
      sortValue: (pack) => packageStateMark(pack, t).label,
      text: (pack) => packageStateMark(pack, t).label,
      render: (pack) => <StateMark {...packageStateMark(pack, t)} />,
    },
    count('rows', 70),
    count('missingRows', 96),
    {
      id: 'controlSum',
      title: t('packages.controlSum'),
      width: 132,
      kind: 'decimal',
      sortValue: (pack) => pack.controlSum,
      text: (pack) => (pack.controlSum === null ? '' : plainDecimal(pack.controlSum, 3, numbers)),
      render: (pack) => (pack.controlSum === null ? <Absent reason={t('packages.noSum')} /> : formatDecimal(pack.controlSum, 3, numbers)),
    },
    {
      id: 'created',
      title: t('packages.created'),
      width: 122,
      kind: 'text',
      sortValue: (pack) => pack.createdAt,
      text: (pack) => time.dateTime(pack.createdAt),
    },
    {
      id: 'job',
      title: t('packages.job'),
      width: 112,
      kind: 'text',
      sortValue: (pack) => pack.job,
      text: (pack) => t(pack.job === null ? 'packages.byHand' : 'packages.bySchedule'),
    },
    {
      id: 'format',
      title: t('packages.format'),
      width: 70,
      kind: 'text',
      sortValue: (pack) => pack.format,
      text: (pack) => pack.format.toUpperCase(),
    },
    {
      id: 'mode',
      title: t('packages.mode'),
      width: 110,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (pack) => pack.mode,
      text: (pack) => t(`packages.mode_${pack.mode}`),
    },
    { id: 'folder', title: t('packages.folder'), width: 260, kind: 'text', sortValue: (pack) => pack.folder, text: (pack) => pack.folder },
  ];
}
