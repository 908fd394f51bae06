/** A moment: whole seconds since 1970-01-01T00:00:00Z. Everything inside the product keeps time in this form. */
export type UtcSeconds = number;

/** Seconds of a half-hour. */
export const HALF_HOUR_S = 1800;

/** Start of the half-hour by UTC that a moment lies in. */
export function halfHourOf(at: UtcSeconds): UtcSeconds {
  return Math.floor(at / HALF_HOUR_S) * HALF_HOUR_S;
}

/**
 * What a meter's clock shows: a wall date and time without a zone, as the meter stamps it.
 * Fields are validated (a real calendar date, 24-hour time); `year` is the full year.
 */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * How a meter's wall clock relates to UTC (mercury.md 13.10). The offset is fixed and dated in the store:
 * meter time is not site time. The season bit moves the clock only where switching is proven to be enabled.
 */
export interface ClockBasis {
  /** Minutes east of UTC in the meter's winter time, for example 180. */
  readonly offsetMin: number;
  /** `applied`: the season bit "summer" means one hour more; `ignored`: the bit is decoration. */
  readonly seasonBit: 'applied' | 'ignored';
}

/** ISO 8601 in UTC with whole seconds: `2026-11-21T21:00:00Z`. */
export function isoUtc(at: UtcSeconds): string {
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
}

/** Seconds since 1970 of a wall time read as if it were UTC; the caller subtracts the offset. */
export function wallAsUtc(wall: WallTime): UtcSeconds {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) / 1000;
}

/** The wall time that `wallAsUtc` reads as these seconds. */
export function utcAsWall(at: UtcSeconds): WallTime {
  const date = new Date(at * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** Seasons change on the last Sunday of March at 2:00 and of October at 3:00 of the wall. */
export function isSummerAt({ year, month, day, hour }: WallTime): boolean {
  if (month !== 3 && month !== 10) return month > 3 && month < 10;
  const sunday = lastSunday(year, month);
  if (day !== sunday) return month === 3 ? day > sunday : day < sunday;
  return month === 3 ? hour >= 2 : hour < 3;
}

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 0));
  return last.getUTCDate() - last.getUTCDay();
}

/** The day that a meter's own clock shows, counted from 1970-01-01 on its wall; the season is left out, as it moves no noon over a midnight. */
export function meterDayOf(utc: UtcSeconds, { offsetMin }: Pick<ClockBasis, 'offsetMin'>): number {
  return Math.floor((utc + offsetMin * 60) / 86_400);
}

/**
 * Midnight that begins a day of a meter's own clock; days are counted from 1970-01-01 on its wall. Where the season is applied
 * a day has 23 or 25 hours twice a year.
 */
export function dayStartUtc(day: number, { offsetMin, seasonBit }: ClockBasis): UtcSeconds {
  const wallS = day * 86_400;
  const season = seasonBit === 'applied' && isSummerAt(utcAsWall(wallS)) ? 3600 : 0;
  return wallS - offsetMin * 60 - season;
}
