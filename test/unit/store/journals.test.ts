import { expect, test } from 'vitest';
import type { MeterEvent, MeterEventKind } from '../../../src/shared/domain/meter-event.ts';
import { exchange, MIDNIGHT, storeWithMeters, stored } from './support.ts';

const event = (kind: MeterEventKind, atS: number, details: MeterEvent['details'] = {}, journal = 1): MeterEvent => ({
  journal,
  kind,
  atUtc: MIDNIGHT + atS,
  details,
});

test('events are listed newest first, page by page, with how many there are', async () => {
  const { store } = storeWithMeters();
  const events = [event('power-on', 10), event('power-off', 5), event('case-opened', 20, { phase: 2, codes: ['a', 'b'] }, 7)];
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, events }, { meterId: 2, atUtc: MIDNIGHT, events: [event('power-off', 10)] });
  const { rows, total } = store.journals.list({}, 0, 3);
  expect(total).toBe(4);
  expect(rows).toEqual([
    { meterId: 1, ...event('case-opened', 20, { phase: 2, codes: ['a', 'b'] }, 7) },
    { meterId: 2, ...event('power-off', 10) },
    { meterId: 1, ...event('power-on', 10) },
  ]);
  expect(store.journals.list({}, 3, 3).rows.map(({ kind }) => kind)).toEqual(['power-off']);
});

test('a list is narrowed by meters, period and kinds, and pages go across meters', async () => {
  const { store } = storeWithMeters();
  const events = [1, 2, 3, 4].flatMap((n) => [event('power-off', n * 100), event('power-on', n * 100 + 50)]);
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, events }, { meterId: 2, atUtc: MIDNIGHT, events });
  const seconds = (filter: Parameters<typeof store.journals.list>[0], offset = 0, limit = 10) => {
    const { rows, total } = store.journals.list(filter, offset, limit);
    return { total, rows: rows.map(({ meterId, atUtc }) => [meterId, atUtc - MIDNIGHT]) };
  };
  expect(seconds({ meterIds: [2], fromUtc: MIDNIGHT + 200, toUtc: MIDNIGHT + 350 })).toEqual({
    total: 3,
    rows: [
      [2, 300],
      [2, 250],
      [2, 200],
    ],
  });
  expect(seconds({ kinds: ['power-on'], fromUtc: MIDNIGHT + 350 }).rows).toEqual([
    [2, 450],
    [1, 450],
    [2, 350],
    [1, 350],
  ]);
  expect(seconds({ meterIds: [1, 2, 1], kinds: ['power-off'] }, 1, 2)).toEqual({
    total: 8,
    rows: [
      [1, 400],
      [2, 300],
    ],
  });
  expect(seconds({ meterIds: [] })).toEqual({ total: 0, rows: [] });
});

test('the same record read again changes nothing and leaves no trace; other details replace those before', async () => {
  const { store } = storeWithMeters();
  const batch = (details: MeterEvent['details'], mark: number) => ({
    meterId: 1,
    atUtc: MIDNIGHT,
    exchanges: [exchange('journal 1 record 0', mark)],
    events: [event('reprogrammed', 10, details)],
  });
  await stored(store, batch({ count: 100 }, 1));
  await stored(store, batch({ count: 100 }, 2));
  expect(store.journals.list({}, 0, 10)).toMatchObject({ total: 1, rows: [{ details: { count: 100 } }] });
  expect(store.exchanges.get(2)).toBeNull();
  await stored(store, batch({ count: 120 }, 3));
  expect(store.journals.list({}, 0, 10)).toMatchObject({ total: 1, rows: [{ details: { count: 120 } }] });
  expect(store.exchanges.get(2)?.label).toBe('journal 1 record 0');
});

test('two dips in one second are two events, however often they are read and in which order', async () => {
  const { store } = storeWithMeters();
  const dips = [80, 340, 20].map((durationMs) => event('voltage-dip', 10, { phase: 1, durationMs, percent: '71.00' }, 48));
  const batch = (events: MeterEvent[]) => ({ meterId: 1, atUtc: MIDNIGHT, events });
  await stored(store, batch(dips));
  await stored(store, batch(dips.slice(1).reverse()));
  const durations = (filter: Parameters<typeof store.journals.list>[0], offset = 0, limit = 10) => {
    const { rows, total } = store.journals.list(filter, offset, limit);
    return [total, ...rows.map(({ details }) => details['durationMs'])];
  };
  expect(durations({})).toEqual([3, 80, 340, 20]);
  // Pages of one meter and of all have the same order.
  expect([0, 1, 2].map((offset) => durations({}, offset, 1))).toEqual([
    [3, 80],
    [3, 340],
    [3, 20],
  ]);
  expect([0, 1, 2].map((offset) => durations({ meterIds: [1] }, offset, 1))).toEqual([
    [3, 80],
    [3, 340],
    [3, 20],
  ]);
  expect(durations({ meterIds: [1, 2] })).toEqual([3, 80, 340, 20]);
});

test('a journal that was read to its end is remembered with its newest record, the last time counts', async () => {
  const { store } = storeWithMeters();
  const read = (journal: number, newest: string | null, atUtc: number) => ({ meterId: 1, atUtc, journalRead: { journal, newest, atUtc } });
  await stored(store, read(1, '01', MIDNIGHT), read(18, null, MIDNIGHT), read(1, '02', MIDNIGHT + 10));
  expect(store.journals.reads(1)).toEqual([
    { journal: 1, newest: '02', atUtc: MIDNIGHT + 10 },
    { journal: 18, newest: null, atUtc: MIDNIGHT },
  ]);
  expect(store.journals.reads(2)).toEqual([]);
});
