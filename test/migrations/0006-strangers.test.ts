import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('a meter in quarantine may have the address of a known one, two known ones may not', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  const meter = (serial: string, quarantinedUtc: number | null) =>
    db.exec(
      `INSERT INTO meter (line_id, driver, serial, address, access_level, quarantined_utc)
       VALUES (1, 'mercury-23x', '${serial}', 5, 1, ${quarantinedUtc})`,
    );
  for (const { version, sql } of MIGRATIONS) if (version <= 5) db.exec(sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  for (const { version, sql } of MIGRATIONS) if (version === 6) db.exec(sql);
  expect(db.prepare('SELECT quarantined_utc FROM meter').pluck().all()).toEqual([null]);
  meter('2', 100);
  meter('3', 100);
  expect(() => meter('4', null)).toThrow(/UNIQUE/);
  db.exec("INSERT INTO stranger VALUES (1, 2, 1, 1, 5, 100, 100, NULL, 'quarantined', NULL, NULL, NULL)");
  expect(() => db.exec("UPDATE stranger SET state = 'rejected'")).toThrow(/CHECK/);
  expect(() => db.exec("UPDATE stranger SET state = 'rejected', decided_utc = 200")).toThrow(/CHECK/);
  db.exec("UPDATE stranger SET state = 'rejected', decided_utc = 200, who = 'engineer'");
});
