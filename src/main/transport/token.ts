import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 32 random bytes in base64url: fits an HTTP header, a WebSocket subprotocol and a URL fragment as it is. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Where the token of a data folder lies; whoever may read this file may use the API. */
export function tokenFile(dataFolder: string): string {
  return join(dataFolder, 'api-token');
}

/** The token of a data folder, made at the first call. The file is readable by its owner alone; a damaged one is replaced. */
export function loadToken(dataFolder: string): string {
  const file = tokenFile(dataFolder);
  const known = readToken(file);
  if (known !== null) {
    chmodSync(file, 0o600);
    return known;
  }
  const token = randomBytes(32).toString('base64url');
  writeFileSync(`${file}.part`, `${token}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
  return token;
}

function readToken(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return TOKEN.test(text) ? text : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Compares in a time that tells nothing of where the two differ. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
