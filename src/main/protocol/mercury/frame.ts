/** Frames `addr body crc_lo crc_hi` and finding a reply among what arrived (mercury.md 1). A reply carries no command code. */
import type { FrameMatch } from '../../../shared/domain/exchange.ts';
import { ProtocolError } from '../protocol-error.ts';
import { crc16 } from './crc.ts';
import { isStatusByte, STATUS_LENGTH } from './status.ts';

/** How long a status reply waits for more bytes where data were expected, milliseconds (mercury.md 1.2: about 20 ms on TCP). */
const STATUS_SETTLE_MS = 20;
/** Bytes that a transceiver may add after a reply while the bus is turned round. */
const MAX_TRAILING_NOISE = 3;

/** What else a reply must be, or must not be. */
export interface MatchOptions {
  /** The request sent: a copy of it is an echo and never the reply. Left out where a good reply equals the request (channel test). */
  readonly request?: Uint8Array;
  /** Only frames that pass are taken, and status replies are dropped: resynchronisation by identity (mercury.md 13.4). */
  readonly accepts?: (frame: Uint8Array) => boolean;
}

/** A request or reply with its checksum, low byte first. `address` is 0..254. */
export function encodeFrame(address: number, body: ArrayLike<number>): Uint8Array {
  const frame = new Uint8Array(body.length + 3);
  frame[0] = address;
  frame.set(body, 1);
  const crc = crc16(frame, 0, frame.length - 2);
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}

/**
 * Judges what arrived after a request to `address` whose reply has one of `lengths` bytes, checksum included.
 * Echo of the request, noise and modem text around the frame are passed over. The frame is a view of `received`.
 */
export function matchReply(address: number, lengths: readonly number[], received: Uint8Array, options: MatchOptions = {}): FrameMatch {
  const shortest = Math.min(...lengths);
  for (let start = 0; start + shortest <= received.length; start += 1) {
    if (received[start] !== address) continue;
    for (const length of lengths) {
      const frame = frameAt(received, start, length);
      if (frame !== null && isReply(frame, lengths, options)) return { kind: 'frame', frame };
    }
  }
  const status = lengths.includes(STATUS_LENGTH) ? null : lastStatus(address, received, options);
  if (status !== null) return { kind: 'tentative', frame: status, settleMs: STATUS_SETTLE_MS };
  const repeating = repeatingFrame(address, lengths, received, options);
  if (repeating !== null) return { kind: 'tentative', frame: repeating, settleMs: STATUS_SETTLE_MS };
  if (received.length < shortest) return { kind: 'incomplete', missing: shortest - received.length };
  return { kind: 'damaged', code: damage(address, lengths, received) };
}

/** True for a reply that repeats the code of its request: one byte longer than a legal reply, the code first (mercury.md 1.2). */
export function repeatsCode(frame: Uint8Array, code: number, lengths: readonly number[]): boolean {
  const isLonger = lengths.includes(frame.length - 1) || frame.length === STATUS_LENGTH + 1;
  return frame[1] === code && isLonger && !lengths.includes(frame.length);
}

/** Data bytes of a frame: without address and checksum. */
export function frameData(frame: Uint8Array): Uint8Array {
  return frame.subarray(1, -2);
}

/** Throws `transport/short-frame` or `transport/bad-checksum` when the bytes are no frame. */
export function checkFrame(frame: Uint8Array): void {
  if (frame.length < STATUS_LENGTH) {
    throw new ProtocolError('transport/short-frame', `${frame.length} bytes are no frame`, {
      offset: frame.length,
      expectation: `at least ${STATUS_LENGTH} bytes`,
    });
  }
  if (crc16(frame) === 0) return;
  const crc = crc16(frame, 0, frame.length - 2);
  throw new ProtocolError('transport/bad-checksum', 'The checksum does not fit the bytes', {
    offset: frame.length - 2,
    expectation: `checksum bytes ${[crc & 0xff, crc >>> 8].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')}`,
  });
}

