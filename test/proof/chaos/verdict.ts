/** Holds the database of a run of chaos against the truth of its plant. */
import type { PlantTruth } from '../../../src/main/simulator/truth.ts';
import { openStoreReader } from '../../../src/main/store/store.ts';
import { CHANNELS, type PerChannel } from '../../../src/shared/domain/channel.ts';
import { type ChaosOptions, chaosPlant, HISTORY_DAYS, type Scenario, type Span } from './scenario.ts';

/** A slot counts as reachable when its meter had closed it and for so long in one piece could be asked for it. */
const REACH_MS = 10 * 60_000;
const DAY_S = 86_400;

export interface ChaosVerdict {
  /** Slots that were reachable, of meters that keep a profile. */
  readonly reachable: number;
  readonly stored: number;
  /** Slots that their meter held, but not where and when anybody could have asked: gone with a replaced meter. */
  readonly unreachable: number;
  /** `serial start` of what should be there and is not; the first ones. */
  readonly missing: readonly string[];
  readonly missingCount: number;
  /** `serial start: stored, true` of what differs from the truth or never was. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
  /** Slots that were stored more than once with other figures. */
  readonly revised: number;
  /** Intervals acknowledged to the engine that are not there. */
  readonly acknowledgedLost: number;
  readonly acknowledged: number;
  /** Half-hours of meters without a profile, which hang on a freeze in the moment, and how many of them are off by more than rounding. */
  readonly frozen: number;
  readonly frozenWrong: number;
}

interface MeterTruth {
  readonly serial: string;
  readonly line: string;
  readonly pointCode: string;
  readonly keepsIntervals: boolean;
  /** From where it stands on, until it was taken away. */
  readonly present: Span;
  readonly slots: Map<number, PerChannel<number | null>>;
  /** When the meter had closed a slot, milliseconds. */
  closedMs(startUtc: number): number;
}

/** `ups` are the lives of the process; `acknowledged` has `meterId start`. */
export async function judgeChaos(
  options: ChaosOptions,
  folder: string,
  ups: readonly Span[],
  acknowledged: ReadonlySet<string>,
): Promise<ChaosVerdict> {
  const { scenario, truths, truth, stop } = await gatherTruth(options);
  const store = openStoreReader({ folder });
  try {
    const counts = { reachable: 0, stored: 0, unreachable: 0, revised: 0, frozen: 0, frozenWrong: 0 };
    const missing: string[] = [];
    const wrong: string[] = [];
    const have = new Set<string>();
    const meters = new Map(store.plant.load().meters.map((meter) => [meter.serial, meter.id]));
    for (const meter of truths) {
      const id = meters.get(meter.serial);
      const rows = id === undefined ? [] : store.intervals.list(id, 0, Number.MAX_SAFE_INTEGER);
      for (const { startUtc } of rows) have.add(`${id} ${startUtc}`);
      if (!meter.keepsIntervals) {
        counts.frozen += rows.length;
        for (const row of rows) if (!isNear(truth, meter.serial, row.startUtc, row.counts)) counts.frozenWrong += 1;
        continue;
      }
      const windows = windowsOf(scenario, meter, ups);
      const stored = new Map(rows.map((row) => [row.startUtc, row]));
      for (const [start, real] of meter.slots) {
        const row = stored.get(start);
        const isReachable = windows.some(({ fromMs, toMs }) => toMs - Math.max(fromMs, meter.closedMs(start)) >= REACH_MS);
        if (isReachable) counts.reachable += 1;
        else if (row === undefined) counts.unreachable += 1;
        if (row === undefined) {
          if (isReachable) missing.push(`${meter.serial} ${iso(start)}`);
          continue;
        }
        if (isReachable) counts.stored += 1;
        if (row.revision > 1) counts.revised += 1;
        if (CHANNELS.some((channel) => row.counts[channel] !== real[channel])) {
          wrong.push(`${meter.serial} ${iso(start)}: ${JSON.stringify(row.counts)}, ${JSON.stringify(real)}`);
        }
      }
      for (const row of rows) {
        if (!meter.slots.has(row.startUtc)) wrong.push(`${meter.serial} ${iso(row.startUtc)}: ${JSON.stringify(row.counts)}, never was`);
      }
    }
    return {
      ...counts,
      missing: missing.slice(0, 40),
      missingCount: missing.length,
      wrong: wrong.slice(0, 40),
      wrongCount: wrong.length,
      acknowledged: acknowledged.size,
      acknowledgedLost: [...acknowledged].filter((key) => !have.has(key)).length,
    };
  } finally {
    store.close();
    await stop();
  }
}

