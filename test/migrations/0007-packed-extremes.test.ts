import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('a half-hour of a meter is one row, kept by meter first', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version <= 6) db.exec(sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  for (const { version, sql } of MIGRATIONS) if (version === 7) db.exec(sql);
  db.exec("INSERT INTO sample_half_hour VALUES (1, 1800, x'01')");
  expect(() => db.exec("INSERT INTO sample_half_hour VALUES (1, 1800, x'02')")).toThrow(/UNIQUE/);
  expect(() => db.exec("INSERT INTO sample_half_hour VALUES (1, 3600, 'text')")).toThrow(/BLOB/);
  db.pragma('foreign_keys = ON');
  expect(() => db.exec("INSERT INTO sample_half_hour VALUES (2, 0, x'01')")).toThrow(/FOREIGN KEY/);
  const plan = db
    .prepare<[], { detail: string }>('EXPLAIN QUERY PLAN SELECT packed FROM sample_half_hour WHERE meter_id = 1 AND start_utc >= 0')
    .all();
  expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH sample_half_hour USING PRIMARY KEY (meter_id=? AND start_utc>?)']);
});
