import type { Migration } from '../migrate.ts';

/** Several formats of one package, its delivery, repeats and pruning, and what the receivers answered. */
export const packageAnswers: Migration = {
  version: 10,
  sql: `
ALTER TABLE package ADD COLUMN formats TEXT CHECK (json_valid(formats)); -- OnecFormat[]; NULL = format alone
ALTER TABLE package ADD COLUMN replaces_pack_id TEXT; -- package that this one repeats in full; NULL = none
ALTER TABLE package ADD COLUMN delivered_utc INTEGER; -- when it first lay whole in its folder; NULL = not yet, or before this was noted
ALTER TABLE package ADD COLUMN pruned_utc INTEGER; -- when its files were taken out of the archive; NULL = they are kept

CREATE INDEX package_sent_point ON package_sent (receiver, kind, key, day);
CREATE INDEX package_period ON package (receiver, kind, from_day, to_day, mode);

CREATE TABLE package_ack (
  package_id INTEGER PRIMARY KEY REFERENCES package (id),  -- what was answered
  read_utc INTEGER NOT NULL,  -- when the answer was read here
  status TEXT NOT NULL CHECK (status IN ('accepted', 'partial', 'rejected')),  -- as 1C says
  rows_ok INTEGER,  -- NULL = the answer does not say
  rows_bad INTEGER,  -- NULL = the answer does not say
  text TEXT NOT NULL,  -- in the receiver's own words
  faults TEXT NOT NULL CHECK (json_valid(faults)),  -- PackageFault[], the first of them
  fault_count INTEGER NOT NULL,  -- all of them
  digest TEXT NOT NULL  -- SHA-256 of the answer and its list of faults
) STRICT;

CREATE TABLE ack_refusal (
  receiver TEXT NOT NULL,  -- whose folder of answers
  folder TEXT NOT NULL,  -- where the file lies
  file TEXT NOT NULL,  -- its name
  reason TEXT NOT NULL,  -- what is wrong with it
  digest TEXT NOT NULL,  -- of its content
  found_utc INTEGER NOT NULL,  -- when it was refused
  PRIMARY KEY (receiver, folder, file)
) STRICT, WITHOUT ROWID;
`,
};
