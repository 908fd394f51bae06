import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { INTERVAL_FLAGS } from '../../../src/shared/domain/interval.ts';
import { exchange, HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from './support.ts';

const DAY_END = MIDNIGHT + 86_400;
const count = z.number().int().nonnegative().nullable();
const storedInterval = z.strictObject({
  startUtc: z.number().int(),
  lengthS: z.number().int().positive(),
  counts: z.strictObject({ 'A+': count, 'A-': count, 'R+': count, 'R-': count }),
  flags: z.array(z.enum(INTERVAL_FLAGS)),
  source: z.enum(['profile', 'frozen-registers']),
  revision: z.number().int().positive(),
  exchangeId: z.number().int().positive().nullable(),
});

/** Rows of a table, read past the store. */
function rows(folder: string, sql: string): unknown[] {
  const db = new Database(join(folder, DATABASE_FILE), { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

describe('intervals', () => {
  test('come back as they were given, in the order of their starts, for the half-open period asked for', async () => {
    const { store } = storeWithMeters();
    const given = [interval(2, 30, ['power-cut', 'frozen']), interval(0, 0), interval(1, null), interval(48, 7)];
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: given }, { meterId: 2, atUtc: MIDNIGHT, intervals: [interval(0, 99)] });
    const list = store.intervals.list(1, MIDNIGHT, DAY_END);
    expect(z.array(storedInterval).parse(list)).toEqual(list);
    expect(list).toEqual([given[1], given[2], given[0]].map((one) => ({ ...one, revision: 1, exchangeId: null })));
    expect(store.intervals.count(1, MIDNIGHT, DAY_END)).toBe(3);
    expect(store.intervals.newestStart(1)).toBe(DAY_END);
    expect(store.intervals.newestStart(3)).toBeNull();
  });

  test('keep every flag and both sources apart', async () => {
    const { store } = storeWithMeters(1);
    const all = [
      ...INTERVAL_FLAGS.map((flag, n) => interval(n, n, [flag])),
      interval(20, 1, INTERVAL_FLAGS),
      { ...interval(21, 1), source: 'frozen-registers' as const },
    ];
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: all });
    const list = store.intervals.list(1, MIDNIGHT, DAY_END);
    expect(list.map(({ flags, source }) => ({ flags, source }))).toEqual(all.map(({ flags, source }) => ({ flags: [...flags], source })));
  });

  test('the same figures again change nothing and keep the first exchange', async () => {
    const { store, folder } = storeWithMeters(1);
    const batch = { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 5)] };
    await stored(store, { ...batch, exchanges: [exchange('profile 1', 1)] });
    await stored(store, { ...batch, exchanges: [exchange('profile 1', 2)] });
    expect(store.intervals.list(1, MIDNIGHT, DAY_END)).toMatchObject([{ revision: 1, exchangeId: 1 }]);
    expect(rows(folder, 'SELECT id FROM exchange')).toHaveLength(1);
    expect(rows(folder, 'SELECT * FROM interval_revision')).toEqual([]);
  });

  test.each([
    ['counts', interval(0, 6)],
    ['a count where there was none', { ...interval(0, 5), counts: { 'A+': 5, 'A-': 0, 'R+': 0, 'R-': null } }],
    ['flags', interval(0, 5, ['incomplete'])],
    ['length', { ...interval(0, 5), lengthS: 3600 }],
  ])('other %s become the next revision and the row before is kept', async (_what, changed) => {
    const { store, folder } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 5)], exchanges: [exchange('profile 1', 1)] });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT + 60, intervals: [changed], exchanges: [exchange('profile 1', 2)] });
    expect(store.intervals.list(1, MIDNIGHT, DAY_END)).toEqual([{ ...changed, flags: [...changed.flags], revision: 2, exchangeId: 2 }]);
    expect(
      rows(folder, 'SELECT start_utc, a_plus, a_minus, length_s, flags, exchange_id, revision, replaced_utc FROM interval_revision'),
    ).toEqual([
      {
        start_utc: MIDNIGHT,
        a_plus: 5,
        a_minus: null,
        length_s: HALF_HOUR,
        flags: 0,
        exchange_id: 1,
        revision: 1,
        replaced_utc: MIDNIGHT + 60,
      },
    ]);
  });

  test('are told as runs of neighbours', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [0, 1, 2, 5, 7, 8].map((n) => interval(n, n)) });
    const at = (n: number) => MIDNIGHT + n * HALF_HOUR;
    expect(store.intervals.ranges(1, at(1), at(8))).toEqual([
      { fromUtc: at(1), toUtc: at(3) },
      { fromUtc: at(5), toUtc: at(6) },
      { fromUtc: at(7), toUtc: at(8) },
    ]);
    expect(store.intervals.ranges(1, at(3), at(5))).toEqual([]);
  });
});

describe('provenance', () => {
  test('intervals point to the last answered profile exchange, registers to the last other one', async () => {
    const { store, folder } = storeWithMeters(1);
    await stored(store, {
      meterId: 1,
      atUtc: MIDNIGHT,
      exchanges: [
        exchange('profile at 0x10', 1),
        exchange('profile at 0x20', 2),
        exchange('energy array 0 tariff 0', 3),
        exchange('profile at 0x30', 4, { response: null, received: Uint8Array.of(9), firstByteMs: null }),
      ],
      intervals: [interval(0, 5)],
      registers: [{ kind: 'now', momentUtc: MIDNIGHT, tariff: 0, energy: { 'A+': 1, 'A-': null, 'R+': 2, 'R-': null } }],
    });
    const exchangeId = store.intervals.list(1, MIDNIGHT, DAY_END)[0]?.exchangeId ?? 0;
    expect(store.exchanges.get(exchangeId)?.label).toBe('profile at 0x20');
    expect(rows(folder, 'SELECT label FROM register JOIN exchange ON exchange.id = exchange_id')).toEqual([
      { label: 'energy array 0 tariff 0' },
    ]);
    expect(rows(folder, 'SELECT id FROM exchange')).toHaveLength(4);
  });

  test('an exchange comes back byte for byte, with its line', async () => {
    const { store } = storeWithMeters(1);
    const noisy = exchange('energy', 1, { received: Uint8Array.of(0, 1, 0xff, 0x0a, 7), attempt: 3 });
    const silent = exchange('energy', 2, { response: null, received: new Uint8Array(), firstByteMs: null });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [noisy, silent, noisy], intervals: [interval(0, 5)] });
    expect(store.exchanges.get(1)).toEqual({ ...noisy, id: 1, lineName: 'tcp:10.0.0.5:4001:9600-8N1' });
    expect(store.exchanges.get(2)).toEqual({ ...silent, id: 2, lineName: 'tcp:10.0.0.5:4001:9600-8N1' });
    expect(store.exchanges.get(3)).toBeNull();
  });

  test('an exchange that opened a channel is never stored', async () => {
    const { store, folder } = storeWithMeters(1);
    await stored(store, {
      meterId: 1,
      atUtc: MIDNIGHT,
      exchanges: [exchange('profile 1', 1), exchange('open channel level 1', 2)],
      intervals: [interval(0, 5)],
    });
    expect(rows(folder, 'SELECT label FROM exchange')).toEqual([{ label: 'profile 1' }]);
  });

  test('exchanges without figures are not stored', async () => {
    const { store, folder } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [exchange('clock', 1)], clock: { atUtc: MIDNIGHT, deviationMs: 5 } });
    expect(rows(folder, 'SELECT id FROM exchange')).toEqual([]);
  });
});
