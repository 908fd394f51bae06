/**
 * What the bytes that follow a request say by themselves, whatever was asked: the ground on which searches, line tests and
 * the diagnosis of polled lines name faults. Pure.
 */

/** What a protocol knows of its frames; the line itself knows bytes only. */
export interface FrameRules {
  /** The bytes are one frame with a good checksum. */
  isWhole(bytes: Uint8Array): boolean;
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
  const hasEcho = request.length > 0 && received.length >= request.length && request.every((byte, index) => byte === received[index]);
  const rest = hasEcho ? received.subarray(request.length) : received;
  return { hasEcho, rest, kind: kindOf(request, rest, rules) };
}

function kindOf(request: Uint8Array, rest: Uint8Array, rules: FrameRules): Evidence['kind'] {
  if (rest.length === 0) return 'silence';
  if (isModbusTcp(rest)) return 'modbus-tcp';
  if (foreignRequests(rest, rules, [request]).length > 0) return 'foreign';
  return rules.isWhole(rest) ? 'frame' : 'other';
}

const MODBUS_HEADER = 6;
const LONGEST_MODBUS_REST = 254;

/**
 * The bytes are one message of Modbus TCP: two bytes of transaction, protocol 0, a length that fits, unit and function.
 * A gateway in that mode makes a header of our first bytes, and its length is the count of the bytes that follow.
 */
export function isModbusTcp(bytes: Uint8Array): boolean {
  const length = ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0);
  if (bytes[2] !== 0 || bytes[3] !== 0 || length < 3 || length > LONGEST_MODBUS_REST) return false;
  return bytes.length === MODBUS_HEADER + length;
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
    if (request !== null && !own.some((each) => isSame(each, request))) found.push(request);
    start += request?.length ?? 1;
  }
  return found;
}

function requestAt(bytes: Uint8Array, start: number, longest: number, shortest: number, rules: FrameRules): Uint8Array | null {
  for (let length = shortest; length <= longest && start + length <= bytes.length; length += 1) {
    const candidate = bytes.subarray(start, start + length);
    if (rules.isWhole(candidate) && rules.isRequest(candidate)) return candidate;
  }
  return null;
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
