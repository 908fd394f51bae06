import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import { packIdOf } from './flag-file.ts';
import { packageNumber } from './name.ts';

/** The few file operations of an export; each either happens or throws. Tests put a power cut between any two of them. */
export interface FileAccess {
  /** Names in a folder; null when the folder is not there. */
  list(folder: string): Promise<string[] | null>;
  /** Whole file; null when it is not there. */
  read(file: string): Promise<Uint8Array | null>;
  /** Creates or overwrites a file and flushes it to the disk. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Flushes the names in a folder, where the system can do that. */
  syncFolder(folder: string): Promise<void>;
  /** Makes a folder with its parents; no fault when it is there. */
  makeFolder(folder: string): Promise<void>;
}

export const nodeFiles: FileAccess = {
  list: (folder) => orNull(readdir(folder)),
  read: (file) => orNull(readFile(file)),
  write: async (file, bytes) => {
    const handle = await open(file, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  remove: unlink,
  syncFolder: async (folder) => {
    // Windows and some shares do not open a folder for this; there the rename is as durable as the system makes it.
    try {
      const handle = await open(folder, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(systemCode(error) ?? '')) throw error;
    }
  },
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true });
  },
};

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Code of an operating system's error (`EACCES`, `ENOSPC` ...); null for any other thing thrown. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error ? error.code : null;
}

/** A file appears under its name whole or not at all: `.part`, flush, rename, flush of the folder (onec.md 4.1). */
export async function writeWhole(files: FileAccess, file: string, bytes: Uint8Array): Promise<void> {
  await files.write(`${file}.part`, bytes);
  await files.rename(`${file}.part`, file);
  await files.syncFolder(path.dirname(file));
}

export interface Delivery {
  readonly folder: string;
  /** Name of the package without an ending. */
  readonly name: string;
  readonly packId: string;
  readonly siteCode: string;
  readonly number: number;
  /** Data files first, the flag file last; asked for only when they are needed. */
  readonly rendered: () => Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
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
      if (name.startsWith(`${delivery.name}.`) && name.endsWith('.part')) await files.remove(path.join(delivery.folder, name));
    }
    if (await isTaken(files, delivery)) return;
    for (const { name, bytes } of await delivery.rendered()) await writeWhole(files, path.join(delivery.folder, name), bytes);
  });
}

async function isTaken(files: FileAccess, { folder, name, packId, siteCode, number }: Delivery): Promise<boolean> {
  for (const place of packageFolders(folder)) {
    for (const entry of await listOrNothing(files, place)) {
      if (packageNumber(entry, siteCode) !== number) continue;
      if (!entry.startsWith(`${name}.`)) throw conflict(place, entry, number);
      if (!entry.endsWith('.ok') && !entry.endsWith('.ack')) continue;
      const bytes = await files.read(path.join(place, entry));
      if (bytes === null) continue;
      if (packIdOf(bytes) !== packId) throw conflict(place, entry, number);
      return true;
    }
  }
  return false;
}

/** The highest number that any file of this site bears in the folder or in those that 1C moves packages to; 0 when there is none or no folder. */
export async function highestNumberIn(files: FileAccess, folder: string, siteCode: string): Promise<number> {
  let highest = 0;
  for (const place of packageFolders(folder)) {
    for (const name of await listOrNothing(files, place)) highest = Math.max(highest, packageNumber(name, siteCode) ?? 0);
  }
  return highest;
}

/** The folder itself and its neighbours by onec.md 4.3: `archive` and `failed` inside it, `ack` beside or inside it. */
function packageFolders(folder: string): string[] {
  return [
    folder,
    path.join(folder, 'archive'),
    path.join(folder, 'failed'),
    path.join(folder, 'ack'),
    path.join(path.dirname(path.resolve(folder)), 'ack'),
  ];
}

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
