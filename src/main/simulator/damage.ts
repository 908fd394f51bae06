/** What a bad line makes of bytes. Everything follows from the seed and the number of the exchange. */
import { hash, pick } from './hash.ts';
import { isWhole } from './wire.ts';

const CHANCE = { corrupt: 31, cut: 32, place: 33, bits: 34, noise: 35 };

/** True for a share of `rate` of all exchanges, 0..1; `salt` keeps one question of chance apart from another. */
export function isHit(rate: number, seed: number, salt: number, exchange: number): boolean {
  return hash(seed, salt, exchange) < rate * 2 ** 32;
}

/** With the chance of `rate` one burst of 1..16 wrong bits. It leaves no good checksum: CRC-16 finds every such burst. */
export function corrupt(reply: Uint8Array, rate: number, seed: number, exchange: number): Uint8Array {
  if (!isHit(rate, seed, CHANCE.corrupt, exchange)) return reply;
  const bits = pick(hash(seed, CHANCE.bits, exchange), 1, 16);
  const start = pick(hash(seed, CHANCE.place, exchange), 0, reply.length * 8 - bits);
  const damaged = reply.slice();
  for (let bit = 0; bit < bits; bit += 1) {
    // A burst is as long as the distance between its first and last wrong bit.
    const isEdge = bit === 0 || bit === bits - 1;
    if (!isEdge && hash(seed, CHANCE.bits, exchange, bit) % 2 === 0) continue;
    const at = start + bit;
    // Bits in the order of the wire: least significant first.
    damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
  }
  return damaged;
}

/** With the chance of `rate` some bytes at the end are missing; at least one stays, and never a whole frame. */
export function truncate(reply: Uint8Array, rate: number, seed: number, exchange: number): Uint8Array {
  if (!isHit(rate, seed, CHANCE.cut, exchange)) return reply;
  let length = pick(hash(seed, CHANCE.place, exchange, 1), 1, reply.length - 1);
  while (length > 1 && isWhole(reply.subarray(0, length))) length -= 1;
  return reply.slice(0, length);
}

/** 1..`most` stray bytes that are no frame; the first is FF, as a transceiver makes it when it wakes (mercury.md 13). */
export function noise(most: number, seed: number, exchange: number): Uint8Array {
  const bytes = Uint8Array.from({ length: pick(hash(seed, CHANCE.noise, exchange), 1, most) }, (_, at) =>
    at === 0 ? 0xff : hash(seed, CHANCE.noise, exchange, at) & 0xff,
  );
  return spoiled(bytes);
}

/** The bytes as a receiver of another parity hands them over: every byte whose parity bit does not fit as a zero. */
export function misread(bytes: Uint8Array): Uint8Array {
  return spoiled(bytes.map((byte) => (isOdd(byte) ? 0 : byte)));
}

function isOdd(byte: number): boolean {
  let ones = 0;
  for (let rest = byte; rest !== 0; rest >>>= 1) ones += rest & 1;
  return ones % 2 === 1;
}

/** The same bytes, the last one changed when by chance they are a good frame. */
function spoiled(bytes: Uint8Array): Uint8Array {
  if (!isWhole(bytes)) return bytes;
  const changed = bytes.slice();
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 0x01;
  return changed;
}
