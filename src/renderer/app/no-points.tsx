import { useSystem } from '../features/system/slice.ts';
import { useLocale } from '../ui/locale.ts';
import { EmptyState } from '../ui/notices.tsx';
import { routeHref } from './routes.ts';

/** False when the site is known to have no metering points: then there is nothing to hand over, to close or to report. */
export function useHasPoints(): boolean {
  return useSystem((state) => state.status?.points !== 0);
}

/** The first thing to do on an empty site, from whatever screen it is met. */
export function NoPoints() {
  const { t } = useLocale();
  return <EmptyState text={t('empty.handOver')} action={{ label: t('empty.toSetup'), href: routeHref('setup') }} />;
}
