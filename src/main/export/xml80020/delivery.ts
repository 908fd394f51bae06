/** Files of the supplier in their folder: whole or not there, and what their names tell of the numbers used (xml-80020.md 3). */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import { type FileAccess, systemCode, writeWhole } from './files.ts';
import { DEFAULT_NAME_TEMPLATE, parseMarketFileName } from './name.ts';
import type { NamedBytes } from './sign.ts';

/** A name that others made must not drive the numbers to where none is left. */
const HIGHEST_BELIEVED = 999_999_999;

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Puts files into a folder one after the other; one that is there byte for byte is left alone. Throws `export/folder-unavailable` when the
 * folder is missing, cannot be written or breaks away, and `api/conflict` when another file has the name.
 */
export async function putIntoFolder(files: FileAccess, folder: string, parts: readonly NamedBytes[]): Promise<void> {
  try {
    const names = await files.list(folder);
    if (names === null) throw unavailable(folder, 'it is not there');
    for (const { name, bytes } of parts) {
      const place = path.join(folder, name);
      const size = names.includes(name) ? await files.size(place) : null;
      if (size !== null) {
        const there = size === bytes.length ? await files.read(place) : null;
        if (there === null || digest(there) !== digest(bytes)) throw taken(folder, name);
        continue;
      }
      if (names.includes(`${name}.part`)) await files.remove(`${place}.part`);
      await writeWhole(files, place, bytes);
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw unavailable(folder, code === 'ENOSPC' ? 'it has no space left' : `the system answers ${code}`, error);
  }
}

/** The largest number (up to 999,999,999) that a file of this sender bears in the folder or where a mailer may have moved it; 0 when there is none or no folder. */
export async function highestNumberSeen(files: FileAccess, folder: string, senderInn: string, template: string): Promise<number> {
  let highest = 0;
  for (const place of [folder, ...['archive', 'sent', 'failed'].map((name) => path.join(folder, name))]) {
    for (const name of await namesIn(files, place)) {
      const fields = parseMarketFileName(template, name) ?? parseMarketFileName(DEFAULT_NAME_TEMPLATE, name);
      const number = fields === null || (fields.inn !== null && fields.inn !== senderInn) ? 0 : (fields.number ?? 0);
      if (number <= HIGHEST_BELIEVED) highest = Math.max(highest, number);
    }
  }
  return highest;
}

async function namesIn(files: FileAccess, folder: string): Promise<string[]> {
  try {
    return (await files.list(folder)) ?? [];
  } catch (error) {
    // A neighbour that may not be read says nothing; whether the folder itself can be used shows when it is written.
    if (systemCode(error) === null) throw error;
    return [];
  }
}

function unavailable(folder: string, why: string, cause?: unknown): AppError {
  return new AppError('export/folder-unavailable', `The folder ${folder} for the supplier's files cannot be used: ${why}`, {
    context: { folder, cause: systemCode(cause) },
    hint: 'Check that the folder or network share is there and that this account may write to it; the file keeps its number and is delivered by a repeat.',
    cause,
  });
}

function taken(folder: string, name: string): AppError {
  return new AppError('api/conflict', `Another file ${name} stands in ${folder}`, {
    context: { folder, file: name },
    hint: 'Another program writes to this folder, or the database was restored from a backup: move the file away or make the day anew.',
  });
}
