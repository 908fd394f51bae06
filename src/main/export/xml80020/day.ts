/** Which half-hours belong to a file of a day, and what they are called in it (xml-80020.md 4). */
import { HALF_HOUR_S, type UtcSeconds } from '../../../shared/domain/time.ts';
import { halfHoursOf, type SiteZone, siteZone } from '../../metering/zone.ts';

/** Zones of the market as an area names them: 1 = UTC+3, whatever the site's clock shows; 3 = UTC+10. */
export const MARKET_ZONES = [1, 3] as const;
export type MarketZone = (typeof MARKET_ZONES)[number];
const OFFSET_MIN: Readonly<Record<MarketZone, number>> = { 1: 180, 3: 600 };

/** By which clock the recipient counts a day. */
export type MarketTime =
  | { readonly kind: 'market'; readonly zone: MarketZone }
  /** Wall clock of the site: some suppliers of retail customers ask for it. */
  | { readonly kind: 'local'; readonly zone: SiteZone };

export interface MarketHalfHour {
  readonly startUtc: UtcSeconds;
  /** Wall clock `HHmm`; the end is half an hour later by the same offset, so the last one ends at `0000`. */
  readonly start: string;
  readonly end: string;
  /** By the greater of the two offsets of a day on which the clock changed; false on every other day. */
  readonly isSummer: boolean;
}

export interface MarketDay {
  /** ISO date. */
  readonly date: string;
  readonly fromUtc: UtcSeconds;
  /** Not included. */
  readonly toUtc: UtcSeconds;
  /** In order; 48, and 46, 50 or 52 on a local day of a change of the clock. */
  readonly halfHours: readonly MarketHalfHour[];
  /** The clock changed on this day. */
  readonly isTransition: boolean;
}

/** The day of a file. Throws `api/invalid-argument` for what is no date. */
export function marketDay(date: string, time: MarketTime): MarketDay {
  const starts = startsOf(date, time);
  const offsets = starts.map((startUtc) => offsetMinAt(startUtc, time));
  const summer = Math.max(...offsets);
  const isTransition = summer !== Math.min(...offsets);
  const fromUtc = starts[0] ?? 0;
  return {
    date,
    fromUtc,
    toUtc: fromUtc + starts.length * HALF_HOUR_S,
    halfHours: starts.map((startUtc, index) => {
      const wall = startUtc + (offsets[index] ?? 0) * 60;
      return { startUtc, start: clockText(wall), end: clockText(wall + HALF_HOUR_S), isSummer: isTransition && offsets[index] === summer };
    }),
    isTransition,
  };
}

/** Clocks of the market's zones while they were still set twice a year, until 2014. */
const ZONE_CLOCKS: Readonly<Record<MarketZone, string>> = { 1: 'Europe/Moscow', 3: 'Asia/Vladivostok' };

/**
 * Ways in which the half-hours of a day may be laid out in a file that is read, the usual one first: old files of the market go by the
 * clock of their zone, so on the days on which it was set they have 46 or 50 half-hours.
 */
export function possibleDays(date: string, time: MarketTime): readonly MarketDay[] {
  const usual = marketDay(date, time);
  if (time.kind === 'local') return [usual];
  const byClock = marketDay(date, { kind: 'local', zone: siteZone(ZONE_CLOCKS[time.zone]) });
  return byClock.isTransition ? [usual, byClock] : [usual];
}

/** Moment of creation as a file has it, `yyyyMMddHHmmss` by the clock of its day. */
export function timestampText(at: UtcSeconds, time: MarketTime): string {
  return new Date((at + offsetMinAt(at, time) * 60) * 1000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
}

/** Value of `daylightsavingtime`: 2 on a day of a change of the clock, else what the recipient wants there (xml-80020.md 4). */
export function daylightSavingOf(day: MarketDay, ordinary: 0 | 1): 0 | 1 | 2 {
  return day.isTransition ? 2 : ordinary;
}

function startsOf(date: string, time: MarketTime): UtcSeconds[] {
  if (time.kind === 'local') return halfHoursOf(date, time.zone);
  const fromUtc = siteZone('UTC').startOfDay(date) - OFFSET_MIN[time.zone] * 60;
  return Array.from({ length: 48 }, (_, index) => fromUtc + index * HALF_HOUR_S);
}

function offsetMinAt(at: UtcSeconds, time: MarketTime): number {
  return time.kind === 'local' ? time.zone.offsetMinAt(at) : OFFSET_MIN[time.zone];
}

function clockText(wall: UtcSeconds): string {
  return new Date(wall * 1000).toISOString().slice(11, 16).replace(':', '');
}
