import { LinkTabs } from '../ui/link-tabs.tsx';
import { useLocale } from '../ui/locale.ts';
import { routeHref } from './routes.ts';

/** The screens of the exchange with others. */
export function ExchangeTabs({ current }: { readonly current: 'packages' | 'supplier' | 'received' | 'settings' }) {
  const { t } = useLocale();
  return (
    <LinkTabs
      label={t('exchange.tabs')}
      current={current}
      tabs={[
        { id: 'packages', label: t('exchange.packages'), href: routeHref('packages') },
        { id: 'supplier', label: t('exchange.supplier'), href: routeHref('supplier') },
        { id: 'received', label: t('exchange.received'), href: routeHref('supplier', null, { tab: 'received' }) },
        { id: 'settings', label: t('exchange.settings'), href: routeHref('supplier', null, { tab: 'settings' }) },
      ]}
    />
  );
}
