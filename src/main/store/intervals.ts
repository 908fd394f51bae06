import { INTERVAL_FLAGS, type IntervalFlag, type IntervalSource, type SourcedInterval } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { type ChannelColumns, channelCells, isSameFigures, perChannel } from './columns.ts';
import type { Cell, ReadableDb, Row, WritableDb } from './database.ts';
import type { NoteLoose } from './loose-blocks.ts';

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

/** Profile records of one exchange (mercury.md 8.2). */
const RESPONSE_ROWS = 17;

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
export function intervalWriter(db: WritableDb, noteLoose: NoteLoose): StoreIntervals {
  // One query for the batch instead of one for each interval: they lie side by side.
  const known = db.query<Period, IntervalRow>(`SELECT ${COLUMNS} FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?`);
  const insertAll = intervalInserter(db);
  const keep = db.command<[replacedUtc: number, meterId: number, startUtc: number]>(
    `INSERT INTO interval_revision (meter_id, ${COLUMNS}, replaced_utc)
     SELECT meter_id, ${COLUMNS}, ? FROM interval WHERE meter_id = ? AND start_utc = ?`,
  );
  const replace = db.command(
    `UPDATE interval SET length_s = ?, a_plus = ?, a_minus = ?, r_plus = ?, r_minus = ?, source = ?, flags = ?, exchange_id = ?, revision = ?
     WHERE meter_id = ? AND start_utc = ?`,
  );
  return (meterId, intervals, exchangeId, nowUtc) => {
    if (intervals.length === 0) return;
    // The last one of a moment counts: a batch has read it last. In order of time they fill the pages of the key.
    const given = isAscending(intervals) ? intervals : inOrder(intervals);
    const rows = known.all(meterId, given[0]?.startUtc ?? 0, (given.at(-1)?.startUtc ?? 0) + 1);
    const before = new Map(rows.map((row) => [row.start_utc, row]));
    const fresh: SourcedInterval[] = [];
    for (const interval of given) {
      const { startUtc, lengthS, counts, source } = interval;
      const row = before.get(startUtc);
      if (row === undefined) {
        fresh.push(interval);
        continue;
      }
      const flags = flagBits(interval.flags);
      if (row.flags === flags && row.length_s === lengthS && isSameFigures(perChannel(row), counts)) continue;
      keep.run(nowUtc, meterId, startUtc);
      const figures = [lengthS, ...channelCells(counts), SOURCES.indexOf(source), flags];
      replace.run(...figures, exchangeId(), row.revision + 1, meterId, startUtc);
    }
    const [first, last] = [fresh[0], fresh.at(-1)];
    if (first === undefined || last === undefined) return;
    noteLoose(meterId, first.startUtc, last.startUtc, nowUtc);
    insertAll(meterId, fresh, exchangeId());
  };
}

function isAscending(intervals: readonly SourcedInterval[]): boolean {
  return intervals.every(({ startUtc }, index) => index === 0 || startUtc > (intervals[index - 1]?.startUtc ?? 0));
}

function inOrder(intervals: readonly SourcedInterval[]): readonly SourcedInterval[] {
  return [...new Map(intervals.map((interval) => [interval.startUtc, interval])).values()].sort((a, b) => a.startUtc - b.startUtc);
}

/** Inserts new intervals, as many as one response of a meter holds in one statement: the call costs more than the row. */
function intervalInserter(db: WritableDb): (meterId: number, intervals: readonly SourcedInterval[], exchangeId: number | null) => void {
  const statement = (rows: number) =>
    db.command(`INSERT INTO interval (meter_id, ${COLUMNS}) VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)').join(', ')}`);
  const [one, many] = [statement(1), statement(RESPONSE_ROWS)];
  return (meterId, intervals, exchangeId) => {
    for (let at = 0; at < intervals.length; ) {
      const rows = at + RESPONSE_ROWS <= intervals.length ? RESPONSE_ROWS : 1;
      const cells: Cell[] = [];
      for (let index = at; index < at + rows; index += 1) {
        const interval = intervals[index];
        if (interval === undefined) continue;
        const { startUtc, lengthS, counts, source, flags } = interval;
        cells.push(meterId, startUtc, lengthS, counts['A+'], counts['A-'], counts['R+'], counts['R-']);
        cells.push(SOURCES.indexOf(source), flags.length === 0 ? 0 : flagBits(flags), exchangeId);
      }
      (rows === 1 ? one : many).run(...cells);
      at += rows;
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
