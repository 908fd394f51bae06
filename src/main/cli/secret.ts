import { parsePassword } from '../import/import-cells.ts';
import { readInputText } from './input-file.ts';

/** A meter password from a file or from FEEDER_PASSWORD, in the import file's notation; null when neither is given. Never an argument. */
export function readSecretFlag(file: string | undefined): Uint8Array | null {
  const text = file === undefined ? process.env.FEEDER_PASSWORD : readInputText(file);
  return text === undefined || text.trim() === '' ? null : parsePassword(text.trim());
}
