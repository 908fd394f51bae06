/** What the bytes of a bus tell besides a reply: for searches, line tests and the diagnosis of polled lines. Pure and total. */
import { crc16 } from '../protocol/mercury/crc.ts';

/** Address, one byte and the checksum: the shortest frame of both Mercury families. */
const SHORTEST_FRAME = 4;
/** 255 data bytes with address and checksum (mercury.md 1). */
const LONGEST_FRAME = 258;
const OPEN_CHANNEL = 0x01;
/** Address, code and level stand before the six bytes of the password, the checksum behind them (mercury.md 2). */
const PASSWORD_OFFSET = 3;
const OPENING_LENGTH = 11;
/** Transaction, protocol and length: what stands in front of the bytes that the length counts. */
const MBAP_HEAD = 6;
/** Unit, function and one byte more, to the 253 data bytes of Modbus. */
const MBAP_BODY = { min: 3, max: 254 };

/** Received bytes without the copies of the request that an echoing adapter puts in front of them (mercury.md 13.1). */
export function withoutEcho(request: Uint8Array, received: Uint8Array): { readonly body: Uint8Array; readonly echoes: number } {
  let body = received;
  let echoes = 0;
  while (request.length > 0 && startsWith(body, request)) {
    body = body.subarray(request.length);
    echoes += 1;
  }
  return { body, echoes };
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
 * True when the bytes are a reply of Modbus TCP, so the gateway is not transparent: a header with the first two bytes of the
 * request as its transaction, protocol 0 and a length that fits.
 */
export function isModbusTcp(request: Uint8Array, received: Uint8Array): boolean {
  if (received.length < MBAP_HEAD + MBAP_BODY.min || received[0] !== request[0] || received[1] !== request[1]) return false;
  const [, , protocolHigh, protocolLow, lengthHigh = 0, lengthLow = 0] = received;
  const length = (lengthHigh << 8) | lengthLow;
  return (
    protocolHigh === 0 && protocolLow === 0 && length >= MBAP_BODY.min && length <= MBAP_BODY.max && received.length === MBAP_HEAD + length
  );
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

/** Places of the passwords in requests of another master that open a channel, `addr 01 level password crc`: [from, to). */
export function overheardPasswords(bytes: Uint8Array): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (let start = 0; start + OPENING_LENGTH <= bytes.length; start += 1) {
    if (bytes[start + 1] !== OPEN_CHANNEL || crc16(bytes, start, start + OPENING_LENGTH) !== 0) continue;
    found.push([start + PASSWORD_OFFSET, start + OPENING_LENGTH - 2]);
  }
  return found;
}

function frameLength(bytes: Uint8Array, start: number): number | null {
  const most = Math.min(LONGEST_FRAME, bytes.length - start);
  for (let length = SHORTEST_FRAME; length <= most; length += 1) if (crc16(bytes, start, start + length) === 0) return length;
  return null;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}
