/** The process is killed again and again at moments of chance while it back-fills and exports: nothing that it said to be done is lost. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseImportFile } from '../../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../../src/main/line/line-address.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { TRAINING_PLANT } from '../../../src/main/simulator/layout.ts';
import { createPlant, type Plant } from '../../../src/main/simulator/plant.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { Chance } from '../chance.ts';
import { withCodes } from './supplier.ts';
import { type Acknowledged, judgeKill, type OutFolders, unfinished, wrongIntervals } from './verdict.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
/** Kills of one data folder; then another begins, so that there is always something to back-fill. */
const KILLS_OF_ROUND = 10;
/** So often a round is of the whole plant with wire time at 9600, as real lines have: the start is measured there. */
const WIRE_EVERY = 4;
const WIRE_LATENCY_MS = [5, 50] as const;
/** The others are of so many points of each line, without wire time: back-fill is what they do nearly all of the time. */
const BUSY_POINTS = 6;
const BUSY_LATENCY_MS = [0, 1] as const;
const HISTORY_DAYS = 60;
const SITE_OFFSET_MIN = 180;
/** One kill in five comes while the process starts, wherever it is by then. */
const EARLY_SHARE = 0.2;
const EARLY_MS: readonly [number, number] = [50, 1200];
const LATER_MS: readonly [number, number] = [0, 5000];
/** A process without a fresh value by then is killed all the same. */
const PATIENCE_MS = 20_000;
/** The store commits four times a second: so long after an acknowledgement the back-fill is still going on. */
const BACK_FILL_MS = 500;

export interface KillReport {
  readonly seed: number;
  readonly kills: number;
  /** Kills less than half a second after intervals were acknowledged: in the middle of back-fill. */
  readonly duringBackFill: number;
  /** Kills between two steps of a package, or of a supplier's file. */
  readonly duringExport: number;
  readonly acknowledgedIntervals: number;
  readonly acknowledgedPackages: number;
  readonly acknowledgedSupplierFiles: number;
  readonly storedWrong: number;
  readonly faults: readonly string[];
  /** From the start of the process to the first fresh value on the API, milliseconds, of lines with wire time at 9600. */
  readonly freshMs: { readonly starts: number; readonly p50: number; readonly p95: number; readonly most: number };
  readonly seconds: number;
  readonly isGood: boolean;
}

