import { AppError } from '../../shared/api/errors.ts';
import type { OnecFormat, OnecKind } from '../../shared/api/receivers.ts';
import type { PackageAck, PackageContent, PackageFile, PackageRecord, PackageState, SentDay } from '../../shared/domain/package.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads the packages made for receivers. */
export interface PackageReader {
  /** Newest first. */
  list(offset: number, limit: number): { readonly rows: PackageRecord[]; readonly total: number };
  get(id: number): PackageRecord | null;
  byNumber(receiver: string, number: number): PackageRecord | null;
  /** Packages in states `made` and `failed`, by number. */
  unfinished(receiver: string): PackageRecord[];
  /** Packages that were handed over before a moment and not answered since, by number. */
  unanswered(receiver: string, beforeUtc: UtcSeconds): PackageRecord[];
  /** Packages that the receiver refused, whole or in part, by number. */
  refused(receiver: string): PackageRecord[];
  /** 0 when the receiver has none. */
  highestNumber(receiver: string): number;
  /** What the receiver was told last of each key and day of a point by complete packages below a number; days inclusive. */
  sentBefore(
    receiver: string,
    kind: OnecKind,
    pointCode: string,
    days: { readonly from: string; readonly to: string },
    belowNumber: number,
  ): SentDay[];
  /** First and last day of which the receiver was told anything of a kind; null = nothing yet. */
  sentRange(receiver: string, kind: OnecKind): { readonly from: string; readonly to: string } | null;
  /** pack_id of the last complete full package of exactly this kind and period; null = there was none. */
  lastFull(receiver: string, kind: OnecKind, from: string, to: string): string | null;
  /** Accepted packages that were made before a moment and whose files are still kept, by number. */
  prunable(receiver: string, beforeUtc: UtcSeconds): PackageRecord[];
}

/** What a package is numbered with; the rest of its record comes with its content, its delivery and its answer. */
export type PackageFields = Omit<PackageRecord, 'id' | 'number' | 'state' | 'error' | 'content' | 'deliveredUtc' | 'ack'>;

/** Writes packages. Every call is one durable transaction. */
export interface PackageWriter {
  /**
   * A new record in state `made` without content. Its number is one above the highest of the receiver, and above `floor`:
   * the highest number seen among files, which is ahead of the store after a restore from a backup.
   */
  reserve(fields: PackageFields, floor?: number): PackageRecord;
  /** Forgets what an earlier try to render the package remembered. Throws `api/not-found`. */
  begin(id: number): void;
  /** Keeps what the package says of some keys and days; it counts once the package is complete. Throws `api/not-found`. */
  remember(id: number, sent: readonly SentDay[]): void;
  /** Gives a package its content; again for the same package it replaces it. Throws `api/not-found`. */
  complete(id: number, content: PackageContent): void;
  /** `atUtc` is kept as the moment of its delivery when the state is `delivered` for the first time. Throws `api/not-found`. */
  setState(id: number, state: PackageState, error: string | null, atUtc: UtcSeconds): void;
  /** An answer of the receiver: it becomes the state of the package, its text the error where it was not accepted. Throws `api/not-found`. */
  saveAck(id: number, ack: PackageAck): void;
  markPruned(id: number, atUtc: UtcSeconds): void;
}

const COLUMNS = `package.id, receiver, site_code, number, pack_id, kind, format, formats, mode, from_day, to_day, created_utc, created_offset_min, folder,
  job, replaces_pack_id, state, error, delivered_utc, package.rows, missing_rows, control_sum, files, read_utc, status, rows_ok, rows_bad, text, faults,
  fault_count, digest`;
const TABLES = 'package LEFT JOIN package_ack ON package_id = package.id';

type PackageRow = Row & {
  readonly id: number;
  readonly receiver: string;
  readonly site_code: string;
  readonly number: number;
  readonly pack_id: string;
  readonly kind: OnecKind;
  readonly format: OnecFormat;
  readonly formats: string | null;
  readonly mode: PackageRecord['mode'];
  readonly from_day: string;
  readonly to_day: string;
  readonly created_utc: number;
  readonly created_offset_min: number;
  readonly folder: string;
  readonly job: string | null;
  readonly replaces_pack_id: string | null;
  readonly state: PackageState;
  readonly error: string | null;
  readonly delivered_utc: number | null;
  readonly rows: number | null;
  readonly missing_rows: number | null;
  readonly control_sum: string | null;
  readonly files: string | null;
  readonly read_utc: number | null;
  readonly status: PackageAck['status'] | null;
  readonly rows_ok: number | null;
  readonly rows_bad: number | null;
  readonly text: string | null;
  readonly faults: string | null;
  readonly fault_count: number | null;
  readonly digest: string | null;
};

