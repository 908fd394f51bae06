import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import type { ShellControl, ShellState } from './control.ts';

const REGISTER = new URL('./register.mjs', import.meta.url).href;
const BUNDLE = fileURLToPath(new URL('../../../out/main/index.js', import.meta.url));

export interface Shell {
  /** The page of the window, once it is loaded and shown. */
  page(): Promise<Page>;
  state(): Promise<ShellState>;
  answerNext(button: number): Promise<void>;
  clickTray(label: string): Promise<void>;
  closeWindows(): Promise<void>;
  secondInstance(): Promise<void>;
  quit(): Promise<void>;
  /** Exit code; resolves when the process is gone. */
  readonly exited: Promise<number | null>;
  readonly output: () => string;
  /** Ends it and its browser. */
  dispose(): Promise<void>;
}

export interface ShellStart {
  readonly dataFolder: string;
  readonly bundle?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built main bundle with Electron doubled, in a process of its own. */
export function startShell({ dataFolder, bundle = BUNDLE, args = [], env = {} }: ShellStart): Shell {
  const child = fork(bundle, args, {
    execArgv: ['--import', REGISTER],
    env: { ...process.env, ELECTRON_DOUBLE_USER_DATA: join(dataFolder, 'profile'), FEEDER_DATA: join(dataFolder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => output.push(part));
  child.stderr?.on('data', (part: Buffer) => output.push(part));
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  const text = () => Buffer.concat(output).toString();

  let lastId = 0;
  const ask = async (action: keyof ShellControl, value?: unknown): Promise<unknown> => {
    if (!child.connected) throw new Error(`The shell is gone and cannot answer ${action}:\n${text()}`);
    const id = ++lastId;
    const answered = new Promise((resolve) => {
      const listen = (reply: { id: number; answer: unknown }) => {
        if (reply.id !== id) return;
        child.off('message', listen);
        resolve(reply.answer);
      };
      child.on('message', listen);
    });
    child.send({ id, action, value });
    return Promise.race([
      answered,
      exited.then((code) => {
        throw new Error(`The shell ended with ${code} before it answered ${action}:\n${text()}`);
      }),
    ]);
  };

  let browser: Browser | null = null;
  return {
    async page() {
      browser ??= await chromium.connectOverCDP((await ask('endpoint')) as string);
      const context = browser.contexts()[0];
      if (context === undefined) throw new Error('The browser has no context');
      const isOurs = (page: Page) => page.url().startsWith('https://feeder.screens.double/');
      for (;;) {
        const page = context.pages().find(isOurs);
        if (page !== undefined) {
          await page.waitForLoadState('load');
          while (((await ask('state')) as ShellState).windows.every((window) => !window.isVisible)) await page.evaluate(() => undefined);
          return page;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    state: async () => (await ask('state')) as ShellState,
    answerNext: async (button) => void (await ask('answerNext', button)),
    clickTray: async (label) => void (await ask('clickTray', label)),
    closeWindows: async () => void (await ask('closeWindows')),
    secondInstance: async () => void (await ask('secondInstance')),
    quit: async () => void (await ask('quit')),
    exited,
    output: text,
    async dispose() {
      await browser?.close().catch(() => undefined);
      // Asked first, so that the browser goes too and leaves its profile alone.
      if (child.connected) child.send({ id: 0, action: 'end' });
      const killed = AbortSignal.timeout(5000);
      killed.addEventListener('abort', () => child.kill('SIGKILL'));
      await exited;
    },
  };
}
