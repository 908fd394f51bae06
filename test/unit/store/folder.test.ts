import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { storeError } from '../../../src/main/store/errors.ts';
import { openStore, openStoreReader } from '../../../src/main/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { gap, HALF_HOUR, importRow, interval, MIDNIGHT, stored, storeWithMeters, temporaryFolder, temporaryStore } from './support.ts';

const CHILD = fileURLToPath(new URL('./writer.child.ts', import.meta.url));
const withCode = (code: string) => expect.objectContaining({ code });
const open = (folder: string) => openStore({ folder, clock: new FakeClock(), logger: silentLogger });

/** Another process that owns the folder, once it has said so. Killed at the end of the test at the latest. */
async function startWriter(
  folder: string,
  ...args: string[]
): Promise<{ child: ChildProcess; lines: AsyncIterator<string>; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [CHILD, folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return { child, lines, kill };
}

describe('a data folder has one writer', () => {
  test('a second one of another process is refused and told who it is; reading goes on; a kill frees the folder', async () => {
    const folder = temporaryFolder();
    const { child, kill } = await startWriter(folder, 'hold');
    expect(() => open(folder)).toThrow(
      expect.objectContaining({
        code: 'store/in-use',
        message: expect.stringContaining(`process ${child.pid}`),
        hint: expect.any(String),
        context: expect.objectContaining({ folder, owner: expect.objectContaining({ pid: child.pid }) }),
      }),
    );
    openStoreReader({ folder }).close();
    await kill();
    open(folder).close();
  });

  test('a second one of the same process is refused until the first has closed', () => {
    const { store, folder } = temporaryStore();
    expect(() => open(folder)).toThrow(withCode('store/in-use'));
    store.close();
    store.close();
    expect(existsSync(join(folder, 'owner.json'))).toBe(false);
    open(folder).close();
  });

  test('an opening that fails gives the folder back', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, DATABASE_FILE), 'this is no database, however long one looks at it'.repeat(100));
    expect(() => open(folder)).toThrow(withCode('store/corrupt'));
    writeFileSync(join(folder, DATABASE_FILE), '');
    open(folder).close();
  });
});

describe('kill -9 of a writer at any moment', () => {
  test('loses nothing that was acknowledged and leaves a sound database', async () => {
    const { store, folder } = temporaryStore();
    store.plant.applyImport([importRow(1)], 180, 'test');
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(0, 100_000)] });
    store.close();
    let first = 0;
    for (const acknowledgements of [1, 4, 9, 30]) {
      const { lines, kill } = await startWriter(folder, 'write', String(first), String(MIDNIGHT));
      let acknowledged = -1;
      for (let n = 0; n < acknowledgements; n += 1) acknowledged = Number((await lines.next()).value);
      await kill();
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) acknowledged = Number(line.value);

      const reader = openStoreReader({ folder });
      const list = reader.intervals.list(1, MIDNIGHT, MIDNIGHT + 1e9);
      expect(list.length).toBeGreaterThan(acknowledged);
      expect(list.map(({ counts }) => counts['A+'])).toEqual(list.map((_, n) => n));
      for (const { exchangeId, counts } of list.slice(first))
        expect(reader.exchanges.get(exchangeId ?? 0)?.label).toBe(`profile ${counts['A+']}`);
      expect(reader.gaps.list(1)).toMatchObject([{ fromUtc: MIDNIGHT + list.length * HALF_HOUR, toUtc: MIDNIGHT + 100_000 * HALF_HOUR }]);
      reader.close();
      const db = new Database(join(folder, DATABASE_FILE));
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
      db.close();
      first = list.length;
    }
    open(folder).close();
  });
});

describe('a reader', () => {
  test('of a folder without a database says api/not-found and makes nothing', () => {
    const folder = temporaryFolder();
    expect(() => openStoreReader({ folder })).toThrow(withCode('api/not-found'));
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, DATABASE_FILE), '');
    expect(() => openStoreReader({ folder })).toThrow(withCode('api/not-found'));
  });

  test('sees what is durable while the writer goes on, and all of it when nobody runs', async () => {
    const { store, folder } = storeWithMeters(1);
    const reader = openStoreReader({ folder });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 1)] });
    expect(reader.intervals.count(1, MIDNIGHT, MIDNIGHT + 86_400)).toBe(1);
    expect(reader.databaseBytes()).toBe(store.databaseBytes());
    expect(reader.databaseBytes()).toBeGreaterThan(100_000);
    reader.close();
    store.close();
    expect(readdirSync(folder)).not.toContain(`${DATABASE_FILE}-wal`);
    const alone = openStoreReader({ folder });
    expect(alone.intervals.count(1, MIDNIGHT, MIDNIGHT + 86_400)).toBe(1);
    expect(alone.plant.load().points).toHaveLength(1);
    alone.close();
  });
});

describe('a data folder that cannot be used', () => {
  test('a folder that is a file, or below one, is store/read-only', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const folder of [file, join(file, 'data')]) expect(() => open(folder)).toThrow(withCode('store/read-only'));
  });

  test('a database that is a folder is store/read-only', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, DATABASE_FILE));
    expect(() => open(folder)).toThrow(withCode('store/read-only'));
  });

  test('a database with damaged pages is store/corrupt when they are read', async () => {
    const { store, folder } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: Array.from({ length: 3000 }, (_, n) => interval(n, n)) });
    store.close();
    const file = join(folder, DATABASE_FILE);
    const bytes = readFileSync(file);
    // The newest pages hold the intervals; the first ones the schema.
    bytes.fill(0xa5, bytes.length - 10 * 4096);
    writeFileSync(file, bytes);
    const reader = openStoreReader({ folder });
    onTestFinished(() => reader.close());
    expect(() => reader.intervals.list(1, MIDNIGHT, MIDNIGHT + 1e9)).toThrow(withCode('store/corrupt'));
  });

  test.each([
    ['SQLITE_FULL', 'store/disk-full'],
    ['ENOSPC', 'store/disk-full'],
    ['SQLITE_READONLY', 'store/read-only'],
    ['SQLITE_READONLY_DIRECTORY', 'store/read-only'],
    ['SQLITE_CANTOPEN', 'store/read-only'],
    ['SQLITE_IOERR_WRITE', 'store/read-only'],
    ['EROFS', 'store/read-only'],
    ['EACCES', 'store/read-only'],
    ['SQLITE_CORRUPT_INDEX', 'store/corrupt'],
    ['SQLITE_NOTADB', 'store/corrupt'],
    ['SQLITE_IOERR_CORRUPTFS', 'store/corrupt'],
    ['SQLITE_BUSY_RECOVERY', 'store/in-use'],
    ['SQLITE_CONSTRAINT_CHECK', 'bug'],
  ])('%s is %s', (systemCode, code) => {
    const cause = Object.assign(new Error('as thrown'), { code: systemCode });
    const error = storeError(cause, '/data');
    expect(error).toMatchObject({ code, cause });
    if (code !== 'bug') expect(error.hint).toMatch(/\w/);
  });
});
