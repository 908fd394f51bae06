import type { InstantaneousKey, InstantaneousValues, Unit } from '../../shared/domain/quantity.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Instantaneous values of one read, secondary side. */
export interface Sample {
  readonly atUtc: UtcSeconds;
  readonly values: InstantaneousValues;
}

/** Reads instantaneous values: at most one sample of a meter and minute, of the last 35 days. */
export interface SampleReader {
  last(meterId: number): Sample | null;
  /** By meter id; meters without samples are not in it. */
  lastAll(): Map<number, Sample>;
  /** In the order of time; [from, to) of the minutes. */
  range(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): Sample[];
}

const MINUTE_S = 60;

type SampleRow = Row & { readonly at_utc: number; readonly readings: string };
type Packed = Partial<Record<InstantaneousKey, readonly [count: number, scale: number, unit: Unit] | null>>;

/**
 * Samples of an open database. The writer passes `newest`, the last sample of each meter that it has looked up or stored:
 * the key begins with the time, so a search for a meter that fell silent weeks ago walks back through those weeks.
 */
export function sampleReader(db: ReadableDb, newest: Map<number, Sample | null> | null): SampleReader {
  // From minute to minute by the key, not row by row.
  const last = db.query<[meterId: number, meterId: number], SampleRow>(
    `WITH RECURSIVE walk (minute) AS (
       SELECT max(minute_utc) FROM sample
       UNION ALL
       SELECT (SELECT max(minute_utc) FROM sample WHERE minute_utc < minute) FROM walk
       WHERE minute IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sample WHERE minute_utc = minute AND meter_id = ?)
     )
     SELECT at_utc, readings FROM walk CROSS JOIN sample ON minute_utc = minute AND meter_id = ?`,
  );
  const meters = db.query<[], Row & { id: number }>('SELECT id FROM meter ORDER BY id');
  const range = db.query<[fromUtc: number, toUtc: number, meterId: number], SampleRow>(
    'SELECT at_utc, readings FROM sample WHERE minute_utc >= ? AND minute_utc < ? AND meter_id = ? ORDER BY minute_utc',
  );
  const lookUp = (meterId: number): Sample | null => {
    const row = last.get(meterId, meterId);
    return row === undefined ? null : sampleOf(row);
  };
  const lastOf = (meterId: number): Sample | null => {
    const known = newest?.get(meterId);
    if (known !== undefined) return known;
    const sample = lookUp(meterId);
    newest?.set(meterId, sample);
    return sample;
  };
  return {
    last: lastOf,
    lastAll() {
      const found = new Map<number, Sample>();
      for (const { id } of meters.all()) {
        const sample = lastOf(id);
        if (sample !== null) found.set(id, sample);
      }
      return found;
    },
    range: (meterId, fromUtc, toUtc) => range.all(fromUtc, toUtc, meterId).map(sampleOf),
  };
}

/** Stores a sample; a later read of the same minute replaces it. Call it inside a transaction. */
export function sampleWriter(db: WritableDb): (meterId: number, sample: Sample) => void {
  const upsert = db.command('INSERT OR REPLACE INTO sample (minute_utc, meter_id, at_utc, readings) VALUES (?, ?, ?, ?)');
  return (meterId, { atUtc, values }) => {
    upsert.run(Math.floor(atUtc / MINUTE_S) * MINUTE_S, meterId, atUtc, packed(values));
  };
}

function packed(values: InstantaneousValues): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(values).map(([key, quantity]) => [key, quantity === null ? null : [quantity.count, quantity.scale, quantity.unit]]),
    ),
  );
}

function sampleOf({ at_utc, readings }: SampleRow): Sample {
  const stored: Packed = JSON.parse(readings);
  const values = Object.entries(stored).map(([key, cell]) => [
    key,
    cell === null ? null : { count: cell[0], scale: cell[1], unit: cell[2] },
  ]);
  return { atUtc: at_utc, values: Object.fromEntries(values) };
}
