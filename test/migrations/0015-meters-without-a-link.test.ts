import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

const INSERT = 'INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES';

test('meters stay as they are, and one that people read has neither line nor address', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  db.pragma('foreign_keys = OFF');
  for (const { version, sql } of MIGRATIONS) if (version < 15) db.exec(sql);
  db.exec(
    "INSERT INTO line (id, name, address) VALUES (1, 'l', 'tcp:h:1'); INSERT INTO secret (id, sealed, saved_utc) VALUES (3, x'01', 0)",
  );
  db.exec(
    `INSERT INTO meter (id, line_id, driver, model, serial, address, access_level, secret_id, removed_utc, firmware, manufactured,
       constant_imp_per_kwh, profile_period_min, has_profile, ring_slots, variant_hex, memory, quarantined_utc)
     VALUES (7, 1, 'mercury-23x', 'm', '0012', 12, 2, 3, 11, 'f', '2020-01-01', 500, 30, 1, 4096, 'AB', '{"passwordForm":"ascii"}', 13)`,
  );
  db.exec("INSERT INTO meter_clock VALUES (7, 0, 180, 'ignored')");
  const before = db.prepare('SELECT * FROM meter').all();
  for (const { version, sql } of MIGRATIONS) if (version === 15) db.exec(sql);
  db.pragma('foreign_keys = ON');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.prepare('SELECT * FROM meter').all()).toEqual(before);
  expect(before).toMatchObject([{ ring_days: 85, password_form: 'ascii', quarantined_utc: 13 }]);
  expect(() => db.exec('DELETE FROM meter WHERE id = 7')).toThrow(/FOREIGN KEY/);

  db.exec(`${INSERT} (8, NULL, 'manual', '8', NULL, 1), (9, NULL, 'manual', '9', NULL, 1)`);
  expect(() => db.exec(`${INSERT} (10, NULL, 'mercury-23x', '10', NULL, 1)`)).toThrow(/CHECK/);
  expect(() => db.exec(`${INSERT} (10, 1, 'manual', '10', 5, 1)`)).toThrow(/CHECK/);
  expect(() => db.exec(`${INSERT} (10, 1, 'mercury-23x', '10', NULL, 1)`)).toThrow(/CHECK/);
  db.exec(`${INSERT} (10, 1, 'mercury-23x', '10', 5, 1)`);
  expect(() => db.exec(`${INSERT} (11, 1, 'mercury-23x', '11', 5, 1)`)).toThrow(/UNIQUE/);
});
