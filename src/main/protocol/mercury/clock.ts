/** Wall stamps of the meter and the one way from them to UTC (mercury.md 4, 8.3, 13.10). */
import { type ClockBasis, type UtcSeconds, type WallTime, wallAsUtc } from '../../../shared/domain/time.ts';
import { implausible } from '../protocol-error.ts';
import type { Command } from './command.ts';
import { bcdDigits, byteAt } from './formats.ts';

/** What 04 00 says. */
export interface MeterClock {
  readonly wall: WallTime;
  /** 1 = Monday .. 7 = Sunday as the meter says it; not checked against the date, since nothing hangs on it. */
  readonly weekday: number;
  /** The season bit says summer. Whether that moves the clock is a matter of the clock basis. */
  readonly isSummer: boolean;
}

/** Current time: 04 00. */
export function readClockCommand(): Command<MeterClock> {
  return { name: 'clock', label: 'clock', body: Uint8Array.of(0x04, 0x00), replyLengths: [11], parse: parseClock };
}

/** Time at which the values of 08 14 were frozen: 08 14 E0. */
export function frozenTimeCommand(): Command<MeterClock> {
  return { name: 'frozen-time', label: 'frozen time', body: Uint8Array.of(0x08, 0x14, 0xe0), replyLengths: [11], parse: parseClock };
}

/** `ss mm hh dow dd MM yy season` in BCD, season 1 = winter. Throws `data/implausible`. */
function parseClock(data: Uint8Array): MeterClock {
  const season = byteAt(data, 7);
  const wall = parseWall(byteAt(data, 6), byteAt(data, 5), byteAt(data, 4), byteAt(data, 2), byteAt(data, 1), byteAt(data, 0));
  if (wall === null) throw implausible('The bytes are no date and time', 1, 'BCD ss mm hh dow dd MM yy');
  if (season > 1) throw implausible(`Season ${season} does not exist`, 8, '0 (summer) or 1 (winter)');
  return { wall, weekday: bcdDigits(byteAt(data, 3)), isSummer: season === 0 };
}

/** A wall time from BCD bytes; `null` when a byte is not BCD or the date or time does not exist. Years are 2000..2099. */
export function parseWall(
  yearByte: number,
  monthByte: number,
  dayByte: number,
  hourByte: number,
  minuteByte: number,
  secondByte: number,
): WallTime | null {
  const year = bcdDigits(yearByte);
  const month = bcdDigits(monthByte);
  const day = bcdDigits(dayByte);
  const hour = bcdDigits(hourByte);
  const minute = bcdDigits(minuteByte);
  const second = bcdDigits(secondByte);
  if (year < 0 || !isDate(2000 + year, month, day)) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  return { year: 2000 + year, month, day, hour, minute, second };
}

/** True for a day of the calendar. */
export function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** UTC = wall - offset - 1 h if the season bit says summer and switching is enabled (mercury.md 13.10). Never shifted by a deviation. */
export function wallToUtc(wall: WallTime, isSummer: boolean, basis: ClockBasis): UtcSeconds {
  return wallAsUtc(wall) - basis.offsetMin * 60 - (isSummer && basis.seasonBit === 'applied' ? 3600 : 0);
}

/**
 * Start of the interval that a record closes. Stamps are ends, and a record cut by a power failure belongs to the
 * interval it was cut in: floor((stamp - 1 s) / T) x T on the meter's wall clock (mercury.md 8.3).
 * `periodMin` is 1..60.
 */
export function intervalStart(stamp: WallTime, isSummer: boolean, periodMin: number, basis: ClockBasis): UtcSeconds {
  const periodS = periodMin * 60;
  const stampUtc = wallToUtc(stamp, isSummer, basis);
  const intoPeriod = (wallAsUtc(stamp) - 1) % periodS;
  return stampUtc - 1 - intoPeriod;
}

/** True when a stamp is not an end of a period: the record was cut by a power failure or by a change of the clock. */
export function isOffGrid(stamp: WallTime, periodMin: number): boolean {
  return wallAsUtc(stamp) % (periodMin * 60) !== 0;
}
