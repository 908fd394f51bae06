import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { first } from '../../src/main/store/migrations/0001-first.ts';
import { findingsAndTests } from '../../src/main/store/migrations/0002-findings-and-tests.ts';
import { journalOrder } from '../../src/main/store/migrations/0003-journal-order.ts';

test('events that were stored before are there, and are found by their moment', () => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  db.exec(first.sql);
  db.exec(findingsAndTests.sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  db.exec("INSERT INTO journal (meter_id, journal, at_utc, event) VALUES (1, 2, 10, 'power-on'), (1, 1, 20, 'power-off')");
  db.exec(journalOrder.sql);
  expect(db.prepare('SELECT event FROM journal ORDER BY at_utc DESC').pluck().all()).toEqual(['power-off', 'power-on']);
  const plan = db.prepare<[], { detail: string }>('EXPLAIN QUERY PLAN SELECT event FROM journal WHERE meter_id = 1 ORDER BY at_utc').all();
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('journal_meter_time')]);
});
