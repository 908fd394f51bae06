import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/api/errors.ts';
import { parsePassword } from '../import/import-cells.ts';

/** A meter password from a file or from FEEDER_PASSWORD, in the import file's notation; null when neither is given. Never an argument. */
export function readSecretFlag(file: string | undefined): Uint8Array | null {
  const text = file === undefined ? process.env.FEEDER_PASSWORD : readSecret(file);
  return text === undefined || text.trim() === '' ? null : parsePassword(text.trim());
}

/** Pipes too, unlike other files of a command: what a safe of passwords prints should not have to lie on a disk. */
function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new AppError('api/invalid-argument', `The password file ${file} cannot be read`, { context: { file }, cause });
  }
}
