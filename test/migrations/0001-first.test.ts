import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { first } from '../../src/main/store/migrations/0001-first.ts';

function migrated(): Database.Database {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  db.exec(first.sql);
  return db;
}

function tables(db: Database.Database): { name: string; strict: number; wr: number }[] {
  const all = db
    .prepare<[], { name: string; strict: number; wr: number }>("SELECT name, strict, wr FROM pragma_table_list WHERE schema = 'main'")
    .all();
  return all.filter(({ name }) => !name.startsWith('sqlite_')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

test('makes every table, all of them strict', () => {
  const list = tables(migrated());
  expect(list.map(({ name }) => name)).toEqual([
    'audit',
    'clock_reading',
    'exchange',
    'gap',
    'installation',
    'interval',
    'interval_revision',
    'journal',
    'line',
    'meter',
    'meter_clock',
    'package',
    'package_sent',
    'point',
    'register',
    'replacement',
    'sample',
    'sample_half_hour',
    'secret',
    'site',
    'substation',
  ]);
  expect(list.filter(({ strict }) => strict === 0)).toEqual([]);
  for (const name of ['interval', 'sample', 'register', 'gap']) expect(list.find((table) => table.name === name)?.wr).toBe(1);
});

test('holds no figure as a floating number', () => {
  const db = migrated();
  const types = tables(db).flatMap(({ name }) =>
    db.prepare<[string], { type: string }>('SELECT type FROM pragma_table_xinfo(?)').all(name),
  );
  expect(types.length).toBeGreaterThan(150);
  expect(new Set(types.map(({ type }) => type))).toEqual(new Set(['INTEGER', 'TEXT', 'BLOB']));
});

test('says of every column what it is', () => {
  const source = readFileSync(join(import.meta.dirname, '../../src/main/store/migrations/0001-first.ts'), 'utf8');
  const columns = source.split('\n').filter((line) => /^ {2}[a-z][a-z0-9_]* (INTEGER|TEXT|BLOB)/.test(line));
  expect(columns.length).toBeGreaterThan(150);
  const bare = columns.filter((line) => !line.includes('--')).map((line) => line.trim().split(' ')[0] ?? '');
  expect(bare).toEqual([]);
});

test('refuses a second meter at an address, unless the first was taken away', () => {
  const db = migrated();
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  const meter = (serial: string) =>
    db.exec(`INSERT INTO meter (line_id, driver, serial, address, access_level) VALUES (1, 'mercury-23x', '${serial}', 5, 1)`);
  meter('1');
  expect(() => meter('2')).toThrow('UNIQUE');
  db.exec("UPDATE meter SET removed_utc = 1 WHERE serial = '1'");
  meter('2');
  expect(() => meter('1')).toThrow('UNIQUE');
});
