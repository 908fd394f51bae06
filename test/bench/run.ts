/** `npm run bench`: each figure as a ratio to a limit measured in the same run. JSON lines on stdout, a table on stderr. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { consumptionSeries } from '../../src/main/metering/consumption.ts';
import { siteZone } from '../../src/main/metering/zone.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { commandOf } from '../../src/main/protocol/mercury/commands.ts';
import { crc16 } from '../../src/main/protocol/mercury/crc.ts';
import { encodeFrame, frameData } from '../../src/main/protocol/mercury/frame.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { openStore } from '../../src/main/store/store.ts';
import { Site } from '../../src/main/api/site.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { addDays, periodOf } from '../../src/main/metering/zone.ts';
import type { Figure } from './figure.ts';
import { searchFigures } from './search.ts';

/** Median of several timed runs, milliseconds. */
function median(runs: number, run: () => void): number {
  run();
  const times = Array.from({ length: runs }, () => timed(run));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** A day of one meter: 17-record reads for two days, registers by tariff, instantaneous blocks every 15 s, the clock, its journals, its status. */
function parseFigure(): Figure {
  const records = Uint8Array.from(
    { length: 255 },
    (_, index) => [0x08, 0x10, 0x30, 0x24, 0x11, 0x26, 0x1e, 0x34, 0x12, 0xff, 0xff, 0x11, 0x01, 0xff, 0xff][index % 15] ?? 0,
  );
  const mix: { readonly body: Uint8Array; readonly frame: Uint8Array }[] = [];
  const add = (times: number, body: readonly number[], data: Uint8Array) => {
    for (let copy = 0; copy < times; copy += 1) mix.push({ body: Uint8Array.from(body), frame: encodeFrame(1, data) });
  };
  add(6, [0x06, 0x03, 0x00, 0x10, 0xff], records);
  add(240, [0x05, 0x00, 0x00], Uint8Array.from([0x30, 0, 0x28, 0xc5, 0xff, 0xff, 0xff, 0xff, 4, 0, 0x9c, 0x95, 0xff, 0xff, 0xff, 0xff]));
  add(5760, [0x08, 0x16, 0xa0], new Uint8Array(95).fill(0x11));
  add(96, [0x04, 0x00], Uint8Array.from([0x43, 0x14, 0x16, 0x03, 0x27, 0x02, 0x08, 0x01]));
  add(4, [0x08, 0x0a], Uint8Array.from([0, 0, 0, 0, 0x04, 0]));
  const times = Uint8Array.from({ length: 120 }, (_, index) => [0x01, 0x53, 0x07, 0x01, 0x02, 0x08][index % 6] ?? 0);
  for (const journal of [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x13, 0x14]) add(2, [0x04, journal, 0xfe], times);
  for (const journal of [0x07, 0x09, 0x0a]) add(2, [0x04, journal, 0xfe], times.subarray(0, 60));
  // Both by turns and the best of each: a neighbour on the machine takes time from either, and proves nothing of the code.
  let [bare, parsed] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 40; round += 1) {
    bare = Math.min(
      bare,
      timed(() => {
        for (const { frame } of mix) crc16(frame);
      }),
    );
    parsed = Math.min(
      parsed,
      timed(() => {
        for (const { body, frame } of mix) {
          crc16(frame);
          commandOf(body)?.parse(frameData(frame));
        }
      }),
    );
  }
  return {
    name: 'parse of a day of responses',
    value: bare / parsed,
    unit: 'of a bare CRC pass over the same bytes',
    limit: `${bare.toFixed(2)} ms`,
    goal: '>= 0.4',
  };
}

/** Batches of 17 intervals with their exchange, through the group commit, against bare prepared inserts of the same rows. */
async function storeFigures(folder: string): Promise<Figure[]> {
  const plant = createPlant({ clock: systemClock, historyDays: 60 });
  await plant.start();
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  store.plant.applyImport(
    parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) => text),
    180,
    'bench',
  );
  await plant.stop();
  const meters = store.plant.load().meters;
  const end = Math.floor(Date.now() / 1_800_000) * 1800;
  const slots = 60 * 48;
  const exchange = {
    label: 'profile',
    request: new Uint8Array(7),
    response: new Uint8Array(258),
    received: new Uint8Array(258),
    sentAtMs: 0,
    firstByteMs: 10,
    durationMs: 300,
    attempt: 1,
  };
  const started = performance.now();
  const commits: Promise<void>[] = [];
  for (const { id } of meters) {
    for (let first = 0; first < slots; first += 17) {
      const intervals = Array.from({ length: Math.min(17, slots - first) }, (_, index) => ({
        startUtc: end - (first + index + 1) * 1800,
        lengthS: 1800,
        counts: { 'A+': (first + index) % 900, 'A-': 0, 'R+': index, 'R-': 0 },
        flags: [],
        source: 'profile' as const,
      }));
      commits.push(store.commit({ meterId: id, atUtc: end, exchanges: [exchange], intervals }));
    }
    if (commits.length > 400) await store.flush();
  }
  await store.flush();
  await Promise.all(commits);
  const ingestMs = performance.now() - started;

  const bare = new Database(join(folder, 'bare.db'));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec(
    'CREATE TABLE i (m INTEGER, s INTEGER, l INTEGER, a INTEGER, b INTEGER, c INTEGER, d INTEGER, f INTEGER, PRIMARY KEY (m, s)) STRICT, WITHOUT ROWID',
  );
  const insert = bare.prepare('INSERT INTO i VALUES (?, ?, 1800, ?, 0, ?, 0, 0)');
  const bareStarted = performance.now();
  for (const { id } of meters) {
    bare.transaction(() => {
      for (let slot = 0; slot < slots; slot += 1) insert.run(id, end - (slot + 1) * 1800, slot % 900, slot % 17);
    })();
  }
  const bareMs = performance.now() - bareStarted;
  bare.close();

  const site = new Site({ store, clock: systemClock, engine: () => null });
  const zone = siteZone('Europe/Moscow');
  const today = zone.dateOf(site.nowUtc());
  const from = addDays(today, -30);
  const { fromUtc, toUtc } = periodOf(from, addDays(today, -1), zone);
  const monthMs = median(5, () => {
    for (const { point } of site.points) {
      consumptionSeries({
        from,
        to: addDays(today, -1),
        step: 'hour',
        channel: 'A+',
        zone,
        nowUtc: site.nowUtc(),
        data: site.pointData(point.id, fromUtc, toUtc),
      });
    }
  });
  const bytes = store.databaseBytes();
  store.close();
  const rows = meters.length * slots;
  return [
    {
      name: 'ingest with provenance',
      value: bareMs / ingestMs,
      unit: 'of bare inserts of the same intervals',
      limit: `${Math.round(rows / (bareMs / 1000))} rows/s`,
      goal: '>= 0.6',
    },
    { name: 'hourly month of 70 points', value: monthMs, unit: 'ms', limit: `${rows / 2} intervals`, goal: '<= 120' },
    {
      name: 'disk per interval with provenance',
      value: bytes / rows,
      unit: 'bytes',
      limit: `${rows} intervals`,
      goal: '<= 60 after folding (a later version)',
    },
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'feeder-bench-'));
try {
  for (const figure of [parseFigure(), ...(await storeFigures(folder)), ...(await searchFigures())]) {
    const value = Math.round(figure.value * 100) / 100;
    console.log(JSON.stringify({ ...figure, value }));
    console.error(`${figure.name.padEnd(36)} ${String(value).padStart(8)} ${figure.unit}   goal ${figure.goal}   (limit: ${figure.limit})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
