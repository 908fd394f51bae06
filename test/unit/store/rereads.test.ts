import { expect, test } from 'vitest';
import { HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from './support.ts';

const period = { meterId: 1, fromUtc: MIDNIGHT, toUtc: MIDNIGHT + 4 * HALF_HOUR, who: 'engineer', reason: 'doubt' };

test('a period asked for again counts what came and what turned out otherwise', async () => {
  const { store } = storeWithMeters(1);
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 10), interval(1, 20)] });
  const id = store.rereads.ask(period, MIDNIGHT + 100);
  expect(store.rereads.waiting()).toMatchObject([{ id, meterId: 1, outcome: null, found: null, changed: null }]);
  await stored(store, { meterId: 1, atUtc: MIDNIGHT + 200, intervals: [interval(0, 10), interval(1, 21), interval(2, 30)] });
  store.rereads.end(id, 'done', MIDNIGHT + 300);
  expect(store.rereads.waiting()).toEqual([]);
  expect(store.rereads.get(id)).toMatchObject({ outcome: 'done', endedUtc: MIDNIGHT + 300, found: 1, changed: 1 });
});

test('one that has ended stays as it is', () => {
  const { store } = storeWithMeters(1);
  const id = store.rereads.ask(period, MIDNIGHT);
  store.rereads.end(id, 'cancelled', MIDNIGHT + 1);
  store.rereads.end(id, 'done', MIDNIGHT + 2);
  expect(store.rereads.list(0, 10)).toMatchObject({ rows: [{ id, outcome: 'cancelled', endedUtc: MIDNIGHT + 1 }], total: 1 });
});
