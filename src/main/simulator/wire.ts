/**
 * Bytes as a Mercury 23x meter sends them (mercury.md 1 and 3), written apart from the product's own codecs:
 * a mistake there cannot hide behind the same mistake here.
 */

/** CRC-16/MODBUS, bit by bit: reflected polynomial 0xA001, start 0xFFFF (mercury.md 1). */
export function checksum(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** `addr data crc_lo crc_hi`: a reply carries no command code (mercury.md 1.2). */
export function frame(address: number, data: readonly number[]): Uint8Array {
  const body = Uint8Array.from([address, ...data]);
  const crc = checksum(body);
  return Uint8Array.from([...body, crc & 0xff, crc >>> 8]);
}

/** True when the last two bytes are the checksum of the rest, low byte first; the shortest request has 4 bytes. */
export function isWhole(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const crc = checksum(bytes.subarray(0, -2));
  return bytes.at(-2) === (crc & 0xff) && bytes.at(-1) === crc >>> 8;
}

/** E4, whole Wh or varh: bytes 2 1 4 3 counted from the most significant; `null` = kind of energy not kept, all ones. */
export function e4(energy: number | null): number[] {
  const count = energy === null ? 0xffffffff : energy;
  return [(count >>> 16) & 0xff, count >>> 24, count & 0xff, (count >>> 8) & 0xff];
}

/** V3: most significant byte, least significant, middle; `null` = not available, all ones. */
export function v3(count: number | null): number[] {
  const value = count === null ? 0xffffff : count;
  return [value >>> 16, value & 0xff, (value >>> 8) & 0xff];
}

/** Direction bits of P3: bit 7 active energy flows back, bit 6 reactive energy flows back. */
export interface Directions {
  readonly isActiveReverse: boolean;
  readonly isReactiveReverse: boolean;
}

/** P3: V3 with 22 bits of magnitude and the two direction bits on top. */
export function p3(magnitude: number, { isActiveReverse, isReactiveReverse }: Directions): number[] {
  const [top = 0, ...rest] = v3(Math.min(magnitude, 0x3fffff));
  return [top | (isActiveReverse ? 0x80 : 0) | (isReactiveReverse ? 0x40 : 0), ...rest];
}

/** W2: low byte first; `null` = not kept, all ones. */
export function w2(count: number | null): number[] {
  const value = count === null ? 0xffff : count;
  return [value & 0xff, value >>> 8];
}

/** Two decimal digits in one byte, 0..99. */
export function bcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}
