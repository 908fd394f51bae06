/** Parts of a reply by their places, as `feeder decode` shows them; names are listed in docs/decode-fields.md. */
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { scaledText } from '../../../shared/domain/quantity.ts';
import type { WallTime } from '../../../shared/domain/time.ts';
import { byteAt, hexOf, parseE4 } from './formats.ts';

/** A field by its place in the data bytes of a frame. `null` = a mark of absence. */
export interface DataField {
  readonly name: string;
  readonly value: string | null;
  readonly unit: string | null;
  readonly offset: number;
  readonly length: number;
}

/** What the bytes themselves do not say. */
export interface DecodeContext {
  /** A: turns profile counts into energy. */
  readonly constant_imp_per_kwh?: number;
  /** Records carry their own period; taken only where a reply does not (maxima). */
  readonly period_min?: number;
  /** `a.b.c`: decides the meaning of the profile's address where the address itself does not. */
  readonly firmware?: string;
}

export function field(name: string, value: string | null, unit: string | null, offset: number, length: number): DataField {
  return { name, value, unit, offset, length };
}

/** Bytes whose meaning the documents do not give, or which are none but themselves. */
export function hexField(name: string, data: Uint8Array, offset: number, length: number): DataField {
  byteAt(data, offset + length - 1);
  return field(name, hexOf(data.subarray(offset, offset + length)), null, offset, length);
}

/** `true` or `false` by one bit of the byte at `offset`. */
export function bitField(name: string, data: Uint8Array, offset: number, bit: number): DataField {
  return field(name, String(((byteAt(data, offset) >> bit) & 1) === 1), null, offset, 1);
}

/** Exact decimal text of a count, `null` for a mark of absence. */
export function countText(count: number | null, scale: number): string | null {
  return count === null ? null : scaledText(BigInt(count), scale);
}

/** Four E4 as A+ A- R+ R- from `offset`; the suffix tells sets of one reply apart. */
export function energyFields(data: Uint8Array, offset: number, suffix: string): DataField[] {
  return CHANNELS.map((channel, index) => {
    const start = offset + index * 4;
    return field(`energy.${channel}${suffix}`, countText(parseE4(data, start), 0), channel.startsWith('A') ? 'Wh' : 'varh', start, 4);
  });
}

/** `2026-11-22T09:30`. */
export function minuteText({ year, month, day, hour, minute }: WallTime): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}`;
}

/** `2026-11-22T09:30:00`. */
export function secondText(wall: WallTime): string {
  return `${minuteText(wall)}:${twoDigits(wall.second)}`;
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Room for any quotient by twice a meter constant of the documents. */
const MAX_DECIMALS = 12;

/** Exact decimal text; `undefined` where no finite decimal exists. */
export function quotientText(numerator: bigint, denominator: bigint): string | undefined {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals += 1) {
    const scaled = numerator * 10n ** BigInt(decimals);
    if (scaled % denominator === 0n) return scaledText(scaled / denominator, -decimals);
  }
  return undefined;
}
