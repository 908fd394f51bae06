import type { ErrorCode } from '../../shared/api/errors.ts';
import type { ExchangeRequest } from '../../shared/domain/exchange.ts';
import { type ChannelTiming, transmissionMs } from './channel-timing.ts';

/** How an exchange ended: with a frame, or with the code of what went wrong. */
export type Outcome = { readonly frame: Uint8Array } | { readonly code: ErrorCode };

/** What to do now: `ending` holds once `untilMs` (monotonic) has passed with nothing more received; a moment in the past is now. */
export interface Verdict {
  readonly untilMs: number;
  readonly ending: Outcome;
}

/** What came back after one request, and how long more of it is worth waiting for. Moments are those of a monotonic clock. */
export class Reception {
  readonly #request: ExchangeRequest;
  readonly #channel: ChannelTiming;
  readonly #requestEndMs: number;
  #firstByteDeadlineMs: number;
  #received: Uint8Array = new Uint8Array(0);
  /** Where each segment began and when it came. */
  readonly #segments: { readonly offset: number; readonly atMs: number }[] = [];

  /** `sentAtMs`: when the first request byte left. */
  constructor(request: ExchangeRequest, channel: ChannelTiming, sentAtMs: number) {
    this.#request = request;
    this.#channel = channel;
    this.#requestEndMs = sentAtMs + transmissionMs(channel, request.bytes.length);
    this.#firstByteDeadlineMs = this.#requestEndMs + this.#firstByteWaitMs;
  }

  /** The port took longer to send than the bytes take on the wire: the meter's time begins only now. */
  written(atMs: number): void {
    this.#firstByteDeadlineMs = Math.max(this.#firstByteDeadlineMs, atMs + this.#firstByteWaitMs);
  }

  add(segment: Uint8Array, atMs: number): void {
    if (segment.length === 0) return;
    this.#segments.push({ offset: this.#received.length, atMs });
    const longer = new Uint8Array(this.#received.length + segment.length);
    longer.set(this.#received);
    longer.set(segment, this.#received.length);
    this.#received = longer;
  }

  /** Everything received, echo and noise included. */
  get received(): Uint8Array {
    return this.#received;
  }

  /** In how many pieces it was handed over. */
  get segments(): number {
    return this.#segments.length;
  }

  /** When the last byte came; `null` when none did. */
  get lastByteAtMs(): number | null {
    return this.#segments.at(-1)?.atMs ?? null;
  }

  /** From the end of the request to the first byte that is not the echo of the request; never negative. */
  get firstByteMs(): number | null {
    if (this.#received.length === 0) return null;
    const offset = this.#echoLength === this.#received.length ? 0 : this.#echoLength;
    const first = this.#segments.findLast((segment) => segment.offset <= offset);
    return first === undefined ? null : Math.max(0, first.atMs - this.#requestEndMs);
  }

  verdict(): Verdict {
    const body = this.#received.subarray(this.#echoLength);
    const lastByteAtMs = this.lastByteAtMs;
    if (body.length === 0 || lastByteAtMs === null) {
      // A copy of the request proves nothing: an echoing adapter makes it, and the reply may still come (mercury.md 13.1).
      const code = this.#received.length === 0 ? 'transport/timeout' : 'transport/echo';
      return { untilMs: this.#firstByteDeadlineMs, ending: { code } };
    }
    const match = this.#request.match(body);
    if (match.kind === 'frame') return { untilMs: lastByteAtMs, ending: { frame: match.frame } };
    if (match.kind === 'tentative') return { untilMs: lastByteAtMs + match.settleMs, ending: { frame: match.frame } };
    const { interByteMs } = this.#request.timing;
    const toleranceMs = Math.max(interByteMs, this.#channel.leastInterByteMs) + this.#channel.jitterMs;
    const boundMs = Math.max(this.#channel.leastReplyMs, 2 * transmissionMs(this.#channel, this.#request.replyBytes) + toleranceMs);
    const endMs = (this.#segments[0]?.atMs ?? lastByteAtMs) + boundMs;
    if (match.kind === 'damaged') return { untilMs: Math.min(lastByteAtMs + toleranceMs, endMs), ending: { code: match.code } };
    // The first bytes may be a transceiver's noise or a piece of echo: the reply keeps its whole time to begin.
    const untilMs = Math.min(Math.max(lastByteAtMs + toleranceMs, this.#firstByteDeadlineMs), endMs);
    return { untilMs, ending: { code: 'transport/short-frame' } };
  }

  get #firstByteWaitMs(): number {
    const { firstByteMs, learnedMs } = this.#request.timing;
    return Math.min(firstByteMs + this.#channel.latencyMs, learnedMs ?? Number.POSITIVE_INFINITY);
  }

  /** Length of the copy of the request at the beginning, 0 when there is none. */
  get #echoLength(): number {
    const { bytes } = this.#request;
    return this.#received.length >= bytes.length && bytes.every((byte, index) => this.#received[index] === byte) ? bytes.length : 0;
  }
}
