import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from './io.ts';

const FOLDER = fileURLToPath(new URL('../../../out/renderer', import.meta.url));
const VITE = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Folder of the built screens. In a checkout they are built at the first use; null when they cannot be had: the API runs without. */
export function screensFolder(io: Pick<CommandIo, 'log'>): string | null {
  if (existsSync(`${FOLDER}/index.html`)) return FOLDER;
  if (!existsSync(VITE)) return null;
  io.log('Building the screens, a few seconds, this once');
  const built = spawnSync(process.execPath, [VITE, 'build', '--logLevel', 'error'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return built.status === 0 ? FOLDER : null;
}
