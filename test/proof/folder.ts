import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** The database of a long run has this much room at least. */
const ROOM_BYTES = 2 ** 31;

/**
 * A new folder for proofs that do not hang on a disk: in memory where the system has such a place. What a killed process has
 * written is kept by the system on either; the loss of power is cut into a recording.
 */
export function quickFolder(name: string): string {
  return mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), `feeder-${name}-`));
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ROOM_BYTES;
}
