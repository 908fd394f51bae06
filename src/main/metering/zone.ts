import { Temporal } from 'temporal-polyfill';
import { AppError } from '../../shared/api/errors.ts';
import { wallAsUtc, type UtcSeconds, type WallTime } from '../../shared/domain/time.ts';

const HALF_HOUR_S = 1800;
const DAY_S = 86_400;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The zone of the site: between UTC inside and calendar days outside. Dates are ISO (`2026-11-22`), moments whole seconds. */
export interface SiteZone {
  /** IANA name as the time zone database spells it. */
  readonly name: string;
  /** Minutes east of UTC at a moment. */
  offsetMinAt(at: UtcSeconds): number;
  /** Date on the wall calendar at a moment. */
  dateOf(at: UtcSeconds): string;
  /** Wall date and time at a moment. */
  wallOf(at: UtcSeconds): WallTime;
  /** First moment of a date: 00:00, or the first one that exists where the clock jumps over midnight. */
  startOfDay(date: string): UtcSeconds;
  /** Moment of a wall time `hh:mm` of a date; a repeated hour means its first pass, a skipped one the time after the jump. */
  momentOf(date: string, time: string): UtcSeconds;
}

/**
 * The zone by its IANA name; historic rules come from the runtime's time zone database.
 * Throws `api/invalid-argument` for anything else, fixed offsets included: an offset knows no history.
 */
export function siteZone(name: string): SiteZone {
  return new DatabaseZone(name);
}

/** The same checks as `siteZone`, for input: the canonical name or `api/invalid-argument`. */
export function checkedZoneName(name: string): string {
  try {
    if (!/^[A-Za-z]/.test(name)) throw new RangeError('not a name');
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (cause) {
    throw new AppError('api/invalid-argument', `"${name}" is not an IANA time zone`, {
      context: { timeZone: name },
      hint: 'Give a name such as Europe/Moscow or Asia/Yekaterinburg.',
      cause,
    });
  }
}

/** Seconds of a stretch during which the offset does not change: `[fromS, toS)`. */
interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly offsetMin: number;
}

class DatabaseZone implements SiteZone {
  readonly name: string;
  /** The stretch asked for last: figures come in order of time, so nearly every question falls into it. */
  #stretch: Stretch;

  constructor(name: string) {
    this.name = checkedZoneName(name);
    this.#stretch = stretchAt(this.name, 0);
  }

  offsetMinAt(at: UtcSeconds): number {
    if (at < this.#stretch.fromS || at >= this.#stretch.toS) this.#stretch = stretchAt(this.name, at);
    return this.#stretch.offsetMin;
  }

  dateOf(at: UtcSeconds): string {
    return utcAsDate(at + this.offsetMinAt(at) * 60);
  }

  wallOf(at: UtcSeconds): WallTime {
    const shifted = new Date((at + this.offsetMinAt(at) * 60) * 1000);
    return {
      year: shifted.getUTCFullYear(),
      month: shifted.getUTCMonth() + 1,
      day: shifted.getUTCDate(),
      hour: shifted.getUTCHours(),
      minute: shifted.getUTCMinutes(),
      second: shifted.getUTCSeconds(),
    };
  }

  startOfDay(date: string): UtcSeconds {
    const wall = dateAsUtc(date);
    const at = wall - this.offsetMinAt(wall) * 60;
    // Away from a change of the offset the answer is arithmetic; near one the calendar decides.
    if (at - DAY_S > this.#stretch.fromS && at + DAY_S < this.#stretch.toS) return at;
    return Temporal.PlainDate.from(date).toZonedDateTime(this.name).epochMilliseconds / 1000;
  }

  momentOf(date: string, time: string): UtcSeconds {
    dateAsUtc(date);
    const plainTime = Temporal.PlainTime.from(time);
    return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: this.name, plainTime }).epochMilliseconds / 1000;
  }
}

