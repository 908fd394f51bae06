/** Searches and line tests through the API, on lines that the engine polls at the same time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from '../../../src/main/app.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { createPlant, type Plant } from '../../../src/main/simulator/plant.ts';
import type { MethodName, MethodResult } from '../../../src/shared/api/methods.ts';
import type { LineTest, SearchState } from '../../../src/shared/api/search.ts';

let folder: string;
let plant: Plant;
let app: App;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-search-'));
  plant = createPlant({ clock: systemClock, historyDays: 1, hasWireTime: false, latencyMs: [0, 5] });
  await plant.start();
  app = await createApp({ dataFolder: join(folder, 'data'), clock: systemClock, logger: silentLogger, checkResults: true });
  await call('import.apply', { fileBase64: Buffer.from(plant.importFile()).toString('base64'), timeZone: 'Europe/Moscow' });
  await app.start();
});

afterAll(async () => {
  await app.stop();
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function outcome(method: MethodName, params: object) {
  return app.api.dispatch(method, params, { transport: 'http', role: 'administrator' });
}

async function call<N extends MethodName>(method: N, params: object): Promise<MethodResult<N>> {
  const answer = await outcome(method, params);
  if (!answer.ok) throw new Error(`${method}: ${answer.error.message}`);
  return answer.data as MethodResult<N>;
}

/** The state once it is no longer in work. */
async function ended<T extends { state: string }>(look: () => Promise<T>): Promise<T> {
  for (;;) {
    const state = await look();
    if (state.state !== 'running' && state.state !== 'waiting') return state;
    await systemClock.sleep(100);
  }
}

const line = () => {
  const [first] = plant.lines;
  if (first === undefined) throw new Error('the plant has no line');
  return { name: first.name, text: `tcp:127.0.0.1:${first.port}`, meters: plant.truth.meters.filter((meter) => meter.line === first.name) };
};

test('a search finds the meters of a polled line while polling goes on, and says how old the neighbours are', async () => {
  const { text, meters } = line();
  const addresses = meters.map(({ address }) => address).sort((a, b) => a - b);
  const from = addresses[0] ?? 1;
  const to = addresses[5] ?? 1;
  const events: SearchState[] = [];
  const unsubscribe = app.api.subscribe((event) => {
    if (event.name === 'search.changed') events.push(event.payload as SearchState);
  });
  const request = { line: text, addresses: { from, to }, serials: [meters[8]?.serial] };
  const plan = await call('search.plan', request);
  expect(plan).toMatchObject({ settings: [{ setting: '9600-8N1' }] });
  expect(plan.seconds).toBeGreaterThan(1);
  const started = await call('search.start', request);
  expect(started).toMatchObject({ state: 'running', found: [], missing: [meters[8]?.serial] });
  expect(started.neighbours).toHaveLength(18);
  expect(await outcome('search.start', request)).toMatchObject({ ok: false, error: { code: 'api/conflict' } });
  const state = await ended(() => call('search.get', { searchId: started.id }));
  // The last event comes within a second: they are coalesced.
  while (events.at(-1)?.state !== 'done') await systemClock.sleep(50);
  unsubscribe();
  expect(state).toMatchObject({ state: 'done', missing: [], error: null });
  const expected = [...meters.filter((meter) => meter.address >= from && meter.address <= to), ...meters.slice(8, 9)];
  expect(state.found.map(({ serial }) => serial).sort()).toEqual([...new Set(expected.map(({ serial }) => serial))].sort());
  expect(state.found.every(({ pointCode }) => pointCode !== null)).toBe(true);
  expect(state.findings).toEqual([]);
  expect(events.length).toBeGreaterThan(1);
  const log = await call('search.log', { searchId: started.id, after: 0, limit: 5 });
  expect(log.last).toBe(state.done);
  expect(log.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect((await call('search.list', {}))[0]?.id).toBe(started.id);
}, 40_000);

test('a line test is graded, stored and listed, with the points of the meters', async () => {
  const lines = (await call('system.status', {})).lines;
  const lineId = lines.find(({ address }) => address === line().text)?.id ?? 0;
  const started = await call('lineTest.start', { lineId, exchanges: 10 });
  expect(started).toMatchObject({ state: 'running', grade: null, total: 180 });
  const result: LineTest = await ended(() => call('lineTest.get', { testId: started.id }));
  expect(result).toMatchObject({ state: 'done', done: 180, lost: 0, grade: 'good', findings: [] });
  expect(result.meters).toHaveLength(18);
  expect(result.meters.every(({ pointCode }) => pointCode !== null)).toBe(true);
  expect(await call('lineTest.list', { lineId })).toEqual([result]);
  expect(await outcome('lineTest.get', { testId: 99 })).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
}, 60_000);
