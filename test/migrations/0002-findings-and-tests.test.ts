import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { first } from '../../src/main/store/migrations/0001-first.ts';
import { findingsAndTests } from '../../src/main/store/migrations/0002-findings-and-tests.ts';

function migrated(): Database.Database {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  db.exec(first.sql);
  db.exec("INSERT INTO line (id, name, address) VALUES (1, 'L', 'L')");
  db.exec("INSERT INTO meter (id, line_id, driver, serial, address, access_level) VALUES (1, 1, 'mercury-23x', '1', 5, 1)");
  db.exec(findingsAndTests.sql);
  return db;
}

const finding = (line: string, meter: string, code: string, until = 'NULL') =>
  `INSERT INTO finding (line_id, meter_id, code, weight, params, since_utc, until_utc) VALUES (${line}, ${meter}, '${code}', 'info', '{}', 1, ${until})`;

test('a finding lasts once for its line or meter, and may come back after it was over', () => {
  const db = migrated();
  db.exec(finding('1', 'NULL', 'echo'));
  expect(() => db.exec(finding('1', 'NULL', 'echo'))).toThrow('UNIQUE');
  db.exec(finding('1', 'NULL', 'noise'));
  db.exec(finding('NULL', '1', 'echo'));
  db.exec("UPDATE finding SET until_utc = 2 WHERE code = 'echo' AND line_id = 1");
  db.exec(finding('1', 'NULL', 'echo'));
});

test('a finding is about a line or a meter, never both or neither', () => {
  const db = migrated();
  expect(() => db.exec(finding('1', '1', 'echo'))).toThrow('CHECK');
  expect(() => db.exec(finding('NULL', 'NULL', 'echo'))).toThrow('CHECK');
});

test('the data of the first version stay as they were', () => {
  expect(migrated().prepare('SELECT serial FROM meter').all()).toEqual([{ serial: '1' }]);
});
