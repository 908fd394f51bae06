import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('figures keep their exchanges, revisions and order, and an exchange may leave its table', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  db.pragma('foreign_keys = OFF');
  for (const { version, sql } of MIGRATIONS) if (version <= 4) db.exec(sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  db.exec("INSERT INTO exchange (id, line_id, label, request, sent_at_ms, duration_us, attempt) VALUES (7, 1, 'profile', x'01', 0, 0, 1)");
  db.exec('INSERT INTO interval VALUES (1, 1800, 1800, 5, NULL, 0, NULL, 0, 0, 7, 2), (1, 0, 1800, 6, NULL, 0, NULL, 0, 0, 7, 1)');
  db.exec('INSERT INTO interval_revision VALUES (1, 1800, 1, 1800, 4, NULL, 0, NULL, 0, 0, 7, 99)');
  db.exec('INSERT INTO register VALUES (1, 0, 0, 0, 12, NULL, NULL, NULL, 7)');
  db.exec("INSERT INTO journal VALUES (1, 1, 5, 'power-on', NULL, 7)");
  for (const { version, sql } of MIGRATIONS) if (version === 5) db.exec(sql);
  db.pragma('foreign_keys = ON');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.prepare('SELECT start_utc, a_plus, exchange_id, revision FROM interval').raw().all()).toEqual([
    [0, 6, 7, 1],
    [1800, 5, 7, 2],
  ]);
  expect(db.prepare('SELECT a_plus, exchange_id FROM interval_revision').raw().all()).toEqual([[4, 7]]);
  expect(db.prepare('SELECT exchange_id FROM register UNION ALL SELECT exchange_id FROM journal').pluck().all()).toEqual([7, 7]);
  db.exec('DELETE FROM exchange');
  // What hangs together still does.
  expect(() => db.exec('DELETE FROM interval')).toThrow(/FOREIGN KEY/);
  const plan = db.prepare<[], { detail: string }>('EXPLAIN QUERY PLAN SELECT event FROM journal WHERE meter_id = 1 ORDER BY at_utc').all();
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('journal_meter_time')]);
});
