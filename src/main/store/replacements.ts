import type { Channel } from '../../shared/domain/channel.ts';
import type { Replacement, ReplacementMethod } from '../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row } from './database.ts';

/** Reads the figures that stand in for those that nobody measured validly. */
export interface ReplacementReader {
  /** In force, starts in `[fromUtc, toUtc)`, in order of channel and start. */
  inForce(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): Replacement[];
}

type ReplacementRow = Row & {
  readonly point_id: number;
  readonly channel: Channel;
  readonly start_utc: number;
  readonly length_s: number;
  readonly energy: number;
  readonly method: ReplacementMethod;
};

/** Replacements of an open database. */
export function replacementReader(db: ReadableDb): ReplacementReader {
  const inForce = db.query<[pointId: number, fromUtc: number, toUtc: number], ReplacementRow>(
    `SELECT point_id, channel, start_utc, length_s, energy, method FROM replacement
     WHERE point_id = ? AND channel IN ('A+', 'A-', 'R+', 'R-') AND start_utc >= ? AND start_utc < ? AND withdrawn_utc IS NULL
     ORDER BY channel, start_utc`,
  );
  return {
    inForce: (...args) =>
      inForce.all(...args).map((row) => ({
        pointId: row.point_id,
        channel: row.channel,
        startUtc: row.start_utc,
        lengthS: row.length_s,
        energyWh: row.energy,
        method: row.method,
      })),
  };
}
