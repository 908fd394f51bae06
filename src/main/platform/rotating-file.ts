import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where the file is and how much disk it and its forerunners may take. */
export interface RotatingFileOptions {
  /** The newest file; older ones are `path.1`, `path.2` ... */
  readonly path: string;
  /** A file that would grow over this is put aside; a single longer line still goes in whole. */
  readonly maxBytes: number;
  /** How many files there are at most, the newest included; at least 1. */
  readonly files: number;
}

/** An open log file. */
export interface RotatingFile {
  /** Appends a text; never throws: a full disk must not stop the polling. What could not be written is counted and told later. */
  write(text: string): void;
  close(): void;
}

/** A log destination of bounded size. The folder is made when it is missing; opening throws the file system's error. */
export function openRotatingFile({ path, maxBytes, files }: RotatingFileOptions): RotatingFile {
  let handle: number | null = null;
  let size = 0;
  let dropped = 0;

  const open = () => {
    mkdirSync(dirname(path), { recursive: true });
    handle = openSync(path, 'a');
    size = fstatSync(handle).size;
    return handle;
  };

  /** The number of a closed file soon belongs to another one: it is forgotten at once, whatever fails next. */
  const close = () => {
    const old = handle;
    handle = null;
    if (old !== null) closeSync(old);
  };

  const append = (text: string) => {
    const bytes = Buffer.from(text);
    let target = handle ?? open();
    if (size > 0 && size + bytes.length > maxBytes) {
      close();
      const isMoved = putAside(path, files);
      target = open();
      // On Windows a viewer may hold the file in its place: the bound on size outranks the old lines.
      if (!isMoved) {
        ftruncateSync(target);
        size = 0;
      }
    }
    for (let offset = 0; offset < bytes.length; ) {
      const written = writeSync(target, bytes, offset);
      offset += written;
      size += written;
    }
  };

  open();

  return {
    write(text) {
      try {
        if (dropped > 0) append(`${JSON.stringify({ level: 'warn', dropped, msg: 'log lines could not be written' })}\n`);
        dropped = 0;
        append(text);
      } catch {
        dropped += 1;
      }
    },
    close,
  };
}

/** Moves the newest file to `.1` and the others one on; the oldest goes. */
function putAside(path: string, files: number): boolean {
  if (files <= 1) return false;
  try {
    rmSync(`${path}.${files - 1}`, { force: true });
    for (let number = files - 2; number >= 1; number -= 1) moveIfThere(`${path}.${number}`, `${path}.${number + 1}`);
    renameSync(path, `${path}.1`);
    return true;
  } catch {
    return false;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
