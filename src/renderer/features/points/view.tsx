import { Button } from '@mantine/core';
import { type Query, routeHref, travelling } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { LinkTabs } from '../../ui/link-tabs.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { EventsTable } from '../events/events-table.tsx';
import { createPointEventsSlice } from '../events/slice.ts';
import { useLive } from '../live/slice.ts';
import { useWatch } from '../live/view.tsx';
import { PointInstallation } from '../meter/installation.tsx';
import { MeterInventory } from '../meter/inventory.tsx';
import { MeterSettings } from '../meter/settings.tsx';
import { MeterWriting } from '../meter/writing.tsx';
import { PointHistory } from './point-history.tsx';
import { PointNow } from './point-now.tsx';
import { createPointSlice } from './slice.ts';

const TABS = ['now', 'history', 'events', 'installation', 'settings', 'inventory', 'writing'] as const;

/** One point: what it shows now, and what can be done with its meter. */
export function PointView({ id, query }: { readonly id: number; readonly query: Query }) {
  const locale = useLocale();
  const { t } = locale;
  const { data, error, isLoading } = useResource(createPointSlice, { pointId: id }, { on: ['data.changed'], everyMs: 15_000 });
  const card = data?.id === id ? data : null;
  const fresh = useLive((state) => state.points?.find((point) => point.pointId === id) ?? null);
  useWatch([id]);
  const along = travelling(query);
  const current = TABS.find((tab) => tab === query.tab) ?? 'now';
  return (
    <>
      <PageBar
        path={[
          { label: t('nav.live'), href: routeHref('live', null, along) },
          ...(card === null ? [] : [{ label: card.substation }, { label: card.name }]),
        ]}
      >
        <Button component="a" size="compact-sm" href={routeHref('consumption', null, { ...along, points: String(id) })}>
          {t('point.consumption')}
        </Button>
      </PageBar>
      <LinkTabs
        label={t('point.tabs')}
        current={current}
        tabs={TABS.map((tab) => ({
          id: tab,
          label: t(`point.tab_${tab}`),
          href: routeHref('points', id, tab === 'now' ? along : { ...along, tab }),
        }))}
      />
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {current === 'events' ? <EventsTable key={id} create={createPointEventsSlice} pointId={id} /> : null}
      {current === 'settings' ? <MeterSettings key={id} pointId={id} /> : null}
      {current === 'inventory' ? <MeterInventory key={id} pointId={id} /> : null}
      {card === null ? null : current === 'now' ? (
        <PointNow card={card} live={fresh ?? card.live} locale={locale} />
      ) : current === 'history' ? (
        <PointHistory key={id} live={fresh ?? card.live} query={query} />
      ) : current === 'installation' ? (
        <PointInstallation key={id} card={card} />
      ) : current === 'writing' ? (
        <MeterWriting key={id} card={card} />
      ) : null}
    </>
  );
}
