import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** The settings of a meter as they were last read. */
export interface StoredConfiguration {
  readonly atUtc: UtcSeconds;
  readonly configuration: MeterConfiguration;
}

export interface MeterAuditReader {
  /** `null` when the settings were never read. */
  last(meterId: number): StoredConfiguration | null;
}

export interface MeterAuditWriter {
  /** Replaces what was read before. */
  save(meterId: number, stored: StoredConfiguration): void;
}

export function meterAuditReader(db: ReadableDb): MeterAuditReader {
  const last = db.query<[meterId: number], Row & { at_utc: number; configuration: string }>(
    'SELECT at_utc, configuration FROM meter_audit WHERE meter_id = ?',
  );
  return {
    last(meterId) {
      const row = last.get(meterId);
      return row === undefined ? null : { atUtc: row.at_utc, configuration: JSON.parse(row.configuration) as MeterConfiguration };
    },
  };
}

export function meterAuditWriter(db: WritableDb): MeterAuditWriter {
  const upsert = db.command('INSERT OR REPLACE INTO meter_audit (meter_id, at_utc, configuration) VALUES (?, ?, ?)');
  return {
    save: (meterId, { atUtc, configuration }) =>
      db.transaction(() => {
        upsert.run(meterId, atUtc, JSON.stringify(configuration));
      }),
  };
}
