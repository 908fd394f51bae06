/** Frames `addr(4, big-endian) cmd data crc_lo crc_hi` of the 200 family (mercury.md 12). A reply repeats address and command. */
import type { FrameMatch } from '../../../shared/domain/exchange.ts';
import { crc16 } from '../mercury/crc.ts';
import { ProtocolError } from '../protocol-error.ts';

/** Bytes of an address. */
export const ADDRESS_LENGTH = 4;
/** Address and command, which a reply repeats. */
const HEAD_LENGTH = ADDRESS_LENGTH + 1;
const CRC_LENGTH = 2;
/** A frame without data: the answer to a write. */
export const SHORTEST_FRAME = HEAD_LENGTH + CRC_LENGTH;
/** Most data bytes seen in practice (12). */
export const MAX_DATA = 32;
/** How long a reply of unknown length waits for bytes that may follow it, milliseconds. */
const SETTLE_MS = 20;

/** Legal numbers of data bytes of a reply, without address, command and checksum; `any` = no document says. */
export type ReplyData = readonly number[] | 'any';

/** What a reply must be, or must not be. */
export interface MatchOptions {
  /** The request sent: a copy of it is an echo and never the reply, even with zeros behind it. */
  readonly request?: Uint8Array;
  /** Only frames that pass are taken. */
  readonly accepts?: (frame: Uint8Array) => boolean;
}

/** A request or reply with its checksum. `address` is 0..0xFFFFFFFF, `body` begins with the command. */
export function encodeFrame(address: number, body: ArrayLike<number>): Uint8Array {
  const frame = new Uint8Array(ADDRESS_LENGTH + body.length + CRC_LENGTH);
  new DataView(frame.buffer).setUint32(0, address);
  frame.set(body, ADDRESS_LENGTH);
  const crc = crc16(frame, 0, frame.length - CRC_LENGTH);
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}

/**
 * Judges what arrived after a request to `address` with the command `code`. Echo of the request and noise around the
 * frame are passed over. The frame is a view of `received`.
 */
export function matchReply(
  address: number,
  code: number,
  lengths: ReplyData,
  received: Uint8Array,
  { request, accepts }: MatchOptions = {},
): FrameMatch {
  const legal = lengths === 'any' ? Array.from({ length: MAX_DATA + 1 }, (_, index) => index) : lengths;
  let isForeign = false;
  const find = (from: number): Uint8Array | null => {
    for (let start = from; start + SHORTEST_FRAME <= received.length; start += 1) {
      const isOurs = frameAddress(received, start) === address;
      if (!isOurs && received[start + ADDRESS_LENGTH] !== code) continue;
      for (const length of legal) {
        const frame = frameAt(received, start, length + SHORTEST_FRAME);
        if (frame === null) continue;
        if (!isOurs) isForeign = true;
        else if (frame[ADDRESS_LENGTH] === code && !isEcho(frame, request) && (accepts === undefined || accepts(frame))) return frame;
      }
    }
    return null;
  };
  // An echo ends with a good checksum, so that it makes frames with what follows it sooner than chance would: look behind it first.
  const behindEcho = request !== undefined && isEcho(received.subarray(0, request.length), request) ? find(request.length) : null;
  const found = behindEcho ?? find(0);
  if (found !== null) return lengths === 'any' ? { kind: 'tentative', frame: found, settleMs: SETTLE_MS } : { kind: 'frame', frame: found };
  if (isForeign) return { kind: 'damaged', code: 'transport/wrong-address' };
  const wanted = SHORTEST_FRAME + (lengths === 'any' ? MAX_DATA : Math.min(...lengths));
  if (received.length < wanted) return { kind: 'incomplete', missing: lengths === 'any' ? 1 : wanted - received.length };
  const isWhole = legal.some((length) => received.length === length + SHORTEST_FRAME);
  return { kind: 'damaged', code: isWhole ? 'transport/bad-checksum' : 'transport/unexpected-length' };
}

/** Address of the frame that begins at `start`; the bytes must reach that far. */
export function frameAddress(bytes: Uint8Array, start = 0): number {
  return (((bytes[start] ?? 0) << 24) | ((bytes[start + 1] ?? 0) << 16) | ((bytes[start + 2] ?? 0) << 8) | (bytes[start + 3] ?? 0)) >>> 0;
}

/** Command and data of a frame. */
export function frameBody(frame: Uint8Array): Uint8Array {
  return frame.subarray(ADDRESS_LENGTH, -CRC_LENGTH);
}

/** Data bytes of a frame: without address, command and checksum. */
export function frameData(frame: Uint8Array): Uint8Array {
  return frame.subarray(HEAD_LENGTH, -CRC_LENGTH);
}

/** Throws `transport/short-frame` or `transport/bad-checksum` when the bytes are no frame. */
export function checkFrame(frame: Uint8Array): void {
  if (frame.length < SHORTEST_FRAME) {
    throw new ProtocolError('transport/short-frame', `${frame.length} bytes are no frame`, {
      offset: frame.length,
      expectation: `at least ${SHORTEST_FRAME} bytes`,
    });
  }
  if (crc16(frame) === 0) return;
  const crc = crc16(frame, 0, frame.length - CRC_LENGTH);
  throw new ProtocolError('transport/bad-checksum', 'The checksum does not fit the bytes', {
    offset: frame.length - CRC_LENGTH,
    expectation: `checksum bytes ${[crc & 0xff, crc >>> 8].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')}`,
  });
}

/** Zeros after a frame leave its checksum good: an echo with the first zeros of an address behind it must not pass for a reply. */
function isEcho(frame: Uint8Array, request: Uint8Array | undefined): boolean {
  return request !== undefined && frame.length >= request.length && frame.every((byte, index) => byte === (request[index] ?? 0));
}

function frameAt(bytes: Uint8Array, start: number, length: number): Uint8Array | null {
  const end = start + length;
  return end <= bytes.length && crc16(bytes, start, end) === 0 ? bytes.subarray(start, end) : null;
}
