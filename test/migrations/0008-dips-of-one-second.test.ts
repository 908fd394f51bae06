import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('events are kept with their exchanges, and a dip that is stored already is the same one when it is read again', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  db.pragma('foreign_keys = OFF');
  for (const { version, sql } of MIGRATIONS) if (version <= 7) db.exec(sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  db.exec(
    `INSERT INTO journal VALUES (1, 1, 5, 'power-on', '{"a":1}', 7), (1, 48, 6, 'voltage-dip', '{"phase":1}', 8), (1, 48, 6, 'voltage-swell', NULL, 9)`,
  );
  for (const { version, sql } of MIGRATIONS) if (version === 8) db.exec(sql);
  db.pragma('foreign_keys = ON');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.prepare('SELECT event, twin, details, exchange_id FROM journal ORDER BY at_utc, event').raw().all()).toEqual([
    ['power-on', '', '{"a":1}', 7],
    ['voltage-dip', '{"phase":1}', '{"phase":1}', 8],
    ['voltage-swell', '', null, 9],
  ]);
  const plan = db.prepare<[], { detail: string }>('EXPLAIN QUERY PLAN SELECT event FROM journal WHERE meter_id = 1 ORDER BY at_utc').all();
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('journal_meter_time')]);
});
