import { type Query, routeHref, travelling } from '../../app/routes.ts';
import { LinkTabs } from '../../ui/link-tabs.tsx';
import { useLocale } from '../../ui/locale.ts';
import { PageBar } from '../../ui/page.tsx';
import { EventsTable } from './events-table.tsx';
import { Findings } from './findings.tsx';
import { createEventsSlice } from './slice.ts';

/** What is wrong now, and what the meters wrote into their journals. */
export function EventsView({ query }: { readonly query: Query }) {
  const { t } = useLocale();
  const along = travelling(query);
  const current = query.tab === 'journal' ? 'journal' : 'findings';
  return (
    <>
      <PageBar path={[{ label: t('nav.events') }]} />
      <LinkTabs
        label={t('nav.events')}
        current={current}
        tabs={[
          { id: 'findings', label: t('events.findings'), href: routeHref('events', null, along) },
          { id: 'journal', label: t('events.journal'), href: routeHref('events', null, { ...along, tab: 'journal' }) },
        ]}
      />
      {current === 'findings' ? <Findings query={along} /> : <EventsTable create={createEventsSlice} pointId={null} />}
    </>
  );
}
