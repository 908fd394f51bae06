/** Files that others write or name: read only when they are plain files, and never more of them than was asked for. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Opening a pipe that nobody writes to would wait for ever otherwise; on Windows there is no such flag and no such pipe in a folder. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A whole file; `other` = a folder, a pipe, a device; `too-large` = beyond the limit, with its size. */
export type PlainFile =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'other' }
  | { readonly kind: 'too-large'; readonly size: number };

/** Throws what the system says, such as `ENOENT`. A file that grows meanwhile is cut at the size that it had. */
export async function readPlainFile(file: string, mostBytes = Number.MAX_SAFE_INTEGER): Promise<PlainFile> {
  const handle = await open(file, FLAGS);
  try {
    const found = await handle.stat();
    if (!found.isFile()) return { kind: 'other' };
    if (found.size > mostBytes) return { kind: 'too-large', size: found.size };
    return { kind: 'bytes', bytes: await filled(handle, new Uint8Array(found.size)) };
  } finally {
    await handle.close();
  }
}

async function filled(handle: FileHandle, bytes: Uint8Array): Promise<Uint8Array> {
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

/** The same without waiting, for commands. */
export function readPlainFileNow(file: string, mostBytes: number): PlainFile {
  const handle = openSync(file, FLAGS);
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) return { kind: 'other' };
    if (found.size > mostBytes) return { kind: 'too-large', size: found.size };
    const bytes = new Uint8Array(found.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(handle, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return { kind: 'bytes', bytes: bytes.subarray(0, length) };
  } finally {
    closeSync(handle);
  }
}
