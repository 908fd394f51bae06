import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { FIRST_RECEIVER } from '../../../shared/api/receivers.ts';
import { exchangeHref, ExchangeTabs } from '../../app/exchange-tabs.tsx';
import { NoPoints, useHasPoints } from '../../app/no-points.tsx';
import { navigate, type Query, routeHref, selectionOf, travelling } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar, PageBody } from '../../ui/page.tsx';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { addDays } from '../../ui/time.ts';
import { CalendarTab } from './calendar-tab.tsx';
import { ReceiversTab } from './receivers-tab.tsx';
import { Corrections } from './corrections.tsx';
import type { MakeDraft } from './make-draft.ts';
import { MakePackage, MakePackageDialog } from './make-package.tsx';
import { PackageDetails } from './package-details.tsx';
import { PackagesTable } from './packages-table.tsx';
import { makerWords } from './job-words.ts';
import { receiverNames } from './receivers.ts';
import { SchedulesTab } from './schedules-tab.tsx';
import { createExportSettingsSlice, createPackageSlice, createPackagesSlice, PACKAGES_SHOWN } from './slice.ts';

const TABS = ['calendar', 'packages', 'make', 'schedules', 'receivers'] as const;

/** Everything that is handed over: the calendar, the packages, the jobs and the receivers. */
export function PackagesView({ id, query }: { readonly id: number | null; readonly query: Query }) {
  return id === null ? <Exchange query={query} /> : <OnePackage id={id} query={query} />;
}

function Exchange({ query }: { readonly query: Query }) {
  const { t, time } = useLocale();
  const { serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const { date } = selectionOf(query, today);
  const along = travelling(query);
  const tab = TABS.find((known) => known === query.tab) ?? 'calendar';
  const packages = useResource(createPackagesSlice, PACKAGES_SHOWN, { on: ['packages.changed'] });
  const settings = useResource(createExportSettingsSlice, {});
  const receiverName = useMemo(() => receiverNames(settings.data), [settings.data]);
  const makerName = useMemo(() => (job: string | null) => makerWords(job, settings.data, t), [settings.data, t]);
  const [draft, setDraft] = useState<MakeDraft | null>(null);
  const rows = useMemo(() => packages.data?.rows ?? [], [packages.data]);
  const hasPoints = useHasPoints();
  // Without points there is nothing to make, but receivers and jobs can be set up before.
  const isEmpty = !hasPoints && tab !== 'schedules' && tab !== 'receivers';
  const onMade = (packageId: number) => {
    setDraft(null);
    void packages.load(PACKAGES_SHOWN);
    navigate(routeHref('packages', packageId, along));
  };
  return (
    <>
      <PageBar path={[{ label: t('nav.packages') }]}>
        {tab === 'calendar' ? (
          <PeriodPicker
            period={{ kind: 'month', date }}
            kinds={['month']}
            today={today}
            onChange={(next) => navigate(routeHref('packages', null, { ...query, date: next.date }))}
          />
        ) : null}
        {tab === 'make' || !hasPoints ? null : (
          <Button size="compact-sm" data-testid="export-now" onClick={() => setDraft(yesterdayOf(today))}>
            {t('packages.exportNow')}
          </Button>
        )}
      </PageBar>
      <ExchangeTabs current={tab} query={query} />
      {isEmpty ? <NoPoints /> : null}
      {tab === 'calendar' && !isEmpty ? <CalendarTab date={date} query={along} onMake={setDraft} /> : null}
      {tab === 'packages' && !isEmpty ? (
        <>
          <ProgressLine isLoading={packages.isLoading} />
          {packages.error === null ? null : <ErrorNotice error={packages.error} />}
          <PackagesTable rows={rows} isLoaded={packages.data !== null} query={along} receiverName={receiverName} makerName={makerName} />
        </>
      ) : null}
      {tab === 'make' && !isEmpty ? (
        <PageBody className="form">
          <MakePackage draft={yesterdayOf(today)} onMade={(pack) => onMade(pack.id)} />
          {settings.data === null ? null : <Corrections settings={settings.data} onMade={(pack) => onMade(pack.id)} />}
        </PageBody>
      ) : null}
      {tab === 'schedules' ? <SchedulesTab query={along} receiverName={receiverName} /> : null}
      {tab === 'receivers' ? <ReceiversTab /> : null}
      {draft === null ? null : <MakePackageDialog draft={draft} onClose={() => setDraft(null)} onMade={(pack) => onMade(pack.id)} />}
    </>
  );
}

function OnePackage({ id, query }: { readonly id: number; readonly query: Query }) {
  const { t } = useLocale();
  const { data, error, isLoading, load } = useResource(createPackageSlice, { packageId: id }, { on: ['packages.changed'] });
  const settings = useResource(createExportSettingsSlice, {});
  const [draft, setDraft] = useState<MakeDraft | null>(null);
  const list = exchangeHref('packages', query);
  const pack = data?.id === id ? data : null;
  const isUnknown = error?.code === 'api/not-found';
  return (
    <>
      <PageBar
        path={[
          { label: t('nav.packages'), href: routeHref('packages', null, query) },
          { label: t('exchange.packages'), href: list },
          ...(pack === null ? [] : [{ label: t('packages.numbered', { number: pack.number }) }]),
        ]}
      />
      <ProgressLine isLoading={isLoading} />
      {isUnknown ? (
        <EmptyState text={t('packages.notFound')} action={{ label: t('packages.toList'), href: list }} />
      ) : error === null ? null : (
        <ErrorNotice error={error} />
      )}
      {pack === null || isUnknown ? null : (
        <PackageDetails
          pack={pack}
          receiverName={receiverNames(settings.data)(pack.receiver)}
          settings={settings.data}
          onChange={() => load({ packageId: id })}
          onMakeAgain={() => setDraft({ receiver: pack.receiver, kind: pack.kind, from: pack.from, to: pack.to })}
        />
      )}
      {draft === null ? null : (
        <MakePackageDialog
          draft={draft}
          onClose={() => setDraft(null)}
          onMade={(made) => {
            setDraft(null);
            navigate(routeHref('packages', made.id, query));
          }}
        />
      )}
    </>
  );
}

/** What is made most often: the intervals of yesterday. */
function yesterdayOf(today: string): MakeDraft {
  const yesterday = addDays(today, -1);
  return { receiver: FIRST_RECEIVER, kind: 'IV', from: yesterday, to: yesterday };
}
