import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { SystemStatus } from '../../shared/api/methods.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { ConsumptionView } from '../features/consumption/view.tsx';
import { LiveView } from '../features/live/view.tsx';
import { OverviewView } from '../features/overview/view.tsx';
import { SystemView } from '../features/system/view.tsx';
import { TrainingBanner } from '../features/training/banner.tsx';
import { useNow } from '../ui/age.tsx';
import { useLocale } from '../ui/locale.ts';
import { ProgressLine } from '../ui/notices.tsx';
import { zoneLabel } from '../ui/time.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Icon } from './icons.tsx';
import { Palette } from './palette.tsx';
import { type Route, routeHref, type Screen, travelling, useRoute } from './routes.ts';
import { StatusBar } from './status-bar.tsx';

// Screens that are not looked at all day are fetched when they are opened.
const ClosingView = lazy(async () => ({ default: (await import('../features/replacement/view.tsx')).ClosingView }));
const CompletenessView = lazy(async () => ({ default: (await import('../features/completeness/view.tsx')).CompletenessView }));
const EventsView = lazy(async () => ({ default: (await import('../features/events/view.tsx')).EventsView }));
const LineView = lazy(async () => ({ default: (await import('../features/lines/view.tsx')).LineView }));
const PackagesView = lazy(async () => ({ default: (await import('../features/packages/view.tsx')).PackagesView }));
const PointView = lazy(async () => ({ default: (await import('../features/points/view.tsx')).PointView }));
const ReportsView = lazy(async () => ({ default: (await import('../features/reports/view.tsx')).ReportsView }));
const SearchView = lazy(async () => ({ default: (await import('../features/search/view.tsx')).SearchView }));
const SetupView = lazy(async () => ({ default: (await import('../features/setup/view.tsx')).SetupView }));
const SupplierView = lazy(async () => ({ default: (await import('../features/supplier/view.tsx')).SupplierView }));
const TrainingView = lazy(async () => ({ default: (await import('../features/training/view.tsx')).TrainingView }));

const RAIL = ['overview', 'live', 'consumption', 'completeness', 'closing', 'reports', 'packages', 'events'] as const;
const RAIL_LOW = ['setup', 'system'] as const;

/** Screens that stand under another one in the rail. */
const RAIL_OF: Readonly<Partial<Record<Screen, Screen>>> = { points: 'live', search: 'setup', training: 'setup', supplier: 'packages' };

export interface ShellProps {
  readonly status: SystemStatus | null;
  readonly onLanguage: (language: Language) => void;
}

/** Header, rail, page and status bar. */
export function Shell({ status, onLanguage }: ShellProps) {
  const { t } = useLocale();
  const route = useRoute();
  const query = travelling(route.query);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
        event.preventDefault();
        setPaletteOpen((before) => !before);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const current = RAIL_OF[route.screen] ?? route.screen;
  const link = (screen: (typeof RAIL)[number] | (typeof RAIL_LOW)[number]) => (
    <a
      key={screen}
      href={routeHref(screen, null, query)}
      className="rail-link"
      data-testid={`nav-${screen}`}
      title={t(`nav.${screen}`)}
      aria-current={current === screen ? 'page' : undefined}
    >
      <Icon name={screen} />
      <span>{t(`nav.${screen}`)}</span>
    </a>
  );
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('nav.skip')}
      </a>
      <header className="header">
        <a className="brand" href={routeHref('overview', null, query)}>
          {t('product')}
        </a>
        <span className="site">{status?.site.name}</span>
        <button type="button" className="find" onClick={() => setPaletteOpen(true)}>
          <span>{t('palette.open')}</span>
          <kbd>Ctrl+K</kbd>
        </button>
        <span className="header-right">
          <SiteClock status={status} />
          {status === null || status.attention === 0 ? null : (
            <a className="attention-badge" href={routeHref('overview', null, query)} title={t('overview.attention')}>
              ▲ {status.attention}
              <span className="sr-only"> {t('overview.attention')}</span>
            </a>
          )}
          <ViewMenu onLanguage={onLanguage} />
        </span>
      </header>
      <nav className="rail" aria-label={t('nav.main')}>
        {RAIL.map(link)}
        <hr />
        {RAIL_LOW.map(link)}
      </nav>
      <main id="main" className="main" tabIndex={-1}>
        <TrainingBanner />
        <ErrorBoundary key={route.screen}>
          <Suspense fallback={<ProgressLine isLoading />}>
            <Page route={route} onLanguage={onLanguage} />
          </Suspense>
        </ErrorBoundary>
      </main>
      <StatusBar />
      {isPaletteOpen ? <Palette query={query} onClose={() => setPaletteOpen(false)} /> : null}
    </div>
  );
}

function Page({ route, onLanguage }: { readonly route: Route; readonly onLanguage: (language: Language) => void }) {
  const { screen, id, query } = route;
  switch (screen) {
    case 'live':
      return <LiveView query={query} />;
    case 'points':
      return id === null ? <LiveView query={query} /> : <PointView id={id} query={query} />;
    case 'consumption':
      return <ConsumptionView query={query} />;
    case 'completeness':
      return <CompletenessView query={query} />;
    case 'closing':
      return <ClosingView query={query} />;
    case 'reports':
      return <ReportsView query={query} />;
    case 'packages':
      return <PackagesView id={id} query={query} />;
    case 'supplier':
      return <SupplierView query={query} />;
    case 'events':
      return <EventsView query={query} />;
    case 'setup':
      return <SetupView onLanguage={onLanguage} />;
    case 'search':
      return <SearchView id={id} query={query} />;
    case 'training':
      return <TrainingView />;
    case 'system':
      return id === null ? <SystemView /> : <LineView id={id} />;
    case 'overview':
      return <OverviewView query={query} />;
  }
}

/** Time at the site with its zone: every other time on the screens is in this zone without saying so. */
function SiteClock({ status }: { readonly status: SystemStatus | null }) {
  const { t, time } = useLocale();
  const text = useNow((now) => time.timeWithSeconds(now));
  const zone = useNow((now) => zoneLabel(time.zone, time.offsetMin(now), t('zone.moscow')));
  if (status === null) return null;
  return (
    <span className="clock" title={status.site.timeZone}>
      {zone} {text}
    </span>
  );
}

const SCHEMES = ['auto', 'light', 'dark'] as const;

function ViewMenu({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const { t, language } = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const mark = (isOn: boolean) => <span className="menu-mark">{isOn ? '✓' : ''}</span>;
  return (
    <Menu position="bottom-end" shadow="md" width={190}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" data-testid="view-menu">
          {t('view.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('view.theme')}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item key={scheme} leftSection={mark(colorScheme === scheme)} onClick={() => setColorScheme(scheme)}>
            {t(`view.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('setup.language')}</Menu.Label>
        <Menu.Item leftSection={mark(language === 'ru')} onClick={() => onLanguage('ru')}>
          Русский
        </Menu.Item>
        <Menu.Item leftSection={mark(language === 'en')} onClick={() => onLanguage('en')}>
          English
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
