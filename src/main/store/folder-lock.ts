import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../shared/api/errors.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { connect } from './database.ts';

const LOCK_FILE = 'owner.lock';
const OWNER_FILE = 'owner.json';

/** Held for as long as this process may write to the data folder. */
export interface FolderLock {
  release(): void;
}

/**
 * Makes this process the one writer of a data folder. The lock is an open exclusive transaction on a database of its own:
 * the operating system frees it with the process, however that ends, on Windows as well. Who holds it stands beside it in
 * words, for the message only. Throws `store/in-use`, or as SQLite and the file system do.
 */
export function lockFolder(folder: string, nowMs: number): FolderLock {
  const lock = connect(join(folder, LOCK_FILE), { timeout: 0 });
  const ownerFile = join(folder, OWNER_FILE);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw inUse(folder, readOwner(ownerFile), error);
    throw error;
  }
  try {
    writeFileSync(ownerFile, JSON.stringify({ pid: process.pid, computer: hostname(), since: isoUtc(Math.floor(nowMs / 1000)) }));
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    release() {
      rmSync(ownerFile, { force: true });
      lock.close();
    },
  };
}

function inUse(folder: string, owner: Readonly<Record<string, unknown>> | null, cause: unknown): AppError {
  const who = owner === null ? '' : ` (process ${String(owner.pid)} on ${String(owner.computer)} since ${String(owner.since)})`;
  return new AppError('store/in-use', `Another Feeder works with the data folder ${folder}${who}`, {
    context: { folder, ...(owner === null ? {} : { owner }) },
    hint: 'Close the other Feeder or stop its service; commands that only read work beside it.',
    cause,
  });
}

/** Null when the owner has not written it yet: the message does without. */
function readOwner(file: string): Readonly<Record<string, unknown>> | null {
  try {
    const owner: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof owner === 'object' && owner !== null ? { ...owner } : null;
  } catch {
    // The lock itself has already said that somebody works here.
    return null;
  }
}
