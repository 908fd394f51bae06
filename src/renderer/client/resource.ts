import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, asAppError } from '../../shared/api/errors.ts';
import type { EventName } from '../../shared/api/events.ts';
import type { MethodName, MethodParams, MethodResult } from '../../shared/api/methods.ts';
import { repeat } from './clock.ts';
import { type Services, useServices } from './services.ts';

/** The last answer to one method. Old data stays while new is on the way, and when that fails. */
export interface Resource<N extends MethodName> {
  /** Parameters that `data` answers. */
  readonly params: MethodParams<N> | null;
  readonly data: MethodResult<N> | null;
  readonly error: AppError | null;
  readonly isLoading: boolean;
  load(params: MethodParams<N>): Promise<void>;
}

/** A slice of one method's answer; of two questions on the way the later one wins. */
export function createResource<N extends MethodName>({ client }: Services, name: N): StoreApi<Resource<N>> {
  let latest = 0;
  return createStore<Resource<N>>()((set) => ({
    params: null,
    data: null,
    error: null,
    isLoading: false,
    load: async (params) => {
      const mine = ++latest;
      set({ isLoading: true });
      try {
        const data = await client.call(name, params);
        if (mine === latest) set({ params, data, error: null, isLoading: false });
      } catch (error) {
        if (mine === latest) set({ error: asAppError(error), isLoading: false });
      }
    },
  }));
}

export interface Refresh {
  /** Events after which the data may have changed. */
  readonly on?: readonly EventName[];
  readonly everyMs?: number;
}

/** Events come in bursts while a profile is read: one reload for all of them. */
const BURST_MS = 2000;

/** Keeps a resource fresh while the component is on screen. `null` parameters ask nothing. */
export function useResource<N extends MethodName>(
  create: (services: Services) => StoreApi<Resource<N>>,
  params: MethodParams<N> | null,
  refresh: Refresh = {},
): Resource<N> {
  const services = useServices();
  const store = services.slice(create);
  const key = JSON.stringify({ params, refresh });
  useEffect(() => {
    if (params === null) return;
    const load = () => void store.getState().load(params);
    let cancelBurst: (() => void) | null = null;
    const loadSoon = () => {
      cancelBurst ??= services.clock.after(BURST_MS, () => {
        cancelBurst = null;
        load();
      });
    };
    const stops = [
      services.transport.onConnection((state) => {
        if (state === 'up') load();
      }),
      ...(refresh.on ?? []).map((event) => services.client.on(event, loadSoon)),
      ...(refresh.everyMs === undefined ? [] : [repeat(services.clock, refresh.everyMs, load)]),
    ];
    load();
    return () => {
      cancelBurst?.();
      for (const stop of stops) stop();
    };
    // `key` stands for `params` and `refresh`, which are new objects at every render.
  }, [key, services, store]);
  return useStore(store);
}
