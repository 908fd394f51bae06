import { join } from 'node:path';
import { app, dialog, ipcMain, protocol } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ApiServer, CallContext } from '../../shared/api/dispatch.ts';
import { asAppError } from '../../shared/api/errors.ts';
import { EVENTS } from '../../shared/api/events.ts';
import { METHODS } from '../../shared/api/methods.ts';
import { ERROR_TEXTS } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { createApp } from '../app.ts';
import type { App } from '../app.ts';
import { systemClock } from '../platform/clock.ts';
import { createPinoLogger } from '../platform/logger-pino.ts';
import type { Logger } from '../platform/logger.ts';
import { openRotatingFile } from '../platform/rotating-file.ts';
import { SCREENS_SCHEME, SCREENS_START } from './channels.ts';
import { serveIpc } from './ipc.ts';
import { HIDDEN_ARGUMENT } from './login-item.ts';
import { serveScreens } from './screens.ts';
import { desktopSecrets } from './secrets.ts';
import { SHELL_TEXT } from './text.ts';
import type { ShellText } from './text.ts';
import { createTray } from './tray.ts';
import { startUpdater } from './updater.ts';
import { hardenPages, createMainWindow } from './window.ts';

export interface ShellOptions {
  /** Folder of the main bundle; the preload and the screens lie beside it. */
  readonly bundleFolder: string;
  readonly resourcesFolder: string;
  readonly dataFolder: string;
  readonly updateFeed: string | null;
}

const SHELL: CallContext = { transport: 'ipc', role: 'administrator' };

/** The desktop product: engine, API, tray and window in one process, until a person quits. A failed start is shown and ends the process. */
export async function runShell(options: ShellOptions): Promise<void> {
  await app.whenReady();
  try {
    await openShell(options);
  } catch (error) {
    const language = systemLanguage();
    const { code, message } = asAppError(error);
    const { what, means, todo } = ERROR_TEXTS[code][language];
    dialog.showErrorBox(SHELL_TEXT[language].startFailed, `${what}. ${means}\n\n${todo}\n\n${code}: ${message}`);
    app.exit(1);
  }
}

async function openShell(options: ShellOptions): Promise<void> {
  hardenPages();
  protocol.handle(SCREENS_SCHEME, serveScreens(join(options.bundleFolder, '../renderer')));
  const { feeder, logger } = await openFeeder(options.dataFolder);

  const text = SHELL_TEXT[(await siteLanguage(feeder.api)) ?? systemLanguage()];
  const icon = (name: string) => join(options.resourcesFolder, 'icons', name);
  const report = (what: string) => (error: unknown) => logger.error({ error }, what);
  let window: BrowserWindow | null = null;
  let isQuitting = false;
  const show = () => {
    if (window !== null && !window.isDestroyed()) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return;
    }
    window = createMainWindow({
      title: text.product,
      preload: join(options.bundleFolder, '../preload/index.cjs'),
      icon: icon('icon.png'),
      hidesOnClose: () => !isQuitting,
    });
    window.loadURL(SCREENS_START).catch(report('The screens could not be loaded'));
  };

  const quit = async () => {
    if (await confirmQuit(text)) app.quit();
  };
  const tray = createTray({
    text,
    icons: { calm: icon('tray.png'), attention: icon('tray-attention.png') },
    onOpen: show,
    onQuit: () => void quit().catch(report('The question could not be asked')),
  });
  const pages = () => (window === null || window.isDestroyed() ? [] : [window.webContents]);
  const stopIpc = serveIpc({ ipcMain, api: feeder.api, pages, logger });
  const unsubscribe = feeder.api.subscribe(({ name, payload }) => {
    if (name === 'status.changed') tray.show(EVENTS[name].parse(payload));
  });
  const stopUpdater = await startUpdater({ feedUrl: options.updateFeed, clock: systemClock, logger });

  app.on('second-instance', show);
  // The window only hides; without a listener Electron would quit with the last one.
  app.on('window-all-closed', () => {});
  let hasStopped = false;
  app.on('before-quit', (event) => {
    if (hasStopped) return;
    event.preventDefault();
    if (isQuitting) return;
    isQuitting = true;
    stopUpdater();
    unsubscribe();
    stopIpc();
    void feeder
      .stop()
      .catch(report('Feeder did not stop cleanly'))
      .finally(() => {
        hasStopped = true;
        tray.destroy();
        app.quit();
      });
  });

  await feeder.start();
  const status = await feeder.api.dispatch('system.status', {}, SHELL);
  if (status.ok) tray.show(METHODS['system.status'].result.parse(status.data));
  if (!process.argv.includes(HIDDEN_ARGUMENT)) show();
}

/** Rejects with `store/*` when the data folder cannot be had. */
async function openFeeder(dataFolder: string): Promise<{ feeder: App; logger: Logger }> {
  const logFile = { path: join(dataFolder, 'logs/feeder.log'), maxBytes: 10 * 1024 * 1024, files: 5 };
  const logger = createPinoLogger({ level: 'info', destination: openRotatingFile(logFile) });
  try {
    return { feeder: await createApp({ dataFolder, clock: systemClock, logger, secrets: desktopSecrets() }), logger };
  } catch (error) {
    logger.error({ error }, 'Feeder did not start');
    throw error;
  }
}

async function siteLanguage(api: ApiServer): Promise<Language | null> {
  const settings = await api.dispatch('settings.get', {}, SHELL);
  return settings.ok ? METHODS['settings.get'].result.parse(settings.data).language : null;
}

function systemLanguage(): Language {
  return app.getLocale().startsWith('ru') ? 'ru' : 'en';
}

/** A closed Feeder reads no meter: quitting is asked for once more. */
async function confirmQuit(text: ShellText): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: text.product,
    message: text.quitQuestion,
    detail: text.quitDetail,
    buttons: [text.cancel, text.quitNow],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
