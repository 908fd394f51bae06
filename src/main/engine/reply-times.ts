/** How fast meters answer, as learned from their answers: a living meter that loses a frame and a dead one cost no more than they must. */
import { hasCode } from '../../shared/api/errors.ts';
import type { ExchangeReply, ExchangeRequest } from '../../shared/domain/exchange.ts';
import type { MeterLink } from '../drivers/driver.ts';

/** So many answers are remembered: the slowest of them stands for the 99th percentile. */
const REMEMBERED = 64;
/** Fewer prove nothing. */
const LEAST_ANSWERS = 8;
/** What is waited beyond the slowest answer: half of it again, and the timers of a PC with a USB adapter. */
const FACTOR = 1.5;
const MARGIN_MS = 30;
/** Each so many-th silence in a row is waited out in full: the meter may come back slower than it was, or behind another gateway. */
const FULL_EVERY = 4;

/** First bytes of the latest answers, in milliseconds from the end of the request. */
export class ReplyTimes {
  readonly #latest: number[] = [];
  #next = 0;

  add(firstByteMs: number): void {
    this.#latest[this.#next] = firstByteMs;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  /** How long an answer is worth waiting for; null while too little is known. */
  get waitMs(): number | null {
    return this.#latest.length < LEAST_ANSWERS ? null : Math.max(...this.#latest) * FACTOR + MARGIN_MS;
  }
}

/** The way to one meter. First tries wait as long as was learned, repeated ones as long as the protocol says: a wait that was too short costs one repetition. */
export class LearnedLink implements MeterLink {
  readonly #link: MeterLink;
  readonly #line: ReplyTimes;
  readonly #own = new ReplyTimes();
  #silences = 0;

  /** `line` is that of all meters on the line. */
  constructor(link: MeterLink, line: ReplyTimes) {
    this.#link = link;
    this.#line = line;
  }

  async exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    try {
      const reply = await this.#link.exchange(this.#timed(request));
      this.#silences = 0;
      const { firstByteMs } = reply.exchange;
      if (firstByteMs !== null) for (const times of [this.#own, this.#line]) times.add(firstByteMs);
      return reply;
    } catch (error) {
      if (hasCode(error, 'transport/timeout')) this.#silences += 1;
      throw error;
    }
  }

  #timed(request: ExchangeRequest): ExchangeRequest {
    const { timing, isPatient = false, attempt = 1, replyBytes } = request;
    const isFull = isPatient || attempt > 1 || replyBytes === 0 || this.#silences % FULL_EVERY === FULL_EVERY - 1;
    const learnedMs = isFull ? null : this.#learnedMs(timing.firstByteMs);
    return learnedMs === null ? request : { ...request, timing: { ...timing, learnedMs } };
  }

  /** A meter that was never heard may take all that the protocol allows, but the way to it is that of its neighbours. */
  #learnedMs(firstByteMs: number): number | null {
    const lineMs = this.#line.waitMs;
    return this.#own.waitMs ?? (lineMs === null ? null : firstByteMs + lineMs);
  }
}
