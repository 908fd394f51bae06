/** How well lines are used, in simulated time: bytes and meters take their time, the machine that runs the bench does not count. Limits: docs/performance.md. */
import type { LineTraffic } from '../../src/main/simulator/bus.ts';
import type { SubstationRow } from '../../src/main/simulator/layout.ts';
import type { MeterRecord } from '../../src/shared/domain/plant.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { lineOf, type SimulatedEngine, simulatedEngine } from '../support/simulated-engine.ts';
import type { Figure } from './figure.ts';

/** Milliseconds of one byte at 9600 8N1, and of the silence that must go before a request. */
const BYTE_MS = 10 / 9.6;
const SILENCE_MS = 5;
const RECORDS = 17;
const DAYS = 30;
const METERS = 18;
/** A screen says again and again which points it shows. */
const WATCH_AGAIN_S = 20;

/** What wire, meters and mandatory silence alone take. */
function leastMs({ requests, requestBytes, replyBytes, meterMs }: LineTraffic): number {
  return (requestBytes + replyBytes) * BYTE_MS + meterMs + requests * SILENCE_MS;
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
}

/** Ages of the live values of some meters, once a second, in seconds. */
async function agesOver(
  clock: FakeClock,
  { engine }: SimulatedEngine,
  { seconds, meters, watched = [] }: { seconds: number; meters: readonly MeterRecord[]; watched?: readonly MeterRecord[] },
): Promise<number[]> {
  const ages: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    if (second % WATCH_AGAIN_S === 0) engine.watch(watched.map(({ id }) => id));
    await clock.advance(1000);
    for (const { id } of meters) {
      const atUtc = engine.meter(id)?.live.atUtc;
      if (atUtc !== null && atUtc !== undefined) ages.push(clock.now() / 1000 - atUtc);
    }
  }
  return ages;
}

async function stop(clock: FakeClock, { engine }: SimulatedEngine): Promise<void> {
  const stopped = engine.stop();
  await clock.advance(60_000);
  await stopped;
}

/** 18 meters on one line with 30 days to be filled, one of their points on a screen. */
async function backFillFigures(): Promise<Figure[]> {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const one = simulatedEngine(clock, { layout: [lineOf('TP1', METERS)], historyDays: DAYS + 1, plan: { depthDays: DAYS } });
  const { engine, plant, meters, store } = one;
  const [shown] = meters;
  if (shown === undefined) throw new Error('no meters');
  const least = { profileMs: 0, screenMs: 0 };
  /** Of the first read of a record: what went before is the first contact with 18 meters that nobody knew. */
  let fillAtMs: number | null = null;
  engine.subscribe({
    exchange(_line, { exchange }) {
      const ms = exchange.durationMs + SILENCE_MS;
      const isFill = exchange.label.startsWith('profile records');
      if (isFill) fillAtMs ??= exchange.sentAtMs;
      if (fillAtMs === null) return;
      if (isFill) least.profileMs += ms;
      else if (exchange.label.startsWith('instantaneous') && exchange.request[0] === shown.address) least.screenMs += ms;
    },
  });
  void engine.run();
  const ages: number[] = [];
  const wanted = METERS * DAYS * 48;
  let before: { traffic: LineTraffic; atMs: number } | null = null;
  let use = Number.NaN;
  while (store.stored.length < wanted && clock.monotonic() < 3_600_000) {
    ages.push(...(await agesOver(clock, one, { seconds: 5, meters: [shown], watched: [shown] })));
    const traffic = plant.lines[0]?.traffic;
    if (traffic === undefined) break;
    // A stretch of pure back-fill: first contact is over, the end has not come.
    if (before === null && store.stored.length > wanted / 5) before = { traffic, atMs: clock.monotonic() };
    if (before !== null && Number.isNaN(use) && store.stored.length > (wanted * 4) / 5) {
      use = (leastMs(traffic) - leastMs(before.traffic)) / (clock.monotonic() - before.atMs);
    }
  }
  const startMs = fillAtMs ?? Number.NaN;
  const contactS = (startMs - Date.parse('2026-11-22T09:10:00Z')) / 1000;
  const doneMs = (store.stored.at(-1)?.atMs ?? 0) - startMs;
  await stop(clock, one);
  const limitMs = least.profileMs + least.screenMs;
  return [
    { name: 'line use in back-fill', value: use * 100, unit: '% of 9600 8N1', limit: 'wire + meters + silence', goal: '>= 95' },
    {
      name: `back-fill of ${METERS} meters, ${DAYS} days`,
      value: doneMs / limitMs,
      unit: `of the least (${(doneMs / 1000).toFixed(0)} s after ${contactS.toFixed(0)} s of first contact)`,
      limit: `${(limitMs / 1000).toFixed(0)} s: ${Math.ceil((DAYS * 48) / RECORDS)} reads of each, one point on screen`,
      goal: '<= 1.10',
    },
    { name: 'its point on screen, age at p95', value: quantile(ages, 0.95), unit: 's', limit: 'read every 4 s', goal: '<= 5' },
  ];
}

