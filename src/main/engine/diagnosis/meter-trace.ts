import { Tally, WINDOW_MS } from './tally.ts';

/** So many requests in a row without a byte, over at least so long, are an outage of the meter; fewer are losses of the line. */
const OUTAGE_REQUESTS = 3;
const OUTAGE_MS = 10_000;
/** So many outages that ended, in so long, make a meter that comes and goes. */
const FLAPPING_OUTAGES = 3;
const FLAPPING_MS = 900_000;
/** A collision spoils most answers of one address; damage of the line hits all of them alike. */
const LATEST_EXCHANGES = 16;
const COLLISION_EXCHANGES = 8;
const COLLISION_SHARE = 0.4;
/** So many whole answers without a spoiled one, and the quiet time, are needed to be alone again. */
const ALONE_ANSWERS = 10;
const SECOND_ANSWERS = 3;
/** An answer that comes later than this belongs to nothing that was asked. */
const OWED_MS = 30_000;
const REPEATED_CODES = 3;
const SERIALS_KEPT = 8;
const COLLISIONS = 2;

/** How one meter has answered lately: what its line's own faults do not explain. */
export class MeterTrace {
  readonly #tally = new Tally<'answered' | 'damaged' | 'trailed' | 'second'>();
  /** Requests that nobody has answered yet, by their bytes. */
  readonly #open = new Map<string, number>();
  readonly #outages: number[] = [];
  /** Serials in the order in which they took turns, and when. */
  readonly #serials: { readonly serial: string; readonly atMs: number }[] = [];
  /** Whether each of the latest answers was spoiled. */
  readonly #latest: boolean[] = [];
  #company: { readonly sinceMs: number; answers: number } | null = null;
  #unansweredAtMs = Number.NEGATIVE_INFINITY;
  #silent = 0;
  #silentSinceMs = 0;
  #repeatedCodes = 0;
  /** Usual length of a reply by what was asked: tells a short answer from a damaged one. */
  readonly #lengths = new Map<string, number>();

