/**
 * Electron for tests: what the shell uses of it, with Chromium for the pages and records in the place of what only a
 * desktop shows. It does not prove the sandbox, context isolation, fuses, the asar, DPAPI, real dialogs, the tray or
 * the single-instance lock: docs/release-checklist.md has these.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { startBrowser } from './browser.ts';
import type { DoubleBrowser, SchemeHandler } from './browser.ts';
import { serveControl } from './control.ts';
import type { ShellState } from './control.ts';

interface Preventable {
  preventDefault(): void;
}
interface MenuItem {
  readonly label?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
}
interface MessageBox {
  readonly message: string;
  readonly detail?: string;
  readonly buttons: readonly string[];
  readonly cancelId?: number;
}
type InvokeHandler = (event: { senderFrame: { url: string; parent: unknown } | null }, ...args: unknown[]) => unknown;

const userData = process.env['ELECTRON_DOUBLE_USER_DATA'] ?? '';
if (userData === '') throw new Error('ELECTRON_DOUBLE_USER_DATA names the folder of the test');
mkdirSync(userData, { recursive: true });

const windows = new Set<BrowserWindow>();
const trays = new Set<Tray>();
const schemes = new Map<string, SchemeHandler>();
const invokeHandlers = new Map<string, InvokeHandler>();
const boxes: MessageBox[] = [];
const errorBoxes: { title: string; content: string }[] = [];
const answers: number[] = [];
const permissions = { request: true, check: true, device: true };
let loginItem: unknown = null;
let deniedWindows = 0;
let deniedNavigations = 0;

let browser: Promise<DoubleBrowser> | null = null;
function theBrowser(): Promise<DoubleBrowser> {
  browser ??= startBrowser({
    profile: join(userData, 'chromium'),
    scheme: () => schemes.get('app') ?? null,
    async invoke({ channel, args, url, isTopFrame }) {
      const handler = invokeHandlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return json(await handler({ senderFrame: { url, parent: isTopFrame ? null : {} } }, ...args));
    },
    mayNavigate(page, url) {
      const window = [...windows].find((candidate) => candidate.webContents.isPage(page));
      const isAllowed = window === undefined || wasAllowed((event) => window.webContents.emit('will-navigate', event, url));
      if (!isAllowed) deniedNavigations += 1;
      return isAllowed;
    },
    onUnasked(page) {
      // A denied window never exists in Electron; here it lives until it is closed.
      if ([...windows].every((window) => window.webContents.openHandler?.({ url: page.url() }).action === 'deny')) {
        deniedWindows += 1;
        void page.close();
      }
    },
  });
  return browser;
}

/** What crosses Electron's IPC in this product is JSON; anything else would pass there and break over HTTP. */
function json(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function wasAllowed(emit: (event: Preventable) => void): boolean {
  let isAllowed = true;
  emit({
    preventDefault: () => {
      isAllowed = false;
    },
  });
  return isAllowed;
}

class App extends EventEmitter {
  readonly isPackaged = false;
  wasReady = false;

  async whenReady(): Promise<void> {
    await theBrowser();
    this.wasReady = true;
  }

  requestSingleInstanceLock(): boolean {
    return process.env['ELECTRON_DOUBLE_IS_SECOND'] === undefined;
  }

  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`The double has no path for ${name}`);
    return userData;
  }

  getLocale(): string {
    return 'ru';
  }

  setAppUserModelId(): void {}

  setLoginItemSettings(settings: unknown): void {
    loginItem = settings;
  }

  quit(): void {
    if (!wasAllowed((event) => this.emit('before-quit', event))) return;
    for (const window of windows) window.close();
    if (windows.size === 0) this.exit(0);
  }

  exit(code = 0): void {
    const closing = browser === null ? Promise.resolve() : browser.then((running) => running.close());
    void closing.finally(() => process.exit(code));
  }
}

class WebContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  readonly #page: Promise<Page>;
  #opened: Page | null = null;
  #isDestroyed = false;
  #sent: Promise<unknown> = Promise.resolve();

  constructor(preload: string) {
    super();
    this.#page = theBrowser().then((running) => running.open(preload));
    void this.#page.then((page) => {
      this.#opened = page;
    });
  }

  isPage(page: Page): boolean {
    return this.#opened === page;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#isDestroyed) throw new Error('Object has been destroyed');
    const values = args.map(json);
    this.#sent = this.#sent.then(async () => {
      const page = await this.#page;
      // A page on its way out hears nothing, as in Electron.
      if (!page.isClosed()) await (await theBrowser()).deliver(page, channel, values).catch(() => undefined);
    });
  }

  async load(url: string): Promise<void> {
    await (await theBrowser()).load(await this.#page, url);
  }

  destroy(): void {
    this.#isDestroyed = true;
    void this.#page.then((page) => page.close());
  }
}

