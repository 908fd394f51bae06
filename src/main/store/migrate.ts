import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, hasCode } from '../../shared/api/errors.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { ReadableDb, WritableDb } from './database.ts';
import { first } from './migrations/0001-first.ts';
import { findingsAndTests } from './migrations/0002-findings-and-tests.ts';
import { journalOrder } from './migrations/0003-journal-order.ts';
import { foldedExchanges } from './migrations/0005-folded-exchanges.ts';
import { rereadsAndDayChecks } from './migrations/0004-rereads-and-day-checks.ts';
import { strangers } from './migrations/0006-strangers.ts';
import { packedExtremes } from './migrations/0007-packed-extremes.ts';
import { dipsOfOneSecond } from './migrations/0008-dips-of-one-second.ts';
import { journalReads } from './migrations/0009-journal-reads.ts';
import { packageAnswers } from './migrations/0010-package-answers.ts';
import { supplierFiles } from './migrations/0011-supplier-files.ts';
import { replacementAndClosing } from './migrations/0012-replacement-and-closing.ts';
import { reportData } from './migrations/0013-report-data.ts';
import { jobRuns } from './migrations/0014-job-runs.ts';
import { metersWithoutALink } from './migrations/0015-meters-without-a-link.ts';

/** One step of the schema, never edited after its release. */
export interface Migration {
  /** 1, 2, 3 ... without holes; the database holds the last one in `user_version`. */
  readonly version: number;
  readonly sql: string;
}

/** Every migration, in order. */
export const MIGRATIONS: readonly Migration[] = [
  first,
  findingsAndTests,
  journalOrder,
  rereadsAndDayChecks,
  foldedExchanges,
  strangers,
  packedExtremes,
  dipsOfOneSecond,
  journalReads,
  packageAnswers,
  supplierFiles,
  replacementAndClosing,
  reportData,
  jobRuns,
  metersWithoutALink,
];

/** Folder of the copies made before an upgrade, inside the data folder. */
export const UPGRADE_BACKUPS = 'backups';

/**
 * Brings the database to the last migration, each in a transaction of its own together with `user_version`. An existing
 * database is first copied whole into the backups folder. Throws `store/newer-version` without touching anything.
 */
export function migrate(db: WritableDb, nowMs: number, migrations: readonly Migration[] = MIGRATIONS): void {
  const current = databaseVersion(db);
  const latest = migrations.at(-1)?.version ?? 0;
  if (current > latest) throw newerVersion(db, current, latest);
  const pending = migrations.filter(({ version }) => version > current);
  if (pending.length > 0 && current > 0) backUp(db, current, nowMs);
  // A table that others point to can only be made anew while nobody watches; what it comes to is checked before the commit.
  db.execute('PRAGMA foreign_keys = OFF');
  try {
    for (const { version, sql } of pending) {
      db.transaction(() => {
        db.execute(sql);
        db.execute(`PRAGMA user_version = ${version}`);
        if (db.pragma('foreign_key_check') !== undefined) throw new AppError('bug', `Migration ${version} breaks a foreign key`);
      });
    }
  } finally {
    db.execute('PRAGMA foreign_keys = ON');
  }
  if (pending.length > 0 && current > 0) compact(db);
}

/** INCREMENTAL of `PRAGMA auto_vacuum`. */
const INCREMENTAL = 2;

/** A database of before folding learns to give pages back, which takes a copy of it: without room for one it stays as it is. */
function compact(db: WritableDb): void {
  if (Number(db.pragma('auto_vacuum')) === INCREMENTAL) return;
  try {
    db.execute(`PRAGMA auto_vacuum = ${INCREMENTAL}`);
    db.execute('VACUUM');
  } catch (error) {
    if (!hasCode(error, 'store/disk-full')) throw error;
  }
}

/** Refuses a database that this program cannot read: `store/newer-version`, `api/conflict` for an older one, `api/not-found` for an empty one. */
export function checkReadable(db: ReadableDb, migrations: readonly Migration[] = MIGRATIONS): void {
  const current = databaseVersion(db);
  const latest = migrations.at(-1)?.version ?? 0;
  if (current > latest) throw newerVersion(db, current, latest);
  if (current === 0) throw new AppError('api/not-found', `There is no data in ${db.folder} yet`, { context: { folder: db.folder } });
  if (current < latest) {
    throw new AppError('api/conflict', `The database is of version ${current}, this program reads version ${latest}`, {
      context: { folder: db.folder, version: current, latest },
      hint: 'Start Feeder with this data folder once: it brings the database up to date.',
    });
  }
}

function databaseVersion(db: ReadableDb): number {
  return Number(db.pragma('user_version'));
}

/** A copy by SQLite itself: what is still in the write-ahead log belongs to it. Half a copy never carries the final name. */
function backUp(db: WritableDb, version: number, nowMs: number): void {
  const folder = join(db.folder, UPGRADE_BACKUPS);
  mkdirSync(folder, { recursive: true });
  const stamp = isoUtc(Math.floor(nowMs / 1000)).replaceAll(/[-:]/g, '');
  const file = join(folder, `feeder-version-${version}-${stamp}.db`);
  if (existsSync(file)) return;
  const part = `${file}.part`;
  rmSync(part, { force: true });
  db.execute(`VACUUM INTO '${part.replaceAll("'", "''")}'`);
  const handle = openSync(part, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(part, file);
}

function newerVersion(db: ReadableDb, current: number, latest: number): AppError {
  return new AppError('store/newer-version', `The database is of version ${current}, this program knows versions up to ${latest}`, {
    context: { folder: db.folder, version: current, latest },
    hint: 'Install the newer Feeder that has worked with this data folder before.',
  });
}