  /** The whole answer came. Returns how many requests before it were lost on the way. */
  answered(request: string, asked: string, length: number, nowMs: number): number {
    this.#tally.add('answered', nowMs);
    this.#note(false);
    if (this.#company !== null) this.#company.answers += 1;
    this.#lengths.set(asked, length);
    this.#repeatedCodes = 0;
    const wasOutage = this.#endSilence(nowMs);
    // A request that is never answered is one that the meter does not know; one that is, was lost before.
    const lost = wasOutage ? 0 : (this.#open.get(request) ?? 0);
    if (wasOutage) this.#open.clear();
    else this.#open.delete(request);
    return lost;
  }

  /** An answer of this meter may still be on its way. */
  maybeUnanswered(nowMs: number): void {
    this.#unansweredAtMs = nowMs;
  }

  unanswered(request: string, nowMs: number): void {
    this.#unansweredAtMs = nowMs;
    if (this.#silent === 0) this.#silentSinceMs = nowMs;
    this.#silent += 1;
    this.#open.set(request, (this.#open.get(request) ?? 0) + 1);
  }

  /** Bytes came and no good frame among them. */
  damaged(nowMs: number): void {
    this.#tally.add('damaged', nowMs);
    this.#note(true);
    if (this.#company !== null) this.#company.answers = 0;
    this.#endSilence(nowMs);
  }

  /** The whole line was silent: that says nothing of this meter. */
  forgetSilence(): void {
    this.#silent = 0;
    this.#open.clear();
  }

  /** A request was given up not long ago: its answer may still come, and run into others. */
  owesAnswer(nowMs: number): boolean {
    return nowMs - this.#unansweredAtMs <= OWED_MS;
  }

  /** A whole answer more than was asked for. True when one was still owed: it came late. Otherwise two have answered one request. */
  extraAnswer(nowMs: number): boolean {
    if (this.owesAnswer(nowMs)) return true;
    this.#tally.add('second', nowMs);
    return false;
  }

  repeatedCode(): void {
    this.#repeatedCodes += 1;
  }

  heardSerial(serial: string, nowMs: number): void {
    if (this.#serials.at(-1)?.serial === serial) return;
    this.#serials.push({ serial, atMs: nowMs });
    if (this.#serials.length > SERIALS_KEPT) this.#serials.shift();
  }

  /** Shorter than what usually answers this question. */
  isShort(asked: string, length: number): boolean {
    return length < (this.#lengths.get(asked) ?? 0);
  }

  get repeatsCode(): boolean {
    return this.#repeatedCodes >= REPEATED_CODES;
  }

  /** Two meters answer here, for reasons that the caller knows. */
  hasCompany(nowMs: number): void {
    this.#company = { sinceMs: nowMs, answers: 0 };
  }

  /**
   * Serials that answer here in turn while two meters do; empty when they are not known, `null` when the meter is alone. One
   * serial that follows another is a replaced meter; one that comes back, or collisions beside the change, are two meters. A
   * meter that is not asked any more stays in company: nothing says otherwise.
   */
  company(nowMs: number): readonly string[] | null {
    const changes = this.#serials.slice(1).filter(({ atMs }) => nowMs - atMs < WINDOW_MS).length;
    const collisions = this.#latest.filter((isSpoiled) => isSpoiled).length + this.#tally.sum('second', nowMs);
    if (changes >= 2 || (changes === 1 && collisions >= COLLISIONS)) this.hasCompany(nowMs);
    const company = this.#company;
    if (company === null) return null;
    if (nowMs - company.sinceMs >= WINDOW_MS && company.answers >= ALONE_ANSWERS) this.#company = null;
    return this.#company === null ? null : [...new Set(this.#serials.map(({ serial }) => serial))].sort();
  }

  /** The answer just noted was good, with pieces of something else around it: noise, or another answer under it. */
  trailed(nowMs: number): void {
    this.#tally.add('trailed', nowMs);
    this.#latest[this.#latest.length - 1] = true;
  }

  /** Bytes that are no frame came in the silence after its answer: noise of the line, or the rest of another answer. */
  strayed(nowMs: number): void {
    this.#tally.add('trailed', nowMs);
  }

  /** Answers of the window: spoiled ones, good ones with something around or after them, all. */
  spoiled(nowMs: number): { readonly damaged: number; readonly trailed: number; readonly answers: number } {
    const damaged = this.#tally.sum('damaged', nowMs);
    return { damaged, trailed: this.#tally.sum('trailed', nowMs), answers: damaged + this.#tally.sum('answered', nowMs) };
  }

  /** Requests have got two answers, and more than once. */
  answersTwice(nowMs: number): boolean {
    return this.#tally.sum('second', nowMs) >= SECOND_ANSWERS;
  }

  /** Of the latest answers far more are spoiled than a line makes of single ones. */
  get collides(): boolean {
    const spoiled = this.#latest.filter((isSpoiled) => isSpoiled).length;
    return this.#latest.length >= COLLISION_EXCHANGES && spoiled / this.#latest.length >= COLLISION_SHARE;
  }

  /** Outages that ended lately; `null` = too few to call it coming and going. */
  flapping(nowMs: number): { readonly times: number; readonly minutes: number } | null {
    while (this.#outages.length > 0 && nowMs - (this.#outages[0] ?? nowMs) > FLAPPING_MS) this.#outages.shift();
    return this.#outages.length < FLAPPING_OUTAGES ? null : { times: this.#outages.length, minutes: FLAPPING_MS / 60_000 };
  }

  #note(isSpoiled: boolean): void {
    this.#latest.push(isSpoiled);
    if (this.#latest.length > LATEST_EXCHANGES) this.#latest.shift();
  }

  #endSilence(nowMs: number): boolean {
    const isOutage = this.#silent >= OUTAGE_REQUESTS && nowMs - this.#silentSinceMs >= OUTAGE_MS;
    this.#silent = 0;
    if (isOutage) this.#outages.push(nowMs);
    return isOutage;
  }
}
