/** What is left after a kill: looked at in a copy, so that the next start finds the files as the kill left them. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { PlantTruth } from '../../../src/main/simulator/truth.ts';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { openStoreReader, type StoreReader } from '../../../src/main/store/store.ts';
import { CHANNELS } from '../../../src/shared/domain/channel.ts';
import type { PackageRecord } from '../../../src/shared/domain/package.ts';
import { supplierFaults, supplierHalfway, unfinishedSupplier } from './supplier.ts';

/** What the process has said to be done, as long as one data folder lives. */
export interface Acknowledged {
  /** `meterId start`. */
  readonly intervals: Set<string>;
  /** Numbers of packages. */
  readonly packages: Set<number>;
  /** Numbers of supplier's files. */
  readonly supplierFiles: Set<number>;
}

/** Where the files go: packages for 1C, and the supplier's. */
export interface OutFolders {
  readonly packages: string;
  readonly supplier: string;
}

export interface KillVerdict {
  /** Everything that is wrong, in words; empty = as it must be. */
  readonly faults: readonly string[];
  /** Packages and supplier's files that the kill left between two of their steps: the next start finishes them. */
  readonly halfway: number;
}

export function judgeKill(dataFolder: string, out: OutFolders, done: Acknowledged): KillVerdict {
  const copy = `${dataFolder}-copy`;
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const name of [DATABASE_FILE, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-journal`]) {
    if (existsSync(join(dataFolder, name))) copyFileSync(join(dataFolder, name), join(copy, name));
  }
  const db = new Database(join(copy, DATABASE_FILE));
  const integrity = String(db.pragma('integrity_check', { simple: true }));
  db.close();
  const store = openStoreReader({ folder: copy });
  try {
    const stored = storedKeys(store);
    const lost = [...done.intervals].filter((key) => !stored.has(key));
    const records = store.packages.list(0, Number.MAX_SAFE_INTEGER).rows;
    return {
      faults: [
        ...(integrity === 'ok' ? [] : [`integrity: ${integrity}`]),
        ...(lost.length === 0 ? [] : [`${lost.length} acknowledged intervals lost, the first ${lost[0]}`]),
        ...fileFaults(out.packages, records, done.packages),
        ...supplierFaults(store, out.supplier, done.supplierFiles),
      ],
      halfway: records.filter(({ state }) => state !== 'delivered').length + supplierHalfway(store),
    };
  } finally {
    store.close();
  }
}

/** Stored intervals that differ from the truth, as `serial start`. */
export function wrongIntervals(dataFolder: string, truth: PlantTruth): string[] {
  const store = openStoreReader({ folder: dataFolder });
  try {
    return store.plant.load().meters.flatMap(({ id, serial }) =>
      truth.meters.some((meter) => meter.serial === serial && meter.intervals !== 'registers')
        ? store.intervals.list(id, 0, Number.MAX_SAFE_INTEGER).flatMap(({ startUtc, counts, revision }) => {
            const real = truth.interval(serial, startUtc);
            const isRight = real !== null && revision === 1 && CHANNELS.every((channel) => counts[channel] === real[channel]);
            return isRight ? [] : [`${serial} ${startUtc}`];
          })
        : [],
    );
  } finally {
    store.close();
  }
}

/** After a clean end nothing is unfinished: every package delivered with its flag file, every supplier's file sent, the numbers without a hole. */
export function unfinished(dataFolder: string, out: OutFolders, truth: PlantTruth): string[] {
  const store = openStoreReader({ folder: dataFolder });
  try {
    const records = store.packages.list(0, Number.MAX_SAFE_INTEGER).rows;
    const numbers = records.map(({ number }) => number).sort((a, b) => a - b);
    const parts = readdirSync(out.packages).filter((name) => name.endsWith('.part'));
    return [
      ...records.filter(({ state }) => state !== 'delivered').map(({ number, state }) => `package ${number} is ${state}`),
      ...numbers.filter((number, index) => number !== index + 1).map((number) => `package ${number} after a hole`),
      ...parts.map((name) => `${name} was left`),
      ...fileFaults(out.packages, records, new Set(numbers)),
      ...supplierFaults(store, out.supplier, new Set()),
      ...unfinishedSupplier(store, out.supplier, truth),
    ];
  } finally {
    store.close();
  }
}

function storedKeys(store: StoreReader): Set<string> {
  return new Set(
    store.plant
      .load()
      .meters.flatMap(({ id }) => store.intervals.list(id, 0, Number.MAX_SAFE_INTEGER).map(({ startUtc }) => `${id} ${startUtc}`)),
  );
}

/** A file under its own name is whole; a flag file stands beside whole data files; a package that was said to be delivered is there. */
function fileFaults(folder: string, records: readonly PackageRecord[], delivered: ReadonlySet<number>): string[] {
  const names = new Set(readdirSync(folder));
  const digests = new Map(records.flatMap(({ content }) => content?.files ?? []).map(({ name, sha256 }) => [name, sha256]));
  const digestOf = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const faults: string[] = [];
  for (const name of names) {
    if (!name.endsWith('.part') && digests.get(name) !== digestOf(name)) faults.push(`${name} is not what was made`);
    if (!name.endsWith('.ok')) continue;
    const flag = readFileSync(join(folder, name), 'utf8');
    const files = [...flag.matchAll(/^sha256\.([^=]+)=([0-9a-f]{64})$/gm)];
    if (files.length === 0 || !flag.endsWith('\n')) faults.push(`${name} is no whole flag file`);
    for (const [, file = '', digest] of files)
      if (!names.has(file) || digestOf(file) !== digest) faults.push(`${name} does not fit ${file}`);
  }
  for (const number of delivered) {
    const record = records.find((each) => each.number === number);
    const isThere = [...names].some((name) => name.endsWith(`_${String(number).padStart(8, '0')}.ok`));
    if (record?.state !== 'delivered' || !isThere) faults.push(`package ${number} was said to be delivered`);
  }
  return faults;
}