/** Lives through the whole run without anybody asking, and takes down day by day what the meters hold. */
async function gatherTruth(options: ChaosOptions) {
  const { scenario, clock, plant } = chaosPlant(options, 0);
  await plant.start();
  const { truth } = plant;
  const truths = truth.meters.map((meter): MeterTruth => {
    const replaced = scenario.replacements.find(({ pointCode }) => pointCode === meter.pointCode);
    const drift = scenario.driftS.get(meter.pointCode) ?? 0;
    return {
      serial: meter.serial,
      line: meter.line,
      pointCode: meter.pointCode,
      keepsIntervals: meter.intervals !== 'registers',
      present: { fromMs: 0, toMs: replaced?.atMs ?? Number.POSITIVE_INFINITY },
      slots: new Map(),
      closedMs(startUtc) {
        const endS = startUtc + meter.periodMin * 60;
        const gainedS = Math.max(0, (endS - scenario.startMs / 1000) / DAY_S) * drift;
        return (endS - meter.deviationS - gainedS) * 1000;
      },
    };
  });
  const note = (meter: MeterTruth, fromUtc: number) => {
    const nowUtc = Math.floor(clock.now() / 1000);
    for (const start of truth.expectedStarts(meter.serial, fromUtc, nowUtc)) {
      // A power cut has closed a part of the interval that is running: the rest of it is still to come.
      const isRunning = meter.closedMs(start) > clock.now();
      const counts = isRunning || meter.slots.has(start) ? null : truth.interval(meter.serial, start);
      if (counts !== null) meter.slots.set(start, counts);
    }
  };
  for (let day = 0; day <= options.days; day += 1) {
    const nowMs = scenario.startMs + day * DAY_S * 1000;
    await clock.moveTo(nowMs);
    for (const { pointCode, atMs } of scenario.replacements) {
      const serial = truth.standing(pointCode);
      const original = truth.meters.find((meter) => meter.pointCode === pointCode);
      if (original === undefined || serial === original.serial || truths.some((meter) => meter.serial === serial)) continue;
      truths.push({
        serial,
        line: original.line,
        pointCode,
        keepsIntervals: true,
        present: { fromMs: atMs, toMs: Number.POSITIVE_INFINITY },
        slots: new Map(),
        closedMs: (startUtc) => (startUtc + original.periodMin * 60 - original.deviationS) * 1000,
      });
    }
    const fromUtc = nowMs / 1000 - (day === 0 ? HISTORY_DAYS + 1 : 3) * DAY_S;
    for (const meter of truths) if (meter.keepsIntervals) note(meter, fromUtc);
  }
  return { scenario, truths, truth, stop: () => plant.stop() };
}

/** When the meter could be asked: the process lived, the line was up, the meter stood there and had supply. */
function windowsOf({ lineDowns, powerCuts }: Scenario, { line, pointCode, present }: MeterTruth, ups: readonly Span[]): Span[] {
  let windows = ups.map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, present.fromMs), toMs: Math.min(toMs, present.toMs) }));
  const downs: Span[] = [...lineDowns.filter((each) => each.line === line), ...powerCuts.filter((each) => each.pointCode === pointCode)];
  for (const down of downs) {
    windows = windows.flatMap((window) => [
      { fromMs: window.fromMs, toMs: Math.min(window.toMs, down.fromMs) },
      { fromMs: Math.max(window.fromMs, down.toMs), toMs: window.toMs },
    ]);
    windows = windows.filter(({ fromMs, toMs }) => toMs > fromMs);
  }
  return windows.filter(({ fromMs, toMs }) => toMs - fromMs >= REACH_MS);
}

/** Registers are whole Wh, and a freeze is up to some seconds off the boundary (docs/adr/0009). */
function isNear(truth: PlantTruth, serial: string, startUtc: number, counts: PerChannel<number | null>): boolean {
  const real = truth.interval(serial, startUtc);
  const meter = truth.meters.find((candidate) => candidate.serial === serial);
  if (real === null || meter === undefined) return false;
  return meter.channels.every((channel) => {
    const wh = ((real[channel] ?? Number.NaN) * 500) / meter.constant;
    return Math.abs((counts[channel] ?? Number.NaN) - wh) <= 1 + wh * 0.02;
  });
}

function iso(utc: number): string {
  return new Date(utc * 1000).toISOString().slice(0, 16);
}
