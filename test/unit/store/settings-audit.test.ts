import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { openStoreReader } from '../../../src/main/store/store.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/shared/api/settings.ts';
import { temporaryStore } from './support.ts';

const CHANGED: Settings = {
  ...DEFAULT_SETTINGS,
  language: 'en',
  onec: { ...DEFAULT_SETTINGS.onec, name: '1C', folder: 'D:\\exchange', encoding: 'utf-8' },
};
const record = z.strictObject({
  id: z.number().int(),
  atUtc: z.number().int(),
  who: z.string(),
  action: z.string(),
  subject: z.string(),
  oldValue: z.string().nullable(),
  newValue: z.string().nullable(),
  reason: z.string().nullable(),
});

test('settings are the defaults until they are saved, then what was saved', () => {
  const { store, folder } = temporaryStore();
  expect(store.settings.load()).toEqual(DEFAULT_SETTINGS);
  store.settings.save(CHANGED, 'engineer');
  expect(store.settings.load()).toEqual(CHANGED);
  const reader = openStoreReader({ folder });
  expect(reader.settings.load()).toEqual(CHANGED);
  reader.close();
});

test('saving settings tells the audit log what they were; the same settings again tell nothing', () => {
  const { store, clock } = temporaryStore();
  store.settings.save(CHANGED, 'engineer');
  store.settings.save({ ...CHANGED }, 'engineer');
  store.settings.save(DEFAULT_SETTINGS, 'somebody');
  const { rows, total } = store.audit.list(0, 10);
  expect(z.array(record).parse(rows)).toEqual(rows);
  expect(total).toBe(2);
  expect(rows[0]).toEqual({
    id: 2,
    atUtc: clock.now() / 1000,
    who: 'somebody',
    action: 'settings.save',
    subject: 'site',
    oldValue: JSON.stringify(CHANGED),
    newValue: JSON.stringify(DEFAULT_SETTINGS),
    reason: null,
  });
  expect(store.audit.list(1, 1)).toEqual({ rows: [rows[1]], total: 2 });
});

/** Does to the file what only somebody with the file in hands can do. */
function tamper(folder: string, sql: string): void {
  const db = new Database(join(folder, DATABASE_FILE));
  db.exec('DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_loses_no_rows');
  db.exec(sql);
  db.close();
}

function storeWithEntries() {
  const { store, folder } = temporaryStore();
  for (const n of [1, 2, 3, 4]) {
    store.audit.append({
      who: 'engineer',
      action: 'note.add',
      subject: `point P${n}`,
      oldValue: null,
      newValue: String(n),
      reason: 'because',
    });
  }
  return { store, folder };
}

test('the audit log refuses to be changed', () => {
  const { store, folder } = storeWithEntries();
  const db = new Database(join(folder, DATABASE_FILE));
  expect(() => db.exec("UPDATE audit SET who = 'nobody' WHERE id = 2")).toThrow('never changed');
  expect(() => db.exec('DELETE FROM audit WHERE id = 2')).toThrow('never deleted');
  db.close();
  expect(store.audit.verify()).toEqual({ ok: true, brokenAt: null });
});

test.each([
  ['a changed field', "UPDATE audit SET who = 'nobody' WHERE id = 2", 2],
  ['a changed moment', 'UPDATE audit SET at_utc = at_utc + 1 WHERE id = 4', 4],
  ['a value made absent', 'UPDATE audit SET new_value = NULL WHERE id = 3', 3],
  ['text moved between fields', "UPDATE audit SET action = 'note.', subject = 'add' || subject WHERE id = 1", 1],
  ['a row taken out', 'DELETE FROM audit WHERE id = 2', 3],
  ['the first row taken out', 'DELETE FROM audit WHERE id = 1', 2],
  [
    'two rows exchanged',
    'UPDATE audit SET id = 99 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 99',
    2,
  ],
])('the chain of the audit log breaks at %s', (_what, sql, brokenAt) => {
  const { store, folder } = storeWithEntries();
  tamper(folder, sql);
  expect(store.audit.verify()).toEqual({ ok: false, brokenAt });
});
