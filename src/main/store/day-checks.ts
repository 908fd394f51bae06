import type { DayVerdict } from '../../shared/domain/day-check.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** What the sum of a meter's intervals over one of its days says against the difference of its start-of-day registers. */
export interface DayCheckRecord {
  readonly meterId: number;
  readonly startUtc: UtcSeconds;
  readonly endUtc: UtcSeconds;
  readonly verdict: DayVerdict;
  /** What is likely behind a mismatch, or why nothing can be compared. */
  readonly diagnosis: string | null;
  /** By channel, as they were compared. Plain JSON. */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly checkedUtc: UtcSeconds;
}

export interface DayCheckReader {
  get(meterId: number, startUtc: UtcSeconds): DayCheckRecord | null;
  /** Days of a meter that begin in [from, to), in their order. */
  list(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): DayCheckRecord[];
  /** Of all meters, days that begin at or after `fromUtc`, newest first. */
  mismatches(fromUtc: UtcSeconds): DayCheckRecord[];
}

type DayCheckRow = Row & Omit<DayCheckRecord, 'figures'> & { readonly figures: string };

const FIELDS = 'meter_id AS meterId, start_utc AS startUtc, end_utc AS endUtc, verdict, diagnosis, figures, checked_utc AS checkedUtc';

export function dayCheckReader(db: ReadableDb): DayCheckReader {
  const get = db.query<[meterId: number, startUtc: number], DayCheckRow>(
    `SELECT ${FIELDS} FROM day_check WHERE meter_id = ? AND start_utc = ?`,
  );
  const list = db.query<[meterId: number, fromUtc: number, toUtc: number], DayCheckRow>(
    `SELECT ${FIELDS} FROM day_check WHERE meter_id = ? AND start_utc >= ? AND start_utc < ? ORDER BY start_utc`,
  );
  const mismatches = db.query<[fromUtc: number], DayCheckRow>(
    `SELECT ${FIELDS} FROM day_check WHERE verdict = 'mismatch' AND start_utc >= ? ORDER BY start_utc DESC, meter_id DESC`,
  );
  return {
    get(meterId, startUtc) {
      const row = get.get(meterId, startUtc);
      return row === undefined ? null : recordOf(row);
    },
    list: (...args) => list.all(...args).map(recordOf),
    mismatches: (fromUtc) => mismatches.all(fromUtc).map(recordOf),
  };
}

/** Keeps the latest verdict of each day; one durable transaction for all of them. */
export function dayCheckWriter(db: WritableDb): (checks: readonly DayCheckRecord[]) => void {
  const put = db.command(
    'INSERT OR REPLACE INTO day_check (meter_id, start_utc, end_utc, verdict, diagnosis, figures, checked_utc) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return (checks) => {
    if (checks.length === 0) return;
    db.transaction(() => {
      for (const { meterId, startUtc, endUtc, verdict, diagnosis, figures, checkedUtc } of checks) {
        put.run(meterId, startUtc, endUtc, verdict, diagnosis, JSON.stringify(figures), checkedUtc);
      }
    });
  };
}

function recordOf({ figures, ...row }: DayCheckRow): DayCheckRecord {
  const parsed: DayCheckRecord['figures'] = JSON.parse(figures);
  return { ...row, figures: parsed };
}
