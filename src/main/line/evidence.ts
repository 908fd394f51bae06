/**
 * What the bytes that follow a request say by themselves, whatever was asked: the ground on which searches, line tests and
 * the diagnosis of polled lines name faults. Pure.
 */
import { isSameBytes, startsWithBytes } from '../../shared/domain/bytes.ts';

/** What a protocol knows of its frames; the line itself knows bytes only. */
export interface FrameRules {
  /** The bytes from `start` to `end` (exclusive) are one frame with a good checksum; all of them by default. */
  isWhole(bytes: Uint8Array, start?: number, end?: number): boolean;
  /** A whole frame has the form of a request: somebody asked a meter. */
  isRequest(frame: Uint8Array): boolean;
  /** Whose frame it is: the address that it begins with. */
  addressOf(frame: Uint8Array): number;
  /** Shortest and longest request, bytes: what is looked for among stray bytes. */
  readonly requestLengths: readonly [shortest: number, longest: number];
}

export interface Evidence {
  /** A copy of the request came back first: an adapter hears itself. */
  readonly hasEcho: boolean;
  /** What came besides the echo. */
  readonly rest: Uint8Array;
  /**
   * `silence` nothing besides an echo; `frame` the rest is one whole frame; `foreign` it holds somebody else's request;
   * `modbus-tcp` it is an answer in the framing of Modbus TCP; `other` anything else: damage, collision, noise.
   */
  readonly kind: 'silence' | 'frame' | 'foreign' | 'modbus-tcp' | 'other';
}

/** Judges what came after a request; pass no bytes as `request` when its bytes must not be known. */
export function evidenceOf(request: Uint8Array, received: Uint8Array, rules: FrameRules): Evidence {
  const { body, echoes } = withoutEcho(request, received);
  return { hasEcho: echoes > 0, rest: body, kind: kindOf(request, body, rules) };
}

/** Received bytes without the copies of the request that an echoing adapter puts in front of them (mercury.md 13.1). */
export function withoutEcho(request: Uint8Array, received: Uint8Array): { readonly body: Uint8Array; readonly echoes: number } {
  let body = received;
  let echoes = 0;
  while (request.length > 0 && startsWithBytes(body, request)) {
    body = body.subarray(request.length);
    echoes += 1;
  }
  return { body, echoes };
}

function kindOf(request: Uint8Array, rest: Uint8Array, rules: FrameRules): Evidence['kind'] {
  if (rest.length === 0) return 'silence';
  if (isModbusTcp(request, rest)) return 'modbus-tcp';
  if (foreignRequests(rest, rules, [request]).length > 0) return 'foreign';
  return rules.isWhole(rest) ? 'frame' : 'other';
}

/** Transaction, protocol and length: what stands in front of the bytes that the length counts. */
const MBAP_HEAD = 6;
/** Unit, function and one byte more, to the 253 data bytes of Modbus. */
const MBAP_BODY = { min: 3, max: 254 };

/**
 * True when the bytes are one message of Modbus TCP, so the gateway is not transparent: a header with the first two bytes of
 * the request as its transaction, protocol 0 and a length that fits. Of an empty `request` the transaction is not judged.
 */
export function isModbusTcp(request: Uint8Array, bytes: Uint8Array): boolean {
  const [, , protocolHigh, protocolLow, lengthHigh = 0, lengthLow = 0] = bytes;
  const length = (lengthHigh << 8) | lengthLow;
  if (protocolHigh !== 0 || protocolLow !== 0 || length < MBAP_BODY.min || length > MBAP_BODY.max) return false;
  return bytes.length === MBAP_HEAD + length && startsWithBytes(bytes, request.subarray(0, 2));
}

/**
 * Requests with a good checksum that are none of `own`: somebody else asks meters on this line. Looks at every place, for
 * what comes before and after is not known to be whole; lengths are those of requests, so that chance stays small.
 */
export function foreignRequests(bytes: Uint8Array, rules: FrameRules, own: readonly Uint8Array[]): Uint8Array[] {
  const [shortest, longest] = rules.requestLengths;
  const found: Uint8Array[] = [];
  for (let start = 0; start + shortest <= bytes.length; ) {
    const request = requestAt(bytes, start, longest, shortest, rules);
    if (request !== null && !own.some((each) => isSameBytes(each, request))) found.push(request);
    start += request?.length ?? 1;
  }
  return found;
}

function requestAt(bytes: Uint8Array, start: number, longest: number, shortest: number, rules: FrameRules): Uint8Array | null {
  for (let length = shortest; length <= longest && start + length <= bytes.length; length += 1) {
    if (!rules.isWhole(bytes, start, start + length)) continue;
    const candidate = bytes.subarray(start, start + length);
    if (rules.isRequest(candidate)) return candidate;
  }
  return null;
}
