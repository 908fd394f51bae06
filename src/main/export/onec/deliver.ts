import path from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import { copyWhole, type FileAccess, systemCode } from './files.ts';
import { packIdOf } from './flag-file.ts';
import { packageNumber } from './name.ts';

/** Bytes: a flag file or an answer is some lines. */
const FLAG_LIMIT = 1024 * 1024;
/** A name that others made must not drive the numbers to where none is left. */
const HIGHEST_BELIEVED = 999_999_999;

export interface RenderedFiles {
  readonly folder: string;
  readonly names: readonly string[];
}

export interface Delivery {
  readonly folder: string;
  /** Name of the package without an ending. */
  readonly name: string;
  readonly packId: string;
  readonly siteCode: string;
  readonly number: number;
  /** Folder of answers that was chosen for this receiver; null = the usual ones. */
  readonly ackFolder: string | null;
  /** Where its rendered files lie, data files first, the flag file last; asked for only when they are needed. */
  readonly rendered: () => Promise<RenderedFiles>;
}

/**
 * Puts a package into the folder of its receiver, the flag file last. Where its flag file or acknowledgement already stands,
 * in the folder or in one that 1C moves it to, nothing is touched. Throws `export/folder-unavailable` when the folder is
 * missing, cannot be written or breaks away, and `api/conflict` when another package holds the name or the number.
 */
export async function deliver(files: FileAccess, delivery: Delivery): Promise<void> {
  await inFolder(delivery.folder, async () => {
    const names = await files.list(delivery.folder);
    if (names === null) throw folderUnavailable(delivery.folder, 'it is not there');
    for (const name of names) {
      if (isPartOf(name, delivery.name)) await files.remove(path.join(delivery.folder, name));
    }
    if (await isTaken(files, delivery)) return;
    const rendered = await delivery.rendered();
    for (const name of rendered.names) {
      const isThere = await copyWhole(files, path.join(rendered.folder, name), path.join(delivery.folder, name));
      if (!isThere) throw new AppError('bug', `The rendered file ${name} is gone`, { context: { name } });
    }
  });
}

/** Leavings of an earlier try. Short names say nothing of the package, so theirs are overwritten by the next one. */
function isPartOf(file: string, name: string): boolean {
  return file.endsWith('.part') && (file.startsWith(`${name}.`) || file.startsWith(`${name}H.`));
}

async function isTaken(files: FileAccess, { folder, ackFolder, name, packId, siteCode, number }: Delivery): Promise<boolean> {
  for (const place of packageFolders(folder, ackFolder)) {
    for (const entry of await listOrNothing(files, place)) {
      if (packageNumber(entry, siteCode) !== number) continue;
      if (!entry.startsWith(name)) throw conflict(place, entry, number);
      if (!entry.endsWith('.ok') && !entry.endsWith('.ack')) continue;
      const found = path.join(place, entry);
      if (((await files.size(found)) ?? 0) > FLAG_LIMIT) throw conflict(place, entry, number);
      const bytes = await files.read(found);
      if (bytes === null) continue;
      if (packIdOf(bytes) !== packId) throw conflict(place, entry, number);
      return true;
    }
  }
  return false;
}

/** The highest number (up to 999,999,999) that any file of this site bears in the folder or in those that 1C moves packages to; 0 when there is none or no folder. */
export async function highestNumberIn(
  files: FileAccess,
  { folder, ackFolder, siteCode }: Pick<Delivery, 'folder' | 'ackFolder' | 'siteCode'>,
): Promise<number> {
  let highest = 0;
  for (const place of packageFolders(folder, ackFolder)) {
    for (const name of await listOrNothing(files, place)) {
      const number = packageNumber(name, siteCode) ?? 0;
      if (number <= HIGHEST_BELIEVED) highest = Math.max(highest, number);
    }
  }
  return highest;
}

/** The folder itself and its neighbours by onec.md 4.3: `archive` and `failed` inside it, those of the answers. */
function packageFolders(folder: string, ackFolder: string | null): string[] {
  return [folder, archiveOf(folder), path.join(folder, 'failed'), ...ackFolders(folder, ackFolder)];
}

export function archiveOf(folder: string): string {
  return path.join(folder, 'archive');
}

/** Where answers are looked for: in the chosen folder, else in `ack` inside the exchange folder or beside it. */
export function ackFolders(folder: string, chosen: string | null): string[] {
  return chosen === null ? [path.join(folder, 'ack'), path.join(path.dirname(path.resolve(folder)), 'ack')] : [chosen];
}

/** Names in a folder; a folder that is not there or may not be read has none. */
async function listOrNothing(files: FileAccess, folder: string): Promise<string[]> {
  try {
    return (await files.list(folder)) ?? [];
  } catch (error) {
    // A neighbour that may not be read says nothing; whether the folder itself can be used shows when it is written.
    if (systemCode(error) === null) throw error;
    return [];
  }
}

async function inFolder(folder: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw folderUnavailable(folder, code === 'ENOSPC' ? 'it has no space left' : `the system answers ${code}`, error);
  }
}

function folderUnavailable(folder: string, why: string, cause?: unknown): AppError {
  return new AppError('export/folder-unavailable', `The exchange folder ${folder} cannot be used: ${why}`, {
    context: { folder, cause: systemCode(cause) },
    hint: 'Check that the folder or network share is there and that this account may write to it; the package keeps its number and is delivered by a repeat.',
    cause,
  });
}

function conflict(folder: string, file: string, number: number): AppError {
  return new AppError('api/conflict', `Number ${number} is already taken by ${file} in ${folder}`, {
    context: { folder, file, number },
    hint: 'Another Feeder writes to this folder, or the database was restored from a backup: give this site its own folder or make the package anew.',
  });
}
