import type { Migration } from '../migrate.ts';

/** Periods that a person wants read again, and what the sums of closed days say against the registers. */
export const rereadsAndDayChecks: Migration = {
  version: 4,
  sql: `
CREATE TABLE reread (
  id INTEGER PRIMARY KEY,  -- own number
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose intervals
  from_utc INTEGER NOT NULL,  -- first moment of the period
  to_utc INTEGER NOT NULL CHECK (to_utc > from_utc),  -- end of the period, exclusive
  asked_utc INTEGER NOT NULL,  -- when it was asked for
  who TEXT NOT NULL,  -- who asked
  reason TEXT,  -- why; NULL = was not said
  stored_before INTEGER NOT NULL,  -- intervals of the period that were stored when it was asked for
  ended_utc INTEGER,  -- when it was over; NULL = it waits
  outcome TEXT CHECK (outcome IN ('done', 'cancelled')),  -- how it ended; NULL = it waits
  found INTEGER,  -- intervals that had been absent and came
  changed INTEGER,  -- intervals whose figures turned out to be other ones
  CHECK ((ended_utc IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX reread_waiting ON reread (meter_id) WHERE outcome IS NULL;

CREATE TABLE day_check (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose day
  start_utc INTEGER NOT NULL,  -- its beginning by the clock of the meter
  end_utc INTEGER NOT NULL,  -- its end, exclusive
  verdict TEXT NOT NULL CHECK (verdict IN ('matches', 'mismatch', 'not-comparable')),  -- sum of the intervals against the registers
  diagnosis TEXT,  -- what is likely behind a mismatch, or why nothing can be compared
  figures TEXT NOT NULL CHECK (json_valid(figures)),  -- by channel: sum, difference, tolerance
  checked_utc INTEGER NOT NULL,  -- when it was checked last
  PRIMARY KEY (meter_id, start_utc)
) STRICT, WITHOUT ROWID;
CREATE INDEX day_check_mismatch ON day_check (start_utc) WHERE verdict = 'mismatch';
`,
};
