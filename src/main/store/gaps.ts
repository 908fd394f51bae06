import type { Gap } from '../../shared/domain/gap.ts';
import { ABSENCE_REASONS, type MeterInterval } from '../../shared/domain/interval.ts';
import { AppError } from '../../shared/api/errors.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';
import { cutOut, type GapRange, isSameRow, joinAlike, put } from './gap-ranges.ts';
import type { IntervalReader } from './intervals.ts';

/** Reads the gap ledger. */
export interface GapReader {
  /** Of one meter or of all, ordered by meter, then start. */
  list(meterId?: number): Gap[];
}

const COLUMNS = 'meter_id, from_utc, to_utc, reason, since_utc, tries, next_try_utc, deadline_utc, state';
type GapRow = Row & {
  readonly meter_id: number;
  readonly from_utc: number;
  readonly to_utc: number;
  readonly reason: string;
  readonly since_utc: number;
  readonly tries: number;
  readonly next_try_utc: number | null;
  readonly deadline_utc: number | null;
  readonly state: string;
};

/** The ledger of an open database. */
export function gapReader(db: ReadableDb): GapReader {
  const all = db.query<[], GapRow>(`SELECT ${COLUMNS} FROM gap ORDER BY meter_id, from_utc`);
  const ofMeter = db.query<[meterId: number], GapRow>(`SELECT ${COLUMNS} FROM gap WHERE meter_id = ? ORDER BY from_utc`);
  return { list: (meterId) => (meterId === undefined ? all.all() : ofMeter.all(meterId)).map(gapOf) };
}

/** Changes the ledger of one meter: `gaps` replace what it held inside their ranges, stored `intervals` leave it. */
export type UpdateGaps = (
  meterId: number,
  gaps: readonly GapRange[],
  intervals: readonly Pick<MeterInterval, 'startUtc' | 'lengthS'>[],
) => void;

/**
 * Keeps the ledger true: ranges never overlap, neighbours that tell the same are one row, and an interval that is stored
 * is never in it, not even when a later batch says so. Call it inside a transaction, after the intervals of the batch.
 */
export function gapWriter(db: WritableDb, intervals: IntervalReader): UpdateGaps {
  // Rows never overlap, so of those that begin before the range only the last can reach into it.
  const touching = db.query<[meterId: number, meterId: number, fromUtc: number, fromUtc: number, toUtc: number], GapRow>(
    `SELECT ${COLUMNS} FROM gap
     WHERE meter_id = ? AND from_utc >= coalesce((SELECT max(from_utc) FROM gap WHERE meter_id = ? AND from_utc < ?), ?) AND from_utc <= ?
     ORDER BY from_utc`,
  );
  const remove = db.command<[meterId: number, fromUtc: number]>('DELETE FROM gap WHERE meter_id = ? AND from_utc = ?');
  const insert = db.command(`INSERT INTO gap (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  // The one who writes knows who has rows; a meter whose rows are gone stays here and costs a look.
  const metersWithRows = new Set(
    db
      .query<[], Row & { meter_id: number }>('SELECT DISTINCT meter_id FROM gap')
      .all()
      .map((row) => row.meter_id),
  );
  return (meterId, gaps, intervalsStored) => {
    if (gaps.length === 0 && (intervalsStored.length === 0 || !metersWithRows.has(meterId))) return;
    const stored = intervalsStored.map(({ startUtc, lengthS }) => ({ fromUtc: startUtc, toUtc: startUtc + lengthS }));
    metersWithRows.add(meterId);
    for (const { fromUtc, toUtc } of gaps) {
      if (fromUtc >= toUtc) throw new AppError('bug', 'A gap ends before it begins', { context: { meterId, fromUtc, toUtc } });
    }
    let [fromUtc, toUtc] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const range of [...gaps, ...stored]) [fromUtc, toUtc] = [Math.min(fromUtc, range.fromUtc), Math.max(toUtc, range.toUtc)];
    const before = touching.all(meterId, meterId, fromUtc, fromUtc, toUtc).map(rangeOf);
    let after = gaps.reduce<GapRange[]>(put, before);
    for (const gap of gaps) after = intervals.ranges(meterId, gap.fromUtc, gap.toUtc).reduce(cutOut, after);
    after = joinAlike(stored.reduce(cutOut, after));
    for (const row of before) if (!after.some((other) => isSameRow(row, other))) remove.run(meterId, row.fromUtc);
    for (const row of after) {
      if (before.some((other) => isSameRow(row, other))) continue;
      const { reason, sinceUtc, tries, nextTryUtc, deadlineUtc, state } = row;
      insert.run(meterId, row.fromUtc, row.toUtc, reason, sinceUtc, tries, nextTryUtc, deadlineUtc, state);
    }
  };
}

function gapOf(row: GapRow): Gap {
  return { meterId: row.meter_id, ...rangeOf(row) };
}

function rangeOf(row: GapRow): GapRange {
  return {
    fromUtc: row.from_utc,
    toUtc: row.to_utc,
    reason: ABSENCE_REASONS.find((reason) => reason === row.reason) ?? 'not-read',
    sinceUtc: row.since_utc,
    tries: row.tries,
    nextTryUtc: row.next_try_utc,
    deadlineUtc: row.deadline_utc,
    state: row.state === 'proven-absent' ? 'proven-absent' : 'open',
  };
}
