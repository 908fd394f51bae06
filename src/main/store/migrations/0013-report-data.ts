import type { Migration } from '../migrate.ts';

/** What reports take besides measured figures: the make-up of balances, losses up to the boundary, calculated groups. */
export const reportData: Migration = {
  version: 13,
  sql: `
CREATE TABLE balance (
  substation_id INTEGER PRIMARY KEY REFERENCES substation (id),  -- whose bus is balanced
  balance TEXT NOT NULL CHECK (json_valid(balance)),  -- BalanceOfSubstation: members with their accuracy, transformers, fixed limit
  saved_utc INTEGER NOT NULL  -- when it was saved last
) STRICT;

CREATE TABLE point_losses (
  point_id INTEGER NOT NULL REFERENCES point (id),  -- whose energy they are added to or taken off
  from_utc INTEGER NOT NULL,  -- since when
  losses TEXT CHECK (json_valid(losses)),  -- BoundaryLosses; NULL = none from then on
  saved_utc INTEGER NOT NULL,  -- when they were saved last
  PRIMARY KEY (point_id, from_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE formula (
  id INTEGER PRIMARY KEY,  -- own number: other formulas refer to it
  name TEXT NOT NULL UNIQUE,  -- as people call it
  unit TEXT NOT NULL CHECK (unit IN ('Wh', 'varh')),  -- of every term
  terms TEXT NOT NULL CHECK (json_valid(terms)),  -- FormulaTerm[]
  saved_utc INTEGER NOT NULL  -- when it was saved last
) STRICT;
`,
};
