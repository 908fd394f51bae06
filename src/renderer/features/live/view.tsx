import { useEffect, useMemo, useState } from 'react';
import { repeat } from '../../client/clock.ts';
import { useServices } from '../../client/services.ts';
import { navigate, type Query, routeHref } from '../../app/routes.ts';
import { isStale, useNow } from '../../ui/age.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { useLocale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { liveColumns } from './columns.tsx';
import { useLive } from './slice.ts';

/** The server forgets after 60 seconds. */
const WATCH_AGAIN_MS = 30_000;
const MAX_WATCHED = 100;

/** Asks the engine to read these points faster while they are on screen. */
export function useWatch(pointIds: readonly number[]): void {
  const { client, clock } = useServices();
  const key = pointIds.join(',');
  useEffect(() => {
    if (key === '') return;
    const ids = key.split(',').map(Number).slice(0, MAX_WATCHED);
    // A wish, not a command: when it is lost the points are still read at their usual pace.
    const watch = () => void client.call('live.watch', { pointIds: ids }).catch(() => {});
    watch();
    return repeat(clock, WATCH_AGAIN_MS, watch);
  }, [key, client, clock]);
}

export function LiveView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t } = locale;
  const points = useLive((state) => state.points);
  const error = useLive((state) => state.error);
  const queryKey = JSON.stringify(query);
  const href = (pointId: number) => routeHref('points', pointId, { ...query, points: String(pointId) });
  const columns = useMemo(() => liveColumns(locale, href), [locale, queryKey]);
  const rows = useMemo(() => points ?? [], [points]);
  const [watched, setWatched] = useState<readonly number[]>([]);
  useWatch(watched);
  // Rows change their class at the second they grow old, not only when a new value comes.
  const staleKey = useNow((now) =>
    rows
      .filter((point) => isStale(point.at, point.staleAfterS, now))
      .map((point) => point.pointId)
      .join(','),
  );
  const stale = useMemo(() => new Set(staleKey.split(',')), [staleKey]);
  const troubled = rows.filter((point) => point.state === 'fault').length;

  return (
    <>
      <PageBar path={[{ label: t('nav.live') }]} />
      <ProgressLine isLoading={points === null && error === null} />
      {error === null ? null : <ErrorNotice error={error} />}
      <DataTable
        id="table-live"
        label={t('nav.live')}
        columns={columns}
        rows={rows}
        rowKey={(point) => String(point.pointId)}
        rowClass={(point) => (stale.has(String(point.pointId)) ? 'stale-row' : '')}
        onOpen={(point) => navigate(href(point.pointId))}
        onVisible={(shown) => setWatched(shown.map((point) => point.pointId))}
        key={query.substation ?? ''}
        hasFilters
        {...(query.substation === undefined ? {} : { firstFilters: { substation: query.substation } })}
        fileName={t('live.file')}
        {...(points === null
          ? {}
          : { empty: <EmptyState text={t('empty.points')} action={{ label: t('empty.toSetup'), href: routeHref('setup') }} /> })}
      >
        {troubled === 0 ? null : <StateMark state="fault" label={t('live.silent', { count: troubled })} />}
      </DataTable>
    </>
  );
}
