import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EventPayload } from '../../shared/api/events.ts';
import type { Services } from './services.ts';

/** Events that carry the thing that changed whole. */
type ItemEvent = 'search.changed' | 'lineTest.changed';

export interface LiveItems<T> {
  readonly byId: Readonly<Record<number, T>>;
  /** Takes what a call answered, without waiting for its event. */
  put(item: T): void;
}

/** The newest state of everything that was told of since the connection came up. */
export function createLiveItems<E extends ItemEvent>({ client, transport }: Services, event: E): StoreApi<LiveItems<EventPayload<E>>> {
  const store = createStore<LiveItems<EventPayload<E>>>()((set) => ({
    byId: {},
    put: (item) => set(({ byId }) => ({ byId: { ...byId, [item.id]: item } })),
  }));
  client.on(event, (item) => store.getState().put(item));
  // Events were lost while the connection was down: the list, which is asked again, knows better.
  transport.onConnection(() => store.setState({ byId: {} }));
  return store;
}

/** A listing with the newer states in their places; what the listing does not hold yet is added. Newest first. */
export function withLive<T extends { readonly id: number }>(listed: readonly T[], { byId }: Pick<LiveItems<T>, 'byId'>): T[] {
  return Object.values<T>({ ...Object.fromEntries(listed.map((item) => [item.id, item])), ...byId }).sort((a, b) => b.id - a.id);
}
