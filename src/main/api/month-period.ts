import { AppError } from '../../shared/api/errors.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../shared/domain/time.ts';
import type { MissingRun } from '../metering/replacement/context.ts';
import { type SettlementSource, type SettlementStep, settlementSteps } from '../metering/settlement.ts';
import { startOfMonth } from '../metering/zone.ts';
import type { Site } from './site.ts';

/** A month of the site. */
export interface MonthPeriod {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  /** End of the last half-hour that is over: `toUtc` when the month is. */
  readonly endedUtc: UtcSeconds;
  /** End of the last day that is over: what is absent of today is on its way. `toUtc` when the month is over. */
  readonly wholeDaysUtc: UtcSeconds;
  readonly isOver: boolean;
}

/** Throws `api/invalid-argument` for a month that has not begun. */
export function monthPeriod(site: Site, month: string): MonthPeriod {
  const { zone } = site;
  const first = `${month}-01`;
  const [fromUtc, toUtc] = [zone.startOfDay(first), zone.startOfDay(startOfMonth(first, 1))];
  const nowUtc = site.nowUtc();
  if (nowUtc < fromUtc) {
    throw new AppError('api/invalid-argument', `The month ${month} has not begun yet`, { context: { month } });
  }
  const endedUtc = Math.min(toUtc, fromUtc + Math.floor((nowUtc - fromUtc) / HALF_HOUR_S) * HALF_HOUR_S);
  const wholeDaysUtc = Math.min(toUtc, zone.startOfDay(zone.dateOf(nowUtc)));
  return { month, fromUtc, toUtc, endedUtc, wholeDaysUtc, isOver: nowUtc >= toUtc };
}

/** Half-hours of a point that are over. */
export function endedSteps(
  pointId: number,
  source: SettlementSource,
  { fromUtc, endedUtc }: MonthPeriod,
): ReadonlyMap<Channel, readonly SettlementStep[]> {
  const bounds = Array.from({ length: (endedUtc - fromUtc) / HALF_HOUR_S + 1 }, (_, index) => fromUtc + index * HALF_HOUR_S);
  return settlementSteps(pointId, source, bounds);
}

/** Runs of which every interval ended with the last whole day at the latest; a run that goes on is cut there. */
export function untilWholeDay(runs: readonly MissingRun[], { wholeDaysUtc }: MonthPeriod): MissingRun[] {
  return runs.flatMap((run) => {
    const starts = run.starts.filter((start) => start + run.lengthS <= wholeDaysUtc);
    const last = starts.at(-1);
    return last === undefined ? [] : [{ ...run, starts, toUtc: last + run.lengthS }];
  });
}

/** `YYYY-MM` that a moment lies in. */
export function monthOf(site: Site, at: UtcSeconds): string {
  return site.zone.dateOf(at).slice(0, 7);
}

/** Whether figures of a day are those of a closing (docs/adr/0024). */
export function isClosedAt(site: Site, at: UtcSeconds): boolean {
  return site.store.months.closedIn(at, at + 1).length > 0;
}
