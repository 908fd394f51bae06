import { routeHref } from '../../app/routes.ts';
import { LinkTabs } from '../../ui/link-tabs.tsx';
import { useLocale } from '../../ui/locale.ts';

/** The screens of the setup. */
export function SetupTabs({ current }: { readonly current: 'setup' | 'search' | 'training' }) {
  const { t } = useLocale();
  return (
    <LinkTabs
      label={t('nav.setup')}
      current={current}
      tabs={[
        { id: 'setup', label: t('setup.tab'), href: routeHref('setup') },
        { id: 'search', label: t('nav.search'), href: routeHref('search') },
        { id: 'training', label: t('nav.training'), href: routeHref('training') },
      ]}
    />
  );
}
