import { LinkTabs } from '../ui/link-tabs.tsx';
import { useLocale } from '../ui/locale.ts';
import { type Query, routeHref, type Screen, travelling } from './routes.ts';

/** Screens of the exchange with others: the same row of tabs over all of them. */
export const EXCHANGE_TABS = ['calendar', 'packages', 'make', 'supplier', 'received', 'schedules', 'receivers', 'layout'] as const;
export type ExchangeTab = (typeof EXCHANGE_TABS)[number];

/** Where each of them lives: the screen, and the tab in its query. */
const PLACES: Readonly<Record<ExchangeTab, { readonly screen: Screen; readonly tab: string | null }>> = {
  calendar: { screen: 'packages', tab: null },
  packages: { screen: 'packages', tab: 'packages' },
  make: { screen: 'packages', tab: 'make' },
  supplier: { screen: 'supplier', tab: null },
  received: { screen: 'supplier', tab: 'received' },
  schedules: { screen: 'packages', tab: 'schedules' },
  receivers: { screen: 'packages', tab: 'receivers' },
  layout: { screen: 'supplier', tab: 'settings' },
};

/** Address of a part of the exchange; the period goes along. */
export function exchangeHref(name: ExchangeTab, query: Query = {}): string {
  const { screen, tab } = PLACES[name];
  const along = travelling(query);
  return routeHref(screen, null, tab === null ? along : { ...along, tab });
}

export function ExchangeTabs({ current, query }: { readonly current: ExchangeTab; readonly query: Query }) {
  const { t } = useLocale();
  return (
    <LinkTabs
      label={t('nav.packages')}
      current={current}
      tabs={EXCHANGE_TABS.map((name) => ({ id: name, label: t(`exchange.${name}`), href: exchangeHref(name, query) }))}
    />
  );
}
