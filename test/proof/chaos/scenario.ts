/** What happens to plant, lines and PC in a run of chaos: all of it follows from the options, so that every process knows the same. */
import type { Fault } from '../../../src/main/simulator/faults.ts';
import { hash } from '../../../src/main/simulator/hash.ts';
import { type SubstationRow, TRAINING_PLANT } from '../../../src/main/simulator/layout.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { Chance } from '../chance.ts';
import { SwiftClock } from '../swift-clock.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly days: number;
  /** Days that the PC stands still in the middle of the run. */
  readonly outageDays: number;
  /** Points taken of each line of the training plant; `null` = all 70. */
  readonly pointsPerLine: number | null;
  readonly replacements: number;
  /** Meters lose their supply now and then: beyond what the proof has to show. */
  readonly hasPowerCuts: boolean;
}

/** Milliseconds since 1970, [from, to). */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Replacement {
  readonly pointCode: string;
  /** When another meter stands in the place. */
  readonly atMs: number;
  /** When a person has told the program. */
  readonly toldMs: number;
}

export interface Scenario {
  readonly startMs: number;
  readonly endMs: number;
  /** Moments from which the process is killed as soon as it has passed them, and what it is dead for at least. */
  readonly kills: readonly { readonly atMs: number; readonly pauseMs: number }[];
  readonly lineDowns: readonly (Span & { readonly line: string; readonly isTorn: boolean })[];
  readonly replacements: readonly Replacement[];
  readonly diskFull: Span;
  readonly powerCuts: readonly (Span & { readonly pointCode: string })[];
  /** What the clock of each meter gains in a day, seconds, by the code of its point. */
  readonly driftS: ReadonlyMap<string, number>;
}

export const CHAOS_START_MS = Date.parse('2026-03-02T05:10:00Z');
export const HISTORY_DAYS = 5;
/** Live values of every meter, stated beside the figure. */
export const LIVE_PERIOD_S = 300;
/** At the end nothing happens any more, so that what was broken last can be caught up with. */
const QUIET_MS = 8 * 3_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHANCE = { kills: 1, lines: 2, drift: 3, replacements: 4, disk: 5, damage: 6, power: 7 };
const DOWN_SHARE = 0.05;
const DOWN_S: readonly [min: number, max: number] = [60, 3 * 3600];
/** Each, of all replies: one burst of up to 16 wrong bits, or a cut. */
const DAMAGE_RATE = 0.005;

export function layoutOf({ pointsPerLine }: ChaosOptions): readonly SubstationRow[] {
  if (pointsPerLine === null) return TRAINING_PLANT;
  return TRAINING_PLANT.map((substation) => ({ ...substation, points: substation.points.slice(0, pointsPerLine) }));
}

export function scenarioOf(options: ChaosOptions): Scenario {
  const { seed, days } = options;
  const startMs = CHAOS_START_MS;
  const endMs = startMs + days * DAY_MS;
  const layout = layoutOf(options);
  return {
    startMs,
    endMs,
    kills: killsOf(options, startMs),
    lineDowns: [...new Set(layout.map(({ line }) => line))].flatMap((line, place) =>
      downsOf(line, hash(seed, CHANCE.lines, place), startMs, endMs - QUIET_MS),
    ),
    replacements: replacementsOf(options, layout, startMs),
    diskFull: diskFullOf(options, startMs),
    powerCuts: options.hasPowerCuts ? powerCutsOf(options, layout, startMs, endMs - QUIET_MS) : [],
    driftS: driftOf(seed, layout),
  };
}

/** The plant as it is at the start, with all that is to happen to it; nothing listens yet. `life` keeps the damage of one process apart from that of another. */
export function chaosPlant(options: ChaosOptions, life: number) {
  const scenario = scenarioOf(options);
  const clock = new SwiftClock(scenario.startMs);
  const plant = createPlant({
    clock,
    seed: options.seed,
    chance: hash(options.seed, CHANCE.damage, life),
    historyDays: HISTORY_DAYS,
    layout: layoutOf(options),
    faults: faultsOf(scenario),
  });
  return { scenario, clock, plant };
}

function faultsOf({ startMs, lineDowns, replacements, driftS, powerCuts }: Scenario): Fault[] {
  return [
    ...powerCuts.map(
      ({ pointCode, fromMs, toMs }): Fault => ({
        kind: 'power-off',
        point: pointCode,
        after_s: (fromMs - startMs) / 1000,
        for_s: (toMs - fromMs) / 1000,
      }),
    ),
    { kind: 'corrupt', rate: DAMAGE_RATE },
    { kind: 'truncate', rate: DAMAGE_RATE },
    ...[...driftS].map(([point, s_per_day]): Fault => ({ kind: 'clock-drift', point, s_per_day })),
    ...lineDowns.map(
      ({ line, fromMs, toMs, isTorn }): Fault => ({
        kind: isTorn ? 'drop-line' : 'silent-line',
        line,
        after_s: (fromMs - startMs) / 1000,
        for_s: (toMs - fromMs) / 1000,
      }),
    ),
    ...replacements.map(({ pointCode, atMs }): Fault => ({ kind: 'replaced-meter', point: pointCode, after_s: (atMs - startMs) / 1000 })),
  ];
}

