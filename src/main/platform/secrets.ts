import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/api/errors.ts';

/** Keeps the passwords of the meters unreadable at rest. Sealed bytes are opaque: only the implementation that made them opens them. */
export interface Secrets {
  seal(plain: Uint8Array): Uint8Array;
  /** Throws `store/corrupt` for bytes that were changed or sealed with another key. */
  open(sealed: Uint8Array): Uint8Array;
}

const FORM = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Name of the key file in the data folder. A copy of the folder without it holds no readable password. */
export const KEY_FILE = 'secrets.key';

/**
 * Secrets sealed with AES-256-GCM under a key of its own file in the data folder, made at the first need and readable by
 * its owner only. Sealed form: 1, nonce (12 bytes), tag (16), ciphertext. `seal` and `open` throw `store/corrupt` for a key
 * file of a wrong length; file system errors of the key file pass through as they are.
 */
export function keyFileSecrets(folder: string): Secrets {
  const file = join(folder, KEY_FILE);
  let key: Uint8Array | null = null;
  const loadKey = () => (key ??= readKey(file) ?? makeKey(file));
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', loadKey(), nonce);
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return new Uint8Array(Buffer.concat([Uint8Array.of(FORM), nonce, cipher.getAuthTag(), body]));
    },
    open(sealed) {
      if (sealed[0] !== FORM || sealed.length < HEAD_BYTES) throw unreadable(undefined);
      // A key that is missing now was lost: a new one would only hide that.
      const known = key ?? readKey(file);
      if (known === null) throw unreadable(new Error(`${file} is missing`));
      key = known;
      const decipher = createDecipheriv('aes-256-gcm', known, sealed.subarray(1, 1 + NONCE_BYTES));
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
      try {
        return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]));
      } catch (cause) {
        throw unreadable(cause);
      }
    },
  };
}

function readKey(file: string): Uint8Array | null {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if (bytes.length !== KEY_BYTES) throw unreadable(new Error(`${file} has ${bytes.length} bytes instead of ${KEY_BYTES}`));
  return bytes;
}

/** Under another name first: half a key must never look like one. */
function makeKey(file: string): Uint8Array {
  const key = new Uint8Array(randomBytes(KEY_BYTES));
  const part = `${file}.part`;
  rmSync(part, { force: true });
  const handle = openSync(part, 'wx', 0o600);
  try {
    writeSync(handle, key);
    // Passwords sealed with a key that a power cut took away are lost.
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(part, file);
  return key;
}

function unreadable(cause: unknown): AppError {
  return new AppError('store/corrupt', 'A stored password cannot be opened with the key of this data folder', {
    hint: `Bring back ${KEY_FILE} that belongs to this data folder, or enter the passwords of the meters again.`,
    cause,
  });
}