export async function runKills(
  options: { seed: number; times: number; folder: string },
  onRound: (text: string) => void,
): Promise<KillReport> {
  const startedAt = performance.now();
  const { seed, times, folder } = options;
  const chance = new Chance(seed);
  const faults: string[] = [];
  const fresh: number[] = [];
  let [kills, intervals, packages, supplierFiles, wrong, duringBackFill, duringExport] = [0, 0, 0, 0, 0, 0, 0];
  for (let round = 0; kills < times; round += 1) {
    const hasWireTime = round % WIRE_EVERY === WIRE_EVERY - 1;
    const place = join(folder, `round-${round}`);
    const data = join(place, 'data');
    const out: OutFolders = { packages: join(place, 'out'), supplier: join(place, 'out-80020') };
    for (const each of [out.packages, out.supplier]) mkdirSync(each, { recursive: true });
    const layout = hasWireTime ? TRAINING_PLANT : TRAINING_PLANT.map((row) => ({ ...row, points: row.points.slice(0, BUSY_POINTS) }));
    const latencyMs = hasWireTime ? WIRE_LATENCY_MS : BUSY_LATENCY_MS;
    const plant = createPlant({ clock: systemClock, seed: seed + round, historyDays: HISTORY_DAYS, hasWireTime, latencyMs, layout });
    await plant.start();
    importPlant(data, plant);
    const done: Acknowledged = { intervals: new Set(), packages: new Set(), supplierFiles: new Set() };
    for (let kill = 0; kill < KILLS_OF_ROUND && kills < times; kill += 1) {
      const isEarly = chance.share() < EARLY_SHARE;
      const { freshMs, quietMs } = await live(data, out, done, 'SIGKILL', isEarly, chance.whole(...(isEarly ? EARLY_MS : LATER_MS)));
      if (freshMs !== null && hasWireTime) fresh.push(freshMs);
      kills += 1;
      const verdict = judgeKill(data, out, done);
      faults.push(...verdict.faults.map((text) => `round ${round}, kill ${kill}: ${text}`));
      if (quietMs < BACK_FILL_MS) duringBackFill += 1;
      if (verdict.halfway > 0) duringExport += 1;
    }
    await live(data, out, done, 'SIGTERM', false, 1000);
    faults.push(...unfinished(data, out, plant.truth).map((text) => `round ${round}, at its end: ${text}`));
    wrong += wrongIntervals(data, plant.truth).length;
    await plant.stop();
    intervals += done.intervals.size;
    packages += done.packages.size;
    supplierFiles += done.supplierFiles.size;
    const counts = `${done.intervals.size} intervals, ${done.packages.size} packages and ${done.supplierFiles.size} supplier's files`;
    onRound(`round ${round}: ${kills} kills, ${counts} acknowledged, ${faults.length} faults`);
  }
  fresh.sort((a, b) => a - b);
  const quantile = (share: number) => Math.round(fresh[Math.min(fresh.length - 1, Math.floor(share * fresh.length))] ?? Number.NaN);
  return {
    seed,
    kills,
    duringBackFill,
    duringExport,
    acknowledgedIntervals: intervals,
    acknowledgedPackages: packages,
    acknowledgedSupplierFiles: supplierFiles,
    storedWrong: wrong,
    faults: faults.slice(0, 40),
    freshMs: { starts: fresh.length, p50: quantile(0.5), p95: quantile(0.95), most: quantile(1) },
    seconds: Math.round((performance.now() - startedAt) / 1000),
    isGood: faults.length === 0 && wrong === 0 && intervals > 0 && packages > 0 && supplierFiles > 0,
  };
}

function importPlant(folder: string, plant: Plant): void {
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: SITE_OFFSET_MIN }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  store.plant.applyImport(withCodes(rows, plant.truth), SITE_OFFSET_MIN, 'proof');
  store.close();
}

interface Life {
  /** From the start to the first fresh value; `null` when it was not given the time. */
  readonly freshMs: number | null;
  /** From the last acknowledged interval to the end. */
  readonly quietMs: number;
}

/** One process from start to signal. */
async function live(
  data: string,
  out: OutFolders,
  done: Acknowledged,
  signal: 'SIGKILL' | 'SIGTERM',
  isEarly: boolean,
  delayMs: number,
): Promise<Life> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CHILD, data, out.packages, out.supplier], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (ms: number) => setTimeout(() => child.kill(signal), ms);
  const timers = [kill(isEarly ? delayMs : PATIENCE_MS)];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = new Promise<{ code: number | null; by: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, by) => resolve({ code, by })),
  );
  let freshMs: number | null = null;
  let acknowledgedAt = Number.NEGATIVE_INFINITY;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, first = '', second = ''] = line.split(' ');
    if (word === 'a') {
      acknowledgedAt = performance.now();
      for (const start of second.split(',')) done.intervals.add(`${first} ${start}`);
    }
    if (word === 'p') done.packages.add(Number(first));
    if (word === 's') done.supplierFiles.add(Number(first));
    if (word === 'f') freshMs = performance.now() - startedAt;
    // The last life of a round is long enough for whole days: its files are what is compared with the truth.
    if (!isEarly && word === (signal === 'SIGKILL' ? 'f' : 's')) timers.push(kill(delayMs));
  }
  const { code, by } = await closed;
  for (const timer of timers) clearTimeout(timer);
  const isExpected = signal === 'SIGKILL' ? by === 'SIGKILL' : code === 0;
  if (!isExpected) throw new Error(`The process ended by itself with ${code}: ${errors}`);
  return { freshMs, quietMs: performance.now() - acknowledgedAt };
}
