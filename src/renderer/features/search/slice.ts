import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, asAppError } from '../../../shared/api/errors.ts';
import type { LogEntry, SearchState } from '../../../shared/api/search.ts';
import { createLiveItems } from '../../client/live-items.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';

export const createSearchListSlice = (services: Services) => createResource(services, 'search.list');
export const createSearchesSlice = (services: Services) => createLiveItems(services, 'search.changed');
export const createSearchPlanSlice = (services: Services) => createResource(services, 'search.plan');

export function isActive({ state }: Pick<SearchState, 'state'>): boolean {
  return state === 'waiting' || state === 'running' || state === 'paused';
}

export interface SearchLog {
  /** Null until somebody follows a search. */
  readonly searchId: number | null;
  readonly entries: readonly LogEntry[];
  readonly error: AppError | null;
  /** Reads what there is and then what comes, until the returned function is called. */
  follow(searchId: number): () => void;
}

/** The most that one call brings. */
const LOG_PAGE = 1000;

/** Raw exchanges of the search that is looked at, in their order. */
export function createSearchLogSlice({ client }: Services): StoreApi<SearchLog> {
  return createStore<SearchLog>()((set, get) => {
    let isReading = false;
    let isAskedAgain = false;
    const read = async (searchId: number): Promise<void> => {
      if (isReading) {
        isAskedAgain = true;
        return;
      }
      isReading = true;
      try {
        for (;;) {
          isAskedAgain = false;
          const after = get().entries.at(-1)?.sequence ?? 0;
          const { entries, last } = await client.call('search.log', { searchId, after, limit: LOG_PAGE });
          if (get().searchId !== searchId) break;
          if (entries.length > 0) set({ entries: [...get().entries, ...entries], error: null });
          const isBehind = entries.length > 0 && (entries.at(-1)?.sequence ?? 0) < last;
          if (!isBehind && !isAskedAgain) break;
        }
      } catch (error) {
        if (get().searchId === searchId) set({ error: asAppError(error) });
      }
      isReading = false;
      const { searchId: wanted } = get();
      if (wanted !== null && wanted !== searchId) await read(wanted);
    };
    return {
      searchId: null,
      entries: [],
      error: null,
      follow: (searchId) => {
        if (get().searchId !== searchId) set({ searchId, entries: [], error: null });
        void read(searchId);
        return client.on('search.changed', ({ id }) => {
          if (id === searchId && get().searchId === searchId) void read(searchId);
        });
      },
    };
  });
}

/** One JSON object a line, as `feeder search --log` writes them. */
export function jsonLines(entries: readonly LogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
