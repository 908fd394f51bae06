/** Rows of the store: ingest against bare inserts, bytes of an interval, the hourly month. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Site } from '../../src/main/api/site.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { consumptionSeries } from '../../src/main/metering/consumption.ts';
import { addDays, periodOf, siteZone } from '../../src/main/metering/zone.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import type { MeterBatch } from '../../src/shared/domain/batch.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import type { CompletedExchange } from '../../src/shared/domain/exchange.ts';
import { type Figure, median, timed } from './figure.ts';

/** A group commit of 400 responses, as four lines bring them in a quarter of a second at their very fastest and a thousand lines do always. */
const GROUP = 400;
const RECORDS = 17;
const DAYS = 365;
const SLOTS_OF_ROUND = 12 * 48;
const ROUNDS = 5;

/** Records as a meter stamps them, with a load that changes as loads do: bytes of zeros would compress to nothing. */
function response(meter: number, end: number, first: number, count: number): Uint8Array {
  const bytes = new Uint8Array(3 + count * 15);
  const bcd = (value: number) => Math.floor(value / 10) * 16 + (value % 10);
  for (let index = 0; index < count; index += 1) {
    const slot = first + count - 1 - index;
    const stamp = new Date((end - slot * 1800 + 10_800) * 1000);
    const [active, reactive] = countsOf(meter, slot);
    const record = [8, bcd(stamp.getUTCHours()), bcd(stamp.getUTCMinutes()), bcd(stamp.getUTCDate()), bcd(stamp.getUTCMonth() + 1)];
    record.push(bcd(stamp.getUTCFullYear() % 100), 30, active & 255, active >> 8, 255, 255, reactive & 255, reactive >> 8, 255, 255);
    bytes.set(record, 1 + index * 15);
  }
  bytes[0] = meter;
  bytes.set([(end + first * 7) & 255, (meter * 31 + first) & 255], bytes.length - 2);
  return bytes;
}

function countsOf(meter: number, slot: number): [active: number, reactive: number] {
  const noise = Math.imul(slot * 70 + meter, 0x9e3779b1) >>> 16;
  const active = 200 + Math.round(150 * Math.sin((slot / 48) * 2 * Math.PI)) + (noise & 63);
  return [active, (active >> 1) + (noise >> 12)];
}

function exchangeOf(bytes: Uint8Array, sentAtMs: number): CompletedExchange {
  const request = Uint8Array.of(bytes[0] ?? 0, 6, 3, (sentAtMs >> 8) & 255, sentAtMs & 240, 255, 1, 2);
  return {
    label: 'profile',
    request,
    response: bytes,
    received: bytes,
    sentAtMs,
    firstByteMs: 10 + (sentAtMs % 7),
    durationMs: 300 + (sentAtMs % 11),
    attempt: 1,
  };
}

interface Fill {
  readonly meters: readonly number[];
  readonly end: number;
  /** Slots back from the end, the newest first as back-fill takes them. */
  readonly from: number;
  readonly to: number;
  /** Records in a response: 17, or 1 as live half-hours come. */
  readonly records: number;
  readonly sentAtMs: number;
  /** Meters that keep A+ and R+ alone; else the other two are zeros. */
  readonly isImportOnly?: boolean;
}

/** The batches of a fill, made before anything is timed. */
function* batchesOf({ meters, end, from, to, records, sentAtMs, isImportOnly = false }: Fill): Generator<MeterBatch> {
  const exported = isImportOnly ? null : 0;
  for (let first = from; first < to; first += records) {
    for (const meterId of meters) {
      const count = Math.min(records, to - first);
      const intervals = Array.from({ length: count }, (_, index) => {
        const slot = first + count - 1 - index;
        const [active, reactive] = countsOf(meterId, slot);
        return {
          startUtc: end - (slot + 1) * 1800,
          lengthS: 1800,
          counts: { 'A+': active, 'A-': exported, 'R+': reactive, 'R-': exported },
          flags: [],
          source: 'profile' as const,
        };
      });
      const exchanges = [exchangeOf(response(meterId, end, first, count), sentAtMs + first * 350 + meterId)];
      yield { meterId, atUtc: end, exchanges, intervals };
    }
  }
}

async function storeBatches(store: Store, batches: Iterable<MeterBatch>): Promise<void> {
  let commits: Promise<void>[] = [];
  for (const batch of batches) {
    commits.push(store.commit(batch));
    if (commits.length < GROUP) continue;
    await store.flush();
    await Promise.all(commits);
    commits = [];
  }
  await store.flush();
  await Promise.all(commits);
}

function openedStore(folder: string, importFile: string): Store {
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  const rows = parseImportFile(new TextEncoder().encode(importFile), { offsetMin: 180 }, (text) => text);
  store.plant.applyImport(rows, 180, 'bench');
  return store;
}

export async function storeFigures(folder: string): Promise<Figure[]> {
  const plant = createPlant({ clock: systemClock, historyDays: 1 });
  await plant.start();
  const importFile = plant.importFile();
  await plant.stop();
  const end = Math.floor(Date.now() / 1_800_000) * 1800;
  return [
    await ingestFigure(join(folder, 'ingest'), importFile, end),
    ...(await yearFigures(join(folder, 'year'), importFile, end)),
    await singleFigure(join(folder, 'single'), importFile, end),
  ];
}

