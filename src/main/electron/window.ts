import { BrowserWindow, app, session } from 'electron';
import type { WebContents } from 'electron';

export interface MainWindowOptions {
  readonly title: string;
  readonly preload: string;
  readonly icon: string;
  /** Asked when the window closes: `true` hides it instead, since polling goes on in the tray. */
  readonly hidesOnClose: () => boolean;
}

/** The one window, still empty: it shows itself as soon as it has something to show. */
export function createMainWindow(options: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: options.title,
    icon: options.icon,
    width: 1360,
    height: 860,
    minWidth: 960,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', (event) => {
    if (!options.hidesOnClose()) return;
    event.preventDefault();
    window.hide();
  });
  return window;
}

/** Nothing that a page asks for beyond its own files and the API is granted: navigation, windows, permissions, devices. */
export function hardenPages(): void {
  session.defaultSession.setPermissionRequestHandler((_page, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, page: WebContents) => {
    page.setWindowOpenHandler(() => ({ action: 'deny' }));
    page.on('will-navigate', (event) => event.preventDefault());
    page.on('will-frame-navigate', (event) => event.preventDefault());
    page.on('will-attach-webview', (event) => event.preventDefault());
  });
}
