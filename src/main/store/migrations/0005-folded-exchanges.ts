import type { Migration } from '../migrate.ts';

/**
 * Exchanges of days gone by lie folded: figures point to them by number, whichever table holds them, so the tables of figures are made
 * anew without the foreign key. Rows are copied in the order of their keys, which also fills their pages. Rows that come
 * before older ones leave pages half empty: such blocks are noted, and upkeep writes them anew.
 */
export const foldedExchanges: Migration = {
  version: 5,
  sql: `
CREATE TABLE exchange_fold (
  first_id INTEGER PRIMARY KEY,  -- lowest number of an exchange in it
  last_id INTEGER NOT NULL CHECK (last_id >= first_id),  -- highest one; folds never overlap
  packed BLOB NOT NULL  -- the exchanges, compressed: src/main/store/exchange-pack.ts
) STRICT;

CREATE TABLE loose_block (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose intervals
  block INTEGER NOT NULL,  -- 30 days since 1970 in UTC, counted
  PRIMARY KEY (meter_id, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE new_interval (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- who measured
  start_utc INTEGER NOT NULL,  -- intervalStart
  length_s INTEGER NOT NULL CHECK (length_s > 0),  -- nominal length, whatever the power cuts inside
  a_plus INTEGER CHECK (a_plus >= 0),  -- counts of 1/(2A) kWh or kvarh, secondary side; NULL = not kept by this meter
  a_minus INTEGER CHECK (a_minus >= 0),  -- active export
  r_plus INTEGER CHECK (r_plus >= 0),  -- reactive import
  r_minus INTEGER CHECK (r_minus >= 0),  -- reactive export
  source INTEGER NOT NULL CHECK (source IN (0, 1)),  -- 0 load profile, 1 frozen registers
  flags INTEGER NOT NULL,  -- bit n = INTERVAL_FLAGS[n] of src/shared/domain/interval.ts
  exchange_id INTEGER,  -- where the figures come from; NULL = brought without bytes
  revision INTEGER NOT NULL CHECK (revision > 0),  -- 1 = as first read; the earlier ones are in interval_revision
  PRIMARY KEY (meter_id, start_utc)
) STRICT, WITHOUT ROWID;
INSERT INTO new_interval SELECT * FROM interval;
DROP TABLE interval;
ALTER TABLE new_interval RENAME TO interval;

CREATE TABLE new_interval_revision (
  meter_id INTEGER NOT NULL,  -- key as in interval
  start_utc INTEGER NOT NULL,  -- key as in interval
  revision INTEGER NOT NULL,  -- the revision that these figures had
  length_s INTEGER NOT NULL,  -- nominal length, seconds
  a_plus INTEGER,  -- counts as in interval
  a_minus INTEGER,  -- active export
  r_plus INTEGER,  -- reactive import
  r_minus INTEGER,  -- reactive export
  source INTEGER NOT NULL,  -- as in interval
  flags INTEGER NOT NULL,  -- as in interval
  exchange_id INTEGER,  -- where these figures came from
  replaced_utc INTEGER NOT NULL,  -- when a new read brought other figures
  PRIMARY KEY (meter_id, start_utc, revision),
  FOREIGN KEY (meter_id, start_utc) REFERENCES interval (meter_id, start_utc)
) STRICT, WITHOUT ROWID;
INSERT INTO new_interval_revision SELECT * FROM interval_revision;
DROP TABLE interval_revision;
ALTER TABLE new_interval_revision RENAME TO interval_revision;

CREATE TABLE new_register (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose register
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- index in REGISTER_KINDS of src/shared/domain/register.ts
  moment_utc INTEGER NOT NULL,  -- moment that the figures belong to
  tariff INTEGER NOT NULL CHECK (tariff >= 0),  -- 0 = sum
  a_plus INTEGER CHECK (a_plus >= 0),  -- whole Wh or varh, secondary side; NULL = not kept by this meter
  a_minus INTEGER CHECK (a_minus >= 0),  -- active export
  r_plus INTEGER CHECK (r_plus >= 0),  -- reactive import
  r_minus INTEGER CHECK (r_minus >= 0),  -- reactive export
  exchange_id INTEGER,  -- where the figures come from
  PRIMARY KEY (meter_id, kind, moment_utc, tariff)
) STRICT, WITHOUT ROWID;
INSERT INTO new_register SELECT * FROM register;
DROP TABLE register;
ALTER TABLE new_register RENAME TO register;

CREATE TABLE new_journal (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose event
  journal INTEGER NOT NULL,  -- number of the journal in the meter
  at_utc INTEGER NOT NULL,  -- moment of the event by the meter's own clock
  event TEXT NOT NULL,  -- what happened, in the protocol's words
  details TEXT CHECK (json_valid(details)),  -- the record's other fields
  exchange_id INTEGER,  -- where the record comes from
  PRIMARY KEY (meter_id, journal, at_utc, event)
) STRICT, WITHOUT ROWID;
INSERT INTO new_journal SELECT * FROM journal;
DROP TABLE journal;
ALTER TABLE new_journal RENAME TO journal;
CREATE INDEX journal_time ON journal (at_utc);
CREATE INDEX journal_meter_time ON journal (meter_id, at_utc);
`,
};
