import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('each journal of a meter has one row, whether or not it tells its newest record', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version <= 8) db.exec(sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  for (const { version, sql } of MIGRATIONS) if (version === 9) db.exec(sql);
  db.exec("INSERT INTO journal_read VALUES (1, 1, '01 02', 100), (1, 18, NULL, 100)");
  expect(() => db.exec('INSERT INTO journal_read VALUES (1, 18, NULL, 200)')).toThrow(/UNIQUE/);
  db.pragma('foreign_keys = ON');
  expect(() => db.exec('INSERT INTO journal_read VALUES (2, 1, NULL, 0)')).toThrow(/FOREIGN KEY/);
});
