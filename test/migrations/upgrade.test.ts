import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { DATABASE_FILE, openReadable, openWritable } from '../../src/main/store/database.ts';
import { checkReadable, type Migration, migrate, MIGRATIONS, UPGRADE_BACKUPS } from '../../src/main/store/migrate.ts';
import { openStore, openStoreReader } from '../../src/main/store/store.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../unit/store/support.ts';

const open = (folder: string) => openStore({ folder, clock: new FakeClock(), logger: silentLogger });
const next: Migration = { version: MIGRATIONS.length + 1, sql: 'ALTER TABLE line ADD COLUMN colour TEXT' };
const broken: Migration = { version: next.version, sql: 'ALTER TABLE line ADD COLUMN colour TEXT; DELETE FROM no_such_table' };

/** A folder with data of the newest version. */
function folderWithData(): string {
  const folder = temporaryFolder();
  const store = open(folder);
  store.settings.save(DEFAULT_SETTINGS, 'test');
  store.close();
  return folder;
}

function writable(folder: string) {
  const db = openWritable(folder, join(folder, DATABASE_FILE));
  onTestFinished(() => db.close());
  return db;
}

test('versions run 1, 2, 3 without holes', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test('a new database comes to the last version without a backup; opening it again changes nothing', () => {
  const folder = folderWithData();
  expect(writable(folder).pragma('user_version')).toBe(MIGRATIONS.length);
  open(folder).close();
  expect(readdirSync(folder)).not.toContain(UPGRADE_BACKUPS);
});

test('is set up for durability', () => {
  const db = writable(folderWithData());
  expect(db.pragma('journal_mode')).toBe('wal');
  // 2 = FULL.
  expect(db.pragma('synchronous')).toBe(2);
  expect(db.pragma('foreign_keys')).toBe(1);
});

test('an existing database is copied whole before it is upgraded', () => {
  const folder = folderWithData();
  const db = writable(folder);
  migrate(db, Date.parse('2026-11-22T09:00:00Z'), [...MIGRATIONS, next]);
  expect(db.pragma('user_version')).toBe(next.version);
  expect(readdirSync(join(folder, UPGRADE_BACKUPS))).toEqual([`feeder-version-${MIGRATIONS.length}-20261122T090000Z.db`]);
  const copy = new Database(join(folder, UPGRADE_BACKUPS, `feeder-version-${MIGRATIONS.length}-20261122T090000Z.db`), { readonly: true });
  onTestFinished(() => {
    copy.close();
  });
  expect(copy.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(copy.prepare('SELECT count(*) AS n FROM site').get()).toEqual({ n: 1 });
});

test('a migration that fails leaves the database as it was', () => {
  const folder = folderWithData();
  const db = writable(folder);
  expect(() => migrate(db, 0, [...MIGRATIONS, broken])).toThrow('no_such_table');
  expect(db.pragma('user_version')).toBe(MIGRATIONS.length);
  migrate(db, 0, [...MIGRATIONS, next]);
  expect(db.pragma('user_version')).toBe(next.version);
});

test('a database of a newer version is refused to writers and readers, and not a byte of it changes', () => {
  const folder = folderWithData();
  const file = join(folder, DATABASE_FILE);
  const db = new Database(file);
  db.pragma(`user_version = ${MIGRATIONS.length + 1}`);
  db.close();
  const before = readFileSync(file);
  const refusal = expect.objectContaining({ code: 'store/newer-version', hint: expect.stringContaining('newer') });
  expect(() => open(folder)).toThrow(refusal);
  expect(() => openStoreReader({ folder })).toThrow(refusal);
  expect(readFileSync(file)).toEqual(before);
  expect(() => open(folder)).toThrow(refusal);
});

test('a reader of an older database is told to let the writer upgrade it first', () => {
  const folder = folderWithData();
  const db = openReadable(folder, join(folder, DATABASE_FILE));
  onTestFinished(() => db.close());
  checkReadable(db);
  expect(() => checkReadable(db, [...MIGRATIONS, next])).toThrow(expect.objectContaining({ code: 'api/conflict' }));
});
