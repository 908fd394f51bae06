import type { ApiEvent, Outcome } from '../../shared/api/dispatch.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';

/** What the screens find as `window.feeder`. Plain JSON both ways. */
export interface FeederBridge {
  /** Never rejects for an error of the method: that comes as an outcome. */
  call(name: string, params: unknown): Promise<Outcome<unknown>>;
  /** Returns the unsubscribe function. */
  subscribe(listener: (event: ApiEvent) => void): () => void;
}

type Handler = (event: unknown, payload: ApiEvent) => void;

/** The part of `ipcRenderer` that the bridge needs; the page itself never gets it. */
export interface RendererChannel {
  invoke(channel: string, ...args: unknown[]): Promise<Outcome<unknown>>;
  on(channel: string, handler: Handler): unknown;
  removeListener(channel: string, handler: Handler): unknown;
}

export function createBridge(channel: RendererChannel): FeederBridge {
  return {
    call: (name, params) => channel.invoke(CALL_CHANNEL, name, params),
    subscribe: (listener) => {
      const handler: Handler = (_event, payload) => listener(payload);
      channel.on(EVENT_CHANNEL, handler);
      return () => {
        channel.removeListener(EVENT_CHANNEL, handler);
      };
    },
  };
}
