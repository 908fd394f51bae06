import { createHash } from 'node:crypto';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { isSameBytes } from '../../shared/domain/bytes.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** What somebody changed. Values are texts for people and JSON for records; a secret is never among them. */
export interface AuditEntry {
  /** Person, rule or way in. */
  readonly who: string;
  /** `noun.verb`. */
  readonly action: string;
  /** What was changed: `site`, `point CODE`. */
  readonly subject: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly reason: string | null;
}

/** An entry of the log as it stands there. */
export type AuditRecord = AuditEntry & { readonly id: number; readonly atUtc: UtcSeconds };

/** Reads the audit log. */
export interface AuditReader {
  /** Newest first. */
  list(offset: number, limit: number): { readonly rows: AuditRecord[]; readonly total: number };
  /** Entries of one action, newest first. */
  ofAction(action: string, offset: number, limit: number): { readonly rows: AuditRecord[]; readonly total: number };
  /** Walks the chain of hashes; `brokenAt` is the id of the first row that was changed or whose predecessor is gone. */
  verify(): { readonly ok: boolean; readonly brokenAt: number | null };
}

const NO_HASH = new Uint8Array(32);
const FIELDS = 'id, at_utc, who, action, subject, old_value, new_value, reason';
type AuditRow = Row & {
  readonly id: number;
  readonly at_utc: number;
  readonly who: string;
  readonly action: string;
  readonly subject: string;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly reason: string | null;
};

/** The audit log of an open database. */
export function auditReader(db: ReadableDb): AuditReader {
  const page = db.query<[limit: number, offset: number], AuditRow>(`SELECT ${FIELDS} FROM audit ORDER BY id DESC LIMIT ? OFFSET ?`);
  const count = db.query<[], Row & { n: number }>('SELECT count(*) AS n FROM audit');
  const pageOfAction = db.query<[action: string, limit: number, offset: number], AuditRow>(
    `SELECT ${FIELDS} FROM audit WHERE action = ? ORDER BY id DESC LIMIT ? OFFSET ?`,
  );
  const countOfAction = db.query<[action: string], Row & { n: number }>('SELECT count(*) AS n FROM audit WHERE action = ?');
  const chain = db.query<[], AuditRow & { hash: Uint8Array; previous_hash: Uint8Array }>(
    `SELECT ${FIELDS}, previous_hash, hash FROM audit ORDER BY id`,
  );
  return {
    list: (offset, limit) => ({ rows: page.all(limit, offset).map(recordOf), total: count.get()?.n ?? 0 }),
    ofAction: (action, offset, limit) => ({
      rows: pageOfAction.all(action, limit, offset).map(recordOf),
      total: countOfAction.get(action)?.n ?? 0,
    }),
    verify() {
      let previous: Uint8Array = NO_HASH;
      let id = 1;
      for (const row of chain.all()) {
        if (row.id !== id || !isSameBytes(row.previous_hash, previous) || !isSameBytes(row.hash, hashOf(previous, recordOf(row)))) {
          return { ok: false, brokenAt: row.id };
        }
        previous = row.hash;
        id += 1;
      }
      return { ok: true, brokenAt: null };
    },
  };
}

/** Appends one entry to the chain and returns its id; ids run without holes. Call it inside the transaction of the change itself. */
export type AppendAudit = (entry: AuditEntry, nowUtc: UtcSeconds) => number;

/** Writes into the audit log of an open database. */
export function auditWriter(db: WritableDb): AppendAudit {
  const last = db.query<[], Row & { id: number; hash: Uint8Array }>('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1');
  const insert = db.command(`INSERT INTO audit (${FIELDS}, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return ({ who, action, subject, oldValue, newValue, reason }, atUtc) => {
    const before = last.get();
    const previous = before?.hash ?? NO_HASH;
    const record: AuditRecord = { id: (before?.id ?? 0) + 1, atUtc, who, action, subject, oldValue, newValue, reason };
    insert.run(record.id, atUtc, who, action, subject, oldValue, newValue, reason, previous, hashOf(previous, record));
    return record.id;
  };
}

/** JSON of a list keeps the fields apart: no two rows give the same bytes. */
function hashOf(previous: Uint8Array, { id, atUtc, who, action, subject, oldValue, newValue, reason }: AuditRecord): Uint8Array {
  const fields = JSON.stringify([id, atUtc, who, action, subject, oldValue, newValue, reason]);
  return new Uint8Array(createHash('sha256').update(previous).update(fields).digest());
}

function recordOf(row: AuditRow): AuditRecord {
  return {
    id: row.id,
    atUtc: row.at_utc,
    who: row.who,
    action: row.action,
    subject: row.subject,
    oldValue: row.old_value,
    newValue: row.new_value,
    reason: row.reason,
  };
}