function frameAt(bytes: Uint8Array, start: number, length: number): Uint8Array | null {
  const end = start + length;
  return end <= bytes.length && crc16(bytes, start, end) === 0 ? bytes.subarray(start, end) : null;
}

function isReply(frame: Uint8Array, lengths: readonly number[], { request, accepts }: MatchOptions): boolean {
  if (request !== undefined && isEcho(frame, request)) return false;
  if (frame.length === STATUS_LENGTH && !isStatusByte(frame[1] ?? 0xff)) return false;
  if (isPadded(frame, lengths)) return false;
  return accepts === undefined || accepts(frame);
}

/** A copy of the request, and one with zeros behind it: the first bytes of a reply from address 0 are such. */
function isEcho(frame: Uint8Array, request: Uint8Array): boolean {
  if (frame.length < request.length) return false;
  for (let index = 0; index < frame.length; index += 1) if (frame[index] !== (request[index] ?? 0x00)) return false;
  return true;
}

/**
 * Five bytes `addr 00 crc 00` are two bytes of data that hold the checksum of their own beginning, or "done" with a zero of the
 * transceiver behind it: nothing in them tells which. Whoever asks believes them once they have come twice.
 */
export function isDoubtful(frame: Uint8Array): boolean {
  return (
    frame.length === STATUS_LENGTH + 1 && frame[1] === 0x00 && frame[STATUS_LENGTH] === 0x00 && frameAt(frame, 0, STATUS_LENGTH) !== null
  );
}

/** Zeros after a frame leave its checksum good: a shorter reply with noise of the transceiver behind it must not pass for a longer one. */
function isPadded(frame: Uint8Array, lengths: readonly number[]): boolean {
  if (frame.at(-1) !== 0x00) return false;
  if (isStatusByte(frame[1] ?? 0xff) && !isDoubtful(frame) && isPaddedAt(frame, STATUS_LENGTH)) return true;
  return lengths.some((length) => isPaddedAt(frame, length));
}

/** A good frame of `length` bytes with nothing but zeros after it. */
function isPaddedAt(frame: Uint8Array, length: number): boolean {
  if (length >= frame.length) return false;
  for (let index = length; index < frame.length; index += 1) if (frame[index] !== 0x00) return false;
  return frameAt(frame, 0, length) !== null;
}

/** A reply of a meter in "repeat request code" mode, where the request is known. */
function repeatingFrame(address: number, lengths: readonly number[], received: Uint8Array, options: MatchOptions): Uint8Array | null {
  const { request, accepts } = options;
  const code = request?.[1];
  if (request === undefined || code === undefined || accepts !== undefined) return null;
  for (let start = 0; start + STATUS_LENGTH < received.length; start += 1) {
    if (received[start] !== address || received[start + 1] !== code) continue;
    for (const length of [...lengths, STATUS_LENGTH]) {
      const frame = frameAt(received, start, length + 1);
      if (frame === null || lengths.includes(frame.length) || isEcho(frame, request)) continue;
      if (!isPaddedAt(frame, STATUS_LENGTH)) return frame;
    }
  }
  return null;
}

/** A status reply with which the received bytes end. */
function lastStatus(address: number, received: Uint8Array, options: MatchOptions): Uint8Array | null {
  if (options.accepts !== undefined) return null;
  for (let noise = 0; noise <= MAX_TRAILING_NOISE; noise += 1) {
    const start = received.length - noise - STATUS_LENGTH;
    if (start < 0) return null;
    const frame = received[start] === address ? frameAt(received, start, STATUS_LENGTH) : null;
    if (frame !== null && isReply(frame, [STATUS_LENGTH], options)) return frame;
    const last = received[received.length - noise - 1];
    if (last !== 0x00 && last !== 0xff) return null;
  }
  return null;
}

function damage(address: number, lengths: readonly number[], received: Uint8Array) {
  for (let start = 0; start < received.length; start += 1) {
    if (received[start] === address) continue;
    if (lengths.some((length) => frameAt(received, start, length) !== null)) return 'transport/wrong-address';
  }
  return lengths.includes(received.length) ? 'transport/bad-checksum' : 'transport/unexpected-length';
}
