/** The plug is pulled: real processes, real files, SIGKILL in the middle of a poll and of an export. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/main/platform/clock.ts';
import { createPlant, type Plant } from '../../src/main/simulator/plant.ts';
import { openStoreReader } from '../../src/main/store/store.ts';
import { feeder, startFeeder } from '../support/feeder-process.ts';

let folder: string;
let data: string;
let plant: Plant;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-crash-'));
  data = join(folder, 'data');
  plant = createPlant({ clock: systemClock, historyDays: 6, hasWireTime: false, latencyMs: [0, 1] });
  await plant.start();
  const list = join(folder, 'list.csv');
  writeFileSync(list, plant.importFile());
  expect((await feeder(['import', '--data', data, list])).code).toBe(0);
});

afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every stored interval as `meter start -> counts and revision`. */
function storedNow(): Map<string, string> {
  const store = openStoreReader({ folder: data });
  try {
    const now = Math.floor(Date.now() / 1000);
    return new Map(
      store.plant
        .load()
        .meters.flatMap(({ id, serial }) =>
          store.intervals
            .list(id, now - 10 * 86_400, now)
            .map(({ startUtc, counts, revision }): [string, string] => [`${serial} ${startUtc}`, JSON.stringify([counts, revision])]),
        ),
    );
  } finally {
    store.close();
  }
}

/** Every interval that the meters hold of the set of a poll which began between these moments, milliseconds, as `meter start`. */
function heldBetween(earliestMs: number, latestMs: number): string[] {
  return plant.truth.meters.flatMap(({ serial, periodMin, deviationS }) => {
    const boundary = (ms: number) => Math.floor((ms / 1000 + deviationS) / (periodMin * 60)) * periodMin * 60;
    return plant.truth.expectedStarts(serial, boundary(latestMs) - 5 * 86_400, boundary(earliestMs)).map((start) => `${serial} ${start}`);
  });
}

test('kill -9 in the middle of a poll, again and again: nothing stored is lost, nothing is stored twice, all equals the truth', async () => {
  let before = new Map<string, string>();
  const firstMs = Date.now();
  for (const more of [500, 4000, 9000]) {
    const poll = startFeeder(['poll', '--data', data, '--until-complete', '--depth-days', '5']);
    poll.ready.catch(() => {});
    await vi.waitUntil(() => storedNow().size >= more, { timeout: 60_000, interval: 50 });
    await poll.end('SIGKILL');
    const after = storedNow();
    for (const [key, value] of before) expect(after.get(key)).toBe(value);
    before = after;
  }
  const lastMs = Date.now();
  const last = await feeder(['poll', '--data', data, '--until-complete', '--depth-days', '5']);
  expect(last.code).toBe(0);
  const stored = storedNow();
  for (const [key, value] of before) expect(stored.get(key)).toBe(value);
  expect(heldBetween(lastMs, Date.now()).filter((key) => !stored.has(key))).toEqual([]);
  // The polls before may have begun in an earlier half-hour; what no meter holds is stored by none of them.
  const held = new Set(heldBetween(Date.now(), firstMs));
  expect([...stored.keys()].filter((key) => !held.has(key))).toEqual([]);
  for (const [key, value] of stored) {
    const [serial = '', start] = key.split(' ');
    expect(JSON.parse(value)).toEqual([plant.truth.interval(serial, Number(start)), 1]);
  }
}, 180_000);

test('kill -9 in the middle of exports: no half file, numbers without holes, every flag fits its file', async () => {
  const out = join(folder, 'out');
  const day = new Date((Date.now() / 1000 + 3 * 3600 - 2 * 86_400) * 1000).toISOString().slice(0, 10);
  const args = ['export-1c', '--data', data, '--kind', 'IV', '--from', day, '--to', day, '--format', 'csv', '--out', out];
  const isBegun = () => existsSync(out) && readdirSync(out).length > 0;
  for (const moment of [() => existsSync(join(data, 'packages')), isBegun, () => readdirSync(out).some((name) => name.endsWith('.ok'))]) {
    const child = startFeeder(args);
    child.ready.catch(() => {});
    await vi.waitUntil(moment, { timeout: 20_000, interval: 1 });
    await child.end('SIGKILL');
  }
  const last = await feeder(args);
  expect(last.code).toBe(0);
  const names = readdirSync(out);
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
  const flags = names.filter((name) => name.endsWith('.ok'));
  const numbers = flags.map((name) => Number(name.slice(-11, -3))).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(2);
  for (const flag of flags) {
    const file = flag.replace(/\.ok$/, '.csv');
    const digest = createHash('sha256')
      .update(readFileSync(join(out, file)))
      .digest('hex');
    expect(readFileSync(join(out, flag), 'utf8')).toContain(`sha256.${file}=${digest}`);
  }
  expect(names.length).toBe(flags.length * 2);
}, 120_000);
