import type { Migration } from '../migrate.ts';

/** What is wrong by name and since when, tests of lines, the settings of meters as they were last read, writes in the audit log. */
export const findingsAndTests: Migration = {
  version: 2,
  sql: `
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,  -- own number
  line_id INTEGER REFERENCES line (id),  -- line that it is about; NULL = it is about a meter
  meter_id INTEGER REFERENCES meter (id),  -- meter that it is about; NULL = it is about a line
  code TEXT NOT NULL,  -- FindingCode of src/shared/domain/finding.ts
  weight TEXT NOT NULL CHECK (weight IN ('fault', 'attention', 'info')),  -- FindingWeight
  params TEXT NOT NULL CHECK (json_valid(params)),  -- figures and names for the text, as last seen
  since_utc INTEGER NOT NULL,  -- when it was first noticed
  until_utc INTEGER,  -- when it was over; NULL = it lasts
  CHECK ((line_id IS NULL) <> (meter_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX finding_lasting ON finding (ifnull(line_id, 0), ifnull(meter_id, 0), code) WHERE until_utc IS NULL;

CREATE TABLE line_test (
  id INTEGER PRIMARY KEY,  -- own number
  line_id INTEGER NOT NULL REFERENCES line (id),  -- line that was tested
  started_utc INTEGER NOT NULL,  -- when it began
  ended_utc INTEGER NOT NULL,  -- when it ended
  result TEXT NOT NULL CHECK (json_valid(result))  -- LineTest of src/shared/api/search.ts without its id
) STRICT;
CREATE INDEX line_test_line ON line_test (line_id, started_utc);

CREATE TABLE meter_audit (
  meter_id INTEGER PRIMARY KEY REFERENCES meter (id),  -- whose settings
  at_utc INTEGER NOT NULL,  -- when they were read
  configuration TEXT NOT NULL CHECK (json_valid(configuration))  -- MeterConfiguration of src/shared/domain/meter-configuration.ts
) STRICT;

CREATE INDEX audit_action ON audit (action, id);
`,
};
