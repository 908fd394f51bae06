import { AppError } from '../../shared/api/errors.ts';
import type { OnecFormat, OnecKind } from '../../shared/api/settings.ts';
import type { PackageContent, PackageFile, PackageRecord, PackageState, SentDay } from '../../shared/domain/package.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads the packages made for receivers. */
export interface PackageReader {
  /** Newest first. */
  list(offset: number, limit: number): { readonly rows: PackageRecord[]; readonly total: number };
  get(id: number): PackageRecord | null;
  /** Packages in states `made` and `failed`, by number. */
  unfinished(receiver: string): PackageRecord[];
  /** 0 when the receiver has none. */
  highestNumber(receiver: string): number;
  /** What the receiver was told last (by the highest package number) of this key and day; null = never. */
  lastSent(receiver: string, kind: OnecKind, key: string, day: string): SentDay['rows'] | null;
}

/** What a package is numbered with; the rest of its record comes with its content and its delivery. */
export type PackageFields = Omit<PackageRecord, 'id' | 'number' | 'state' | 'error' | 'content'>;

/** Writes packages. Every call is one durable transaction. */
export interface PackageWriter {
  /**
   * A new record in state `made` without content. Its number is one above the highest of the receiver, and above `floor`:
   * the highest number seen among files, which is ahead of the store after a restore from a backup.
   */
  reserve(fields: PackageFields, floor?: number): PackageRecord;
  /** Gives a package its content and remembers what was sent in it; again for the same package it replaces both. Throws `api/not-found`. */
  complete(id: number, content: PackageContent, sent: readonly SentDay[]): void;
  /** Throws `api/not-found`. */
  setState(id: number, state: PackageState, error: string | null): void;
}

const COLUMNS = `id, receiver, site_code, number, pack_id, kind, format, mode, from_day, to_day, created_utc, created_offset_min, folder, job,
  state, error, rows, missing_rows, control_sum, files`;

type PackageRow = Row & {
  readonly id: number;
  readonly receiver: string;
  readonly site_code: string;
  readonly number: number;
  readonly pack_id: string;
  readonly kind: OnecKind;
  readonly format: OnecFormat;
  readonly mode: PackageRecord['mode'];
  readonly from_day: string;
  readonly to_day: string;
  readonly created_utc: number;
  readonly created_offset_min: number;
  readonly folder: string;
  readonly job: string | null;
  readonly state: PackageState;
  readonly error: string | null;
  readonly rows: number | null;
  readonly missing_rows: number | null;
  readonly control_sum: string | null;
  readonly files: string | null;
};

/** Packages of an open database. */
export function packageReader(db: ReadableDb): PackageReader {
  const page = db.query<[limit: number, offset: number], PackageRow>(`SELECT ${COLUMNS} FROM package ORDER BY id DESC LIMIT ? OFFSET ?`);
  const count = db.query<[], Row & { n: number }>('SELECT count(*) AS n FROM package');
  const get = db.query<[id: number], PackageRow>(`SELECT ${COLUMNS} FROM package WHERE id = ?`);
  const unfinished = db.query<[receiver: string], PackageRow>(
    `SELECT ${COLUMNS} FROM package WHERE receiver = ? AND state IN ('made', 'failed') ORDER BY number`,
  );
  const highest = db.query<[receiver: string], Row & { highest: number | null }>(
    'SELECT max(number) AS highest FROM package WHERE receiver = ?',
  );
  const sent = db.query<[receiver: string, kind: string, day: string, key: string], Row & { rows: string }>(
    'SELECT rows FROM package_sent WHERE receiver = ? AND kind = ? AND day = ? AND key = ? ORDER BY number DESC LIMIT 1',
  );
  return {
    list: (offset, limit) => ({ rows: page.all(limit, offset).map(recordOf), total: count.get()?.n ?? 0 }),
    get(id) {
      const row = get.get(id);
      return row === undefined ? null : recordOf(row);
    },
    unfinished: (receiver) => unfinished.all(receiver).map(recordOf),
    highestNumber: (receiver) => highest.get(receiver)?.highest ?? 0,
    lastSent(receiver, kind, key, day) {
      const row = sent.get(receiver, kind, day, key);
      if (row === undefined) return null;
      const rows: SentDay['rows'] = JSON.parse(row.rows);
      return rows;
    },
  };
}

/** Writes packages into an open database. */
export function packageWriter(db: WritableDb, reader: PackageReader): PackageWriter {
  const insert = db.command(
    `INSERT INTO package (receiver, site_code, number, pack_id, kind, format, mode, from_day, to_day, created_utc, created_offset_min, folder, job, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'made')`,
  );
  const fill = db.command('UPDATE package SET rows = ?, missing_rows = ?, control_sum = ?, files = ? WHERE id = ?');
  const setState = db.command('UPDATE package SET state = ?, error = ? WHERE id = ?');
  const forget = db.command('DELETE FROM package_sent WHERE receiver = ? AND number = ?');
  const remember = db.command('INSERT INTO package_sent (receiver, kind, day, key, number, rows) VALUES (?, ?, ?, ?, ?, ?)');
  const existing = (id: number): PackageRecord => {
    const record = reader.get(id);
    if (record === null) throw new AppError('api/not-found', `There is no package ${id}`, { context: { id } });
    return record;
  };
  return {
    reserve: (fields, floor = 0) =>
      db.transaction(() => {
        const number = Math.max(reader.highestNumber(fields.receiver), floor) + 1;
        const { receiver, siteCode, packId, kind, format, mode, from, to, createdUtc, createdOffsetMin, folder, job } = fields;
        return existing(
          insert.insert(receiver, siteCode, number, packId, kind, format, mode, from, to, createdUtc, createdOffsetMin, folder, job),
        );
      }),
    complete(id, { rows, missingRows, controlSum, files }, sent) {
      db.transaction(() => {
        const { receiver, kind, number } = existing(id);
        fill.run(rows, missingRows, controlSum, JSON.stringify(files), id);
        forget.run(receiver, number);
        for (const { key, day, rows: sentRows } of sent) remember.run(receiver, kind, day, key, number, JSON.stringify(sentRows));
      });
    },
    setState(id, state, error) {
      existing(id);
      setState.run(state, error, id);
    },
  };
}

function recordOf(row: PackageRow): PackageRecord {
  return {
    id: row.id,
    receiver: row.receiver,
    siteCode: row.site_code,
    number: row.number,
    packId: row.pack_id,
    kind: row.kind,
    format: row.format,
    mode: row.mode,
    from: row.from_day,
    to: row.to_day,
    createdUtc: row.created_utc,
    createdOffsetMin: row.created_offset_min,
    folder: row.folder,
    job: row.job,
    state: row.state,
    error: row.error,
    content: contentOf(row),
  };
}

function contentOf({ rows, missing_rows, control_sum, files }: PackageRow): PackageContent | null {
  if (rows === null || missing_rows === null || files === null) return null;
  const list: PackageFile[] = JSON.parse(files);
  return { rows, missingRows: missing_rows, controlSum: control_sum, files: list };
}