/** Both by turns, the best of each: a neighbour on the machine takes time from either. */
async function ingestFigure(folder: string, importFile: string, end: number): Promise<Figure> {
  const store = openedStore(folder, importFile);
  const meters = store.plant.load().meters.map(({ id }) => id);
  const bare = new Database(join(folder, 'bare.db'));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec(
    'CREATE TABLE i (m INTEGER, s INTEGER, l INTEGER, a INTEGER, b INTEGER, c INTEGER, d INTEGER, f INTEGER, PRIMARY KEY (m, s)) STRICT, WITHOUT ROWID',
  );
  const insert = bare.prepare('INSERT INTO i VALUES (?, ?, 1800, ?, 0, ?, 0, 0)');
  const rows = meters.length * SLOTS_OF_ROUND;
  let [bareMs, ingestMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [from, to] = [round * SLOTS_OF_ROUND, (round + 1) * SLOTS_OF_ROUND];
    const flat: [number, number, number, number][] = [];
    for (let first = from; first < to; first += RECORDS) {
      for (const meter of meters) {
        for (let slot = first; slot < Math.min(to, first + RECORDS); slot += 1)
          flat.push([meter, end - (slot + 1) * 1800, ...countsOf(meter, slot)]);
      }
    }
    bareMs = Math.min(
      bareMs,
      timed(() => {
        for (let at = 0; at < flat.length; at += GROUP * RECORDS) {
          bare.transaction(() => {
            for (const row of flat.slice(at, at + GROUP * RECORDS)) insert.run(...row);
          })();
        }
      }),
    );
    const batches = [...batchesOf({ meters, end, from, to, records: RECORDS, sentAtMs: 0 })];
    const started = performance.now();
    await storeBatches(store, batches);
    ingestMs = Math.min(ingestMs, performance.now() - started);
  }
  bare.close();
  store.close();
  return {
    name: 'ingest with provenance',
    value: bareMs / ingestMs,
    unit: 'of bare inserts of the same intervals',
    limit: `${Math.round(rows / (bareMs / 1000))} rows/s`,
    goal: '>= 0.6',
  };
}

/** A year of all points of an import file, up to `end`; every meter has told its constant. */
export async function yearStore(folder: string, importFile: string, end: number, isImportOnly = false): Promise<Store> {
  const store = openedStore(folder, importFile);
  const meters = store.plant.load().meters.map(({ id }) => id);
  const facts = { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 };
  await storeBatches(
    store,
    meters.map((meterId) => ({ meterId, atUtc: end, facts })),
  );
  await storeBatches(
    store,
    batchesOf({ meters, end, from: 0, to: DAYS * 48, records: RECORDS, sentAtMs: (end - 5 * 86_400) * 1000, isImportOnly }),
  );
  return store;
}

/** A year, then upkeep, then the questions. */
async function yearFigures(folder: string, importFile: string, end: number): Promise<Figure[]> {
  const store = await yearStore(folder, importFile, end);
  const meters = store.plant.load().meters.map(({ id }) => id);
  const sizes = foldedSizes(store, folder, end, meters.length * DAYS * 48);
  const site = new Site({ store, clock: systemClock, engine: () => null });
  const zone = siteZone('Europe/Moscow');
  const today = zone.dateOf(site.nowUtc());
  const series = (days: number, step: 'hour' | 'day', pointIds: readonly number[]) => {
    const [from, to] = [addDays(today, -days), addDays(today, -1)];
    const { fromUtc, toUtc } = periodOf(from, to, zone);
    for (const id of pointIds) {
      const data = site.pointData(id, fromUtc, toUtc);
      consumptionSeries({ from, to, step, channel: 'A+', zone, nowUtc: site.nowUtc(), data });
    }
  };
  const points = site.points.map(({ point }) => point.id);
  const rows = `${meters.length * DAYS * 48} intervals in the base`;
  const figures: Figure[] = [
    { name: 'hourly month of 70 points', value: median(5, () => series(30, 'hour', points)), unit: 'ms', limit: rows, goal: '<= 120' },
    {
      name: 'year chart of one point',
      value: median(5, () => series(365, 'day', points.slice(0, 1))),
      unit: 'ms',
      limit: rows,
      goal: '<= 50',
    },
    { name: 'disk per interval', value: sizes.intervals, unit: 'bytes', limit: 'the table of intervals', goal: '<= 40' },
    {
      name: 'disk per interval with provenance',
      value: sizes.all,
      unit: 'bytes',
      limit: 'the whole file after folding, 17 a response',
      goal: '<= 60',
    },
  ];
  store.close();
  return figures;
}

/** Live half-hours: a response of 15 bytes for each. */
async function singleFigure(folder: string, importFile: string, end: number): Promise<Figure> {
  const store = openedStore(folder, importFile);
  const meters = store.plant.load().meters.map(({ id }) => id);
  await storeBatches(store, batchesOf({ meters, end, from: 0, to: 60 * 48, records: 1, sentAtMs: (end - 5 * 86_400) * 1000 }));
  const { all } = foldedSizes(store, folder, end, meters.length * 60 * 48);
  store.close();
  return { name: 'disk per interval, live', value: all, unit: 'bytes', limit: 'the whole file after folding, 1 a response', goal: '<= 60' };
}

function foldedSizes(store: Store, folder: string, end: number, rows: number): { readonly intervals: number; readonly all: number } {
  const atUtc = end + 400 * 86_400;
  for (let step = store.upkeep(atUtc); step.folded + step.blocks + step.pages > 0; step = store.upkeep(atUtc));
  const db = new Database(join(folder, 'feeder.db'));
  db.pragma('wal_checkpoint(TRUNCATE)');
  const table = db.prepare<[], { bytes: number }>("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = 'interval'").get();
  db.close();
  return { intervals: (table?.bytes ?? 0) / rows, all: store.databaseBytes() / rows };
}
