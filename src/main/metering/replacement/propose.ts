/** From what is lacking to what may stand in its place: the program proposes, a person approves. */
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import { NO_BASIS, type ReplacementMethod, type ReplacementObstacle } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { SettlementStep } from '../settlement.ts';
import { byReadings } from './by-readings.ts';
import { isSettled, type Method, type MissingRun, type RegisterMark, type ReplacementContext, type ReplacementOption } from './context.ts';
import { byLaw } from './legal.ts';
import { byBusBalance, byControl, byOppositeEnd } from './other-points.ts';
import { shapeOf } from './shape.ts';
import { spread } from './spread.ts';

const RULES: Readonly<Record<ReplacementMethod, Method>> = {
  control: byControl,
  'opposite-end': byOppositeEnd,
  'bus-balance': byBusBalance,
  'readings-by-profile': byReadings,
  legal: byLaw,
  manual: () => ({ obstacle: 'needs-a-person', basis: NO_BASIS }),
};

/** A run with every way to fill it, in the order of the site, and why the other rules have none. */
export interface ReplacementProposal {
  readonly run: MissingRun;
  readonly options: readonly ReplacementOption[];
  readonly obstacles: readonly { readonly method: ReplacementMethod; readonly obstacle: ReplacementObstacle }[];
}

/**
 * Stretches of a point without a valid figure, by channel, then time; one ends where the next meter has intervals of another length.
 * `steps` are of half-hours, those that have ended only; `lengthAt` gives the length of the interval that begins there.
 */
export function missingRuns(
  pointId: number,
  steps: ReadonlyMap<Channel, readonly SettlementStep[]>,
  lengthAt: (startUtc: UtcSeconds) => number,
): MissingRun[] {
  return CHANNELS.flatMap((channel) => {
    const runs: (MissingRun & { starts: UtcSeconds[]; toUtc: UtcSeconds })[] = [];
    for (const step of steps.get(channel) ?? []) {
      if (isSettled(step)) continue;
      const { startUtc } = step;
      const lengthS = lengthAt(startUtc);
      const last = runs.at(-1);
      if (last !== undefined && last.toUtc === startUtc && last.lengthS === lengthS) {
        last.starts.push(startUtc);
        last.toUtc = startUtc + lengthS;
      } else {
        runs.push({ pointId, channel, fromUtc: startUtc, toUtc: startUtc + lengthS, lengthS, starts: [startUtc] });
      }
    }
    return runs;
  });
}

/**
 * The run, cut where the readings that people brought begin or end inside it: between two readings the energy is known, before the
 * first and after the last it is not, and one must not keep the other open. A run that readings enclose stays whole.
 */
export function splitByReadings(run: MissingRun, marks: readonly RegisterMark[]): MissingRun[] {
  const inside = marks.filter(({ isManual, atUtc }) => isManual && atUtc > run.fromUtc && atUtc < run.toUtc).map(({ atUtc }) => atUtc);
  const cuts = new Set([
    ...(marks.some(({ atUtc }) => atUtc <= run.fromUtc) ? [] : inside.slice(0, 1)),
    ...(marks.some(({ atUtc }) => atUtc >= run.toUtc) ? [] : inside.slice(-1)),
  ]);
  const bounds = [run.fromUtc, ...cuts, run.toUtc];
  return bounds.slice(0, -1).flatMap((fromUtc, index) => {
    const toUtc = bounds[index + 1] ?? run.toUtc;
    const starts = run.starts.filter((start) => start >= fromUtc && start < toUtc);
    return starts.length === 0 ? [] : [{ ...run, fromUtc, toUtc, starts }];
  });
}

/** Every rule of the list is asked, so that a person may choose another than the first that has a figure. */
export function proposeReplacement(
  run: MissingRun,
  methods: readonly ReplacementMethod[],
  context: ReplacementContext,
): ReplacementProposal {
  const options: ReplacementOption[] = [];
  const obstacles: ReplacementProposal['obstacles'][number][] = [];
  for (const method of methods) {
    const outcome = RULES[method](run, context);
    if ('figures' in outcome) options.push({ method, figures: outcome.figures, basis: outcome.basis });
    else obstacles.push({ method, obstacle: outcome.obstacle });
  }
  return { run, options, obstacles };
}

/** A total that a person brought, shared out by the hours of a like day. Throws RangeError below zero. */
export function manualReplacement(run: MissingRun, totalWh: bigint, context: ReplacementContext): ReplacementOption {
  if (totalWh < 0n) throw new RangeError('energy is not negative');
  const { weights, days } = shapeOf(run.pointId, run.channel, run.starts, context);
  return { method: 'manual', figures: spread(totalWh, weights), basis: { ...NO_BASIS, shapes: days } };
}
