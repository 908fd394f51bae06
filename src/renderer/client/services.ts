import { createContext, useContext } from 'react';
import type { ApiClient, Workspace } from '../../shared/api/dispatch.ts';
import { apiClient } from './client.ts';
import type { ScreenClock } from './clock.ts';
import type { Transport } from './transport.ts';

/** What the features stand on. One object per page, passed by context: no module holds state. */
export interface Services {
  readonly client: ApiClient;
  readonly transport: Transport;
  readonly clock: ScreenClock;
  readonly place: Place;
  /** Milliseconds since 1970 by the server's clock: ages must not depend on the clock of a browser elsewhere. */
  serverNow(): number;
  /** The slice that this factory makes: made at the first call, the same one afterwards. */
  slice<S>(create: (services: Services) => S): S;
}

/** Whose data the page shows, and the way to the other data. */
export interface Place {
  readonly workspace: Workspace;
  enter(workspace: Workspace): void;
}

const SITE: Place = { workspace: 'site', enter: () => {} };

export function createServices(transport: Transport, clock: ScreenClock, place: Place = SITE): Services {
  const slices = new Map<unknown, unknown>();
  let aheadMs = 0;
  const services: Services = {
    client: apiClient(transport),
    transport,
    clock,
    place,
    serverNow: () => clock.now() + aheadMs,
    slice<S>(create: (services: Services) => S): S {
      if (!slices.has(create)) slices.set(create, create(services));
      // A factory is the key of what it made itself.
      return slices.get(create) as S;
    },
  };
  services.client.on('status.changed', ({ now }) => {
    aheadMs = Date.parse(now) - clock.now();
  });
  return services;
}

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('Used outside of ServicesProvider');
  return services;
}
