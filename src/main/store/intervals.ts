import { INTERVAL_FLAGS, type IntervalFlag, type IntervalSource, type SourcedInterval } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { type ChannelColumns, channelCells, isSameFigures, perChannel } from './columns.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** An interval as it is in force, with where it came from. */
export type StoredInterval = SourcedInterval & {
  /** 1 = as first read; one more for every read that brought other figures. */
  readonly revision: number;
  /** Exchange that brought the figures; null when the batch came without bytes. */
  readonly exchangeId: number | null;
};

/** A stretch of time, [from, to). */
export interface UtcRange {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
}

/** Reads intervals. Periods are [from, to) and go by the starts of the intervals. */
export interface IntervalReader {
  /** In the order of their starts. */
  list(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): StoredInterval[];
  /** Runs of adjacent stored intervals, in order; the last one may end after `toUtc`. */
  ranges(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): UtcRange[];
  count(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): number;
  /** Start of the newest one; null when there is none. */
  newestStart(meterId: number): UtcSeconds | null;
}

/** Index = the code in the column. Only ever append. */
const SOURCES: readonly IntervalSource[] = ['profile', 'frozen-registers'];

const COLUMNS = 'start_utc, length_s, a_plus, a_minus, r_plus, r_minus, source, flags, exchange_id, revision';

type IntervalRow = Row &
  ChannelColumns & {
    readonly start_utc: number;
    readonly length_s: number;
    readonly source: number;
    readonly flags: number;
    readonly exchange_id: number | null;
    readonly revision: number;
  };

type Period = [meterId: number, fromUtc: number, toUtc: number];

/** Intervals of an open database. */
export function intervalReader(db: ReadableDb): IntervalReader {
  const period = 'FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?';
  const list = db.query<Period, IntervalRow>(`SELECT ${COLUMNS} ${period} ORDER BY start_utc`);
  const bounds = db.query<Period, Row & { from_utc: number; to_utc: number }>(
    `SELECT start_utc AS from_utc, start_utc + length_s AS to_utc ${period} ORDER BY start_utc`,
  );
  const count = db.query<Period, Row & { n: number }>(`SELECT count(*) AS n ${period}`);
  const newest = db.query<[number], Row & { newest: number | null }>('SELECT max(start_utc) AS newest FROM interval WHERE meter_id = ?');
  return {
    list: (...args) => list.all(...args).map(storedInterval),
    ranges(...args) {
      const ranges: { fromUtc: UtcSeconds; toUtc: UtcSeconds }[] = [];
      for (const { from_utc: fromUtc, to_utc: toUtc } of bounds.all(...args)) {
        const last = ranges.at(-1);
        if (last !== undefined && fromUtc <= last.toUtc) last.toUtc = Math.max(last.toUtc, toUtc);
        else ranges.push({ fromUtc, toUtc });
      }
      return ranges;
    },
    count: (...args) => count.get(...args)?.n ?? 0,
    newestStart: (meterId) => newest.get(meterId)?.newest ?? null,
  };
}

/** Stores the intervals of one read. `exchangeId` is asked for only when one of them is new or other than before. */
export type StoreIntervals = (
  meterId: number,
  intervals: readonly SourcedInterval[],
  exchangeId: () => number | null,
  nowUtc: UtcSeconds,
) => void;

/**
 * A reading is never edited: the same figures, length and flags again change nothing and keep the first exchange; other
 * ones become the next revision and the row before moves to interval_revision. Call it inside a transaction.
 */
export function intervalWriter(db: WritableDb): StoreIntervals {
  // One query for the batch instead of one for each interval: they lie side by side.
  const known = db.query<Period, IntervalRow>(`SELECT ${COLUMNS} FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?`);
  const insert = db.command(`INSERT INTO interval (meter_id, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const keep = db.command<[replacedUtc: number, meterId: number, startUtc: number]>(
    `INSERT INTO interval_revision (meter_id, ${COLUMNS}, replaced_utc)
     SELECT meter_id, ${COLUMNS}, ? FROM interval WHERE meter_id = ? AND start_utc = ?`,
  );
  const replace = db.command(
    `UPDATE interval SET length_s = ?, a_plus = ?, a_minus = ?, r_plus = ?, r_minus = ?, source = ?, flags = ?, exchange_id = ?, revision = ?
     WHERE meter_id = ? AND start_utc = ?`,
  );
  return (meterId, intervals, exchangeId, nowUtc) => {
    // The last one of a moment counts: a batch has read it last.
    const given = new Map(intervals.map((interval) => [interval.startUtc, interval]));
    if (given.size === 0) return;
    const starts = [...given.keys()];
    const rows = known.all(meterId, Math.min(...starts), Math.max(...starts) + 1);
    const before = new Map(rows.map((row) => [row.start_utc, row]));
    for (const interval of given.values()) {
      const { startUtc, lengthS, counts, source } = interval;
      const flags = flagBits(interval.flags);
      const row = before.get(startUtc);
      if (row === undefined) {
        insert.run(meterId, startUtc, lengthS, ...channelCells(counts), SOURCES.indexOf(source), flags, exchangeId(), 1);
      } else if (row.flags !== flags || row.length_s !== lengthS || !isSameFigures(perChannel(row), counts)) {
        keep.run(nowUtc, meterId, startUtc);
        const figures = [lengthS, ...channelCells(counts), SOURCES.indexOf(source), flags];
        replace.run(...figures, exchangeId(), row.revision + 1, meterId, startUtc);
      }
    }
  };
}

function storedInterval(row: IntervalRow): StoredInterval {
  return {
    startUtc: row.start_utc,
    lengthS: row.length_s,
    counts: perChannel(row),
    flags: INTERVAL_FLAGS.filter((_, bit) => (row.flags & (1 << bit)) !== 0),
    source: SOURCES[row.source] ?? 'profile',
    revision: row.revision,
    exchangeId: row.exchange_id,
  };
}

/** Bit n stands for INTERVAL_FLAGS[n]: that list may only grow at its end. */
function flagBits(flags: readonly IntervalFlag[]): number {
  return flags.reduce((bits, flag) => bits | (1 << INTERVAL_FLAGS.indexOf(flag)), 0);
}
