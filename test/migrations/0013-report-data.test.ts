import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('balances, losses and formulas have their tables, which refuse what makes no sense', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version < 13) db.exec(sql);
  db.exec("INSERT INTO substation (id, name) VALUES (1, 'ТП-1')");
  db.exec("INSERT INTO point (id, substation_id, code, name, role) VALUES (1, 1, 'P1', 'Ввод 1', 'settlement')");
  for (const { version, sql } of MIGRATIONS) if (version === 13) db.exec(sql);
  db.pragma('foreign_keys = ON');
  db.exec("INSERT INTO balance VALUES (1, '{}', 0)");
  db.exec("INSERT INTO point_losses VALUES (1, 0, '{}', 0), (1, 100, NULL, 0)");
  db.exec("INSERT INTO formula (name, unit, terms, saved_utc) VALUES ('Цех', 'Wh', '[]', 0)");
  expect(() => db.exec("INSERT INTO balance VALUES (2, '{}', 0)")).toThrow(/FOREIGN KEY/);
  expect(() => db.exec('INSERT INTO point_losses VALUES (1, 100, NULL, 0)')).toThrow(/UNIQUE/);
  expect(() => db.exec("INSERT INTO formula (name, unit, terms, saved_utc) VALUES ('Цех', 'Wh', '[]', 0)")).toThrow(/UNIQUE/);
  expect(() => db.exec("INSERT INTO formula (name, unit, terms, saved_utc) VALUES ('Щит', 'kWh', '[]', 0)")).toThrow(/CHECK/);
});
