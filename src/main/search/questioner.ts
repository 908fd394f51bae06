/** One identity read after another over a borrowed line: waits that fit the line, losses of the line outlived, every exchange written down. */
import { AppError, hasCode, isLineFault } from '../../shared/api/errors.ts';
import type { Heard } from '../../shared/domain/exchange.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { MeterFinder } from '../drivers/driver.ts';
import { hexText } from '../line/exchange-text.ts';
import type { Clock } from '../platform/clock.ts';
import type { BorrowedLine } from './borrowed-line.ts';
import { type ExchangeLog, shownHex } from './exchange-log.ts';
import { judge, type Judgement, sentence } from './judgement.ts';
import { baudRateOf, type Waits, waitsOf } from './plan.ts';

/** Pauses before a line that was lost is tried again, milliseconds; after the last the task fails. */
const LOSS_PAUSES_MS = [200, 1000, 3000, 5000, 10_000];
/** A line that is lost so often before a byte came is closed on purpose. */
const CLOSED_TIMES = 3;
/** Time in which a gateway of one client that serves another closes the connection, over a slow network too, milliseconds. */
const REFUSAL_MS = 500;
/** A gateway hands over what it gathered, its network adds its own: a wait grows by so much more than it was too short. */
const LATE_MARGIN_MS = 10;
/** What gateways and their networks add, as a rule. */
const STRAGGLERS_MS = 200;
/** No wait grows further beyond the legal one. */
const LONGEST_LATENESS_MS = 1000;
/** Replies are recognised by their address for so many exchanges. */
const REMEMBERED = 32;

export interface Question {
  readonly address: number;
  /** From the end of the request to the first byte, milliseconds. */
  readonly waitMs: number;
  /** Listens to the end of the wait although a reply has come: for what comes behind it. */
  readonly isPatient?: boolean;
}

export interface Answer {
  readonly judged: Judgement;
  readonly firstByteMs: number | null;
  readonly replyBytes: number;
}

/** Whoever may stop the questions between two of them. */
export interface Gate {
  readonly signal: AbortSignal;
  /** Resolves when the next question may be asked. Throws `api/cancelled`. */
  pass(rest: () => Promise<void>): Promise<void>;
}

export interface QuestionerDeps {
  readonly line: BorrowedLine;
  readonly finder: MeterFinder;
  readonly clock: Clock;
  readonly log: ExchangeLog;
  readonly gate: Gate;
  readonly setting: string;
  /** The first pass is followed by one with the whole wait. */
  readonly isThorough: boolean;
}

export class Questioner {
  readonly waits: Waits;
  readonly #deps: QuestionerDeps;
  readonly #baudRate: number;
  /** Ends of the last requests by address, PC clock, the newest last. */
  readonly #asked = new Map<number, number>();
  #quickMs: number;
  /** How long after their requests the latest answers come, without their own length. */
  #latestMs = 0;
  /** How late the last answer came, if it was too late; `null` = it was in time. */
  #tooLateMs: number | null = null;
  #hasHeard = false;
  #closedUpon = 0;
  #closedUnasked = 0;
  #requestBefore: Uint8Array | null = null;

