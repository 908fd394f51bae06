import { LinkTabs } from '../ui/link-tabs.tsx';
import { useLocale } from '../ui/locale.ts';
import { routeHref } from './routes.ts';

/** The screens of the exchange with others. */
export function ExchangeTabs({ current }: { readonly current: 'packages' | 'supplier' | 'received' | 'settings' }) {
  const { t } = useLocale();
  return (
    <LinkTabs
      label={t('supplierTabs.tabs')}
      current={current}
      tabs={[
        { id: 'packages', label: t('supplierTabs.packages'), href: routeHref('packages') },
        { id: 'supplier', label: t('supplierTabs.supplier'), href: routeHref('supplier') },
        { id: 'received', label: t('supplierTabs.received'), href: routeHref('supplier', null, { tab: 'received' }) },
        { id: 'settings', label: t('supplierTabs.settings'), href: routeHref('supplier', null, { tab: 'settings' }) },
      ]}
    />
  );
}
