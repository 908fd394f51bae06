import { type Extremes, type HalfHourExtremes, mergeByKey } from '../../shared/domain/extremes.ts';
import type { InstantaneousKey } from '../../shared/domain/quantity.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';
import { packExtremes, unpackExtremes } from './extremes-pack.ts';

/** What the reads of one quantity came to in one half-hour. */
export type StoredExtremes = Extremes & { readonly startUtc: UtcSeconds };

/** Reads the extremes of instantaneous values, of the last five years. */
export interface ExtremesReader {
  /** In the order of time; half-hours that begin in [from, to) and have a read of this quantity. Throws `store/corrupt`. */
  list(meterId: number, key: InstantaneousKey, fromUtc: UtcSeconds, toUtc: UtcSeconds): StoredExtremes[];
}

type PackedRow = Row & { readonly packed: Uint8Array };

/** Extremes of an open database. */
export function extremesReader(db: ReadableDb): ExtremesReader {
  const range = db.query<[meterId: number, fromUtc: number, toUtc: number], PackedRow & { readonly start_utc: number }>(
    'SELECT start_utc, packed FROM sample_half_hour WHERE meter_id = ? AND start_utc >= ? AND start_utc < ? ORDER BY start_utc',
  );
  return {
    list: (meterId, key, fromUtc, toUtc) =>
      range.all(meterId, fromUtc, toUtc).flatMap(({ start_utc, packed }) => {
        const extremes = unpackExtremes(packed)[key];
        return extremes === undefined ? [] : [{ startUtc: start_utc, ...extremes }];
      }),
  };
}

/** Adds reads of a half-hour to what is stored of it: a restart in its middle loses nothing. Call it inside a transaction. */
export function extremesWriter(db: WritableDb): (meterId: number, extremes: HalfHourExtremes) => void {
  const stored = db.query<[meterId: number, startUtc: number], PackedRow>(
    'SELECT packed FROM sample_half_hour WHERE meter_id = ? AND start_utc = ?',
  );
  const upsert = db.command('INSERT OR REPLACE INTO sample_half_hour (meter_id, start_utc, packed) VALUES (?, ?, ?)');
  return (meterId, { startUtc, values }) => {
    const before = stored.get(meterId, startUtc);
    upsert.run(meterId, startUtc, packExtremes(before === undefined ? values : mergeByKey(unpackExtremes(before.packed), values)));
  };
}