/** Packages of an open database. */
export function packageReader(db: ReadableDb): PackageReader {
  const one = <P extends (string | number)[]>(where: string) => db.query<P, PackageRow>(`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${where}`);
  const page = db.query<[limit: number, offset: number], PackageRow>(
    `SELECT ${COLUMNS} FROM ${TABLES} ORDER BY package.id DESC LIMIT ? OFFSET ?`,
  );
  const count = db.query<[], Row & { n: number }>('SELECT count(*) AS n FROM package');
  const get = one<[id: number]>('package.id = ?');
  const byNumber = one<[receiver: string, number: number]>('receiver = ? AND number = ?');
  const unfinished = one<[receiver: string]>("receiver = ? AND state IN ('made', 'failed') ORDER BY number");
  const unanswered = one<[receiver: string, beforeUtc: number]>(
    "receiver = ? AND state = 'delivered' AND coalesce(delivered_utc, created_utc) < ? ORDER BY number",
  );
  const refused = one<[receiver: string]>("receiver = ? AND state IN ('partial', 'rejected') ORDER BY number");
  const prunable = one<[receiver: string, beforeUtc: number]>(
    "receiver = ? AND state = 'accepted' AND created_utc < ? AND pruned_utc IS NULL ORDER BY number",
  );
  const highest = db.query<[receiver: string], Row & { highest: number | null }>(
    'SELECT max(number) AS highest FROM package WHERE receiver = ?',
  );
  // The days alone would be found without this index, but then among the keys of every point. Of the rows of a group SQLite takes the other columns from the one that has the maximum.
  const sent = db.query<
    [receiver: string, kind: string, first: string, end: string, from: string, to: string, below: number],
    Row & { key: string; day: string; rows: string; newest: number }
  >(
    `SELECT key, day, rows, max(number) AS newest FROM package_sent AS sent INDEXED BY package_sent_point
     WHERE receiver = ? AND kind = ? AND key >= ? AND key < ? AND day >= ? AND day <= ? AND number < ?
       AND (SELECT package.rows FROM package WHERE package.receiver = sent.receiver AND package.number = sent.number) IS NOT NULL
     GROUP BY key, day`,
  );
  const edge = (which: 'min' | 'max') =>
    db.query<[receiver: string, kind: string], Row & { day: string | null }>(
      `SELECT ${which}(day) AS day FROM package_sent WHERE receiver = ? AND kind = ?`,
    );
  const [firstSent, lastSent] = [edge('min'), edge('max')];
  const lastFull = db.query<[receiver: string, kind: string, from: string, to: string], Row & { pack_id: string }>(
    `SELECT pack_id FROM package WHERE receiver = ? AND kind = ? AND from_day = ? AND to_day = ? AND mode = 'full' AND rows IS NOT NULL
     ORDER BY id DESC LIMIT 1`,
  );
  const orNull = (row: PackageRow | undefined) => (row === undefined ? null : recordOf(row));
  return {
    list: (offset, limit) => ({ rows: page.all(limit, offset).map(recordOf), total: count.get()?.n ?? 0 }),
    get: (id) => orNull(get.get(id)),
    byNumber: (receiver, number) => orNull(byNumber.get(receiver, number)),
    unfinished: (receiver) => unfinished.all(receiver).map(recordOf),
    unanswered: (receiver, beforeUtc) => unanswered.all(receiver, beforeUtc).map(recordOf),
    refused: (receiver) => refused.all(receiver).map(recordOf),
    prunable: (receiver, beforeUtc) => prunable.all(receiver, beforeUtc).map(recordOf),
    highestNumber: (receiver) => highest.get(receiver)?.highest ?? 0,
    // The keys of a point begin with its code and a semicolon, which no code has in it.
    sentBefore: (receiver, kind, pointCode, { from, to }, belowNumber) =>
      sent.all(receiver, kind, `${pointCode};`, `${pointCode}<`, from, to, belowNumber).map(({ key, day, rows }) => {
        const entries: SentDay['rows'] = JSON.parse(rows);
        return { key, day, rows: entries };
      }),
    sentRange(receiver, kind) {
      const [from, to] = [firstSent.get(receiver, kind)?.day ?? null, lastSent.get(receiver, kind)?.day ?? null];
      return from === null || to === null ? null : { from, to };
    },
    lastFull: (receiver, kind, from, to) => lastFull.get(receiver, kind, from, to)?.pack_id ?? null,
  };
}

