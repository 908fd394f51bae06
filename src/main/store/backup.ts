/** Copies of the database that are whole: made beside the writing, held against the original, never half under their final name. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/api/errors.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { connect, DATABASE_FILE, openReadable, type ReadableDb, type Row } from './database.ts';
import { asStore, storeError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import { checkReadable } from './migrate.ts';

/** Pages copied before everybody else has a turn: two milliseconds or so. */
const PAGES_A_STEP = 200;
/** Beyond the copy itself: the disk must go on taking figures meanwhile. */
const ROOM_BYTES = 64 * 1024 * 1024;
const DAILY = /^feeder-(\d{4}-\d{2}-\d{2})\.db$/;
const KEPT = { days: 7, weeks: 4, months: 6 };

export interface BackupFile {
  readonly file: string;
  /** ISO date of the site that stands in its name. */
  readonly day: string;
  readonly bytes: number;
}

/**
 * Copies the database to `file` while it goes on being written, and checks the copy: its pages, its version, its last audit entry. Other
 * work has its turn between the steps. Throws `store/disk-full` before anything is written, else `store/*`; what was there before stays.
 */
export async function backUpTo(db: ReadableDb, file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    requireRoom(db, dirname(file));
    rmSync(part, { force: true });
    await db.backUp(part, PAGES_A_STEP);
    makeOneFile(part);
    checkCopy(db, part);
    flush(part);
    renameSync(part, file);
  } catch (error) {
    if (existsSync(part)) rmSync(part, { force: true });
    throw storeError(error, db.folder);
  }
}

/** The daily copies of a folder, newest first; files of other names are none of them. */
export function listBackups(folder: string): BackupFile[] {
  if (!existsSync(folder)) return [];
  return asStore(folder, () =>
    readdirSync(folder)
      .flatMap((name) => {
        const day = DAILY.exec(name)?.[1];
        return day === undefined ? [] : [{ file: join(folder, name), day, bytes: statSync(join(folder, name)).size }];
      })
      .sort((a, b) => (a.day < b.day ? 1 : -1)),
  );
}

/** Name of the copy of a day. */
export function backupName(day: string): string {
  return `feeder-${day}.db`;
}

/** Days whose copies go: all but the newest seven, and of what is older the last of each of four weeks and of six months. */
export function expiredBackups(days: readonly string[]): string[] {
  const newestFirst = [...days].sort().reverse();
  const kept = new Set(newestFirst.slice(0, KEPT.days));
  const keepLastOf = (periodOf: (day: string) => string, count: number) => {
    const seen = new Set<string>();
    for (const day of newestFirst) {
      const period = periodOf(day);
      if (seen.has(period)) continue;
      if (seen.size === count) break;
      seen.add(period);
      kept.add(day);
    }
  };
  keepLastOf((day) => String(Math.floor((Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 3) / 7)), KEPT.weeks);
  keepLastOf((day) => day.slice(0, 7), KEPT.months);
  return newestFirst.filter((day) => !kept.has(day));
}

/** Removes what is expired, and what a copy that broke off has left. */
export function tidyBackups(folder: string): void {
  const files = listBackups(folder);
  const expired = new Set(expiredBackups(files.map(({ day }) => day)));
  asStore(folder, () => {
    for (const { file, day } of files) if (expired.has(day)) rmSync(file, { force: true });
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder))
      if (/^feeder-\d{4}-\d{2}-\d{2}\.db\.part/.test(name)) rmSync(join(folder, name), { force: true });
  });
}

/**
 * Puts a copy in the place of the database of a folder that nobody owns; the former database stays beside it under another name, which
 * is returned (`null` = there was none). Throws `api/not-found`, `store/in-use`, `store/corrupt` and `store/newer-version`, and then
 * nothing is changed.
 */
export function restoreBackup(folder: string, file: string, nowMs: number): string | null {
  if (!existsSync(file)) throw new AppError('api/not-found', `There is no file ${file}`, { context: { file } });
  return asStore(folder, () => {
    mkdirSync(folder, { recursive: true });
    const lock = lockFolder(folder, nowMs);
    try {
      const database = join(folder, DATABASE_FILE);
      const incoming = `${database}.restore`;
      rmSync(incoming, { force: true });
      const source = openReadable(folder, file);
      try {
        checkReadable(source);
        requireWhole(source, file);
      } finally {
        source.close();
      }
      copyWhole(file, incoming);
      flush(incoming);
      const aside = existsSync(database) ? setAside(database, nowMs) : null;
      renameSync(incoming, database);
      return aside;
    } finally {
      lock.release();
    }
  });
}

/** The database with whatever of it is still in its log, under a name that tells when. */
function setAside(database: string, nowMs: number): string {
  const stamp = isoUtc(Math.floor(nowMs / 1000)).replaceAll(/[-:]/g, '');
  const aside = join(dirname(database), `feeder-before-restore-${stamp}.db`);
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(database + suffix)) renameSync(database + suffix, aside + suffix);
  return aside;
}

function requireRoom(db: ReadableDb, folder: string): void {
  const wanted = Number(db.pragma('page_count')) * Number(db.pragma('page_size')) + ROOM_BYTES;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= wanted) return;
  throw new AppError('store/disk-full', 'There is no room for a backup copy', {
    context: { folder, wanted, free: bavail * bsize },
    hint: 'Free space on that disk, or choose another folder for the copies.',
  });
}

function checkCopy(db: ReadableDb, copy: string): void {
  const connection = openReadable(db.folder, copy);
  try {
    requireWhole(connection, copy);
    const last = (one: ReadableDb) => one.query<[], Row & { id: number | null }>('SELECT max(id) AS id FROM audit').get()?.id ?? 0;
    const isSame = connection.pragma('user_version') === db.pragma('user_version');
    if (!isSame || last(connection) > last(db)) throw damaged(copy, 'it is not of this database');
  } finally {
    connection.close();
  }
}

/** A copy lies alone: nothing of it is in a log beside it. */
function makeOneFile(file: string): void {
  const connection = connect(file, {});
  try {
    connection.pragma('journal_mode = DELETE');
  } finally {
    connection.close();
  }
}

/** By SQLite itself: whoever made the copy may have left it with a write-ahead log. */
function copyWhole(from: string, to: string): void {
  const connection = connect(from, { readonly: true, fileMustExist: true });
  try {
    connection.prepare('VACUUM INTO ?').run(to);
  } finally {
    connection.close();
  }
}

function requireWhole(db: ReadableDb, file: string): void {
  const verdict = db.pragma('quick_check');
  if (verdict !== 'ok') throw damaged(file, String(verdict));
}

function damaged(file: string, why: string): AppError {
  return new AppError('store/corrupt', `The copy ${basename(file)} is damaged: ${why}`, {
    context: { file },
    hint: 'Take another copy, and have the disk checked that this one lies on.',
  });
}

/** On the disk before it has its name. */
function flush(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
