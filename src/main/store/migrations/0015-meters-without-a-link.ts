import type { Migration } from '../migrate.ts';

/** Meters that nobody asks, because people read them: no line, no address (docs/adr/0028). The table is made anew; nothing else in it changes. */
export const metersWithoutALink: Migration = {
  version: 15,
  sql: `
CREATE TABLE new_meter (
  id INTEGER PRIMARY KEY,  -- own number
  line_id INTEGER REFERENCES line (id),  -- line that it is or was read over; NULL = people read it
  driver TEXT NOT NULL,  -- ReadBy
  model TEXT,  -- type as its plate says it
  serial TEXT NOT NULL UNIQUE,  -- text, leading zeros kept
  address INTEGER CHECK (address >= 0),  -- network address on the line; NULL = people read it
  access_level INTEGER NOT NULL CHECK (access_level IN (1, 2)),  -- level that its channel is opened with
  secret_id INTEGER REFERENCES secret (id),  -- its password; NULL = the default one
  removed_utc INTEGER,  -- when it was taken off its line; NULL = it is there
  firmware TEXT,  -- as read from the meter, like all below
  manufactured TEXT,  -- ISO date
  constant_imp_per_kwh INTEGER CHECK (constant_imp_per_kwh > 0),  -- A: scale of the counts, imp per kWh and kvarh
  profile_period_min INTEGER CHECK (profile_period_min > 0),  -- length of an interval, minutes
  has_profile INTEGER CHECK (has_profile IN (0, 1)),  -- 0 = keeps no load profile
  ring_slots INTEGER CHECK (ring_slots > 0),  -- intervals that its memory holds
  ring_days INTEGER GENERATED ALWAYS AS (ring_slots * profile_period_min / 1440) VIRTUAL,  -- the same in whole days
  variant_hex TEXT,  -- execution variant word
  memory TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(memory)),  -- MeterMemory: what the driver learned of this serial and firmware
  password_form TEXT GENERATED ALWAYS AS (memory ->> 'passwordForm') VIRTUAL,  -- binary or ascii; NULL = not known yet
  quarantined_utc INTEGER,  -- since when it is read without standing anywhere; NULL = a person has placed it
  CHECK ((line_id IS NULL) = (driver = 'manual')),
  CHECK ((line_id IS NULL) = (address IS NULL))
) STRICT;
INSERT INTO new_meter (id, line_id, driver, model, serial, address, access_level, secret_id, removed_utc, firmware, manufactured,
    constant_imp_per_kwh, profile_period_min, has_profile, ring_slots, variant_hex, memory, quarantined_utc)
  SELECT id, line_id, driver, model, serial, address, access_level, secret_id, removed_utc, firmware, manufactured,
    constant_imp_per_kwh, profile_period_min, has_profile, ring_slots, variant_hex, memory, quarantined_utc
  FROM meter;
DROP TABLE meter;
ALTER TABLE new_meter RENAME TO meter;
CREATE UNIQUE INDEX meter_line_address ON meter (line_id, address) WHERE removed_utc IS NULL AND quarantined_utc IS NULL;
`,
};