/** One kill in every day; the one before the outage is of the whole PC, for as long as that lasts. */
function killsOf({ seed, days, outageDays }: ChaosOptions, startMs: number): Scenario['kills'] {
  const chance = new Chance(hash(seed, CHANCE.kills));
  const outageDay = outageDays === 0 ? days : Math.floor((days - outageDays) / 2);
  const kills: { atMs: number; pauseMs: number }[] = [];
  for (let day = 0; day < days; day += 1) {
    const atMs = startMs + day * DAY_MS + chance.whole(1, 14 * 60) * 60_000;
    const pauseMs = chance.whole(20, 1200) * 1000;
    if (day > outageDay && day < outageDay + outageDays) continue;
    kills.push({ atMs, pauseMs: day === outageDay ? outageDays * DAY_MS : pauseMs });
  }
  return kills;
}

function downsOf(line: string, seed: number, startMs: number, endMs: number): Scenario['lineDowns'] {
  const chance = new Chance(seed);
  const downs: Scenario['lineDowns'][number][] = [];
  const meanUpS = ((DOWN_S[0] + DOWN_S[1]) / 2 / DOWN_SHARE) * (1 - DOWN_SHARE);
  for (let fromMs = startMs; ; ) {
    fromMs += chance.whole(60, 2 * meanUpS) * 1000;
    const toMs = fromMs + chance.whole(...DOWN_S) * 1000;
    if (toMs > endMs) return downs;
    downs.push({ line, fromMs, toMs, isTorn: chance.share() < 0.6 });
    fromMs = toMs;
  }
}

/** Meters with a profile, one on each line by turns, some time after the outage. */
function replacementsOf(
  { seed, days, outageDays, replacements }: ChaosOptions,
  layout: readonly SubstationRow[],
  startMs: number,
): Replacement[] {
  const chance = new Chance(hash(seed, CHANCE.replacements));
  return Array.from({ length: replacements }, (_, index) => {
    const substation = layout[index % layout.length];
    const codes = (substation?.points ?? []).flatMap(({ family }, place) =>
      family === 'm234' || family === 'm230' || family === 'm236' ? [`${substation?.code}-${String(place + 1).padStart(2, '0')}`] : [],
    );
    const leftDays = (days - outageDays) / 2;
    const atDay = days - leftDays * (0.9 - 0.5 * (index / replacements));
    const atMs = startMs + Math.floor(atDay * DAY_MS) + chance.whole(0, 3 * 3600) * 1000;
    return { pointCode: chance.one(codes), atMs, toldMs: atMs + chance.whole(1, 20) * HOUR_MS * Math.min(1, days / 20) };
  });
}

function diskFullOf({ seed, days }: ChaosOptions, startMs: number): Span {
  const chance = new Chance(hash(seed, CHANCE.disk));
  const fromMs = startMs + Math.floor(0.2 * days) * DAY_MS + chance.whole(15 * 60, 20 * 60) * 60_000;
  return { fromMs, toMs: fromMs + HOUR_MS };
}

/** Each meter with a profile every few days, for a moment or for hours; those that are replaced are left alone. */
function powerCutsOf(options: ChaosOptions, layout: readonly SubstationRow[], startMs: number, endMs: number): Scenario['powerCuts'] {
  const chance = new Chance(hash(options.seed, CHANCE.power));
  const replaced = new Set(replacementsOf(options, layout, startMs).map(({ pointCode }) => pointCode));
  return layout.flatMap(({ code, points }) =>
    points.flatMap(({ family }, place) => {
      const pointCode = `${code}-${String(place + 1).padStart(2, '0')}`;
      if (replaced.has(pointCode) || family === 'm230frozen' || family === 'm230plain') return [];
      const cuts: Scenario['powerCuts'][number][] = [];
      for (let fromMs = startMs; ; ) {
        fromMs += chance.whole(3600, 8 * 86_400) * 1000;
        const toMs = fromMs + chance.one([chance.whole(5, 120), chance.whole(120, 3600), chance.whole(3600, 30_000)]) * 1000;
        if (toMs > endMs) return cuts;
        cuts.push({ pointCode, fromMs, toMs });
        fromMs = toMs;
      }
    }),
  );
}

/** Most clocks are off by up to 3 s a day, every tenth by up to 10. */
function driftOf(seed: number, layout: readonly SubstationRow[]): Map<string, number> {
  const chance = new Chance(hash(seed, CHANCE.drift));
  return new Map(
    layout.flatMap(({ code, points }) =>
      points.map((_, place) => {
        const most = chance.share() < 0.1 ? 10 : 3;
        return [`${code}-${String(place + 1).padStart(2, '0')}`, chance.whole(-most, most)] as const;
      }),
    ),
  );
}
