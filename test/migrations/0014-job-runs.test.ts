import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

test('packages of before stay, and runs of jobs have a table of their own', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version < 14) db.exec(sql);
  db.exec(`INSERT INTO package (id, receiver, site_code, number, pack_id, kind, format, mode, from_day, to_day, created_utc, created_offset_min, folder, state)
    VALUES (1, '1c', 'SITE1', 1, 'a', 'IV', 'csv', 'full', '2026-11-21', '2026-11-21', 0, 180, 'out', 'delivered')`);
  for (const { version, sql } of MIGRATIONS) if (version === 14) db.exec(sql);
  expect(db.prepare('SELECT number FROM package WHERE to_day >= ?').all('2026-11-21')).toEqual([{ number: 1 }]);
  const add = (what: string, outcome: string) =>
    db.exec(`INSERT INTO job_run (job, what, cause, from_day, to_day, booked, started_utc, ended_utc, duration_ms, tries, outcome, made)
      VALUES ('daily-iv', '${what}', 'schedule', '2026-11-21', '2026-11-21', 1, 0, 1, 1000, 1, '${outcome}', '[]')`);
  add('onec', 'made');
  expect(() => add('fax', 'made')).toThrow(/CHECK/);
  expect(() => add('onec', 'perhaps')).toThrow(/CHECK/);
});
