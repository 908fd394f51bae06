import type { ApiEvent, Outcome } from '../../shared/api/dispatch.ts';
import { EVENT_NAMES } from '../../shared/api/events.ts';
import type { ScreenClock } from './clock.ts';
import type { ConnectionState, Transport } from './transport.ts';

/** What happens to a socket. */
export interface SocketEvents {
  onOpen(): void;
  onClose(): void;
  onText(text: string): void;
}

export interface Socket {
  send(text: string): void;
}

export interface WebSocketOptions {
  readonly clock: ScreenClock;
  /** Opens a socket that carries the token; a socket that cannot be opened closes. */
  readonly open: (events: SocketEvents) => Socket;
  /** Asks over plain HTTP whether the token is refused: a browser hides the status of a failed upgrade. */
  readonly isRefused: () => Promise<boolean>;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const CALL_TIMEOUT_MS = 60_000;

/** Frames are `{id, method, params}` out, `{id, outcome}` and `{event, payload}` in. Reconnects with back-off for ever. */
export function webSocketTransport({ clock, open, isRefused }: WebSocketOptions): Transport {
  const listeners = new Set<(event: ApiEvent) => void>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  const pending = new Map<number, (outcome: Outcome<unknown>) => void>();
  let state: ConnectionState = 'connecting';
  let socket: Socket | null = null;
  let lastId = 0;
  let retryMs = FIRST_RETRY_MS;

  const setState = (next: ConnectionState) => {
    if (next === state) return;
    state = next;
    for (const listener of stateListeners) listener(next);
  };

  const lose = async () => {
    socket = null;
    for (const settle of pending.values()) settle(LOST);
    pending.clear();
    const delay = retryMs;
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    const refused = await isRefused();
    setState(refused ? 'refused' : 'down');
    if (!refused) clock.after(delay, connect);
  };

  function connect() {
    socket = open({
      onOpen: () => {
        retryMs = FIRST_RETRY_MS;
        setState('up');
      },
      onClose: () => void lose(),
      onText: (text) => {
        const frame = parseFrame(text);
        if (frame === null) return;
        if ('event' in frame) {
          for (const listener of listeners) listener(frame.event);
          return;
        }
        const settle = pending.get(frame.id);
        pending.delete(frame.id);
        settle?.(frame.outcome);
      },
    });
  }

  connect();
  return {
    call: (method, params) => {
      if (socket === null || state !== 'up') return Promise.resolve(LOST);
      const id = ++lastId;
      return new Promise((resolve) => {
        const cancel = clock.after(CALL_TIMEOUT_MS, () => {
          pending.delete(id);
          resolve(LOST);
        });
        pending.set(id, (outcome) => {
          cancel();
          resolve(outcome);
        });
        socket?.send(JSON.stringify({ id, method, params }));
      });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connection: () => state,
    onConnection: (listener) => {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
  };
}

/** What a call gives while the server is out of reach; the screens have their own words for it. */
const LOST: Outcome<never> = { ok: false, error: { code: 'api/cancelled', message: 'The connection to the server is lost' } };

type Frame = { readonly id: number; readonly outcome: Outcome<unknown> } | { readonly event: ApiEvent };

function parseFrame(text: string): Frame | null {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== 'object' || frame === null) return null;
  if ('id' in frame && typeof frame.id === 'number' && 'outcome' in frame) {
    // The server is of the same build and holds its results against the contract in its own tests; to parse long lists
    // here once more would block the screen.
    return { id: frame.id, outcome: frame.outcome as Outcome<unknown> };
  }
  if ('event' in frame && 'payload' in frame) {
    const name = EVENT_NAMES.find((known) => known === frame.event);
    return name === undefined ? null : { event: { name, payload: frame.payload } as ApiEvent };
  }
  return null;
}

/** A browser's socket to `address`. */
export function browserSocket(address: URL, token: string): (events: SocketEvents) => Socket {
  return ({ onOpen, onClose, onText }) => {
    const socket = new WebSocket(address, ['feeder', `token.${token}`]);
    socket.onopen = onOpen;
    socket.onclose = onClose;
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onText(data);
    };
    return socket;
  };
}
