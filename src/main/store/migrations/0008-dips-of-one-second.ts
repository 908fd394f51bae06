import type { Migration } from '../migrate.ts';

/** Journals tell seconds, and a phase may dip twice within one: what else such a record says belongs to its key (TWIN_EVENTS). */
export const dipsOfOneSecond: Migration = {
  version: 8,
  sql: `
CREATE TABLE new_journal (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose event
  journal INTEGER NOT NULL,  -- number of the journal in the meter
  at_utc INTEGER NOT NULL,  -- moment of the event by the meter's own clock
  event TEXT NOT NULL,  -- what happened, in the protocol's words
  twin TEXT NOT NULL,  -- details of an event that may come twice in a second; empty = one that cannot
  details TEXT CHECK (json_valid(details)),  -- the record's other fields
  exchange_id INTEGER,  -- where the record comes from
  PRIMARY KEY (meter_id, journal, at_utc, event, twin)
) STRICT, WITHOUT ROWID;
INSERT INTO new_journal
  SELECT meter_id, journal, at_utc, event, iif(event IN ('voltage-dip', 'voltage-swell'), coalesce(details, ''), ''), details, exchange_id
  FROM journal;
DROP TABLE journal;
ALTER TABLE new_journal RENAME TO journal;
CREATE INDEX journal_time ON journal (at_utc);
CREATE INDEX journal_meter_time ON journal (meter_id, at_utc);
`,
};
