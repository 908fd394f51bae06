/**
 * Bytes as Mercury meters send them (mercury.md 1, 3 and 12), written apart from the product's own codecs:
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

/** P4: four bytes in the order of E4 with 30 bits of magnitude; the direction bits stand in the second byte (3). */
export function p4(magnitude: number, { isActiveReverse, isReactiveReverse }: Directions): number[] {
  const [second = 0, first = 0, ...low] = e4(Math.min(magnitude, 0x3fffffff));
  return [second, first | (isActiveReverse ? 0x80 : 0) | (isReactiveReverse ? 0x40 : 0), ...low];
}

/** A figure in BCD, high digits first, of so many bytes; `null` = absent, all ones. */
export function bcdFigure(value: number | null, bytes: number): number[] {
  if (value === null) return Array.from({ length: bytes }, () => 0xff);
  return Array.from({ length: bytes }, (_, place) => bcd(Math.floor(value / 100 ** (bytes - 1 - place)) % 100));
}

/** Four bytes, high byte first. */
export function longWord(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** `addr(4) cmd data crc_lo crc_hi` of the second protocol: a reply repeats address and command (mercury.md 12). */
export function longFrame(address: number, command: number, data: readonly number[]): Uint8Array {
  const body = Uint8Array.from([...longWord(address), command, ...data]);
  const crc = checksum(body);
  return Uint8Array.from([...body, crc & 0xff, crc >>> 8]);
}
