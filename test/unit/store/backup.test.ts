import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { expiredBackups } from '../../../src/main/store/backup.ts';
import { listBackups, openStore, openStoreReader, restoreBackup, tidyBackups } from '../../../src/main/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { interval, MIDNIGHT, stored, storeWithMeters, temporaryFolder } from './support.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const day = (n: number) => new Date(Date.UTC(2026, 10, 24) - n * 86_400_000).toISOString().slice(0, 10);

describe('a copy beside the writing', () => {
  test('holds what was durable, and a folder of its own opens it', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 7)] });
    const folder = temporaryFolder();
    await store.backUpTo(join(folder, 'copies', 'feeder-2026-11-24.db'));
    expect(readdirSync(join(folder, 'copies'))).toEqual(['feeder-2026-11-24.db']);
    const other = temporaryFolder();
    expect(restoreBackup(other, join(folder, 'copies', 'feeder-2026-11-24.db'), NOW)).toBeNull();
    const reader = openStoreReader({ folder: other });
    expect(reader.intervals.list(1, 0, MIDNIGHT + 86_400)).toMatchObject([{ counts: { 'A+': 7 } }]);
    reader.close();
  });

  test('that cannot be written leaves nothing, and what was there stays', async () => {
    const { store } = storeWithMeters(1);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'no-folder'), '');
    await expect(store.backUpTo(join(folder, 'no-folder', 'x.db'))).rejects.toMatchObject({ code: expect.stringMatching(/^store\//) });
    expect(readdirSync(folder)).toEqual(['no-folder']);
  });
});

describe('a copy put back', () => {
  test('leaves the former database beside it', async () => {
    const { store, folder } = storeWithMeters(1);
    const copy = join(temporaryFolder(), 'copy.db');
    await store.backUpTo(copy);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 7)] });
    store.close();
    const before = restoreBackup(folder, copy, NOW);
    expect(before).toBe(join(folder, 'feeder-before-restore-20261124T090000Z.db'));
    const again = openStore({ folder, clock: new FakeClock(), logger: silentLogger });
    expect(again.intervals.count(1, 0, MIDNIGHT + 86_400)).toBe(0);
    again.close();
    const aside = temporaryFolder();
    restoreBackup(aside, before ?? '', NOW);
    const former = openStoreReader({ folder: aside });
    expect(former.intervals.count(1, 0, MIDNIGHT + 86_400)).toBe(1);
    former.close();
  });

  test('is refused while somebody owns the folder, and when it is damaged or no database; then nothing is changed', async () => {
    const { store, folder } = storeWithMeters(1);
    const copy = join(temporaryFolder(), 'copy.db');
    await store.backUpTo(copy);
    expect(() => restoreBackup(folder, copy, NOW)).toThrow(expect.objectContaining({ code: 'store/in-use' }));
    store.close();
    const bytes = readFileSync(copy);
    const names = readdirSync(folder);
    bytes.fill(0xa5, 8192, 16_384);
    for (const [name, content] of [
      ['torn.db', bytes],
      ['text.db', Buffer.from('this is no database at all, only a text')],
    ] as const) {
      const file = join(temporaryFolder(), name);
      writeFileSync(file, content);
      expect(() => restoreBackup(folder, file, NOW), name).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
    }
    expect(() => restoreBackup(folder, join(folder, 'nowhere.db'), NOW)).toThrow(expect.objectContaining({ code: 'api/not-found' }));
    expect(readdirSync(folder).filter((name) => !name.startsWith('owner'))).toEqual(names.filter((name) => !name.startsWith('owner')));
  });
});

describe('copies of many days', () => {
  test('are kept for seven days, four weeks and six months', () => {
    const days = Array.from({ length: 400 }, (_, n) => day(n));
    const expired = new Set(expiredBackups(days));
    const kept = days.filter((one) => !expired.has(one));
    expect(kept.slice(0, 7)).toEqual(days.slice(0, 7));
    expect(kept.length).toBeLessThanOrEqual(7 + 4 + 6);
    expect(kept.filter((one) => one.endsWith('-31') || one.endsWith('-30')).length).toBeGreaterThanOrEqual(5);
    expect(expiredBackups(days.slice(0, 7))).toEqual([]);
  });

  test('go when they are expired; files of other names and copies of upgrades stay', () => {
    const folder = temporaryFolder();
    for (let n = 0; n < 60; n += 1) writeFileSync(join(folder, `feeder-${day(n)}.db`), 'x');
    for (const name of ['feeder-version-3-20261122T090000Z.db', 'notes.txt', `feeder-${day(3)}.db.part`])
      writeFileSync(join(folder, name), 'x');
    tidyBackups(folder);
    expect(listBackups(folder).length).toBeLessThan(17);
    expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
    expect(existsSync(join(folder, 'feeder-version-3-20261122T090000Z.db'))).toBe(true);
    expect(existsSync(join(folder, `feeder-${day(3)}.db.part`))).toBe(false);
    expect(listBackups(join(folder, 'nowhere'))).toEqual([]);
  });
});
