import type { ApiEvent, Outcome } from '../../shared/api/dispatch.ts';
import type { Transport } from './transport.ts';

/** What the preload script of the window exposes. */
export interface FeederBridge {
  call(name: string, params: unknown): Promise<Outcome<unknown>>;
  subscribe(listener: (event: ApiEvent) => void): () => void;
}

declare global {
  interface Window {
    /** Present in the window of the application, absent in a browser. */
    readonly feeder?: FeederBridge;
  }
}

/** The engine lives in the same application: the connection is up as long as the window is. */
export function ipcTransport(bridge: FeederBridge): Transport {
  return {
    call: (name, params) => bridge.call(name, params),
    subscribe: (listener) => bridge.subscribe(listener),
    connection: () => 'up',
    onConnection: () => () => {},
  };
}
