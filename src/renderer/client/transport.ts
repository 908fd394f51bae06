import type { ApiEvent, Outcome } from '../../shared/api/dispatch.ts';

/** `refused`: the server answers but does not take our token. */
export type ConnectionState = 'connecting' | 'up' | 'down' | 'refused';

/** A way to the server. `call` never rejects: a lost connection is an outcome too. */
export interface Transport {
  call(name: string, params: unknown): Promise<Outcome<unknown>>;
  /** Returns the unsubscribe function. */
  subscribe(listener: (event: ApiEvent) => void): () => void;
  connection(): ConnectionState;
  onConnection(listener: (state: ConnectionState) => void): () => void;
}
