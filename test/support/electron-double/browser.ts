/** Chromium in the place of Electron's renderer: pages, the preload and IPC. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Page, Route } from 'playwright';

/** The product's own scheme stands behind an https origin, because playwright cannot register schemes. */
const ORIGIN = 'https://feeder.screens.double';
const SCHEME_ORIGIN = 'app://feeder';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
];

export type SchemeHandler = (request: Request) => Promise<Response>;
export interface PageCall {
  readonly channel: string;
  readonly args: unknown[];
  readonly url: string;
  readonly isTopFrame: boolean;
}
type Reply = { readonly value: unknown } | { readonly error: string };

export interface BrowserOptions {
  readonly profile: string;
  readonly scheme: () => SchemeHandler | null;
  readonly invoke: (call: PageCall) => Promise<unknown>;
  /** Asked before a page that is open goes elsewhere; `false` stops it. */
  readonly mayNavigate: (page: Page, url: string) => boolean;
  readonly onUnasked: (page: Page) => void;
}

export interface DoubleBrowser {
  /** Where a second client may connect to drive the pages. */
  readonly endpoint: string;
  open(preload: string): Promise<Page>;
  load(page: Page, url: string): Promise<void>;
  deliver(page: Page, channel: string, args: unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function startBrowser(options: BrowserOptions): Promise<DoubleBrowser> {
  // No bubble that offers a translation over the page.
  mkdirSync(join(options.profile, 'Default'), { recursive: true });
  writeFileSync(join(options.profile, 'Default/Preferences'), '{"translate":{"enabled":false}}');
  const context = await chromium.launchPersistentContext(options.profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: process.env['HEADED'] === undefined,
    args: [...FLAGS, '--remote-debugging-port=0'],
    viewport: { width: 1360, height: 820 },
  });
  const own = new WeakSet<Page>(context.pages());
  const loaded = new WeakMap<Page, string>();

  // One binding for the whole context: bindings of single pages race when two open at once.
  await context.exposeBinding('__electronInvoke', async ({ frame, page }, channel: string, args: unknown[]): Promise<Reply> => {
    try {
      const value = await options.invoke({ channel, args, url: schemeUrl(frame.url()), isTopFrame: frame === page.mainFrame() });
      return { value };
    } catch (error) {
      return { error: `Error invoking remote method '${channel}': ${String(error)}` };
    }
  });
  // What no window opened gets nothing: not the product's files, not the network.
  await context.route('**/*', (route) => route.abort('blockedbyclient'));
  // Only pages that a window opened are ours; the rest are pop-ups.
  let opening = 0;
  context.on('page', (page) => {
    if (opening === 0 && !own.has(page)) options.onUnasked(page);
  });

  return {
    endpoint: await debuggerEndpoint(options.profile),
    async open(preload) {
      opening += 1;
      const page = await context.newPage();
      own.add(page);
      opening -= 1;
      await page.route('**/*', async (route) => {
        const request = route.request();
        const isNavigation = request.isNavigationRequest() && request.frame() === page.mainFrame();
        // Electron asks nobody about what the program itself loads, nor about a reload.
        const isLeaving = isNavigation && request.url() !== loaded.get(page);
        if (isLeaving && !options.mayNavigate(page, schemeUrl(request.url()))) await route.abort('aborted');
        else await answer(route, options.scheme());
      });
      await page.addInitScript(preloadScript(readFileSync(preload, 'utf8')));
      return page;
    },
    async load(page, url) {
      const address = url.replace(SCHEME_ORIGIN, ORIGIN);
      loaded.set(page, address);
      await page.goto(address);
    },
    async deliver(page, channel, args) {
      await page.evaluate(
        ([name, values]) => {
          const deliver: unknown = Reflect.get(globalThis, '__electronDeliver');
          if (typeof deliver === 'function') deliver(name, values);
        },
        [channel, args] as const,
      );
    },
    close: () => context.close(),
  };
}

function schemeUrl(url: string): string {
  return url.replace(ORIGIN, SCHEME_ORIGIN);
}

async function answer(route: Route, handle: SchemeHandler | null): Promise<void> {
  const url = route.request().url();
  // Nothing but the product's own files: a page that asks for anything else shows it by failing.
  if (handle === null || !url.startsWith(`${ORIGIN}/`)) {
    await route.abort('blockedbyclient');
    return;
  }
  const response = await handle(new Request(schemeUrl(url)));
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}

/** Chromium writes the port that it chose into its profile. */
async function debuggerEndpoint(profile: string): Promise<string> {
  const file = join(profile, 'DevToolsActivePort');
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes('\n')) await new Promise((resolve) => setImmediate(resolve));
  return `http://127.0.0.1:${readFileSync(file, 'utf8').split('\n')[0]}`;
}

/** The preload as Electron's sandbox runs it: CommonJS, `require` knows `electron` alone. Values cross as JSON. */
function preloadScript(code: string): string {
  return `(() => {
    if (window !== window.top) return;
    const invoke = window.__electronInvoke;
    const clone = (value) => (value === undefined ? value : JSON.parse(JSON.stringify(value)));
    const receivers = new Map();
    const of = (channel) => receivers.get(channel) ?? receivers.set(channel, []).get(channel);
    window.__electronDeliver = (channel, args) => [...of(channel)].forEach((receiver) => receiver({}, ...args));
    const electron = {
      ipcRenderer: {
        async invoke(channel, ...args) {
          const reply = await invoke(channel, clone(args));
          if ('error' in reply) throw new Error(reply.error);
          return reply.value;
        },
        on: (channel, receiver) => void of(channel).push(receiver),
        removeListener: (channel, receiver) => void receivers.set(channel, of(channel).filter((known) => known !== receiver)),
      },
      contextBridge: {
        exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: Object.freeze({ ...api }), enumerable: true }),
      },
    };
    const require = (name) => {
      if (name !== 'electron') throw new Error('module not found in the sandbox: ' + name);
      return electron;
    };
    const module = { exports: {} };
    (function (require, module, exports) {\n${code}\n})(require, module, module.exports);
  })();`;
}
