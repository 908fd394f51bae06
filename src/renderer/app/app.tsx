import { createTheme, localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import type { i18n } from 'i18next';
import { useEffect, useMemo } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Language } from '../../shared/i18n/language.ts';
import { repeat } from '../client/clock.ts';
import { type Services, ServicesProvider, useServices } from '../client/services.ts';
import { useSystem } from '../features/system/slice.ts';
import { type Ticker, TickerProvider } from '../ui/age.tsx';
import { SiteZoneProvider } from '../ui/locale.ts';
import { Shell } from './shell.tsx';
import { TokenScreen } from './token-screen.tsx';

const theme = createTheme({
  fontFamily: "'Golos Text Variable', 'Segoe UI', sans-serif",
  fontFamilyMonospace: "Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px' },
  // The component library's own dark greys are neutral; these go with ui/theme.css.
  colors: {
    dark: ['#e3e8ee', '#c3ccd6', '#98a4b3', '#7d8998', '#3d4754', '#2b333d', '#1b2128', '#191e25', '#12161b', '#0c0f13'],
  },
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 4,
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs', fw: 500 } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Modal: { defaultProps: { transitionProps: { duration: 0 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 0 } } },
    Popover: { defaultProps: { transitionProps: { duration: 0 } } },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
  },
});

const colorSchemes = localStorageColorSchemeManager({ key: 'feeder-theme' });

export interface AppProps {
  readonly i18n: i18n;
  /** Null while the browser has no token. */
  readonly services: Services | null;
  readonly onToken: (token: string) => void;
  readonly onLanguage: (language: Language) => void;
}

export function App({ i18n: texts, services, onToken, onLanguage }: AppProps) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
      <I18nextProvider i18n={texts}>
        {services === null ? (
          <TokenScreen isRefused={false} onToken={onToken} />
        ) : (
          <ServicesProvider value={services}>
            <Connected onToken={onToken} onLanguage={onLanguage} />
          </ServicesProvider>
        )}
      </I18nextProvider>
    </MantineProvider>
  );
}

function Connected({ onToken, onLanguage }: Pick<AppProps, 'onToken' | 'onLanguage'>) {
  const services = useServices();
  const ticker = useMemo(() => secondHand(services), [services]);
  const status = useSystem((state) => state.status);
  const connection = useSystem((state) => state.connection);
  useEffect(() => {
    document.title = status === null ? 'Feeder' : `${status.site.name} – Feeder`;
  }, [status]);
  if (connection === 'refused') return <TokenScreen isRefused onToken={onToken} />;
  return (
    <TickerProvider value={ticker}>
      <SiteZoneProvider value={status?.site.timeZone ?? 'Europe/Moscow'}>
        <Shell status={status} onLanguage={onLanguage} />
      </SiteZoneProvider>
    </TickerProvider>
  );
}

/** One timer for all ages on the page, running while somebody listens. */
function secondHand({ clock, serverNow }: Services): Ticker {
  const listeners = new Set<() => void>();
  let now = serverNow();
  let stop: (() => void) | null = null;
  return {
    // The same moment for all readers between two ticks: React asks several times in one render.
    now: () => now,
    subscribe: (listener) => {
      listeners.add(listener);
      stop ??= repeat(clock, 1000, () => {
        now = serverNow();
        for (const one of listeners) one();
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}
