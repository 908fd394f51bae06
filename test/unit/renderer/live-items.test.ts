import { expect, test } from 'vitest';
import { createServices } from '../../../src/renderer/client/services.ts';
import { createLiveItems, withLive } from '../../../src/renderer/client/live-items.ts';
import type { SearchState } from '../../../src/shared/api/search.ts';
import { scriptedClock, scriptedTransport } from './scripted.ts';

// Only what orders and tells apart matters here.
const search = (id: number, done: number) => ({ id, done }) as SearchState;

test('events put newer states in their places and add what the listing does not hold', () => {
  const transport = scriptedTransport();
  const store = createLiveItems(createServices(transport, scriptedClock()), 'search.changed');
  transport.emit({ name: 'search.changed', payload: search(3, 7) });
  transport.emit({ name: 'search.changed', payload: search(2, 9) });
  expect(withLive([search(2, 1), search(1, 5)], store.getState())).toEqual([search(3, 7), search(2, 9), search(1, 5)]);
});

test('after a new connection the listing knows better than the events before it', () => {
  const transport = scriptedTransport();
  const store = createLiveItems(createServices(transport, scriptedClock()), 'search.changed');
  store.getState().put(search(3, 7));
  transport.connect('down');
  transport.connect('up');
  expect(withLive([search(3, 20)], store.getState())).toEqual([search(3, 20)]);
});
