import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { batchWriter } from '../../../src/main/store/batch.ts';
import { DATABASE_FILE, openWritable } from '../../../src/main/store/database.ts';
import { GROUP_BATCHES, GroupCommit } from '../../../src/main/store/group-commit.ts';
import { intervalReader } from '../../../src/main/store/intervals.ts';
import { migrate } from '../../../src/main/store/migrate.ts';
import { openStoreReader } from '../../../src/main/store/store.ts';
import { exchange, gap, interval, MIDNIGHT, storeWithMeters, temporaryFolder } from './support.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const batch = (n: number, meterId = 1) => ({ meterId, atUtc: MIDNIGHT, intervals: [interval(n, n)] });

describe('a group commit', () => {
  test('makes the batches of all lines durable 250 ms after the first of them, and says so only then', async () => {
    const { store, clock, folder } = storeWithMeters();
    const reader = openStoreReader({ folder });
    onTestFinished(() => reader.close());
    const seen: number[] = [];
    const commits = [batch(0), batch(0, 2)].map((one) =>
      store.commit(one).then(() => seen.push(reader.intervals.count(one.meterId, MIDNIGHT, MIDNIGHT + 86_400))),
    );
    await clock.advance(249);
    expect(seen).toEqual([]);
    expect(reader.intervals.newestStart(1)).toBeNull();
    await clock.advance(1);
    await Promise.all(commits);
    expect(seen).toEqual([1, 1]);
  });

  test('does not wait when many batches have come', async () => {
    const { store } = storeWithMeters(1);
    await Promise.all(Array.from({ length: GROUP_BATCHES }, (_, n) => store.commit(batch(n))));
    expect(store.intervals.count(1, MIDNIGHT, MIDNIGHT + GROUP_BATCHES * 1800)).toBe(GROUP_BATCHES);
  });

  test('flush makes everything durable at once, close does so too, and later batches are refused', async () => {
    const { store, folder } = storeWithMeters(1);
    const first = store.commit(batch(0));
    await store.flush();
    await first;
    const second = store.commit(batch(1));
    store.close();
    await second;
    await expect(store.commit(batch(2))).rejects.toMatchObject({ code: 'api/cancelled' });
    await store.flush();
    const reader = openStoreReader({ folder });
    expect(reader.intervals.count(1, MIDNIGHT, MIDNIGHT + 86_400)).toBe(2);
    reader.close();
  });

  test('a batch that is wrong by itself is refused alone and leaves nothing behind', async () => {
    const { store } = storeWithMeters(1);
    const wrong = { ...batch(1), gaps: [gap(5, 9)], exchanges: [exchange('profile', 1)], intervals: [interval(1, 1), interval(2, -1)] };
    const commits = [batch(0), wrong, batch(3), batch(0, 77)].map((one) => store.commit(one));
    const outcome = Promise.allSettled(commits);
    await store.flush();
    expect((await outcome).map((one) => (one.status === 'rejected' ? one.reason.code : 'stored'))).toEqual([
      'stored',
      'bug',
      'stored',
      'api/not-found',
    ]);
    expect(store.intervals.list(1, MIDNIGHT, MIDNIGHT + 86_400).map(({ counts }) => counts['A+'])).toEqual([0, 3]);
    expect(store.gaps.list()).toEqual([]);
    expect(store.exchanges.get(1)).toBeNull();
  });
});

describe('a fault of the disk', () => {
  /** A group commit over a database of its own, whose limits the test sets. */
  function bareCommit() {
    const folder = temporaryFolder();
    const db = openWritable(folder, join(folder, DATABASE_FILE));
    onTestFinished(() => db.close());
    migrate(db, 0);
    db.execute(`INSERT INTO line (id, name, address) VALUES (1, 'L', 'L');
      INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 1, 1)`);
    const intervals = intervalReader(db);
    const durable: unknown[] = [];
    const group = new GroupCommit({
      db,
      clock: new FakeClock(),
      store: batchWriter(db, intervals, () => {}),
      onStored: (batch) => durable.push(batch),
    });
    return { db, group, durable, count: () => intervals.count(1, MIDNIGHT, MIDNIGHT + 1e9) };
  }
  const large = { ...batch(1), intervals: Array.from({ length: 5000 }, (_, n) => interval(n, n)) };

  test('a full disk refuses the whole group as store/disk-full, and what comes after space was freed is stored', async () => {
    const { db, group, durable, count } = bareCommit();
    db.execute(`PRAGMA max_page_count = ${Number(db.pragma('page_count')) + 2}`);
    const refused = Promise.allSettled([group.commit(batch(7000)), group.commit(large)]);
    group.flush();
    for (const one of await refused)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'store/disk-full', hint: expect.any(String) } });
    expect(count()).toBe(0);
    expect(durable).toEqual([]);
    db.execute('PRAGMA max_page_count = 100000');
    const stored = group.commit(large);
    group.flush();
    await stored;
    expect(count()).toBe(5000);
    expect(durable).toEqual([large]);
  });

  test('a database that takes no writes refuses as store/read-only', async () => {
    const { db, group, count } = bareCommit();
    db.pragma('query_only = ON');
    const refused = expect(group.commit(large)).rejects.toMatchObject({ code: 'store/read-only' });
    group.flush();
    await refused;
    expect(count()).toBe(0);
  });
});
