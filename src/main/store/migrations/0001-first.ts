import type { Migration } from '../migrate.ts';

/**
 * The first schema (DESIGN.md 3): every column that practice demands from the first day on, also where nothing fills it yet.
 * Times ending in `_utc` are whole seconds since 1970 in UTC. Energy is integers: counts as the meter said them or whole Wh
 * and varh. NULL is "not there"; 0 is a figure.
 */
export const first: Migration = {
  version: 1,
  sql: `
CREATE TABLE site (
  id INTEGER PRIMARY KEY CHECK (id = 1),  -- one site in a data folder
  settings TEXT NOT NULL CHECK (json_valid(settings)),  -- Settings of src/shared/api/settings.ts
  saved_utc INTEGER NOT NULL  -- when they were saved last
) STRICT;

CREATE TABLE substation (
  id INTEGER PRIMARY KEY,  -- own number
  name TEXT NOT NULL UNIQUE  -- as people call it
) STRICT;

CREATE TABLE line (
  id INTEGER PRIMARY KEY,  -- own number
  name TEXT NOT NULL UNIQUE,  -- for screens and logs
  address TEXT NOT NULL UNIQUE,  -- LINE text, normalised: tcp:HOST:PORT[:9600-8N1] or serial:PATH:9600-8N1
  timing TEXT CHECK (json_valid(timing))  -- learned latencies of the channel, ms; NULL = nothing learned
) STRICT;

CREATE TABLE secret (
  id INTEGER PRIMARY KEY,  -- own number
  sealed BLOB NOT NULL,  -- password as Secrets sealed it; never plain
  saved_utc INTEGER NOT NULL  -- when it was entered
) STRICT;

CREATE TABLE meter (
  id INTEGER PRIMARY KEY,  -- own number
  line_id INTEGER NOT NULL REFERENCES line (id),  -- line that it is or was read over
  driver TEXT NOT NULL,  -- DriverId
  model TEXT,  -- type as its plate says it
  serial TEXT NOT NULL UNIQUE,  -- text, leading zeros kept
  address INTEGER NOT NULL CHECK (address >= 0),  -- network address on the line
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
  password_form TEXT GENERATED ALWAYS AS (memory ->> 'passwordForm') VIRTUAL  -- binary or ascii; NULL = not known yet
) STRICT;
CREATE UNIQUE INDEX meter_line_address ON meter (line_id, address) WHERE removed_utc IS NULL;

CREATE TABLE meter_clock (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose clock
  from_utc INTEGER NOT NULL,  -- since when its clock runs so; 0 = since ever
  offset_min INTEGER NOT NULL CHECK (offset_min BETWEEN -1440 AND 1440),  -- minutes east of UTC in its winter time
  season_bit TEXT NOT NULL CHECK (season_bit IN ('applied', 'ignored')),  -- whether its summer bit moves the clock
  PRIMARY KEY (meter_id, from_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE point (
  id INTEGER PRIMARY KEY,  -- own number
  substation_id INTEGER NOT NULL REFERENCES substation (id),  -- where it is
  code TEXT NOT NULL UNIQUE,  -- natural key in files
  name TEXT NOT NULL,  -- as people call it
  role TEXT NOT NULL CHECK (role IN ('settlement', 'control', 'technical')),  -- PointRole: what its figures are for
  owner TEXT NOT NULL DEFAULT 'plant' CHECK (owner IN ('plant', 'network-company', 'tenant')),  -- whose meter it is
  department_code TEXT,  -- department that the energy is charged to; NULL = none
  cost_item TEXT,  -- item of the cost accounts; NULL = none
  tenant_inn TEXT,  -- 10 or 12 digits
  tenant_contract TEXT,  -- contract that the tenant pays by; NULL = none
  code_80020 TEXT,  -- code of the point in the supplier's 80020 files
  interval_min INTEGER NOT NULL DEFAULT 30 CHECK (interval_min IN (30, 60))  -- what the recipient of the figures wants
) STRICT;

CREATE TABLE installation (
  id INTEGER PRIMARY KEY,  -- own number
  point_id INTEGER NOT NULL REFERENCES point (id),  -- place measured
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- device that measures it
  from_utc INTEGER,  -- NULL = since ever
  to_utc INTEGER CHECK (to_utc > from_utc),  -- exclusive; NULL = still there
  kind TEXT NOT NULL CHECK (kind IN ('main', 'parallel-control')),  -- InstallationKind: whose figures count
  ct_primary INTEGER NOT NULL CHECK (ct_primary > 0),  -- current transformers as the plate says it: 600 of 600/5
  ct_secondary INTEGER NOT NULL CHECK (ct_secondary > 0),  -- 5 of 600/5
  vt_primary INTEGER NOT NULL CHECK (vt_primary > 0),  -- voltage transformers
  vt_secondary INTEGER NOT NULL CHECK (vt_secondary > 0),  -- 100 of 6000/100
  direction TEXT NOT NULL CHECK (json_valid(direction)),  -- channel of the meter -> channel of the point
  scheme TEXT CHECK (scheme IN ('direct', '3CT', '3CT+3VT', '2CT+2VT')),  -- NULL = not known: no phasor verdicts
  values_are_primary INTEGER NOT NULL DEFAULT 0 CHECK (values_are_primary IN (0, 1)),  -- 1 = the meter applies the ratios itself
  first_registers TEXT CHECK (json_valid(first_registers)),  -- RegisterReading[] of the act of installation
  last_registers TEXT CHECK (json_valid(last_registers))  -- RegisterReading[] of the act of removal
) STRICT;
CREATE INDEX installation_point ON installation (point_id);
CREATE UNIQUE INDEX installation_main ON installation (point_id) WHERE kind = 'main' AND to_utc IS NULL;
CREATE UNIQUE INDEX installation_meter ON installation (meter_id) WHERE to_utc IS NULL;

CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,  -- own number: where figures point to
  line_id INTEGER NOT NULL REFERENCES line (id),  -- line that it went over
  label TEXT NOT NULL,  -- what was asked, in the protocol's words
  request BLOB NOT NULL,  -- bytes sent
  response BLOB,  -- the accepted frame, checksum included; NULL = the exchange failed
  received BLOB,  -- everything that arrived, echo and noise included; NULL = the response and nothing else
  sent_at_ms INTEGER NOT NULL,  -- PC clock, milliseconds since 1970, when the first request byte left
  first_byte_us INTEGER,  -- from the end of the request to the first byte back, microseconds; NULL = nothing came
  duration_us INTEGER NOT NULL,  -- from the first request byte to the last response byte or the time-out, microseconds
  attempt INTEGER NOT NULL  -- 1 = the first try
) STRICT;

CREATE TABLE interval (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- who measured
  start_utc INTEGER NOT NULL,  -- intervalStart
  length_s INTEGER NOT NULL CHECK (length_s > 0),  -- nominal length, whatever the power cuts inside
  a_plus INTEGER CHECK (a_plus >= 0),  -- counts of 1/(2A) kWh or kvarh, secondary side; NULL = not kept by this meter
  a_minus INTEGER CHECK (a_minus >= 0),  -- active export
  r_plus INTEGER CHECK (r_plus >= 0),  -- reactive import
  r_minus INTEGER CHECK (r_minus >= 0),  -- reactive export
  source INTEGER NOT NULL CHECK (source IN (0, 1)),  -- 0 load profile, 1 frozen registers
  flags INTEGER NOT NULL,  -- bit n = INTERVAL_FLAGS[n] of src/shared/domain/interval.ts
  exchange_id INTEGER REFERENCES exchange (id),  -- where the figures come from; NULL = brought without bytes
  revision INTEGER NOT NULL CHECK (revision > 0),  -- 1 = as first read; the earlier ones are in interval_revision
  PRIMARY KEY (meter_id, start_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE interval_revision (
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
  exchange_id INTEGER REFERENCES exchange (id),  -- where these figures came from
  replaced_utc INTEGER NOT NULL,  -- when a new read brought other figures
  PRIMARY KEY (meter_id, start_utc, revision),
  FOREIGN KEY (meter_id, start_utc) REFERENCES interval (meter_id, start_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE register (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose register
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- index in REGISTER_KINDS of src/shared/domain/register.ts
  moment_utc INTEGER NOT NULL,  -- moment that the figures belong to
  tariff INTEGER NOT NULL CHECK (tariff >= 0),  -- 0 = sum
  a_plus INTEGER CHECK (a_plus >= 0),  -- whole Wh or varh, secondary side; NULL = not kept by this meter
  a_minus INTEGER CHECK (a_minus >= 0),  -- active export
  r_plus INTEGER CHECK (r_plus >= 0),  -- reactive import
  r_minus INTEGER CHECK (r_minus >= 0),  -- reactive export
  exchange_id INTEGER REFERENCES exchange (id),  -- where the figures come from
  PRIMARY KEY (meter_id, kind, moment_utc, tariff)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample (
  minute_utc INTEGER NOT NULL,  -- start of the minute; first in the key, so that a minute of all meters lies on few pages
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- who measured
  at_utc INTEGER NOT NULL,  -- moment of the read
  readings TEXT NOT NULL,  -- JSON: key -> [count, scale, unit] or null = the meter has no such value
  PRIMARY KEY (minute_utc, meter_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_half_hour (
  start_utc INTEGER NOT NULL,  -- start of the half-hour; first in the key as in sample
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- who measured
  quantity TEXT NOT NULL,  -- InstantaneousKey
  minimum INTEGER NOT NULL,  -- value = count x 10^scale in unit, of every read of the half-hour
  maximum INTEGER NOT NULL,  -- largest count
  total INTEGER NOT NULL,  -- sum of the counts: the mean is total / reads
  reads INTEGER NOT NULL CHECK (reads > 0),  -- how many reads
  scale INTEGER NOT NULL,  -- power of ten of the counts
  unit TEXT NOT NULL,  -- Unit of src/shared/domain/quantity.ts
  PRIMARY KEY (start_utc, meter_id, quantity)
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_reading (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose clock
  at_utc INTEGER NOT NULL,  -- by the PC's clock
  deviation_ms INTEGER NOT NULL,  -- meter minus PC, half the round trip removed
  PRIMARY KEY (meter_id, at_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose event
  journal INTEGER NOT NULL,  -- number of the journal in the meter
  at_utc INTEGER NOT NULL,  -- moment of the event by the meter's own clock
  event TEXT NOT NULL,  -- what happened, in the protocol's words
  details TEXT CHECK (json_valid(details)),  -- the record's other fields
  exchange_id INTEGER REFERENCES exchange (id),  -- where the record comes from
  PRIMARY KEY (meter_id, journal, at_utc, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
  meter_id INTEGER NOT NULL REFERENCES meter (id),  -- whose intervals
  from_utc INTEGER NOT NULL,  -- start of the first absent interval; ranges of one meter never overlap
  to_utc INTEGER NOT NULL CHECK (to_utc > from_utc),  -- end of the last absent interval, exclusive
  reason TEXT NOT NULL,  -- AbsenceReason
  since_utc INTEGER NOT NULL,  -- since when the reason holds
  tries INTEGER NOT NULL,  -- failed attempts to read it
  next_try_utc INTEGER,  -- NULL = when there is time
  deadline_utc INTEGER,  -- when the ring overwrites the oldest interval; NULL = not known or past caring
  state TEXT NOT NULL CHECK (state IN ('open', 'proven-absent')),  -- open = worth asking for
  PRIMARY KEY (meter_id, from_utc)
) STRICT, WITHOUT ROWID;

CREATE TABLE replacement (
  id INTEGER PRIMARY KEY,  -- own number
  point_id INTEGER NOT NULL REFERENCES point (id),  -- whose figure is replaced
  channel TEXT NOT NULL CHECK (channel IN ('A+', 'A-', 'R+', 'R-')),  -- channel of the point
  start_utc INTEGER NOT NULL,  -- intervalStart
  length_s INTEGER NOT NULL CHECK (length_s > 0),  -- length of the interval, seconds
  energy INTEGER NOT NULL,  -- Wh or varh, primary side
  method TEXT NOT NULL,  -- rule that gave the figure
  author TEXT NOT NULL,  -- person or rule
  reason TEXT NOT NULL,  -- why the figure is put in
  made_utc INTEGER NOT NULL,  -- when it was put in
  withdrawn_utc INTEGER  -- NULL = in force
) STRICT;
CREATE UNIQUE INDEX replacement_in_force ON replacement (point_id, channel, start_utc) WHERE withdrawn_utc IS NULL;

CREATE TABLE package (
  id INTEGER PRIMARY KEY,  -- own number
  receiver TEXT NOT NULL,  -- who it is for: onec.name of the settings
  site_code TEXT NOT NULL,  -- site.code of the settings
  number INTEGER NOT NULL CHECK (number > 0),  -- one sequence per receiver
  pack_id TEXT NOT NULL UNIQUE,  -- UUID
  kind TEXT NOT NULL,  -- OnecKind
  format TEXT NOT NULL,  -- OnecFormat
  mode TEXT NOT NULL CHECK (mode IN ('full', 'delta')),  -- all rows of the period, or only the changed ones
  from_day TEXT NOT NULL,  -- ISO date of the site
  to_day TEXT NOT NULL,  -- inclusive
  created_utc INTEGER NOT NULL,  -- when it was numbered
  created_offset_min INTEGER NOT NULL,  -- offset of the site at that moment
  folder TEXT NOT NULL,  -- where it goes
  job TEXT,  -- schedule that asked for it; NULL = a person
  state TEXT NOT NULL CHECK (state IN ('made', 'delivered', 'accepted', 'partial', 'rejected', 'failed')),  -- PackageState
  error TEXT,  -- why it failed, code and message; NULL = it did not
  rows INTEGER,  -- rows of its data file; like the three below NULL while it is only numbered
  missing_rows INTEGER,  -- rows without a figure
  control_sum TEXT,  -- exact decimal; NULL = no row carries a figure
  files TEXT CHECK (json_valid(files)),  -- PackageFile[]
  UNIQUE (receiver, number)
) STRICT;

CREATE TABLE package_sent (
  receiver TEXT NOT NULL,  -- who was told
  kind TEXT NOT NULL,  -- OnecKind
  day TEXT NOT NULL,  -- ISO date of the site
  key TEXT NOT NULL,  -- what makes a row's natural key together with the instant
  number INTEGER NOT NULL,  -- package that said so
  rows TEXT NOT NULL CHECK (json_valid(rows)),  -- SentDay rows: [instant UTC, revision, status, printed figure or '']
  PRIMARY KEY (receiver, kind, day, key, number),
  FOREIGN KEY (receiver, number) REFERENCES package (receiver, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX package_sent_package ON package_sent (receiver, number);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- 1, 2, 3 ... without holes
  at_utc INTEGER NOT NULL,  -- when, by the PC clock
  who TEXT NOT NULL,  -- person, rule or way in
  action TEXT NOT NULL,  -- noun.verb
  subject TEXT NOT NULL,  -- what was changed: point CODE, site ...
  old_value TEXT,  -- text or JSON, NULL = nothing was there; never a secret
  new_value TEXT,  -- text or JSON, NULL = nothing is there any more; never a secret
  reason TEXT,  -- why; NULL = nobody was asked
  previous_hash BLOB NOT NULL,  -- hash of the row before; 32 zero bytes for the first
  hash BLOB NOT NULL  -- SHA-256 over previous_hash and the fields above
) STRICT;
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_loses_no_rows BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit rows are never deleted'); END;
`,
};
