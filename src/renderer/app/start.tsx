import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/golos-text/wght.css';
import '@mantine/core/styles.css';
import '../ui/theme.css';
import '../ui/components.css';
import '../ui/exchange.css';
import './shell.css';
import type { Language } from '../../shared/i18n/language.ts';
import { browserClock, type ScreenClock } from '../client/clock.ts';
import { createServices, type Services } from '../client/services.ts';
import type { Transport } from '../client/transport.ts';
import { enterWorkspace, workspaceOf } from '../client/workspace.ts';
import { App } from './app.tsx';
import { createTexts } from './texts.ts';

const LANGUAGE_KEY = 'feeder-language';

export interface StartOptions {
  readonly host: HTMLElement;
  /** The way to the server; null asks for a token first. */
  readonly transport: Transport | null;
  readonly connect: (token: string) => Transport;
  readonly clock?: ScreenClock;
}

/** Draws the application. The reader's language is remembered here; until then it is the one of the settings. */
export async function start({ host, transport, connect, clock = browserClock }: StartOptions): Promise<void> {
  const remembered = localStorage.getItem(LANGUAGE_KEY);
  const texts = await createTexts(remembered === 'en' ? 'en' : 'ru');
  const root = createRoot(host);
  const show = (language: Language) => {
    document.documentElement.lang = language;
    void texts.changeLanguage(language);
  };
  show(remembered === 'en' ? 'en' : 'ru');
  const onLanguage = (language: Language) => {
    localStorage.setItem(LANGUAGE_KEY, language);
    show(language);
  };
  const draw = (services: Services | null) =>
    root.render(
      <StrictMode>
        <App i18n={texts} services={services} onLanguage={onLanguage} onToken={(token) => open(connect(token))} />
      </StrictMode>,
    );
  const open = (way: Transport) => {
    const services = createServices(way, clock, {
      workspace: workspaceOf(window),
      enter: (workspace) => enterWorkspace(workspace, window),
    });
    draw(services);
    if (remembered !== null) return;
    const follow = () =>
      void services.client.call('settings.get', {}).then(
        ({ language }) => show(language),
        // Without the settings the first language stays.
        () => {},
      );
    if (way.connection() === 'up') follow();
    else {
      const stop = way.onConnection((state) => {
        if (state !== 'up') return;
        stop();
        follow();
      });
    }
  };
  if (transport === null) draw(null);
  else open(transport);
}
