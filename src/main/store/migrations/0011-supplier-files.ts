import type { Migration } from '../migrate.ts';

/** The supplier's files (80020, 80040): their numbers, bytes, carries, states and replies, days held back, and figures received in such files. */
export const supplierFiles: Migration = {
  version: 11,
  sql: `
CREATE TABLE supplier_file (
  id INTEGER PRIMARY KEY,  -- own number
  sender_inn TEXT NOT NULL,  -- numbers run per sender
  number INTEGER NOT NULL CHECK (number > 0),  -- number of the message
  area_inn TEXT NOT NULL,  -- code of the area
  class TEXT NOT NULL CHECK (class IN ('80020', '80040')),  -- layout
  day TEXT NOT NULL,  -- ISO date of the data
  timestamp TEXT NOT NULL,  -- yyyyMMddHHmmss as it stands in the file
  made_utc INTEGER NOT NULL,  -- when it was numbered
  job TEXT,  -- schedule that asked for it; NULL = a person
  content TEXT NOT NULL CHECK (json_valid(content)),  -- SupplierFileContent
  state TEXT NOT NULL CHECK (state IN ('made', 'failed', 'sending', 'sent', 'accepted', 'accepted-with-remarks', 'rejected', 'no-reply')),  -- SupplierFileState
  state_utc INTEGER NOT NULL,  -- since when
  note TEXT,  -- why it failed, what the reply said; NULL = nothing to say
  is_signed INTEGER NOT NULL DEFAULT 0 CHECK (is_signed IN (0, 1)),  -- 1 = its parts are what the signing command left
  folder TEXT,  -- where it goes; NULL = no folder
  is_mailed INTEGER NOT NULL CHECK (is_mailed IN (0, 1)),  -- 1 = a letter belongs to it
  folder_utc INTEGER,  -- when it was whole in the folder; NULL = not yet
  mail_utc INTEGER,  -- when the mail server took the letter; NULL = not yet
  stale_utc INTEGER,  -- since when other figures are known than it holds; NULL = they are not
  message_id TEXT,  -- of the letter, the same in every attempt; NULL = none was begun
  UNIQUE (sender_inn, number)
) STRICT;
CREATE INDEX supplier_file_day ON supplier_file (sender_inn, day, number);
CREATE INDEX supplier_file_unfinished ON supplier_file (id) WHERE state IN ('made', 'failed', 'sending');
CREATE INDEX supplier_file_waiting ON supplier_file (state_utc) WHERE state = 'sent';
CREATE INDEX supplier_file_job ON supplier_file (job, id) WHERE job IS NOT NULL;

CREATE TABLE supplier_file_part (
  file_id INTEGER NOT NULL REFERENCES supplier_file (id),  -- file that it belongs to
  place INTEGER NOT NULL,  -- 0, 1 ...: the order of delivery
  name TEXT NOT NULL,  -- name in the folder and in the letter
  packed BLOB NOT NULL,  -- its bytes, deflated
  bytes INTEGER NOT NULL,  -- how many they are unpacked
  sha256 TEXT NOT NULL,  -- of the bytes unpacked
  PRIMARY KEY (file_id, place)
) STRICT;

CREATE TABLE supplier_file_step (
  id INTEGER PRIMARY KEY,  -- in order of time
  file_id INTEGER NOT NULL REFERENCES supplier_file (id),  -- whose history
  at_utc INTEGER NOT NULL,  -- when
  state TEXT NOT NULL,  -- SupplierFileState that it went into
  note TEXT  -- what there was to say; NULL = nothing
) STRICT;
CREATE INDEX supplier_file_step_file ON supplier_file_step (file_id, id);

CREATE TABLE supplier_carry (
  file_id INTEGER NOT NULL REFERENCES supplier_file (id),  -- file at whose end it is left over
  point_code TEXT NOT NULL,  -- code of the point in the file
  channel TEXT NOT NULL CHECK (channel IN ('A+', 'A-', 'R+', 'R-')),  -- channel of the point
  carry TEXT NOT NULL,  -- exact, kWh or kvarh: numerator/denominator
  PRIMARY KEY (file_id, point_code, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE supplier_hold (
  sender_inn TEXT NOT NULL,  -- who was to send it
  day TEXT NOT NULL,  -- ISO date of the data
  since_utc INTEGER NOT NULL,  -- since when it is held
  checked_utc INTEGER NOT NULL,  -- when it was looked at last
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),  -- HoldReason[]
  PRIMARY KEY (sender_inn, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE supplier_reply (
  sha256 TEXT PRIMARY KEY,  -- of the reply's bytes: each is judged once
  name TEXT NOT NULL,  -- file that it was found in
  seen_utc INTEGER NOT NULL,  -- when
  file_id INTEGER REFERENCES supplier_file (id),  -- file that it is about; NULL = refused
  status INTEGER CHECK (status BETWEEN 0 AND 4),  -- status of class 80021; NULL = refused
  error TEXT  -- why it was refused, code and message; NULL = it was not
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_reply_file ON supplier_reply (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX supplier_reply_refused ON supplier_reply (seen_utc) WHERE error IS NOT NULL;

CREATE TABLE supplier_mail_secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),  -- one mail server
  secret_id INTEGER NOT NULL REFERENCES secret (id)  -- its password, sealed
) STRICT;

CREATE TABLE received_file (
  id INTEGER PRIMARY KEY,  -- own number
  sender_inn TEXT NOT NULL,  -- who sent it
  sender_name TEXT NOT NULL,  -- as the file says
  class TEXT NOT NULL,  -- layout
  number INTEGER NOT NULL,  -- number of the message
  day TEXT NOT NULL,  -- ISO date of the data
  timestamp TEXT NOT NULL,  -- yyyyMMddHHmmss as it stands in the file
  name TEXT NOT NULL,  -- name of the file
  sha256 TEXT NOT NULL UNIQUE,  -- of its bytes
  received_utc INTEGER NOT NULL,  -- when it was brought in
  who TEXT NOT NULL  -- who brought it in
) STRICT;
CREATE INDEX received_file_day ON received_file (day);

CREATE TABLE received_figure (
  sender_inn TEXT NOT NULL,  -- the first five are the key of a figure's day (xml-80020.md 2)
  area_inn TEXT NOT NULL,  -- code of the area
  point_code TEXT NOT NULL,  -- code of the point in the file
  channel TEXT NOT NULL CHECK (channel IN ('A+', 'A-', 'R+', 'R-')),  -- channel of the point
  day TEXT NOT NULL,  -- ISO date of the data
  file_id INTEGER NOT NULL REFERENCES received_file (id),  -- file that said so
  figures TEXT NOT NULL CHECK (json_valid(figures)),  -- ReceivedInterval[]
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),  -- 0 = a larger number of the same day has come
  PRIMARY KEY (sender_inn, area_inn, point_code, channel, day, file_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX received_figure_current ON received_figure (point_code, day, channel, sender_inn, area_inn) WHERE is_current = 1;
CREATE INDEX received_figure_day ON received_figure (day, point_code, channel) WHERE is_current = 1;
CREATE INDEX received_figure_file ON received_figure (file_id);

CREATE TABLE received_source (
  point_id INTEGER PRIMARY KEY REFERENCES point (id),  -- point without a link whose figures come in files
  sender_inn TEXT NOT NULL,  -- whose files they are
  since_utc INTEGER NOT NULL,  -- when that was said
  who TEXT NOT NULL  -- who said it
) STRICT;
`,
};
