/** The file system as an export uses it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { readPlainFile } from '../../platform/plain-file.ts';

/** A file that grows; it counts only once it was closed. */
export interface GrowingFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Flushes to the disk first. */
  close(): Promise<void>;
  /** Closes it without flushing, once or again: the way out of a fault, and enough for what need not outlive a power cut. */
  release(): Promise<void>;
}

/** The few file operations of an export; each either happens or throws. Tests put a power cut between any two of them. */
export interface FileAccess {
  /** Names in a folder; null when the folder is not there. */
  list(folder: string): Promise<string[] | null>;
  /** Whole file; null when it is not there or is no file. */
  read(file: string): Promise<Uint8Array | null>;
  /** Bytes of a file; null when it is not there or is no file. */
  size(file: string): Promise<number | null>;
  /** Bytes of a file in pieces, from its beginning; null when it is not there. */
  chunks(file: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** The same without waiting: for rows that are made while a writer asks for them. Throws when it is not there. */
  chunksNow(file: string): Iterable<Uint8Array>;
  /** Creates or overwrites a file and flushes it to the disk. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  /** Creates or empties a file that is written piece by piece. */
  create(file: string): Promise<GrowingFile>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Flushes the names in a folder, where the system can do that. */
  syncFolder(folder: string): Promise<void>;
  /** Makes a folder with its parents; no fault when it is there. */
  makeFolder(folder: string): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

export const nodeFiles: FileAccess = {
  list: (folder) => orNull(readdir(folder)),
  read: async (file) => {
    const found = await orNull(readPlainFile(file));
    return found?.kind === 'bytes' ? found.bytes : null;
  },
  size: async (file) => {
    const found = await orNull(stat(file));
    return found?.isFile() === true ? found.size : null;
  },
  chunks: async (file) => ((await orNull(stat(file))) === null ? null : chunksOf(file)),
  chunksNow: function* chunksNow(file) {
    const handle = openSync(file, 'r');
    try {
      for (;;) {
        const chunk = new Uint8Array(CHUNK_BYTES);
        const length = readSync(handle, chunk);
        if (length === 0) return;
        yield chunk.subarray(0, length);
      }
    } finally {
      closeSync(handle);
    }
  },
  write: async (file, bytes) => {
    const handle = await open(file, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  create: async (file) => {
    const handle = await open(file, 'w');
    return {
      write: async (bytes) => {
        await handle.writeFile(bytes);
      },
      close: async () => {
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      },
      release: () => handle.close(),
    };
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

/** Opened when the first piece is asked for: whoever never asks leaves no open file behind. */
async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await handle.read(chunk);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

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
  await settle(files, file);
}

/** The same piece by piece: `fill` puts the bytes where it is told. */
export async function growWhole(files: FileAccess, file: string, fill: (growing: GrowingFile) => Promise<void>): Promise<void> {
  const growing = await files.create(`${file}.part`);
  try {
    await fill(growing);
    await growing.close();
  } catch (error) {
    await growing.release();
    throw error;
  }
  await settle(files, file);
}

/** A copy in pieces; false when there is nothing to copy. */
export async function copyWhole(files: FileAccess, from: string, to: string): Promise<boolean> {
  const chunks = await files.chunks(from);
  if (chunks === null) return false;
  await growWhole(files, to, async (growing) => {
    for await (const chunk of chunks) await growing.write(chunk);
  });
  return true;
}

async function settle(files: FileAccess, file: string): Promise<void> {
  await files.rename(`${file}.part`, file);
  await files.syncFolder(path.dirname(file));
}
