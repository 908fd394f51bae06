import type { Migration } from '../migrate.ts';

/** A meter that nobody has entered answers in place of a known one: it is read under its own number until a person decides. */
export const strangers: Migration = {
  version: 6,
  sql: `
ALTER TABLE meter ADD COLUMN quarantined_utc INTEGER;  -- since when it is read without standing anywhere; NULL = a person has placed it
DROP INDEX meter_line_address;
CREATE UNIQUE INDEX meter_line_address ON meter (line_id, address) WHERE removed_utc IS NULL AND quarantined_utc IS NULL;

CREATE TABLE stranger (
  id INTEGER PRIMARY KEY,  -- own number
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- who answers
  expected_meter_id INTEGER NOT NULL REFERENCES meter (id),  -- in place of whom
  line_id INTEGER NOT NULL REFERENCES line (id),  -- where it was heard
  address INTEGER NOT NULL CHECK (address >= 0),  -- network address that both have
  first_seen_utc INTEGER NOT NULL,  -- when it was heard for the first time
  last_seen_utc INTEGER NOT NULL,  -- when it answered in place of the other last
  denied_utc INTEGER,  -- when it refused its default passwords: they are never tried again; NULL = it has not
  state TEXT NOT NULL CHECK (state IN ('quarantined', 'assigned', 'rejected')),  -- what a person has made of it
  decided_utc INTEGER,  -- when; NULL = nobody has decided
  who TEXT,  -- who decided
  reason TEXT,  -- why
  UNIQUE (meter_id, expected_meter_id),
  CHECK ((state = 'quarantined') = (decided_utc IS NULL)),
  CHECK ((decided_utc IS NULL) = (who IS NULL))
) STRICT;
CREATE INDEX stranger_expected ON stranger (expected_meter_id, last_seen_utc);
`,
};
