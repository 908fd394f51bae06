import type { ClockReadingRecord } from '../../shared/domain/meter.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads the measured deviations of the meters' clocks. */
export interface ClockReader {
  /** The newest one; null when the clock was never read. */
  last(meterId: number): ClockReadingRecord | null;
  /** Since a moment, oldest first. */
  since(meterId: number, fromUtc: UtcSeconds): ClockReadingRecord[];
}

/** Clock readings of an open database. */
export function clockReader(db: ReadableDb): ClockReader {
  const last = db.query<[meterId: number], Row & { at_utc: number; deviation_ms: number }>(
    'SELECT at_utc, deviation_ms FROM clock_reading WHERE meter_id = ? ORDER BY at_utc DESC LIMIT 1',
  );
  const since = db.query<[meterId: number, fromUtc: number], Row & ClockReadingRecord>(
    'SELECT at_utc AS atUtc, deviation_ms AS deviationMs FROM clock_reading WHERE meter_id = ? AND at_utc >= ? ORDER BY at_utc',
  );
  return {
    since: (...args) => since.all(...args),
    last(meterId) {
      const row = last.get(meterId);
      return row === undefined ? null : { atUtc: row.at_utc, deviationMs: row.deviation_ms };
    },
  };
}

/** Stores a deviation, to the whole millisecond; a second one of the same second replaces the first. */
export function clockWriter(db: WritableDb): (meterId: number, reading: ClockReadingRecord) => void {
  const upsert = db.command('INSERT OR REPLACE INTO clock_reading (meter_id, at_utc, deviation_ms) VALUES (?, ?, ?)');
  return (meterId, { atUtc, deviationMs }) => {
    upsert.run(meterId, atUtc, Math.round(deviationMs));
  };
}
