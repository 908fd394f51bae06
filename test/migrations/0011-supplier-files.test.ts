import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../src/main/store/migrate.ts';

function upgraded() {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  for (const { version, sql } of MIGRATIONS) if (version <= 9) db.exec(sql);
  for (const { version, sql } of MIGRATIONS) if (version === 11) db.exec(sql);
  db.pragma('foreign_keys = ON');
  return db;
}

const file = (id: number, sender: string, number: number, state = 'made') =>
  `INSERT INTO supplier_file (id, sender_inn, number, area_inn, class, day, timestamp, made_utc, content, state, state_utc, is_mailed)
   VALUES (${id}, '${sender}', ${number}, '5600010901', '80020', '2026-11-21', '20261122081500', 0, '{}', '${state}', 0, 0)`;

test('a number is used once by a sender, and by another sender as well', () => {
  const db = upgraded();
  db.exec(file(1, '7701234567', 1));
  db.exec(file(2, '7701234568', 1));
  expect(() => db.exec(file(3, '7701234567', 1))).toThrow(/UNIQUE/);
  expect(() => db.exec(file(4, '7701234567', 0))).toThrow(/CHECK/);
  expect(() => db.exec(file(5, '7701234567', 2, 'lost'))).toThrow(/CHECK/);
});

test('parts, steps, carries and replies belong to a file', () => {
  const db = upgraded();
  expect(() => db.exec("INSERT INTO supplier_file_part VALUES (1, 0, 'a.xml', x'00', 1, 's')")).toThrow(/FOREIGN KEY/);
  expect(() => db.exec("INSERT INTO supplier_file_step (file_id, at_utc, state) VALUES (1, 0, 'made')")).toThrow(/FOREIGN KEY/);
  expect(() => db.exec("INSERT INTO supplier_carry VALUES (1, '560000000000001', 'A+', '1/2')")).toThrow(/FOREIGN KEY/);
  db.exec(file(1, '7701234567', 1));
  db.exec("INSERT INTO supplier_carry VALUES (1, '560000000000001', 'A+', '1/2')");
  expect(() => db.exec("INSERT INTO supplier_carry VALUES (1, '560000000000001', '01', '1/2')")).toThrow(/CHECK/);
  db.exec("INSERT INTO supplier_reply VALUES ('s', 'r.xml', 0, 1, 0, NULL)");
  expect(() => db.exec("INSERT INTO supplier_reply VALUES ('t', 'r.xml', 0, 1, 5, NULL)")).toThrow(/CHECK/);
});

test('of the figures received for a day one set is current', () => {
  const db = upgraded();
  const received = (id: number, sha: string) =>
    `INSERT INTO received_file VALUES (${id}, '7801234567', 'Сети', '80020', ${id}, '2026-11-21', '20261122081500', 'f.xml', '${sha}', 0, 'test')`;
  const figure = (id: number, isCurrent: number) =>
    `INSERT INTO received_figure VALUES ('7801234567', '7800010901', '780000000000001', 'A+', '2026-11-21', ${id}, '[]', ${isCurrent})`;
  db.exec(received(1, 'a'));
  expect(() => db.exec(received(2, 'a'))).toThrow(/UNIQUE/);
  db.exec(received(2, 'b'));
  db.exec(figure(1, 1));
  expect(() => db.exec(figure(2, 1))).toThrow(/UNIQUE/);
  db.exec('UPDATE received_figure SET is_current = 0');
  db.exec(figure(2, 1));
});
