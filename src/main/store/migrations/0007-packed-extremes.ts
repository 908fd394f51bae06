import type { Migration } from '../migrate.ts';

/**
 * Extremes of instantaneous values in one row per meter and half-hour instead of one for each quantity, which nobody had written.
 * By meter first, as the intervals: they are written once in half an hour, and a chart shows one point over a year.
 */
export const packedExtremes: Migration = {
  version: 7,
  sql: `
DROP TABLE sample_half_hour;
CREATE TABLE sample_half_hour (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- who measured
  start_utc INTEGER NOT NULL,  -- start of the half-hour
  packed BLOB NOT NULL,  -- smallest, largest, sum and number of reads of each quantity: src/main/store/extremes-pack.ts
  PRIMARY KEY (meter_id, start_utc)
) STRICT, WITHOUT ROWID;
`,
};