/** Writes packages into an open database. */
export function packageWriter(db: WritableDb, reader: PackageReader): PackageWriter {
  const insert = db.command(
    `INSERT INTO package (receiver, site_code, number, pack_id, kind, format, formats, mode, from_day, to_day, created_utc, created_offset_min,
       folder, job, replaces_pack_id, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'made')`,
  );
  const fill = db.command('UPDATE package SET rows = ?, missing_rows = ?, control_sum = ?, files = ? WHERE id = ?');
  const setState = db.command('UPDATE package SET state = ?, error = ?, delivered_utc = coalesce(delivered_utc, ?) WHERE id = ?');
  const forget = db.command('DELETE FROM package_sent WHERE receiver = ? AND number = ?');
  const remember = db.command('INSERT INTO package_sent (receiver, kind, day, key, number, rows) VALUES (?, ?, ?, ?, ?, ?)');
  const saveAck = db.command('INSERT OR REPLACE INTO package_ack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const prune = db.command('UPDATE package SET pruned_utc = ? WHERE id = ?');
  const existing = (id: number): PackageRecord => {
    const record = reader.get(id);
    if (record === null) throw new AppError('api/not-found', `There is no package ${id}`, { context: { id } });
    return record;
  };
  return {
    reserve: (fields, floor = 0) =>
      db.transaction(() => {
        const number = Math.max(reader.highestNumber(fields.receiver), floor) + 1;
        const { receiver, siteCode, packId, kind, format, formats, mode, from, to, createdUtc, createdOffsetMin, folder, job } = fields;
        const days = [from, to, createdUtc, createdOffsetMin] as const;
        const list = JSON.stringify(formats);
        return existing(
          insert.insert(receiver, siteCode, number, packId, kind, format, list, mode, ...days, folder, job, fields.replacesPackId),
        );
      }),
    begin(id) {
      const { receiver, number } = existing(id);
      forget.run(receiver, number);
    },
    remember(id, sent) {
      if (sent.length === 0) return;
      db.transaction(() => {
        const { receiver, kind, number } = existing(id);
        for (const { key, day, rows } of sent) remember.run(receiver, kind, day, key, number, JSON.stringify(rows));
      });
    },
    complete(id, { rows, missingRows, controlSum, files }) {
      existing(id);
      fill.run(rows, missingRows, controlSum, JSON.stringify(files), id);
    },
    setState(id, state, error, atUtc) {
      existing(id);
      setState.run(state, error, state === 'delivered' ? atUtc : null, id);
    },
    saveAck(id, { readUtc, status, rowsOk, rowsBad, text, faults, faultCount, digest }) {
      db.transaction(() => {
        existing(id);
        saveAck.run(id, readUtc, status, rowsOk, rowsBad, text, JSON.stringify(faults), faultCount, digest);
        setState.run(status, null, null, id);
      });
    },
    markPruned(id, atUtc) {
      prune.run(atUtc, id);
    },
  };
}

function recordOf(row: PackageRow): PackageRecord {
  const formats: OnecFormat[] = row.formats === null ? [row.format] : JSON.parse(row.formats);
  return {
    id: row.id,
    receiver: row.receiver,
    siteCode: row.site_code,
    number: row.number,
    packId: row.pack_id,
    kind: row.kind,
    format: row.format,
    formats,
    mode: row.mode,
    from: row.from_day,
    to: row.to_day,
    createdUtc: row.created_utc,
    createdOffsetMin: row.created_offset_min,
    folder: row.folder,
    job: row.job,
    replacesPackId: row.replaces_pack_id,
    state: row.state,
    error: row.error,
    deliveredUtc: row.delivered_utc,
    content: contentOf(row),
    ack: ackOf(row),
  };
}

function contentOf({ rows, missing_rows, control_sum, files }: PackageRow): PackageContent | null {
  if (rows === null || missing_rows === null || files === null) return null;
  const list: PackageFile[] = JSON.parse(files);
  return { rows, missingRows: missing_rows, controlSum: control_sum, files: list };
}

function ackOf({ read_utc, status, rows_ok, rows_bad, text, faults, fault_count, digest }: PackageRow): PackageAck | null {
  if (read_utc === null || status === null || faults === null) return null;
  const list: PackageAck['faults'] = JSON.parse(faults);
  return {
    readUtc: read_utc,
    status,
    rowsOk: rows_ok,
    rowsBad: rows_bad,
    text: text ?? '',
    faults: list,
    faultCount: fault_count ?? list.length,
    digest: digest ?? '',
  };
}
