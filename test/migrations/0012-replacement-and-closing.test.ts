import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

/** A database of the version before, with a point and a replacement that had no decision yet. */
function upgraded() {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version < 12) db.exec(sql);
  db.exec("INSERT INTO substation (id, name) VALUES (1, 'S')");
  db.exec(
    "INSERT INTO point (id, substation_id, code, name, role, owner, interval_min) VALUES (1, 1, 'P', 'P', 'settlement', 'plant', 30)",
  );
  db.exec(
    "INSERT INTO replacement (id, point_id, channel, start_utc, length_s, energy, method, author, reason, made_utc) VALUES (1, 1, 'A+', 0, 1800, 5, 'control', 'a', 'r', 9)",
  );
  for (const { version, sql } of MIGRATIONS) if (version === 12) db.exec(sql);
  db.pragma('foreign_keys = ON');
  return db;
}

test('a replacement of before stays in force and has no decision', () => {
  const db = upgraded();
  expect(db.prepare('SELECT energy, decision_id, withdrawn_utc FROM replacement').get()).toEqual({
    energy: 5,
    decision_id: null,
    withdrawn_utc: null,
  });
  expect(() => db.exec('UPDATE replacement SET decision_id = 7')).toThrow(/FOREIGN KEY/);
});

test('a month is closed once at a time, and a reading stands once', () => {
  const db = upgraded();
  const close =
    "INSERT INTO closed_month (month, from_utc, to_utc, closed_utc, closed_by, closed_reason, left_open, energy, replaced) VALUES ('2026-10', 0, 1, 2, 'a', 'r', '[]', 0, 0)";
  db.exec(close);
  expect(() => db.exec(close)).toThrow(/UNIQUE/);
  db.exec('UPDATE closed_month SET opened_utc = 3');
  db.exec(close);
  const read =
    "INSERT INTO manual_reading (point_id, at_utc, channel, tariff, reading, is_roll_over, author, reason, made_utc) VALUES (1, 5, 'A+', 0, 7, 0, 'a', 'r', 9)";
  db.exec(read);
  expect(() => db.exec(read)).toThrow(/UNIQUE/);
  db.exec('UPDATE manual_reading SET withdrawn_utc = 10');
  db.exec(read);
});
