import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApiClient } from '../../shared/api/dispatch.ts';
import type { MethodName, MethodParams } from '../../shared/api/methods.ts';
import type { WorkItem } from '../../shared/api/works.ts';
import type { WorkKind } from '../../shared/domain/work.ts';
import { createResource, type Resource } from './resource.ts';
import { type Services, useServices } from './services.ts';

/** Questions that the server may be busy with for a minute. */
type LongMethod = 'packages.preview' | 'reports.build' | 'replacements.propose' | 'months.check';

/**
 * A resource whose question takes the server its time: a later question stops the work on the earlier one, for which nobody waits any
 * more. Leaving the screen does not: the answer is there when the person comes back.
 */
export function createLongResource<N extends LongMethod>(services: Services, name: N): StoreApi<Resource<N>> {
  let inWork: string | null = null;
  let count = 0;
  const client: ApiClient = {
    ...services.client,
    async call<M extends MethodName>(method: M, params: MethodParams<M>) {
      if (inWork !== null) letGo(services, inWork);
      count += 1;
      const workId = `${method}-${services.clock.now().toString(36)}-${count}`;
      inWork = workId;
      try {
        return await services.client.call(method, Object.assign({}, params, { workId }));
      } finally {
        if (inWork === workId) inWork = null;
      }
    },
  };
  return createResource({ ...services, client }, name);
}

/** It may have ended on its own meanwhile. */
function letGo({ client }: Services, workId: string): void {
  client.call('work.cancel', { workId }).catch(() => undefined);
}

type WorksById = Readonly<Record<string, WorkItem>>;

/** Long work of the server, whoever waits for it: another page may have asked for it, or this one before it was loaded anew. */
function createWorks({ client, transport }: Services): StoreApi<{ readonly byId: WorksById }> {
  const store = createStore<{ readonly byId: WorksById }>()(() => ({ byId: {} }));
  const put = (item: WorkItem) =>
    store.setState(({ byId }) => {
      const { [item.id]: _before, ...others } = byId;
      return { byId: item.state === 'ended' ? others : { ...others, [item.id]: item } };
    });
  client.on('work.changed', put);
  transport.onConnection((state) => {
    store.setState({ byId: {} });
    if (state !== 'up') return;
    // Without it the work is seen with its next event.
    client.call('work.list', {}).then(
      (items) => items.forEach(put),
      () => undefined,
    );
  });
  return store;
}

export interface Works {
  /** The oldest first. */
  readonly items: readonly WorkItem[];
  readonly stop: (workId: string) => void;
}

/** Work of these kinds that is in hand now. */
export function useWorks(kinds: readonly WorkKind[]): Works {
  const services = useServices();
  const { byId } = useStore(services.slice(createWorks));
  const items = Object.values(byId)
    .filter(({ kind }) => kinds.includes(kind))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  return { items, stop: (workId) => letGo(services, workId) };
}
