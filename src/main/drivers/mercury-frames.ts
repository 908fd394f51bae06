/** Frames of both Mercury families as bytes of a line, for judging what came besides the answer. */
import type { DriverId } from '../../shared/domain/point.ts';
import { crc16 } from '../protocol/mercury/crc.ts';

const SHORTEST_FRAME = 4;
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
  isWhole: (bytes: Uint8Array): boolean => bytes.length >= SHORTEST_FRAME && crc16(bytes) === 0,
  isRequest: (frame: Uint8Array): boolean => READS_23X.some(([code, lengths]) => frame[1] === code && lengths.includes(frame.length)),
  addressOf: (frame: Uint8Array): number => frame[0] ?? 0,
  requestLengths: [5, 11] as const,
};

/** What every request to a meter begins with: one byte of address, four in the 200 family (mercury.md 12). */
export function requestPrefix(driver: DriverId, address: number): Uint8Array {
  if (driver === 'mercury-23x') return Uint8Array.of(address);
  return Uint8Array.of((address >>> 24) & 0xff, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff);
}
