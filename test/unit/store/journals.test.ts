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
    events: [event('voltage-dip', 10, details)],
  });
  await stored(store, batch({ durationMs: 100 }, 1));
  await stored(store, batch({ durationMs: 100 }, 2));
  expect(store.journals.list({}, 0, 10)).toMatchObject({ total: 1, rows: [{ details: { durationMs: 100 } }] });
  expect(store.exchanges.get(2)).toBeNull();
  await stored(store, batch({ durationMs: 120 }, 3));
  expect(store.journals.list({}, 0, 10)).toMatchObject({ total: 1, rows: [{ details: { durationMs: 120 } }] });
  expect(store.exchanges.get(2)?.label).toBe('journal 1 record 0');
});
