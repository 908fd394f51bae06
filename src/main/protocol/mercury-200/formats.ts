/** Layouts of the 200 family (mercury.md 12): BCD with the high digits first, all FF = absent. */
import type { WallTime } from '../../../shared/domain/time.ts';
import { isDate, parseWall } from '../mercury/clock.ts';
import { twoDigits } from '../mercury/fields.ts';
import { bcdDigits, byteAt, parseW2 } from '../mercury/formats.ts';
import { implausible } from '../protocol-error.ts';

/** Named layouts of counts; the digit is the size in bytes. B = BCD, C2 = BCD with a sign in the top bit, W2 = binary, low byte first. */
export type CountFormat = 'B2' | 'B3' | 'B4' | 'C2' | 'W2';

/** Size in bytes and parser of each named format. */
export const COUNT_FORMATS: Readonly<
  Record<CountFormat, { readonly size: number; readonly parse: (bytes: Uint8Array, offset: number) => number | null }>
> = {
  B2: { size: 2, parse: (bytes, offset) => parseBcd(bytes, offset, 2) },
  B3: { size: 3, parse: (bytes, offset) => parseBcd(bytes, offset, 3) },
  B4: { size: 4, parse: (bytes, offset) => parseBcd(bytes, offset, 4) },
  C2: { size: 2, parse: parseSigned },
  W2: { size: 2, parse: parseW2 },
};

/** A wall time with the day of the week that the meter gives it. */
export interface MeterStamp {
  readonly wall: WallTime;
  /** 0 = Sunday .. 6 = Saturday, 7 = holiday. */
  readonly weekday: number;
}

/** Digits of `size` bytes as a number; `null` = all FF. Throws `data/implausible` for other bytes that are no digits. */
export function parseBcd(bytes: Uint8Array, offset: number, size: number): number | null {
  if (isFilled(bytes, offset, size, 0xff)) return null;
  let count = 0;
  for (let index = offset; index < offset + size; index += 1) {
    const digits = bcdDigits(byteAt(bytes, index));
    if (digits < 0) throw implausible(`Byte ${index} is no pair of decimal digits`, index, 'BCD digits');
    count = count * 100 + digits;
  }
  return count;
}

function parseSigned(bytes: Uint8Array, offset: number): number | null {
  if (isFilled(bytes, offset, 2, 0xff)) return null;
  const top = byteAt(bytes, offset);
  const magnitude = parseBcd(Uint8Array.of(top & 0x7f, byteAt(bytes, offset + 1)), 0, 2);
  return magnitude === null || magnitude === 0 || top < 0x80 ? magnitude : -magnitude;
}

/** `dow hh mm ss dd MM yy`; `null` = no date and time (never happened, or not kept). */
export function parseStamp(bytes: Uint8Array, offset = 0): MeterStamp | null {
  const wall = parseTime(bytes, offset + 1);
  return wall === null ? null : { wall, weekday: byteAt(bytes, offset) };
}

/** `hh mm ss dd MM yy`; `null` = no date and time. */
export function parseTime(bytes: Uint8Array, offset: number): WallTime | null {
  const at = (index: number) => byteAt(bytes, offset + index);
  return parseWall(at(5), at(4), at(3), at(0), at(1), at(2));
}

/** `dd MM yy` as an ISO date; `null` = no date. */
export function parseDate(bytes: Uint8Array, offset: number): string | null {
  const [day, month, year] = [0, 1, 2].map((index) => bcdDigits(byteAt(bytes, offset + index)));
  if (day === undefined || month === undefined || year === undefined || year < 0 || !isDate(2000 + year, month, day)) return null;
  return `20${twoDigits(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** One byte of two decimal digits, 0..99. */
export function bcdByte(number: number): number {
  return (Math.floor(number / 10) << 4) | (number % 10);
}

/** True when `size` bytes are all `mark`. */
export function isFilled(bytes: Uint8Array, offset: number, size: number, mark: number): boolean {
  for (let index = offset; index < offset + size; index += 1) if (byteAt(bytes, index) !== mark) return false;
  return true;
}
