import { describe, expect, test } from 'vitest';
import { packExchanges, type PackedExchange, unpackExchanges } from '../../../src/main/store/exchange-pack.ts';
import { exchange, HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from './support.ts';

const DAY = 86_400;

describe('exchanges of days gone by', () => {
  test('are folded in steps, and every interval still leads to its own bytes', async () => {
    const { store } = storeWithMeters(1);
    const before = new Map<number, unknown>();
    for (let n = 0; n < 600; n += 1) {
      await stored(store, {
        meterId: 1,
        atUtc: MIDNIGHT,
        exchanges: [exchange('profile', n % 250, { attempt: n })],
        intervals: [interval(n, n)],
      });
    }
    const intervals = store.intervals.list(1, MIDNIGHT, MIDNIGHT + 600 * HALF_HOUR);
    for (const { exchangeId } of intervals) before.set(exchangeId ?? 0, store.exchanges.get(exchangeId ?? 0));
    expect(before.size).toBe(600);
    // The exchanges are of the midnight: two days later they are old enough.
    expect(store.upkeep(MIDNIGHT + DAY).folded).toBe(0);
    expect([0, 1, 2].map(() => store.upkeep(MIDNIGHT + 3 * DAY).folded)).toEqual([256, 256, 0]);
    for (const [id, was] of before) expect(store.exchanges.get(id)).toEqual(was);
    expect(store.exchanges.get(100_000)).toBeNull();
  });

  test('take no number twice: the newest one stays', async () => {
    const { store } = storeWithMeters(1);
    for (let n = 0; n < 257; n += 1) {
      await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [exchange('profile', 1)], intervals: [interval(n, n)] });
    }
    expect(store.upkeep(MIDNIGHT + 3 * DAY).folded).toBe(256);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [exchange('profile', 2)], intervals: [interval(900, 1)] });
    expect(store.intervals.list(1, MIDNIGHT + 900 * HALF_HOUR, MIDNIGHT + 901 * HALF_HOUR)[0]?.exchangeId).toBe(258);
  });

  test('are folded although the clock of the PC once was years ahead', async () => {
    const { store } = storeWithMeters(1);
    const ahead = { sentAtMs: (MIDNIGHT + 900 * DAY) * 1000 };
    for (let n = 0; n < 300; n += 1) {
      const changes = n > 200 && n < 280 ? ahead : {};
      await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [exchange('profile', 1, changes)], intervals: [interval(n, n)] });
    }
    expect(store.upkeep(MIDNIGHT + 3 * DAY).folded).toBe(256);
  });

  test('come out of their pack as they went in', () => {
    const one: PackedExchange = {
      id: 12,
      lineId: 3,
      label: 'profile 17 records',
      request: Uint8Array.of(0, 255),
      response: null,
      received: Uint8Array.of(),
      sentAtMs: 1_795_305_600_123,
      firstByteUs: null,
      durationUs: 5,
      attempt: 2,
    };
    const other = { ...one, id: 99, response: Uint8Array.of(7), received: null, sentAtMs: one.sentAtMs - 5, firstByteUs: 0 };
    expect(unpackExchanges(packExchanges([one, other]))).toEqual([one, other]);
  });
});

test('samples past their time go ten minutes at a step', async () => {
  const { store } = storeWithMeters(1);
  const sample = { P: { count: 1, scale: 0, unit: 'W' as const } };
  for (let minute = 0; minute < 30; minute += 1) await stored(store, { meterId: 1, atUtc: MIDNIGHT + minute * 60, sample });
  expect(store.upkeep(MIDNIGHT + 34 * DAY).samples).toBe(0);
  expect([1, 2, 3, 4].map(() => store.upkeep(MIDNIGHT + 36 * DAY).samples)).toEqual([10, 10, 10, 0]);
  expect(store.samples.range(1, MIDNIGHT, MIDNIGHT + DAY)).toEqual([]);
});

test('extremes past their five years go a day of one meter at a step', async () => {
  const { store } = storeWithMeters(2);
  const values = { P: { scale: 0, min: 1, max: 2, sum: 3, reads: 2 } };
  for (let day = 0; day < 3; day += 1) {
    for (const [meterId, startUtc] of [
      [1, MIDNIGHT + day * DAY],
      [1, MIDNIGHT + day * DAY + HALF_HOUR],
      [2, MIDNIGHT + day * DAY],
    ] as const) {
      await stored(store, { meterId, atUtc: MIDNIGHT, extremes: { startUtc, values } });
    }
  }
  expect(store.upkeep(MIDNIGHT + 1829 * DAY).extremes).toBe(0);
  expect([1, 2, 3, 4, 5].map(() => store.upkeep(MIDNIGHT + 1832 * DAY).extremes)).toEqual([2, 2, 1, 1, 0]);
  expect([1, 2].map((meterId) => store.extremes.list(meterId, 'P', 0, MIDNIGHT + 9 * DAY).length)).toEqual([2, 1]);
});

test('pages that became free are given back', async () => {
  const { store } = storeWithMeters(1);
  const bytes = new Uint8Array(4000);
  for (let n = 0; n < 300; n += 1) {
    const response = { ...exchange('profile', 1), response: bytes, received: bytes };
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [response], intervals: [interval(n, n)] });
  }
  expect(store.upkeep(MIDNIGHT + 3 * DAY)).toMatchObject({ folded: 256, pages: 0 });
  expect(store.upkeep(MIDNIGHT + 3 * DAY)).toMatchObject({ folded: 0, pages: 200 });
});

describe('intervals that were read newest first', () => {
  test('are written anew a block at a step once nothing is added any more, with their revisions', async () => {
    const { store } = storeWithMeters(2);
    for (const n of [40, 20, 0]) {
      const intervals = Array.from({ length: 20 }, (_, k) => interval(n + k, n + k));
      await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals }, { meterId: 2, atUtc: MIDNIGHT, intervals: [interval(n, 1)] });
    }
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(5, 77)] });
    const before = [1, 2].map((meterId) => store.intervals.list(meterId, 0, MIDNIGHT + 90 * DAY));
    expect(store.upkeep(MIDNIGHT + 60).blocks).toBe(0);
    const steps = Array.from({ length: 5 }, () => store.upkeep(MIDNIGHT + DAY).blocks);
    expect(steps.reduce((sum, blocks) => sum + blocks, 0)).toBeGreaterThanOrEqual(2);
    expect(steps.at(-1)).toBe(0);
    expect([1, 2].map((meterId) => store.intervals.list(meterId, 0, MIDNIGHT + 90 * DAY))).toEqual(before);
    expect(before[0]?.find(({ startUtc }) => startUtc === MIDNIGHT + 5 * HALF_HOUR)?.revision).toBe(2);
  });

  test('need nothing of the kind when they come in the order of time', async () => {
    const { store } = storeWithMeters(1);
    for (let n = 0; n < 50; n += 1) await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(n, n)] });
    expect(store.upkeep(MIDNIGHT + DAY).blocks).toBe(0);
  });
});
