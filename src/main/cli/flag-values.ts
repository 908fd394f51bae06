/** Values of flags that several commands take. */
import { mkdirSync } from 'node:fs';
import { AppError, asAppError } from '../../shared/api/errors.ts';

/** An ISO date of the site. Throws `api/invalid-argument`. */
export function date(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new AppError('api/invalid-argument', `"${text}" is not a date (YYYY-MM-DD)`);
  return text;
}

/** Throws `api/invalid-argument` with the words that are allowed. */
export function oneOf<T extends string>(allowed: readonly T[], text: string, flag: string): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined)
    throw new AppError('api/invalid-argument', `${flag} must be one of ${allowed.join(', ')}`, { context: { flag, value: text } });
  return found;
}

/** Makes the folder of `--out` with its parents. Throws `export/folder-unavailable`. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new AppError('export/folder-unavailable', `The folder ${folder} cannot be made: ${asAppError(cause).message}`, {
      context: { folder },
      cause,
    });
  }
}
