import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, asAppError } from '../../../shared/api/errors.ts';
import type { SystemStatus } from '../../../shared/api/methods.ts';
import { createResource } from '../../client/resource.ts';
import { type Services, useServices } from '../../client/services.ts';
import type { ConnectionState } from '../../client/transport.ts';

export const createBackupSlice = (services: Services) => createResource(services, 'backup.status');

/** A line with meters speaks several times a minute. */
export const LINE_STALE_S = 120;

export interface SystemState {
  readonly status: SystemStatus | null;
  readonly error: AppError | null;
  readonly connection: ConnectionState;
}

/** State of the server and of the way to it: asked at every new connection, then kept by `status.changed`. */
export function createSystemSlice({ client, transport }: Services): StoreApi<SystemState> {
  const store = createStore<SystemState>()(() => ({ status: null, error: null, connection: transport.connection() }));
  const ask = async () => {
    try {
      store.setState({ status: await client.call('system.status', {}), error: null });
    } catch (error) {
      store.setState({ error: asAppError(error) });
    }
  };
  client.on('status.changed', (status) => store.setState({ status }));
  transport.onConnection((connection) => {
    store.setState({ connection });
    if (connection === 'up') void ask();
  });
  if (transport.connection() === 'up') void ask();
  return store;
}

/** Name of a line of the plant by its LINE text; a line that is none of the plant's keeps its text. */
export function lineName(address: string, lines: SystemStatus['lines']): string {
  return lines.find((line) => line.address === address)?.name ?? address;
}

export function useSystem<T>(select: (state: SystemState) => T): T {
  return useStore(useServices().slice(createSystemSlice), select);
}
