import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** A period that a person wants read again from a meter. */
export interface RereadRecord {
  readonly id: number;
  readonly meterId: number;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly askedUtc: UtcSeconds;
  readonly who: string;
  readonly reason: string | null;
  readonly endedUtc: UtcSeconds | null;
  /** `null` = it waits for the meter. */
  readonly outcome: 'done' | 'cancelled' | null;
  /** Intervals that had been absent and came; null until it has ended. */
  readonly found: number | null;
  /** Intervals whose figures turned out to be other ones; the former are kept as their earlier revision. */
  readonly changed: number | null;
}

/** Reads what was asked for again. */
export interface RereadReader {
  /** Newest first. */
  list(offset: number, limit: number): { rows: RereadRecord[]; total: number };
  get(id: number): RereadRecord | null;
  /** Those that still wait, in the order in which they were asked for. */
  waiting(): RereadRecord[];
}

export interface RereadWriter {
  /** Its number. */
  ask(reread: Pick<RereadRecord, 'meterId' | 'fromUtc' | 'toUtc' | 'who' | 'reason'>, nowUtc: UtcSeconds): number;
  /** Ends one that waits, and counts what came of it; one that has ended stays as it is. */
  end(id: number, outcome: 'done' | 'cancelled', nowUtc: UtcSeconds): void;
}

const FIELDS = `id, meter_id AS meterId, from_utc AS fromUtc, to_utc AS toUtc, asked_utc AS askedUtc, who, reason, ended_utc AS endedUtc,
  outcome, found, changed`;

export function rereadReader(db: ReadableDb): RereadReader {
  const page = db.query<[limit: number, offset: number], Row & RereadRecord>(
    `SELECT ${FIELDS} FROM reread ORDER BY id DESC LIMIT ? OFFSET ?`,
  );
  const count = db.query<[], Row & { n: number }>('SELECT count(*) AS n FROM reread');
  const get = db.query<[id: number], Row & RereadRecord>(`SELECT ${FIELDS} FROM reread WHERE id = ?`);
  const waiting = db.query<[], Row & RereadRecord>(`SELECT ${FIELDS} FROM reread WHERE outcome IS NULL ORDER BY id`);
  return {
    list: (offset, limit) => ({ rows: page.all(limit, offset), total: count.get()?.n ?? 0 }),
    get: (id) => get.get(id) ?? null,
    waiting: () => waiting.all(),
  };
}

export function rereadWriter(db: WritableDb): RereadWriter {
  const stored = db.query<[meterId: number, fromUtc: number, toUtc: number], Row & { n: number }>(
    'SELECT count(*) AS n FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?',
  );
  const insert = db.command(
    `INSERT INTO reread (meter_id, from_utc, to_utc, asked_utc, who, reason, stored_before)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  // A revision that was replaced since then is a figure that the meter gave otherwise this time.
  const end = db.command(
    `UPDATE reread SET ended_utc = ?, outcome = ?,
       found = (SELECT count(*) FROM interval WHERE interval.meter_id = reread.meter_id AND start_utc >= from_utc AND start_utc < to_utc)
         - stored_before,
       changed = (SELECT count(DISTINCT start_utc) FROM interval_revision WHERE interval_revision.meter_id = reread.meter_id
         AND start_utc >= from_utc AND start_utc < to_utc AND replaced_utc >= asked_utc)
     WHERE id = ? AND outcome IS NULL`,
  );
  return {
    ask: ({ meterId, fromUtc, toUtc, who, reason }, nowUtc) =>
      insert.insert(meterId, fromUtc, toUtc, nowUtc, who, reason, stored.get(meterId, fromUtc, toUtc)?.n ?? 0),
    end(id, outcome, nowUtc) {
      end.run(nowUtc, outcome, id);
    },
  };
}
