/** Whose hours stand for hours that nobody measured. */
import type { Channel } from '../../../shared/domain/channel.ts';
import type { DayShape } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { type Rational, ZERO } from '../energy.ts';
import { addDays } from '../zone.ts';
import type { ReplacementContext, Steps } from './context.ts';
import { weightsOf } from './spread.ts';

/** The same weekday of the weeks before, then of the weeks after, then of the same season a year ago. */
const LIKE_DAYS = [-7, -14, -21, -28, -35, -42, 7, 14, -364, -357, -371] as const;

const DAY_S = 86_400;

export interface Shape {
  /** One for each start, in their order; all equal when there was nothing to go by. */
  readonly weights: readonly bigint[];
  readonly days: readonly DayShape[];
}

/**
 * Weights of intervals by what the point itself took on a like day: the nearest of the same weekday on which all these hours were
 * measured validly. Where a day has none, the named neighbour gives the shape of all; where it has none either, they are even.
 * Weights of one call share one scale.
 */
export function shapeOf(pointId: number, channel: Channel, starts: readonly UtcSeconds[], context: ReplacementContext): Shape {
  const days = byDay(starts, context);
  const own = days.map(([day, ofDay]) => likeDay(pointId, channel, day, ofDay, context));
  if (own.every((found) => found !== null)) {
    return {
      weights: weightsOf(own.flatMap(({ energies }) => energies)),
      days: days.map(([day], index) => ({ day, likeDay: own[index]?.day ?? null, pointId: null })),
    };
  }
  const { profilePointId } = context.rulesOf(pointId);
  const [first, last] = [starts[0] ?? 0, starts.at(-1) ?? 0];
  const neighbour = profilePointId === null ? null : valid(starts, context.steps(profilePointId, channel, first, last + DAY_S));
  if (neighbour !== null) {
    return { weights: weightsOf(neighbour), days: days.map(([day]) => ({ day, likeDay: null, pointId: profilePointId })) };
  }
  return { weights: starts.map(() => 1n), days: days.map(([day]) => ({ day, likeDay: null, pointId: null })) };
}

function byDay(starts: readonly UtcSeconds[], { zone }: ReplacementContext): [day: string, starts: UtcSeconds[]][] {
  const days = new Map<string, UtcSeconds[]>();
  for (const start of starts) {
    const day = zone.dateOf(start);
    const ofDay = days.get(day);
    if (ofDay === undefined) days.set(day, [start]);
    else ofDay.push(start);
  }
  return [...days];
}

function likeDay(
  pointId: number,
  channel: Channel,
  day: string,
  starts: readonly UtcSeconds[],
  context: ReplacementContext,
): { readonly day: string; readonly energies: readonly Rational[] } | null {
  const { zone } = context;
  const midnight = zone.startOfDay(day);
  for (const distance of LIKE_DAYS) {
    const candidate = addDays(day, distance);
    const movedS = zone.startOfDay(candidate) - midnight;
    const moved = starts.map((start) => start + movedS);
    const energies = valid(moved, context.steps(pointId, channel, midnight + movedS, midnight + movedS + DAY_S));
    if (energies !== null) return { day: candidate, energies };
  }
  return null;
}

function valid(starts: readonly UtcSeconds[], steps: Steps): Rational[] | null {
  const energies = starts.flatMap((start) => {
    const step = steps.get(start);
    return step?.status === 'valid' ? [step.energy ?? ZERO] : [];
  });
  return energies.length === starts.length ? energies : null;
}