  constructor(deps: QuestionerDeps) {
    this.#deps = deps;
    this.#baudRate = baudRateOf(deps.setting);
    this.waits = waitsOf(deps.finder, this.#baudRate, deps.isThorough);
    this.#quickMs = this.waits.quickMs;
  }

  /** Wait of the first pass: longer once answers came so late that they would meet the next request on the wire. */
  get quickMs(): number {
    return this.#quickMs;
  }

  /** As long as the documents allow a meter; longer once answers came later than that. What the way adds comes late and is recognised. */
  get patientMs(): number {
    const { legalMs } = this.waits;
    return this.#latestMs > legalMs ? this.#latestMs + LATE_MARGIN_MS : legalMs;
  }

  /** For the last question of a pass: nobody asks after it, and stragglers would be lost. */
  get lastMs(): number {
    return this.patientMs + this.waits.replyMs + STRAGGLERS_MS;
  }

  /** The wait that answers made necessary beyond what a meter may take; `null` = none did. */
  get slowMs(): number | null {
    return this.#latestMs > this.waits.legalMs ? this.#latestMs : null;
  }

  /** The line held while nothing was asked, was lost upon request after request, and nothing ever came: the other end does not want such bytes. */
  get isClosedUpon(): boolean {
    return this.#closedUpon >= CLOSED_TIMES;
  }

  /** The line was lost again and again before anything was asked: the other end does not want us. */
  get isClosedUnasked(): boolean {
    return this.#closedUnasked >= CLOSED_TIMES;
  }

  /** Asks and judges. Rejects with `line/*` when the line stays lost, with `api/cancelled`. */
  async ask(question: Question): Promise<Answer> {
    const { finder, gate, line, log, setting } = this.#deps;
    const { address } = question;
    const { bytes, replyBytes, label } = finder.request(address, this.#baudRate);
    const isEnough = (received: Uint8Array) =>
      question.isPatient !== true && finder.replies(received).some((reply) => reply.address === address);
    for (let losses = 0; ; losses += 1) {
      await gate.pass(() => line.rest());
      let isHeld = false;
      const askMs = this.waits.requestMs + question.waitMs;
      const waitMs = line.isLastOfSlice(askMs) ? Math.max(question.waitMs, this.patientMs) : question.waitMs;
      try {
        if (losses > 0 && !this.#hasHeard) isHeld = await this.#holds();
        const heard = await line.ask((access) =>
          access.listen({
            label,
            bytes,
            silenceMs: this.waits.silenceMs,
            waitMs,
            interByteMs: Math.max(this.waits.interByteMs, this.waits.replyMs),
            isEnough,
          }),
        );
        const judged = judge(finder, { address, request: bytes, requestBefore: this.#requestBefore, replyBytes, heard });
        this.#requestBefore = bytes;
        this.#learn(address, heard, judged);
        log.add({
          at: isoUtc(heard.sentAtMs / 1000),
          setting,
          address,
          request: hexText(bytes, false),
          response: shownHex(heard.received),
          firstByteMs: heard.firstByteMs === null ? null : Math.round(heard.firstByteMs),
          verdict: judged.verdict,
          text: sentence(judged, address),
        });
        return { judged, firstByteMs: heard.firstByteMs, replyBytes };
      } catch (error) {
        if (!isLineFault(error)) throw error;
        if (hasCode(error, 'line/lost') && isHeld) this.#closedUpon += 1;
        else if (hasCode(error, 'line/lost') && losses > 0 && !this.#hasHeard) this.#closedUnasked += 1;
        const pauseMs = LOSS_PAUSES_MS[losses];
        // A line that never opened is no line to wait for.
        if (pauseMs === undefined || (log.last === 0 && !hasCode(error, 'line/lost'))) throw error;
        if (!(await this.#deps.clock.sleep(pauseMs, gate.signal))) throw new AppError('api/cancelled', 'The task was cancelled');
      }
    }
  }

  /** Listens to a line that was lost, and asks nothing. True when it is not lost by that and says nothing. Rejects with `line/*`. */
  async #holds(): Promise<boolean> {
    const { received, strayBefore } = await this.#deps.line.ask((access) =>
      access.listen({
        label: 'nothing',
        bytes: new Uint8Array(0),
        silenceMs: 0,
        waitMs: REFUSAL_MS,
        interByteMs: this.waits.interByteMs,
        isEnough: () => false,
      }),
    );
    if (received.length + strayBefore.length > 0) this.#hasHeard = true;
    return !this.#hasHeard;
  }

  #learn(address: number, heard: Heard, judged: Judgement): void {
    if (heard.received.length + heard.strayBefore.length > 0) this.#hasHeard = true;
    const endMs = heard.sentAtMs + this.waits.requestMs;
    for (const late of judged.overheard) {
      const askedMs = this.#asked.get(late.address);
      if (askedMs === undefined) continue;
      this.#asked.delete(late.address);
      // What came before this request came at the latest when it left.
      const cameMs = heard.firstByteMs === null ? heard.sentAtMs : endMs + heard.firstByteMs;
      this.#grow(cameMs - askedMs - this.waits.replyMs);
    }
    this.#asked.delete(address);
    if (judged.own.length === 0) this.#asked.set(address, endMs);
    else if (heard.firstByteMs !== null && heard.firstByteMs <= this.#quickMs) this.#tooLateMs = null;
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > REMEMBERED && oldest !== undefined) this.#asked.delete(oldest);
  }

  /** One late answer may be a slow meter or a stall of this computer; of two without a timely one between, the lesser is the way's. */
  #grow(latenessMs: number): void {
    const boundedMs = Math.min(latenessMs, this.waits.legalMs + LONGEST_LATENESS_MS);
    if (boundedMs <= this.#quickMs) return;
    const before = this.#tooLateMs;
    this.#tooLateMs = boundedMs;
    if (before === null) return;
    this.#latestMs = Math.max(this.#latestMs, Math.min(before, boundedMs));
    this.#quickMs = Math.max(this.#quickMs, this.#latestMs + LATE_MARGIN_MS);
  }
}
