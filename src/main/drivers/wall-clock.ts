/** The meter's own clock as a calendar: what it shows at a moment, and the boundary that a register belongs to. */
import type { RegisterKind } from '../../shared/domain/register.ts';
import { type ClockBasis, isSummerAt, type UtcSeconds, utcAsWall, type WallTime, wallAsUtc } from '../../shared/domain/time.ts';
import { wallToUtc } from '../protocol/mercury/clock.ts';

/** Seconds around a midnight in which it is not sure whether the meter has frozen its registers yet. */
const MARGIN_S = 5;

/**
 * Wall midnight that starts the running day, month or year (`periodsBack` 0) or the one before (1), of a clock that
 * showed `wall` and has gone on for `elapsedS`. `null` when a midnight lies so near that the registers may be of either day.
 */
export function boundaryOf(kind: Exclude<RegisterKind, 'now'>, periodsBack: 0 | 1, wall: WallTime, elapsedS: number): WallTime | null {
  const seconds = wallAsUtc(wall);
  const first = dateOf(seconds - MARGIN_S);
  const last = dateOf(seconds + elapsedS + MARGIN_S);
  if (wallAsUtc(first) !== wallAsUtc(last)) return null;
  const { year, month, day } = first;
  switch (kind) {
    case 'day-start':
      return dateOf(Date.UTC(year, month - 1, day - periodsBack) / 1000);
    case 'month-start':
      return dateOf(Date.UTC(year, month - 1 - periodsBack, 1) / 1000);
    case 'year-start':
      return dateOf(Date.UTC(year - periodsBack, 0, 1) / 1000);
  }
}

/** Moment of a wall midnight by the meter's basis. Registers carry no season bit, so the season is that of the date. */
export function midnightUtc(midnight: WallTime, basis: ClockBasis): UtcSeconds {
  return stampUtc(midnight, basis);
}

/** Moment of a wall time that carries no season bit, by the meter's basis; in the hour that comes twice it is the first. */
export function stampUtc(wall: WallTime, basis: ClockBasis): UtcSeconds {
  return wallToUtc(wall, isSummerAt(wall), basis);
}

/** What a clock of this basis shows at a moment; `isSummer` counts where the season is applied. */
export function wallAt(at: UtcSeconds, isSummer: boolean, basis: ClockBasis): WallTime {
  const season = isSummer && basis.seasonBit === 'applied' ? 3600 : 0;
  return utcAsWall(at + basis.offsetMin * 60 + season);
}

function dateOf(wallSeconds: number): WallTime {
  return { ...utcAsWall(wallSeconds), hour: 0, minute: 0, second: 0 };
}
