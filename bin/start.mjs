// `npm start`: the window. Builds the bundles when they are missing or older than the source.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'out/main/index.js');
const BUILT_FROM = ['package.json', 'electron.vite.config.ts', 'vite.config.ts'];

function newestChange(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return Math.max(...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

function isBuilt() {
  if (!existsSync(bundle)) return false;
  const changedAt = BUILT_FROM.map((name) => join(root, name))
    .filter((path) => existsSync(path))
    .map((path) => statSync(path).mtimeMs);
  return statSync(bundle).mtimeMs > Math.max(newestChange(join(root, 'src')), ...changedAt);
}

/** Path of the Electron program, or null. `require('electron')` is no way to ask: without the program it starts a download. */
function electronProgram() {
  const folder = join(root, 'node_modules/electron/dist');
  const name = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? folder, name);
  return existsSync(path) ? path : null;
}

function main() {
  const electron = electronProgram();
  if (electron === null) {
    console.error('Electron itself is not downloaded yet: run "node node_modules/electron/install.js" once, then "npm start" again.');
    return 1;
  }
  if (!isBuilt()) {
    const build = spawnSync(process.execPath, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'], {
      cwd: root,
      stdio: 'inherit',
    });
    if (build.status !== 0) return build.status ?? 1;
  }
  return spawnSync(electron, [root, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
