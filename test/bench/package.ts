/** A year of half-hours of 70 points, A+ and R+, as a package for 1C, from the store to the folder of the receiver, by the process that the product runs in. */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addDays, siteZone } from '../../src/main/metering/zone.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { FEEDER_FLAGS } from '../support/feeder-process.ts';
import { type Figure, timed } from './figure.ts';
import { yearStore } from './store.ts';

const CHUNK_BYTES = 256 * 1024;
const MB = 2 ** 20;

interface Made {
  readonly state: string;
  readonly rows: number;
  readonly files: readonly string[];
  readonly elapsedMs: number;
  readonly growthBytes: number;
}

export async function packageFigures(folder: string): Promise<Figure[]> {
  const [data, out] = [join(folder, 'data'), join(folder, 'out')];
  mkdirSync(out, { recursive: true });
  const plant = createPlant({ clock: systemClock, historyDays: 1 });
  await plant.start();
  const importFile = plant.importFile();
  await plant.stop();
  const end = Math.floor(Date.now() / 1_800_000) * 1800;
  (await yearStore(data, importFile, end, true)).close();
  const today = siteZone('Europe/Moscow').dateOf(end);
  const [from, to] = [addDays(today, -365), addDays(today, -1)];
  const { rows, files, elapsedMs, growthBytes } = madeBy(data, out, from, to);
  const bytes = readFileSync(join(out, files.find((name) => name.endsWith('.csv')) ?? ''));
  checkFigures(bytes, rows);
  const plainMs = timed(() => writePlain(bytes, join(folder, 'plain.csv')));
  const limit = `${rows} rows, ${Math.round(bytes.length / MB)} MB in ${(elapsedMs / 1000).toFixed(1)} s`;
  return [
    { name: 'a year as a package: memory', value: growthBytes / MB, unit: 'MB more resident', limit, goal: '<= 150' },
    { name: 'the same: time', value: plainMs / elapsedMs, unit: 'of the same bytes written plain', limit, goal: '>= 0.002' },
  ];
}

function madeBy(data: string, out: string, from: string, to: string): Made {
  const child = fileURLToPath(new URL('package.child.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...FEEDER_FLAGS, child, data, out, from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const made = JSON.parse(stdout) as Made;
  if (made.state !== 'delivered') throw new Error(`the package is ${made.state}`);
  return made;
}

/** A package of empty cells would be made in no time. */
function checkFigures(bytes: Uint8Array, rows: number): void {
  const lines = new TextDecoder('windows-1251')
    .decode(bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + CHUNK_BYTES))
    .split('\r\n')
    .slice(1, -1);
  const filled = lines.filter((line) => /;\d+,\d+;/.test(line)).length;
  if (rows < 2_000_000 || filled < 0.9 * lines.length) throw new Error(`${rows} rows, ${filled} of ${lines.length} with figures`);
}

function writePlain(bytes: Uint8Array, file: string): void {
  const handle = openSync(file, 'w');
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) writeSync(handle, bytes.subarray(at, at + CHUNK_BYTES));
  fsyncSync(handle);
  closeSync(handle);
}
