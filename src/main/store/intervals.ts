import { INTERVAL_FLAGS, type IntervalFlag, type IntervalSource, type MeterInterval } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { type ChannelColumns, channelCells, isSameFigures, perChannel } from './columns.ts';
import type { Cell, ReadableDb, Row, WritableDb } from './database.ts';

/** An interval as it is in force, with where it came from. */
export type StoredInterval = MeterInterval & {
  readonly source: IntervalSource;
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

/** Stores one interval; returns whether anything changed. `exchangeId` is asked for only then. */
export type StoreInterval = (
  meterId: number,
  interval: MeterInterval & { readonly source: IntervalSource },
  exchangeId: () => number | null,
  nowUtc: UtcSeconds,
) => boolean;

/**
 * A reading is never edited: the same figures, length and flags again change nothing and keep the first exchange; other
 * ones become the next revision and the row before moves to interval_revision. Call it inside a transaction.
 */
export function intervalWriter(db: WritableDb): StoreInterval {
  const known = db.query<[number, number], IntervalRow>(`SELECT ${COLUMNS} FROM interval WHERE meter_id = ? AND start_utc = ?`);
  const insert = db.command(`INSERT INTO interval (meter_id, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const keep = db.command<[replacedUtc: number, meterId: number, startUtc: number]>(
    `INSERT INTO interval_revision (meter_id, ${COLUMNS}, replaced_utc)
     SELECT meter_id, ${COLUMNS}, ? FROM interval WHERE meter_id = ? AND start_utc = ?`,
  );
  const replace = db.command(
    `UPDATE interval SET length_s = ?, a_plus = ?, a_minus = ?, r_plus = ?, r_minus = ?, source = ?, flags = ?, exchange_id = ?, revision = ?
     WHERE meter_id = ? AND start_utc = ?`,
  );
  return (meterId, interval, exchangeId, nowUtc) => {
    const flags = flagBits(interval.flags);
    const before = known.get(meterId, interval.startUtc);
    const figures: Cell[] = [interval.lengthS, ...channelCells(interval.counts), SOURCES.indexOf(interval.source), flags];
    if (before === undefined) {
      insert.run(meterId, interval.startUtc, ...figures, exchangeId(), 1);
      return true;
    }
    if (before.flags === flags && before.length_s === interval.lengthS && isSameFigures(perChannel(before), interval.counts)) return false;
    keep.run(nowUtc, meterId, interval.startUtc);
    replace.run(...figures, exchangeId(), before.revision + 1, meterId, interval.startUtc);
    return true;
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
