import { AppError, asAppError, type ErrorCode } from '../../shared/api/errors.ts';

/** Codes of SQLite (sqlite.org/rescode.html, by their beginning) and of the file system, and what happens next. First match counts. */
const CODES: readonly (readonly [beginning: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'store/disk-full'],
  ['ENOSPC', 'store/disk-full'],
  ['EDQUOT', 'store/disk-full'],
  ['SQLITE_CORRUPT', 'store/corrupt'],
  ['SQLITE_NOTADB', 'store/corrupt'],
  ['SQLITE_IOERR_CORRUPTFS', 'store/corrupt'],
  ['SQLITE_BUSY', 'store/in-use'],
  ['SQLITE_LOCKED', 'store/in-use'],
  ['SQLITE_READONLY', 'store/read-only'],
  ['SQLITE_PERM', 'store/read-only'],
  ['SQLITE_AUTH', 'store/read-only'],
  ['SQLITE_CANTOPEN', 'store/read-only'],
  // A disk that was torn away or refuses a block takes no writes either.
  ['SQLITE_IOERR', 'store/read-only'],
  ['EACCES', 'store/read-only'],
  ['EPERM', 'store/read-only'],
  ['EROFS', 'store/read-only'],
  ['ENOTDIR', 'store/read-only'],
  ['EEXIST', 'store/read-only'],
  ['EIO', 'store/read-only'],
];

const TEXTS: Readonly<Partial<Record<ErrorCode, readonly [message: string, hint: string]>>> = {
  'store/disk-full': ['The disk of the data folder is full', 'Free space on that disk: what was not stored is read from the meters again.'],
  'store/corrupt': [
    'The database is damaged',
    'Keep the data folder as it is and restore the last backup: what is missing is read from the meters again.',
  ],
  'store/in-use': ['Another program holds the database', 'Close the program that uses the data folder and try again.'],
  'store/read-only': [
    'The data folder cannot be written',
    'See that the folder exists, its disk is connected and this account may write to it.',
  ],
};

/** What SQLite or the file system threw, as an error of the store; what is none of them is a `bug`. The original stays as the cause. */
export function storeError(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error;
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : '';
  const code = CODES.find(([beginning]) => systemCode.startsWith(beginning))?.[1];
  const [message, hint] = (code === undefined ? undefined : TEXTS[code]) ?? [];
  if (code === undefined || message === undefined || hint === undefined) return asAppError(error);
  return new AppError(code, message, { context: { folder, cause: systemCode }, hint, cause: error });
}

/** True for faults of the disk or the file as a whole, as against faults of one statement. */
export function isStoreFault(error: AppError): boolean {
  return error.code.startsWith('store/');
}

/** Runs and translates what it throws. */
export function asStore<T>(folder: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw storeError(error, folder);
  }
}