/** The training plant: 70 points on 4 lines, meters of all kinds. */
async function boundaryFigures(): Promise<Figure[]> {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const one = simulatedEngine(clock, { historyDays: 3, plan: { depthDays: 2 } });
  const { engine, plant, meters, store } = one;
  void engine.run();
  await clock.advance(15 * 60_000);
  const watched = meters.filter((_, at) => at % 7 === 0);
  const before = store.stored.length;
  const ages = await agesOver(clock, one, { seconds: 2 * 3600, meters: watched, watched });
  const delays: number[] = [];
  for (const { meterId, startUtc, atMs } of store.stored.slice(before)) {
    const truth = plant.truth.meters[meterId - 1];
    if (truth === undefined) continue;
    const endMs = (startUtc + truth.periodMin * 60 - truth.deviationS) * 1000;
    delays.push((atMs - endMs) / 1000);
  }
  await stop(clock, one);
  return [
    {
      name: 'after the boundary: 95 % stored',
      value: quantile(delays, 0.95),
      unit: 's',
      limit: `${delays.length} half-hours`,
      goal: '<= 20',
    },
    {
      name: 'after the boundary: all stored',
      value: Math.max(...delays),
      unit: 's',
      limit: "each by its meter's own clock",
      goal: '<= 60',
    },
    { name: '10 of 70 points on screen, age p95', value: quantile(ages, 0.95), unit: 's', limit: 'read every 4 s', goal: '<= 5' },
  ];
}

/** 32 meters on one line, 5 dead, 3 there and away by minutes, against the same line in health. */
async function deadFigures(): Promise<Figure[]> {
  const layout = (): SubstationRow[] => [lineOf('TP1', 32)];
  const run = async (isSick: boolean) => {
    const clock = new FakeClock('2026-11-22T09:10:00Z');
    const one = simulatedEngine(clock, { layout: layout(), historyDays: 2, plan: { depthDays: 1 } });
    const { engine, plant, meters } = one;
    const dead = meters.slice(0, 5);
    const flapping = meters.slice(5, 8);
    const neighbours = meters.slice(8);
    if (isSick) for (const { serial } of dead) plant.setFault({ kind: 'dead-meter', serial });
    void engine.run();
    await clock.advance(20 * 60_000);
    let lostMs = 0;
    engine.subscribe({
      exchange(_line, { code, exchange }) {
        if (code !== null) lostMs += exchange.durationMs + SILENCE_MS;
      },
    });
    const startMs = clock.monotonic();
    const ages: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      if (isSick) {
        for (const { serial } of flapping) {
          if (minute % 2 === 0) plant.setFault({ kind: 'dead-meter', serial });
          else plant.clearFault({ kind: 'dead-meter', serial });
        }
      }
      ages.push(...(await agesOver(clock, one, { seconds: 60, meters: neighbours })));
    }
    const elapsedMs = clock.monotonic() - startMs;
    await stop(clock, one);
    return { age: ages.reduce((sum, age) => sum + age, 0) / ages.length, lostShare: lostMs / elapsedMs, p95: quantile(ages, 0.95) };
  };
  const [well, sick] = [await run(false), await run(true)];
  return [
    {
      name: '5 of 32 dead, 3 flapping: neighbours',
      value: (sick.age / well.age - 1) * 100,
      unit: '% older values',
      limit: `${well.age.toFixed(2)} s in health`,
      goal: '<= 5',
    },
    { name: '5 of 32 dead, 3 flapping: line time', value: sick.lostShare * 100, unit: '% lost', limit: 'one hour', goal: '<= 3' },
  ];
}

export async function lineFigures(): Promise<Figure[]> {
  return [...(await backFillFigures()), ...(await boundaryFigures()), ...(await deadFigures())];
}
