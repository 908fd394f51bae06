import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, asAppError } from '../../../shared/api/errors.ts';
import type { EventPayload } from '../../../shared/api/events.ts';
import type { LivePoint } from '../../../shared/api/methods.ts';
import { type Services, useServices } from '../../client/services.ts';

export interface LiveState {
  /** In the order of the plant; null until the first snapshot. */
  readonly points: readonly LivePoint[] | null;
  /** Of the last event that `points` include. */
  readonly sequence: number;
  readonly error: AppError | null;
}

type Changed = EventPayload<'live.changed'>;

/** Snapshot plus events. Events that arrive while a snapshot is on the way are kept; after a jump the snapshot is asked again. */
export function createLiveSlice({ client, transport }: Services): StoreApi<LiveState> {
  const store = createStore<LiveState>()(() => ({ points: null, sequence: 0, error: null }));
  let kept: Changed[] | null = null;

  const take = async () => {
    if (kept !== null) return;
    kept = [];
    try {
      const { points, sequence } = await client.call('live.list', {});
      let state: LiveState = { points, sequence, error: null };
      let hasGap = false;
      for (const event of kept) {
        if (event.sequence <= state.sequence) continue;
        if (event.sequence !== state.sequence + 1) hasGap = true;
        else state = applied(state, event);
      }
      kept = null;
      store.setState(state);
      if (hasGap) await take();
    } catch (error) {
      kept = null;
      store.setState({ error: asAppError(error) });
    }
  };

  client.on('live.changed', (event) => {
    if (kept !== null) {
      kept.push(event);
      return;
    }
    const state = store.getState();
    if (state.points === null || event.sequence !== state.sequence + 1) void take();
    else store.setState(applied(state, event));
  });
  transport.onConnection((connection) => {
    if (connection === 'up') void take();
  });
  if (transport.connection() === 'up') void take();
  else if (transport.connection() === 'down') store.setState({ error: new AppError('api/cancelled', 'The server is out of reach') });
  return store;
}

function applied(state: LiveState, event: Changed): LiveState {
  const changed = new Map(event.points.map((point) => [point.pointId, point]));
  const points = (state.points ?? []).map((point) => changed.get(point.pointId) ?? point);
  return { points, sequence: event.sequence, error: null };
}

export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useServices().slice(createLiveSlice), select);
}
