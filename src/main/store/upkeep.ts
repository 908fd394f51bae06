/** What keeps the database small, in steps that delay nobody: folding of exchanges, samples and extremes past their time, half empty pages, free ones. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { bytesOf } from './columns.ts';
import type { Row, WritableDb } from './database.ts';
import { packExchanges } from './exchange-pack.ts';
import type { LooseBlocks } from './loose-blocks.ts';

/** Exchanges of one fold: enough to compress well, few enough to look one up in a millisecond. */
const FOLD_EXCHANGES = 256;
/** Younger exchanges stay as they are: people ask for those of yesterday. */
const FOLD_AFTER_S = 2 * 86_400;
/** How long samples are kept (DESIGN.md 3). */
const SAMPLES_KEPT_S = 35 * 86_400;
/** Samples of so long go in one step: some 700 rows of seventy points. */
const SAMPLES_STEP_S = 600;
/** How long the half-hour extremes of all reads are kept: five years of seventy points take some 2 GB. */
const EXTREMES_KEPT_S = 5 * 366 * 86_400;
/** Extremes of so long go in one step, of one meter: 48 rows. */
const EXTREMES_STEP_S = 86_400;
/** Pages given back to the file system in one step. */
const VACUUM_PAGES = 200;

/** What one step has done; all zero = there is nothing to do. */
export interface UpkeepStep {
  readonly folded: number;
  readonly samples: number;
  readonly extremes: number;
  readonly pages: number;
  /** Blocks of intervals whose pages were filled. */
  readonly blocks: number;
}

interface ExchangeRow extends Row {
  readonly id: number;
  readonly line_id: number;
  readonly label: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array | null;
  readonly received: Uint8Array | null;
  readonly sent_at_ms: number;
  readonly first_byte_us: number | null;
  readonly duration_us: number;
  readonly attempt: number;
}

/** One step of upkeep, a few milliseconds, one thing at a time; `nowUtc` is the time of the site. Each part is a durable transaction of its own. */
export function upkeeper(db: WritableDb, loose: LooseBlocks): (nowUtc: UtcSeconds) => UpkeepStep {
  // The newest exchange stays: the next one takes its number from it.
  const oldest = db.query<[limit: number], ExchangeRow>(
    `SELECT id, line_id, label, request, response, received, sent_at_ms, first_byte_us, duration_us, attempt FROM exchange
     WHERE id < (SELECT max(id) FROM exchange) ORDER BY id LIMIT ?`,
  );
  const unfold = db.command<[firstId: number, lastId: number]>('DELETE FROM exchange WHERE id >= ? AND id <= ?');
  const fold = db.command('INSERT INTO exchange_fold (first_id, last_id, packed) VALUES (?, ?, ?)');
  const oldestMinute = db.query<[], Row & { minute: number | null }>('SELECT min(minute_utc) AS minute FROM sample');
  const prune = db.command<[beforeUtc: number]>('DELETE FROM sample WHERE minute_utc < ?');

  const oldestExtremes = db.query<[beforeUtc: number], Row & { meterId: number; oldest: number }>(
    `SELECT id AS meterId, (SELECT min(start_utc) FROM sample_half_hour WHERE meter_id = meter.id) AS oldest FROM meter
     WHERE oldest < ? LIMIT 1`,
  );
  const pruneExtremes = db.command<[meterId: number, beforeUtc: number]>(
    'DELETE FROM sample_half_hour WHERE meter_id = ? AND start_utc < ?',
  );

  const foldOldest = (nowUtc: UtcSeconds): number => {
    const rows = oldest.all(FOLD_EXCHANGES);
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined || rows.length < FOLD_EXCHANGES) return 0;
    const ageS = nowUtc - last.sent_at_ms / 1000;
    // What was sent in days to come was stamped by a PC whose clock was wrong, and must not keep everything behind it from being folded.
    if (ageS < FOLD_AFTER_S && ageS > -FOLD_AFTER_S) return 0;
    const packed = packExchanges(
      rows.map((row) => ({
        id: row.id,
        lineId: row.line_id,
        label: row.label,
        request: bytesOf(row.request),
        response: row.response === null ? null : bytesOf(row.response),
        received: row.received === null ? null : bytesOf(row.received),
        sentAtMs: row.sent_at_ms,
        firstByteUs: row.first_byte_us,
        durationUs: row.duration_us,
        attempt: row.attempt,
      })),
    );
    db.transaction(() => {
      fold.run(first.id, last.id, packed);
      unfold.run(first.id, last.id);
    });
    return rows.length;
  };
  const pruneOldest = (nowUtc: UtcSeconds): number => {
    const minute = oldestMinute.get()?.minute ?? null;
    const untilUtc = nowUtc - SAMPLES_KEPT_S;
    if (minute === null || minute >= untilUtc) return 0;
    return prune.run(Math.min(untilUtc, minute + SAMPLES_STEP_S));
  };
  const pruneOldestExtremes = (nowUtc: UtcSeconds): number => {
    const untilUtc = nowUtc - EXTREMES_KEPT_S;
    const first = oldestExtremes.get(untilUtc);
    return first === undefined ? 0 : pruneExtremes.run(first.meterId, Math.min(untilUtc, first.oldest + EXTREMES_STEP_S));
  };
  const giveBack = (): number => {
    const free = Math.min(VACUUM_PAGES, Number(db.pragma('freelist_count')));
    if (free > 0) db.execute(`PRAGMA incremental_vacuum(${free})`);
    return free;
  };
  const nothing: UpkeepStep = { folded: 0, samples: 0, extremes: 0, blocks: 0, pages: 0 };
  let optimizedDay = Number.NaN;
  return (nowUtc) => {
    const folded = foldOldest(nowUtc);
    if (folded > 0) return { ...nothing, folded };
    const samples = pruneOldest(nowUtc);
    if (samples > 0) return { ...nothing, samples };
    const extremes = pruneOldestExtremes(nowUtc);
    if (extremes > 0) return { ...nothing, extremes };
    if (loose.tighten(nowUtc)) return { ...nothing, blocks: 1 };
    const day = Math.floor(nowUtc / 86_400);
    // What SQLite has learned of the tables, for its choice of keys; seldom more than a look.
    if (day !== optimizedDay) db.execute('PRAGMA optimize');
    optimizedDay = day;
    return { ...nothing, pages: giveBack() };
  };
}