function stretchAt(name: string, at: UtcSeconds): Stretch {
  const there = Temporal.Instant.fromEpochMilliseconds(at * 1000).toZonedDateTimeISO(name);
  const next = there.getTimeZoneTransition('next');
  // "previous" is strictly before: one second later it may be the moment itself.
  const previous = there.add({ seconds: 1 }).getTimeZoneTransition('previous');
  return {
    fromS: previous === null ? Number.NEGATIVE_INFINITY : previous.epochMilliseconds / 1000,
    toS: next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds / 1000,
    offsetMin: Math.round(there.offsetNanoseconds / 60e9),
  };
}

/** Midnight of a date as if it were UTC, seconds. Throws `api/invalid-argument` for what is no date. */
function dateAsUtc(date: string): number {
  const ms = ISO_DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // A day that the month does not have rolls over into the next one instead of failing.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new AppError('api/invalid-argument', `"${date}" is not a date (YYYY-MM-DD)`, { context: { date } });
  }
  return ms / 1000;
}

function utcAsDate(at: UtcSeconds): string {
  return new Date(at * 1000).toISOString().slice(0, 10);
}

/** A date moved by whole days: `addDays('2026-02-28', 1)` is `2026-03-01`. Throws `api/invalid-argument` for no date. */
export function addDays(date: string, days: number): string {
  return utcAsDate(dateAsUtc(date) + days * DAY_S);
}

/** First day of the month of a date, moved by whole months. */
export function startOfMonth(date: string, months = 0): string {
  const at = new Date(dateAsUtc(date) * 1000);
  return utcAsDate(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1) / 1000);
}

/** Days from one date to another, both inclusive, in order; empty when `to` is before `from`. Throws `api/invalid-argument`. */
export function daysBetween(from: string, to: string): string[] {
  const [first, last] = [dateAsUtc(from), dateAsUtc(to)];
  return Array.from({ length: Math.max(0, (last - first) / DAY_S + 1) }, (_, index) => utcAsDate(first + index * DAY_S));
}

/** The period `[from 00:00, day after `to` 00:00)` of two inclusive dates. */
export function periodOf(from: string, to: string, zone: SiteZone): { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds } {
  return { fromUtc: zone.startOfDay(from), toUtc: zone.startOfDay(addDays(to, 1)) };
}

/** Starts of the half-hours of a date: 48, and 46 or 50 (by the size of the jump) where the offset changes. */
export function halfHoursOf(date: string, zone: SiteZone): UtcSeconds[] {
  const { fromUtc, toUtc } = periodOf(date, date, zone);
  return Array.from({ length: Math.ceil((toUtc - fromUtc) / HALF_HOUR_S) }, (_, index) => fromUtc + index * HALF_HOUR_S);
}

/**
 * A moment given by a person or a script: ISO 8601 with an offset, or a date, which means its first moment at the site
 * (CLI.md, General). Throws `api/invalid-argument`; a time without an offset is refused, since it could mean two things.
 */
export function parseMoment(text: string, zone: SiteZone): UtcSeconds {
  if (ISO_DATE.test(text)) return zone.startOfDay(text);
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.0+)?)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  try {
    if (parts === null) throw new RangeError('not a moment');
    return Math.floor(Temporal.Instant.from(text).epochMilliseconds / 1000);
  } catch (cause) {
    throw new AppError('api/invalid-argument', `"${text}" is not a moment`, {
      context: { text },
      hint: 'Give ISO 8601 with an offset (2026-11-22T00:00+03:00) or a date, which means 00:00 at the site.',
      cause,
    });
  }
}

/** ISO 8601 local time with its offset and whole seconds: `2025-02-01T06:00:00+03:00`. */
export function isoWithOffset(at: UtcSeconds, offsetMin: number): string {
  const wall = new Date((at + offsetMin * 60) * 1000).toISOString().slice(0, 19);
  const minutes = Math.abs(offsetMin);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${wall}${offsetMin < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Winter offset of a zone in a year, minutes: the smaller of its January and July offsets (the engine's fixed meter offset). */
export function winterOffsetMin(zone: SiteZone, year: number): number {
  const first = (month: number) => zone.offsetMinAt(wallAsUtc({ year, month, day: 1, hour: 0, minute: 0, second: 0 }));
  return Math.min(first(1), first(7));
}