class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly options: { readonly title?: string; readonly show?: boolean; readonly webPreferences: { readonly preload: string } };
  #isVisible: boolean;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    this.#isVisible = options.show !== false;
    this.webContents = new WebContents(options.webPreferences.preload);
    windows.add(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }

  show(): void {
    this.#isVisible = true;
  }

  hide(): void {
    this.#isVisible = false;
  }

  focus(): void {}

  restore(): void {}

  isMinimized(): boolean {
    return false;
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  isDestroyed(): boolean {
    return this.webContents.isDestroyed();
  }

  close(): void {
    if (!wasAllowed((event) => this.emit('close', event))) return;
    this.webContents.destroy();
    windows.delete(this);
    this.emit('closed');
    if (windows.size === 0 && !app.emit('window-all-closed')) app.quit();
  }
}

class Tray extends EventEmitter {
  toolTip = '';
  image: string;
  menu: readonly MenuItem[] = [];

  constructor(image: string) {
    super();
    this.image = image;
    trays.add(this);
  }

  setImage(image: string): void {
    this.image = image;
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: { items: readonly MenuItem[] }): void {
    this.menu = menu.items;
  }

  destroy(): void {
    trays.delete(this);
  }
}

const app = new App();
const Menu = { buildFromTemplate: (items: readonly MenuItem[]) => ({ items }) };
const ipcMain = {
  handle: (channel: string, handler: InvokeHandler) => void invokeHandlers.set(channel, handler),
  removeHandler: (channel: string) => void invokeHandlers.delete(channel),
};
const protocol = {
  registerSchemesAsPrivileged: () => undefined,
  handle: (scheme: string, handler: SchemeHandler) => void schemes.set(scheme, handler),
};
const dialog = {
  showMessageBox(box: MessageBox) {
    boxes.push(box);
    return Promise.resolve({ response: answers.shift() ?? box.cancelId ?? 0 });
  },
  showErrorBox(title: string, content: string) {
    errorBoxes.push({ title, content });
    process.stderr.write(`${title}: ${content}\n`);
  },
};
/** Seals nothing: a test that relied on secrecy here would prove nothing. */
const safeStorage = {
  encryptString: (text: string) => Buffer.from(`not sealed:${text}`),
  decryptString(sealed: Buffer) {
    const text = sealed.toString();
    if (!text.startsWith('not sealed:')) throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
    return text.slice('not sealed:'.length);
  },
};
const defaultSession = {
  setPermissionRequestHandler(handler: (page: unknown, permission: string, decide: (isGranted: boolean) => void) => void) {
    handler(null, 'media', (isGranted) => {
      permissions.request = isGranted;
    });
  },
  setPermissionCheckHandler(handler: (page: unknown, permission: string) => boolean) {
    permissions.check = handler(null, 'media');
  },
  setDevicePermissionHandler(handler: (details: unknown) => boolean) {
    permissions.device = handler({});
  },
};
const session = {
  get defaultSession() {
    if (!app.wasReady) throw new Error('Session can only be received when app is ready');
    return defaultSession;
  },
};

serveControl({
  endpoint: async () => (await theBrowser()).endpoint,
  state: (): ShellState => ({
    windows: [...windows].map((window) => ({
      title: window.options.title ?? '',
      isVisible: window.isVisible(),
      webPreferences: { ...window.options.webPreferences },
    })),
    trays: [...trays].map(({ toolTip, image, menu }) => ({ toolTip, image, menu: menu.map(({ label, type }) => label ?? type ?? '') })),
    boxes: boxes.map(({ message, detail, buttons }) => ({ message, detail: detail ?? '', buttons: [...buttons] })),
    errorBoxes,
    permissions,
    loginItem,
    deniedWindows,
    deniedNavigations,
  }),
  answerNext: (button) => void answers.push(button),
  clickTray: (label) => {
    for (const tray of trays) tray.menu.find((item) => item.label === label)?.click?.();
  },
  closeWindows: () => {
    for (const window of windows) window.close();
  },
  secondInstance: () => void app.emit('second-instance', {}, [], ''),
  quit: () => app.quit(),
  end: () => app.exit(),
});

export { BrowserWindow, Menu, Tray, app, dialog, ipcMain, protocol, safeStorage, session };
