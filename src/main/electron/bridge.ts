import type { ApiEvent, Outcome, Workspace } from '../../shared/api/dispatch.ts';
import { CALL_CHANNEL, EVENT_CHANNEL, TRAINING_CHANNEL } from './channels.ts';

/** What the screens find as `window.feeder`. Plain JSON both ways. */
export interface FeederBridge {
  /** Never rejects for an error of the method: that comes as an outcome. */
  call(name: string, params: unknown, workspace?: Workspace): Promise<Outcome<unknown>>;
  /** Returns the unsubscribe function. */
  subscribe(listener: (event: ApiEvent) => void, workspace?: Workspace): () => void;
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
    call: (name, params, workspace = 'site') => channel.invoke(CALL_CHANNEL, name, params, workspace),
    subscribe: (listener, workspace = 'site') => {
      const events = workspace === 'training' ? TRAINING_CHANNEL : EVENT_CHANNEL;
      const handler: Handler = (_event, payload) => listener(payload);
      channel.on(events, handler);
      return () => {
        channel.removeListener(events, handler);
      };
    },
  };
}
