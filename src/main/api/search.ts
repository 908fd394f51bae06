/** Searches for meters: over the desk that runs them. */
import type { SearchState } from '../../shared/api/search.ts';
import type { SearchDesk } from '../search/desk.ts';
import type { Handlers } from './dispatch.ts';
import { livePoint } from './live-view.ts';
import type { Site } from './site.ts';

type SearchMethod = Extract<keyof Handlers, `search.${string}`>;

export function searchHandlers(desk: SearchDesk): Pick<Handlers, SearchMethod> {
  return {
    'search.plan': (request) => desk.plan(request),
    'search.start': (request) => desk.start(request),
    'search.list': () => desk.searches(),
    'search.get': ({ searchId }) => desk.search(searchId),
    'search.pause': ({ searchId }) => desk.pause(searchId),
    'search.resume': ({ searchId }) => desk.resume(searchId),
    'search.cancel': ({ searchId }) => desk.cancel(searchId),
    'search.log': ({ searchId, after, limit }) => {
      const log = desk.log(searchId);
      return { entries: log.after(after, limit), last: log.last };
    },
  };
}

/** Points polled on a line, with the age of what they last said: what a search beside polling costs them. */
export function neighboursOf(site: Site, lineId: number): SearchState['neighbours'] {
  return site.points
    .filter(({ line }) => line?.id === lineId)
    .map((installed) => {
      const { at, code } = livePoint(site, installed);
      return { pointCode: code, ageS: at === null ? null : Math.max(0, site.nowUtc() - Math.floor(Date.parse(at) / 1000)) };
    });
}
