import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('packages of before keep their one format and have no answer, and an answer belongs to a package', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version <= 9) db.exec(sql);
  db.exec(`INSERT INTO package (id, receiver, site_code, number, pack_id, kind, format, mode, from_day, to_day, created_utc, created_offset_min, folder, state)
           VALUES (1, '1c', 'S', 1, 'u', 'IV', 'csv', 'full', '2026-11-21', '2026-11-21', 0, 180, 'D', 'delivered')`);
  db.exec(`INSERT INTO package_sent VALUES ('1c', 'IV', '2026-11-21', 'P1;A+', 1, '[[0,1,0,"1.000"]]')`);
  for (const { version, sql } of MIGRATIONS) if (version === 10) db.exec(sql);
  expect(db.prepare('SELECT formats, replaces_pack_id, delivered_utc, pruned_utc FROM package').all()).toEqual([
    { formats: null, replaces_pack_id: null, delivered_utc: null, pruned_utc: null },
  ]);
  expect(db.prepare('SELECT count(*) AS n FROM package_sent').get()).toEqual({ n: 1 });
  const answer = (packageId: number, status: string) =>
    db.exec(`INSERT INTO package_ack VALUES (${packageId}, 5, '${status}', NULL, 2, '', '[]', 0, 'd')`);
  expect(() => answer(1, 'taken')).toThrow(/CHECK/);
  answer(1, 'partial');
  expect(() => answer(1, 'accepted')).toThrow(/UNIQUE/);
  db.pragma('foreign_keys = ON');
  expect(() => answer(2, 'accepted')).toThrow(/FOREIGN KEY/);
  expect(() => db.exec("UPDATE package SET formats = 'csv'")).toThrow(/CHECK/);
  db.exec("INSERT INTO ack_refusal VALUES ('1c', 'D', 'a.ack', 'not-text', 'd', 5)");
  expect(() => db.exec("INSERT INTO ack_refusal VALUES ('1c', 'D', 'a.ack', 'not-text', 'e', 6)")).toThrow(/UNIQUE/);
});
