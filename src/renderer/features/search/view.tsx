import { useMemo } from 'react';
import { useStore } from 'zustand';
import { navigate, type Query, routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { withLive } from '../../client/live-items.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { SetupTabs } from '../setup/tabs.tsx';
import { lineName, useSystem } from '../system/slice.ts';
import { searchColumns } from './columns.tsx';
import { NewSearch } from './new-search.tsx';
import { SearchDetails } from './search-details.tsx';
import { createSearchesSlice, createSearchListSlice } from './slice.ts';

/** Looking for meters: a new search with its plan, the searches so far, and one of them. */
export function SearchView({ id, query }: { readonly id: number | null; readonly query: Query }) {
  const locale = useLocale();
  const { t } = locale;
  const services = useServices();
  const { data, error, isLoading } = useResource(createSearchListSlice, {});
  const live = useStore(services.slice(createSearchesSlice));
  const searches = useMemo(() => withLive(data ?? [], live), [data, live]);
  const lines = useSystem((state) => state.status?.lines);
  const linesKey = JSON.stringify(lines?.map(({ name, address }) => [name, address]));
  const nameOf = (line: string) => lineName(line, lines ?? []);
  const columns = useMemo(() => searchColumns(locale, nameOf), [locale, linesKey]);
  const chosen = searches.find((search) => search.id === id) ?? null;
  const list = { label: t('nav.search'), href: routeHref('search') };

  if (id !== null && chosen !== null) {
    return (
      <SearchDetails
        key={id}
        search={chosen}
        line={nameOf(chosen.line)}
        path={[{ label: t('nav.setup'), href: routeHref('setup') }, list]}
      />
    );
  }
  return (
    <>
      <PageBar path={[{ label: t('nav.setup'), href: routeHref('setup') }, id === null ? { label: list.label } : list]} />
      <SetupTabs current="search" />
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {id !== null ? (
        data === null ? null : (
          <EmptyState text={t('search.notFound')} action={{ label: t('search.new'), href: routeHref('search') }} />
        )
      ) : (
        // Another line in the address begins another draft.
        <NewSearch key={query.line ?? ''} firstLine={query.line ?? ''}>
          <DataTable
            id="table-searches"
            label={t('search.list')}
            columns={columns}
            rows={searches}
            rowKey={(search) => String(search.id)}
            onOpen={(search) => navigate(routeHref('search', search.id))}
            {...(data === null ? {} : { empty: <EmptyState text={t('search.empty')} /> })}
          >
            <strong>{t('search.list')}</strong>
          </DataTable>
        </NewSearch>
      )}
    </>
  );
}
