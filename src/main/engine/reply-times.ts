/** How fast meters answer, as learned from their answers: a living meter that loses a frame and a dead one cost no more than they must. */
import { hasCode } from '../../shared/api/errors.ts';
import type { ExchangeReply, ExchangeRequest } from '../../shared/domain/exchange.ts';
import type { MeterLink } from '../drivers/driver.ts';

/** So many answers are remembered: the slowest of them stands for the 99th percentile. */
const REMEMBERED = 64;
/** Fewer prove nothing. */
const LEAST_ANSWERS = 8;
/** What is waited beyond the slowest answer: a quarter of it again, and the timers of a PC with a USB adapter. */
const FACTOR = 1.25;
const MARGIN_MS = 30;
/**
 * Each so many-th silence in a row is waited out in full: the meter may come back slower than it was, or be slower than its neighbours,
 * by whom it is judged until it was heard itself.
 */
const FULL_EVERY = 8;

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

/** The way to one meter. Two tries wait as long as was learned, the last as long as the protocol says: a wait that was too short costs repetitions and no reading. */
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
    const isFull = isPatient || attempt > 2 || replyBytes === 0 || this.#silences % FULL_EVERY === FULL_EVERY - 1;
    const learnedMs = isFull ? null : this.#learnedMs;
    return learnedMs === null ? request : { ...request, timing: { ...timing, learnedMs } };
  }

  /** The longer of what this meter and its line have taught: a gateway that has grown slow is learned of from whoever answers first. */
  get #learnedMs(): number | null {
    const [own, line] = [this.#own.waitMs, this.#line.waitMs];
    return own === null || line === null ? (own ?? line) : Math.max(own, line);
  }
}
