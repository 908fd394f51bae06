import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { SCREEN_HEADERS } from '../transport/screen-headers.ts';
import { SCREENS_ORIGIN } from './channels.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Path of the file that a URL of the screens names; `null` for another origin, a way out of the folder or a kind of file we do not ship. */
export function screenPath(folder: string, url: string): string | null {
  if (!url.startsWith(`${SCREENS_ORIGIN}/`)) return null;
  const name = decodedPath(url);
  if (name === null || name.includes('\0') || name.includes('\\')) return null;
  const root = normalize(`${folder}${sep}`);
  const path = join(root, name === '/' ? 'index.html' : name);
  return path.startsWith(root) && extname(path) in CONTENT_TYPES ? path : null;
}

/** Answers requests of the screens' scheme from a folder, with the same headers as over HTTP. */
export function serveScreens(folder: string): (request: { readonly url: string }) => Promise<Response> {
  return async ({ url }) => {
    const path = screenPath(folder, url);
    const body = path === null ? null : await readIfThere(path);
    if (path === null || body === null) return new Response(null, { status: 404, headers: SCREEN_HEADERS });
    return new Response(body, { headers: { ...SCREEN_HEADERS, 'Content-Type': CONTENT_TYPES[extname(path)] ?? '' } });
  };
}

function decodedPath(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    // A stray "%" names no file of ours.
    return null;
  }
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}
