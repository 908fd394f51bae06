import type { Migration } from '../migrate.ts';

/** What is known to be read of the meters' journals, so that a start does not read them all again. */
export const journalReads: Migration = {
  version: 9,
  sql: `
CREATE TABLE journal_read (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose journal
  journal INTEGER NOT NULL,  -- number of the journal in the meter
  newest TEXT,  -- what the meter had written last before it was read, in the driver's own text; NULL = this meter does not tell
  at_utc INTEGER NOT NULL,  -- when the round began that read it to its end
  PRIMARY KEY (meter_id, journal)
) STRICT, WITHOUT ROWID;
`,
};
