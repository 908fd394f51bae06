/** Hours of a period as columns of a day: 24, and one more or one less where the zone changed. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { stepBounds } from '../metering/consumption.ts';
import type { SiteZone } from '../metering/zone.ts';

/** An hour of the wall clock; `pass` is 2 for the one that the clock shows again. */
export interface HourColumn {
  readonly hour: number;
  readonly pass: 1 | 2;
}

export interface DayHours {
  /** ISO date. */
  readonly day: string;
  /** Index of the step of each column; null where this day has no such hour. */
  readonly steps: readonly (number | null)[];
}

export interface HourGrid {
  readonly bounds: readonly UtcSeconds[];
  readonly columns: readonly HourColumn[];
  readonly days: readonly DayHours[];
}

/** The hours of a period of inclusive dates: a repeated hour is a column of its own, which other days do not have. */
export function hourGrid(from: string, to: string, zone: SiteZone): HourGrid {
  const bounds = stepBounds(from, to, 'hour', zone);
  const columns = new Set(Array.from({ length: 24 }, (_, hour) => hour * 2));
  const days = new Map<string, Map<number, number>>();
  for (const [index, at] of bounds.slice(0, -1).entries()) {
    const { hour } = zone.wallOf(at);
    const day = zone.dateOf(at);
    const own = days.get(day) ?? new Map<number, number>();
    days.set(day, own);
    const key = own.has(hour * 2) ? hour * 2 + 1 : hour * 2;
    columns.add(key);
    own.set(key, index);
  }
  const keys = [...columns].sort((a, b) => a - b);
  return {
    bounds,
    columns: keys.map((key) => ({ hour: key >> 1, pass: key % 2 === 0 ? 1 : 2 })),
    days: [...days].map(([day, own]) => ({ day, steps: keys.map((key) => own.get(key) ?? null) })),
  };
}
