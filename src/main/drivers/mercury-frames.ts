/** Frames of both Mercury families as bytes of a line, for judging what came besides the answer. */
import type { DriverId } from '../../shared/domain/point.ts';
import { crc16 } from '../protocol/mercury/crc.ts';

/** Address, one byte and the checksum: the shortest frame of both families. */
const SHORTEST_FRAME = 4;
/** 255 data bytes with address and checksum (mercury.md 1). */
const LONGEST_FRAME = 258;
const OPEN_CHANNEL = 0x01;
/** Address, code and level stand before the six bytes of the password, the checksum behind them (mercury.md 2). */
const PASSWORD_OFFSET = 3;
const OPENING_LENGTH = 11;
/** Reads of 23x whose requests cannot be taken for a status reply: code, bytes of the whole request (mercury.md 4 to 8). */
const READS_23X: readonly (readonly [code: number, lengths: readonly number[]])[] = [
  [0x01, [11]],
  [0x04, [5, 6]],
  [0x05, [6]],
  [0x06, [8]],
  [0x08, [5, 6]],
  [0x15, [6]],
  [0x18, [9]],
];

/** Rules for `src/main/line/evidence.ts`. The 200 family answers with address and command of the request: only 23x shows foreign requests. */
export const MERCURY_FRAMES = {
  isWhole: (bytes: Uint8Array, start = 0, end = bytes.length): boolean => end - start >= SHORTEST_FRAME && crc16(bytes, start, end) === 0,
  isRequest: (frame: Uint8Array): boolean => READS_23X.some(([code, lengths]) => frame[1] === code && lengths.includes(frame.length)),
  addressOf: (frame: Uint8Array): number => frame[0] ?? 0,
  requestLengths: [5, 11] as const,
};

/** What every request to a meter begins with: one byte of address, four in the 200 family (mercury.md 12). */
export function requestPrefix(driver: DriverId, address: number): Uint8Array {
  if (driver === 'mercury-23x') return Uint8Array.of(address);
  return Uint8Array.of((address >>> 24) & 0xff, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff);
}

/**
 * Whole frames with a good checksum, one behind the other from the first byte on; ends at the first byte that begins none.
 * Looking for them anywhere would find some in any noise: 16 bits of checksum are few for so many tries.
 */
export function leadingFrames(bytes: Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const length = frameLength(bytes, start);
    if (length === null) break;
    frames.push(bytes.subarray(start, start + length));
    start += length;
  }
  return frames;
}

/**
 * True when a frame answers the request and repeats its code: one byte longer than asked for, the code after the address
 * (mercury.md 1.2). `replyBytes` is the length of the plain reply.
 */
export function repeatsCode(request: Uint8Array, replyBytes: number, received: Uint8Array): boolean {
  for (let start = 0; start + replyBytes + 1 <= received.length; start += 1) {
    if (received[start] !== request[0] || received[start + 1] !== request[1]) continue;
    if (crc16(received, start, start + replyBytes + 1) === 0) return true;
  }
  return false;
}

/**
 * Places of the passwords in requests of another master that open a channel, `addr 01 level password crc`: [from, to), the
 * checksum included, which would give the password away.
 */
export function overheardPasswords(bytes: Uint8Array): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (let start = 0; start + OPENING_LENGTH <= bytes.length; start += 1) {
    if (bytes[start + 1] !== OPEN_CHANNEL || crc16(bytes, start, start + OPENING_LENGTH) !== 0) continue;
    found.push([start + PASSWORD_OFFSET, start + OPENING_LENGTH]);
  }
  return found;
}

function frameLength(bytes: Uint8Array, start: number): number | null {
  const most = Math.min(LONGEST_FRAME, bytes.length - start);
  for (let length = SHORTEST_FRAME; length <= most; length += 1) if (crc16(bytes, start, start + length) === 0) return length;
  return null;
}
