/** Numeric layouts of the 23x family (mercury.md 3): bytes to integer counts. All-ones marks decode to `null`: absent, never zero. */
import { ProtocolError } from '../protocol-error.ts';

/** Which direction bit of P3 and P4 gives the sign: bit 7 active, bit 6 reactive; `none` = a magnitude. */
export type SignBit = 'active' | 'reactive' | 'none';
/** Named layouts; the digit is the size in bytes. */
export type CountFormat = 'E4' | 'P3' | 'P4' | 'V3' | 'W2' | 'T2';

/** Size in bytes and parser of each named format. Parsers throw `transport/short-frame` past the end of the bytes. */
export const COUNT_FORMATS: Readonly<
  Record<CountFormat, { readonly size: number; readonly parse: (bytes: Uint8Array, offset: number, sign: SignBit) => number | null }>
> = {
  E4: { size: 4, parse: parseE4 },
  P3: { size: 3, parse: parseP3 },
  P4: { size: 4, parse: parseP4 },
  V3: { size: 3, parse: parseV3 },
  W2: { size: 2, parse: parseW2 },
  T2: { size: 2, parse: parseT2 },
};

/** Byte at `offset`; throws `transport/short-frame` past the end. */
export function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) {
    throw new ProtocolError('transport/short-frame', `The reply ends after ${bytes.length} data bytes`, {
      offset: bytes.length,
      expectation: `byte ${offset}`,
    });
  }
  return byte;
}

/** Energy, Wh or varh: two little-endian words, high word first; `null` = this kind of energy is not kept by the meter. */
export function parseE4(bytes: Uint8Array, offset: number): number | null {
  const last = byteAt(bytes, offset + 3);
  const count = ((byteAt(bytes, offset + 1) << 24) | (byteAt(bytes, offset) << 16) | (last << 8) | byteAt(bytes, offset + 2)) >>> 0;
  return count === 0xffffffff ? null : count;
}

function parseP3(bytes: Uint8Array, offset: number, sign: SignBit): number | null {
  const middle = byteAt(bytes, offset + 2);
  const top = byteAt(bytes, offset);
  const low = byteAt(bytes, offset + 1);
  // The mark is checked before masking: masked, it would be a plausible 41943.03.
  if (top === 0xff && middle === 0xff && low === 0xff) return null;
  return signed(((top & 0x3f) << 16) | (middle << 8) | low, top, sign);
}

function parseP4(bytes: Uint8Array, offset: number, sign: SignBit): number | null {
  const last = byteAt(bytes, offset + 3);
  // Unlike P3, the direction bits stand in the second byte sent.
  const top = byteAt(bytes, offset + 1);
  const second = byteAt(bytes, offset);
  const low = byteAt(bytes, offset + 2);
  if (top === 0xff && second === 0xff && last === 0xff && low === 0xff) return null;
  return signed(((top & 0x3f) << 24) | (second << 16) | (last << 8) | low, top, sign);
}

function parseV3(bytes: Uint8Array, offset: number): number | null {
  const middle = byteAt(bytes, offset + 2);
  const count = (byteAt(bytes, offset) << 16) | (middle << 8) | byteAt(bytes, offset + 1);
  return count === 0xffffff ? null : count;
}

/** Unsigned word, low byte first; `null` = not kept. */
export function parseW2(bytes: Uint8Array, offset: number): number | null {
  const count = (byteAt(bytes, offset + 1) << 8) | byteAt(bytes, offset);
  return count === 0xffff ? null : count;
}

/** Whole degrees, signed, high byte first; no mark of absence is known, and all ones is a legal -1. */
function parseT2(bytes: Uint8Array, offset: number): number {
  return ((byteAt(bytes, offset + 1) | (byteAt(bytes, offset) << 8)) << 16) >> 16;
}

function signed(magnitude: number, flags: number, sign: SignBit): number {
  const mask = sign === 'active' ? 0x80 : sign === 'reactive' ? 0x40 : 0;
  return (flags & mask) === 0 || magnitude === 0 ? magnitude : -magnitude;
}

const BCD = Int8Array.from({ length: 256 }, (_, byte) => ((byte & 0x0f) > 9 || byte >> 4 > 9 ? -1 : (byte >> 4) * 10 + (byte & 0x0f)));

/** Two decimal digits of one byte, 0..99; -1 when a half is above 9. */
export function bcdDigits(byte: number): number {
  return BCD[byte] ?? -1;
}

/** The byte of two decimal digits, 0..99. */
export function bcdByte(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}

/** Upper-case hex without separators. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text.toUpperCase();
}
