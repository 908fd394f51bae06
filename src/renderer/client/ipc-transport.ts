import type { ApiEvent, Outcome, Workspace } from '../../shared/api/dispatch.ts';
import type { Transport } from './transport.ts';

/** What the preload script of the window exposes. */
export interface FeederBridge {
  call(name: string, params: unknown, workspace: Workspace): Promise<Outcome<unknown>>;
  subscribe(listener: (event: ApiEvent) => void, workspace: Workspace): () => void;
}

declare global {
  interface Window {
    /** Present in the window of the application, absent in a browser. */
    readonly feeder?: FeederBridge;
  }
}

/** The engine lives in the same application: the connection is up as long as the window is. */
export function ipcTransport(bridge: FeederBridge, workspace: Workspace): Transport {
  return {
    call: (name, params) => bridge.call(name, params, workspace),
    subscribe: (listener) => bridge.subscribe(listener, workspace),
    connection: () => 'up',
    onConnection: () => () => {},
  };
}
