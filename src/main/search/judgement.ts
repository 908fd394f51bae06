/** What one exchange of a search says: whose replies are among the bytes, and what the rest is. Pure. */
import type { LogEntry } from '../../shared/api/search.ts';
import { isSameBytes } from '../../shared/domain/bytes.ts';
import type { Heard } from '../../shared/domain/exchange.ts';
import { leadingFrames, repeatsCode } from '../drivers/mercury-frames.ts';
import { isModbusTcp, withoutEcho } from '../line/evidence.ts';
import type { FoundReply, MeterFinder } from '../drivers/driver.ts';

/** A share of the reply's length: fewer bytes that are no frame are noise rather than an answer that came damaged. */
const DAMAGED_SHARE = 0.5;

/** Question and answer, as they went over the line. */
export interface Asked {
  readonly address: number;
  readonly request: Uint8Array;
  /** The request before: its echo may have come apart from it. `null` = this is the first. */
  readonly requestBefore: Uint8Array | null;
  /** Length of the plain reply. */
  readonly replyBytes: number;
  readonly heard: Pick<Heard, 'received' | 'strayBefore'>;
}

export interface Judgement {
  readonly verdict: LogEntry['verdict'];
  /** Replies from the address that was asked, in the order in which they came after the request. */
  readonly own: readonly FoundReply[];
  /** Replies that nobody waits for now: late ones, and what a foreign master asked for. */
  readonly overheard: readonly FoundReply[];
  readonly hasEcho: boolean;
  /** After the request, without echo, replies and whole frames. */
  readonly rest: Uint8Array;
  /** Before the request, without replies and whole frames. */
  readonly strayBefore: Uint8Array;
  /** Whole frames that are neither replies to us nor our own requests. */
  readonly foreignFrames: number;
  readonly isModbusTcp: boolean;
  readonly repeatsCode: boolean;
  /** The rest begins as a reply from the address that was asked does, and is shorter: an answer that breaks off. */
  readonly isShort: boolean;
}

export function judge(finder: MeterFinder, asked: Asked): Judgement {
  const { address, request, requestBefore, replyBytes, heard } = asked;
  const { body, echoes } = withoutEcho(request, heard.received);
  const after = sift(finder, body);
  const before = sift(finder, heard.strayBefore);
  const own = after.replies.filter((reply) => reply.address === address);
  const overheard = [...before.replies, ...after.replies.filter((reply) => reply.address !== address)];
  const repeats = own.length === 0 && repeatsCode(request, replyBytes, body);
  const isModbus = own.length === 0 && isModbusTcp(request, body);
  const isOurs = (frame: Uint8Array) => isSameBytes(frame, request) || (requestBefore !== null && isSameBytes(frame, requestBefore));
  // A frame of the address that was asked is a status reply.
  const foreign = [...before.frames, ...after.frames.filter((frame) => frame[0] !== request[0])].filter((frame) => !isOurs(frame));
  const isExplained = repeats || isModbus;
  return {
    verdict: verdictOf({ own, overheard, after, before, hasEcho: echoes > 0, isExplained, replyBytes }),
    own,
    overheard,
    hasEcho: echoes > 0,
    rest: isExplained ? new Uint8Array(0) : after.rest,
    strayBefore: before.rest,
    foreignFrames: isExplained ? 0 : foreign.length,
    isModbusTcp: isModbus,
    repeatsCode: repeats,
    isShort: own.length === 0 && !isExplained && after.rest[0] === request[0] && after.rest.length < replyBytes,
  };
}

/** The exchange in the spirit of the search log of 2013. */
export function sentence({ verdict, own, overheard, rest, strayBefore, foreignFrames, ...said }: Judgement, address: number): string {
  switch (verdict) {
    case 'meter':
      return `Answer from ${address}: meter ${own[0]?.serial ?? ''}`;
    case 'collision':
      return `Several answers from ${address}: meters ${[...new Set(own.map(({ serial }) => serial))].join(', ')}`;
    case 'late':
      return `No answer from ${address}; late answer from ${overheard.map((reply) => `${reply.address}: meter ${reply.serial}`).join(', ')}`;
    case 'damaged':
      return `Damaged answer from ${address}: ${rest.length} bytes`;
    case 'echo':
      return `No answer from ${address}, only our own request came back`;
    case 'stray':
      return `No answer from ${address}, ${rest.length + strayBefore.length} stray bytes`;
    case 'other':
      if (said.repeatsCode) return `Answer from ${address} repeats the code of the request`;
      if (said.isModbusTcp) return `The gateway answers ${address} in the frames of Modbus TCP`;
      return `No answer from ${address}, ${foreignFrames} frames of somebody else`;
    default:
      return `No answer from ${address}`;
  }
}

interface Sifted {
  readonly replies: readonly FoundReply[];
  readonly frames: readonly Uint8Array[];
  readonly rest: Uint8Array;
}

/** Replies first, then whole frames at the beginning of each piece between them; what is left over is nobody's. */
function sift(finder: MeterFinder, bytes: Uint8Array): Sifted {
  const replies = finder.replies(bytes);
  const frames: Uint8Array[] = [];
  const rest: number[] = [];
  let start = 0;
  for (const { offset, length } of [...replies, { offset: bytes.length, length: 0 }]) {
    const piece = bytes.subarray(start, offset);
    const leading = leadingFrames(piece);
    frames.push(...leading);
    rest.push(...piece.subarray(leading.reduce((sum, frame) => sum + frame.length, 0)));
    start = offset + length;
  }
  return { replies, frames, rest: Uint8Array.from(rest) };
}

function verdictOf(found: {
  readonly own: readonly FoundReply[];
  readonly overheard: readonly FoundReply[];
  readonly after: Sifted;
  readonly before: Sifted;
  readonly hasEcho: boolean;
  readonly isExplained: boolean;
  readonly replyBytes: number;
}): LogEntry['verdict'] {
  const { own, overheard, after, before, hasEcho, replyBytes } = found;
  if (new Set(own.map(({ serial }) => serial)).size > 1) return 'collision';
  if (own.length > 0) return 'meter';
  if (found.isExplained) return 'other';
  if (after.rest.length >= replyBytes * DAMAGED_SHARE) return 'damaged';
  if (overheard.length > 0) return 'late';
  if (after.frames.length + before.frames.length > 0) return 'other';
  if (after.rest.length + before.rest.length > 0) return 'stray';
  return hasEcho ? 'echo' : 'silence';
}
