import type { Migration } from '../migrate.ts';

/** Replacements as decisions of a person, readings that people write down, and months that are closed (docs/adr/0024). */
export const replacementAndClosing: Migration = {
  version: 12,
  sql: `
CREATE TABLE replacement_decision (
  id INTEGER PRIMARY KEY,  -- own number
  point_id INTEGER NOT NULL REFERENCES point (id),  -- whose figures are replaced
  channel TEXT NOT NULL CHECK (channel IN ('A+', 'A-', 'R+', 'R-')),  -- channel of the point
  from_utc INTEGER NOT NULL,  -- start of the first interval
  to_utc INTEGER NOT NULL CHECK (to_utc > from_utc),  -- end of the last one
  intervals INTEGER NOT NULL CHECK (intervals > 0),  -- how many were put in
  energy INTEGER NOT NULL,  -- their sum, Wh or varh, primary side
  method TEXT NOT NULL,  -- rule that gave the figures
  basis TEXT NOT NULL CHECK (json_valid(basis)),  -- ReplacementBasis: what they were computed from
  author TEXT NOT NULL,  -- who approved
  reason TEXT NOT NULL,  -- why
  document TEXT,  -- document that stands for it; NULL = none
  made_utc INTEGER NOT NULL,  -- when
  withdrawn_utc INTEGER,  -- NULL = in force
  withdrawn_by TEXT,  -- who took it back
  withdrawn_reason TEXT  -- why
) STRICT;
CREATE INDEX replacement_decision_time ON replacement_decision (from_utc);

ALTER TABLE replacement ADD COLUMN decision_id INTEGER REFERENCES replacement_decision (id);  -- NULL = put in before there were decisions
CREATE INDEX replacement_decision_rows ON replacement (decision_id, start_utc);

CREATE TABLE manual_reading (
  id INTEGER PRIMARY KEY,  -- own number
  point_id INTEGER NOT NULL REFERENCES point (id),  -- at which point
  at_utc INTEGER NOT NULL,  -- moment that the figure belongs to
  channel TEXT NOT NULL CHECK (channel IN ('A+', 'A-', 'R+', 'R-')),  -- channel of the point
  tariff INTEGER NOT NULL CHECK (tariff BETWEEN 0 AND 8),  -- 0 = sum
  reading INTEGER NOT NULL CHECK (reading >= 0),  -- whole Wh or varh, secondary side
  is_roll_over INTEGER NOT NULL CHECK (is_roll_over IN (0, 1)),  -- a person says that the register ran over before it
  author TEXT NOT NULL,  -- who brought it
  reason TEXT NOT NULL,  -- how it was read, or the document
  made_utc INTEGER NOT NULL,  -- when it was written down
  withdrawn_utc INTEGER,  -- NULL = in force
  withdrawn_by TEXT,  -- who took it back
  withdrawn_reason TEXT  -- why
) STRICT;
CREATE UNIQUE INDEX manual_reading_in_force ON manual_reading (point_id, channel, tariff, at_utc) WHERE withdrawn_utc IS NULL;
CREATE INDEX manual_reading_time ON manual_reading (at_utc);

CREATE TABLE closed_month (
  id INTEGER PRIMARY KEY,  -- own number
  month TEXT NOT NULL,  -- YYYY-MM of the site
  from_utc INTEGER NOT NULL,  -- its first moment
  to_utc INTEGER NOT NULL CHECK (to_utc > from_utc),  -- the first moment after it
  closed_utc INTEGER NOT NULL,  -- when
  closed_by TEXT NOT NULL,  -- who
  closed_reason TEXT NOT NULL,  -- why, or the document
  left_open TEXT NOT NULL CHECK (json_valid(left_open)),  -- MonthLack[] that the person knew of
  energy INTEGER NOT NULL,  -- Wh of A+ of all points at the closing
  replaced INTEGER NOT NULL,  -- Wh of that which are replaced
  opened_utc INTEGER,  -- NULL = closed
  opened_by TEXT,  -- who opened it again
  opened_reason TEXT  -- why
) STRICT;
CREATE UNIQUE INDEX closed_month_now ON closed_month (month) WHERE opened_utc IS NULL;

CREATE TABLE closed_figure (
  closed_month_id INTEGER NOT NULL REFERENCES closed_month (id),  -- at which closing
  point_id INTEGER NOT NULL REFERENCES point (id),  -- whose figures
  channel TEXT NOT NULL CHECK (channel IN ('A+', 'A-', 'R+', 'R-')),  -- channel of the point
  denominator TEXT NOT NULL,  -- of all figures of the row; kWh or kvarh = numerator / denominator, primary side
  numerators TEXT NOT NULL CHECK (json_valid(numerators)),  -- by half-hours from from_utc: whole number, NULL = no figure
  marks TEXT NOT NULL,  -- one letter each: v valid, i incomplete, m missing, - no meter, 0..5 replaced by REPLACEMENT_METHODS[n]
  PRIMARY KEY (closed_month_id, point_id, channel)
) STRICT, WITHOUT ROWID;
`,
};
