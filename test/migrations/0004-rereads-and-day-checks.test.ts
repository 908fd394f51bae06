import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('a request ends with an outcome or waits, and a day has one verdict', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version <= 4) db.exec(sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  const ask =
    "INSERT INTO reread (meter_id, from_utc, to_utc, asked_utc, who, stored_before, ended_utc, outcome) VALUES (1, 0, 1800, 5, 'x', 0,";
  db.exec(`${ask} NULL, NULL)`);
  db.exec(`${ask} 9, 'done')`);
  expect(() => db.exec(`${ask} 9, NULL)`)).toThrow(/CHECK/);
  expect(() => db.exec(`${ask} NULL, 'done')`)).toThrow(/CHECK/);
  const check =
    "INSERT INTO day_check (meter_id, start_utc, end_utc, verdict, figures, checked_utc) VALUES (1, 0, 86400, 'matches', '{}', 7)";
  db.exec(check);
  expect(() => db.exec(check)).toThrow(/UNIQUE/);
});
