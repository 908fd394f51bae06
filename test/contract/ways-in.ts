import { WebSocket } from 'ws';
import type { ApiEvent, ApiServer, Outcome } from '../../src/shared/api/dispatch.ts';
import { createBridge } from '../../src/main/electron/bridge.ts';
import type { RendererChannel } from '../../src/main/electron/bridge.ts';
import { SCREENS_START } from '../../src/main/electron/channels.ts';
import { serveIpc } from '../../src/main/electron/ipc.ts';
import type { MainChannel, Page } from '../../src/main/electron/ipc.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { startHttp } from '../../src/main/transport/http.ts';

export const TOKEN = 'the-token';

/** One way into the API, as a client sees it. */
export interface WayIn {
  call(method: string, params?: unknown): Promise<Outcome<unknown>>;
  close(): Promise<void>;
}

/** One that also carries events. */
export interface WayInWithEvents extends WayIn {
  subscribe(listener: (event: ApiEvent) => void): () => void;
}

export const WAYS_WITH_EVENTS: Readonly<Record<string, (api: ApiServer) => Promise<WayInWithEvents>>> = {
  'the WebSocket': overWebSocket,
  'Electron IPC': overIpc,
};
export const WAYS_IN: Readonly<Record<string, (api: ApiServer) => Promise<WayIn>>> = { 'HTTP calls': overHttp, ...WAYS_WITH_EVENTS };

export function serve(api: ApiServer): ReturnType<typeof startHttp> {
  return startHttp({ api, port: 0, token: TOKEN, screensFolder: null, logger: silentLogger });
}

async function overHttp(api: ApiServer): Promise<WayIn> {
  const server = await serve(api);
  return {
    async call(method, params) {
      const response = await fetch(`${server.url}/api/call/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(params === undefined ? {} : { body: JSON.stringify(params) }),
      });
      return (await response.json()) as Outcome<unknown>;
    },
    close: () => server.close(),
  };
}

async function overWebSocket(api: ApiServer): Promise<WayInWithEvents> {
  const server = await serve(api);
  const socket = await openSocket(server.url, ['feeder', `token.${TOKEN}`]);
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  const listeners = new Set<(event: ApiEvent) => void>();
  let lastId = 0;
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as
      | { id: number; outcome: Outcome<unknown> }
      | { event: ApiEvent['name']; payload: ApiEvent['payload'] };
    if ('event' in frame) for (const listener of listeners) listener({ name: frame.event, payload: frame.payload });
    else waiting.get(frame.id)?.(frame.outcome);
  });
  return {
    call: (method, params) =>
      new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => server.close(),
  };
}

/** Resolves when the socket is open; rejects with the HTTP status in the message when it is refused. */
export function openSocket(url: string, protocols: string[], headers: Record<string, string> = {}, query = ''): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/socket${query}`, protocols, { headers });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

export interface FakeIpc {
  readonly ipcMain: MainChannel;
  readonly page: Page;
  readonly renderer: RendererChannel;
  /** The frame that the page's calls come from. */
  frame: { url: string; parent: unknown } | null;
  isPageGone: boolean;
}

/** The pair of Electron's channels, with what crosses them cloned as JSON. */
export function fakeIpc(): FakeIpc {
  const handlers = new Map<string, Parameters<MainChannel['handle']>[1]>();
  const receivers = new Map<string, Set<(event: unknown, payload: ApiEvent) => void>>();
  const clone = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));
  const ipc: FakeIpc = {
    frame: { url: SCREENS_START, parent: null },
    isPageGone: false,
    ipcMain: {
      handle: (channel, handler) => handlers.set(channel, handler),
      removeHandler: (channel) => handlers.delete(channel),
    },
    page: {
      isDestroyed: () => ipc.isPageGone,
      send: (channel, event) => {
        if (ipc.isPageGone) throw new Error('Object has been destroyed');
        for (const receiver of receivers.get(channel) ?? []) receiver({}, clone(event));
      },
    },
    renderer: {
      async invoke(channel, ...args) {
        const handler = handlers.get(channel);
        if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
        return clone(await handler({ senderFrame: ipc.frame }, clone(args[0]), clone(args[1]), clone(args[2])));
      },
      on: (channel, handler) => receivers.set(channel, new Set([...(receivers.get(channel) ?? []), handler])),
      removeListener: (channel, handler) => receivers.get(channel)?.delete(handler),
    },
  };
  return ipc;
}

function overIpc(api: ApiServer): Promise<WayInWithEvents> {
  const ipc = fakeIpc();
  const stop = serveIpc({ ipcMain: ipc.ipcMain, api, pages: () => [ipc.page], logger: silentLogger });
  const bridge = createBridge(ipc.renderer);
  return Promise.resolve({
    call: (method: string, params?: unknown) => bridge.call(method, params),
    subscribe: (listener: (event: ApiEvent) => void) => bridge.subscribe(listener),
    close: () => Promise.resolve(stop()),
  });
}
