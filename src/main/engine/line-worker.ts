/** One line, one loop, one exchange in flight: opens the port, always does the most urgent work of its meters, reopens after a loss. */
import { AppError, asAppError, type ErrorCode, isLineFault } from '../../shared/api/errors.ts';
import type { LineRecord } from '../../shared/domain/plant.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { MeterSession } from '../drivers/driver.ts';
import { FreezeSchedule } from './freeze-schedule.ts';
import { LoanDesk } from './loan-desk.ts';
import type { MeterAgent } from './meter-agent.ts';
import type { PcClock } from './pc-clock.ts';
import type { EngineLine, LineCounters, LineLoan } from './ports.ts';
import { Turns } from './turns.ts';
import { type ClassWaits, WaitRecord } from './wait-record.ts';
import type { Work } from './work.ts';

/** Pauses between attempts to open a line, seconds (gateways.md 2, with a quick first try). */
const REOPEN_S = [1, 3, 5, 15, 30];
/** `poll` gives a line up after this many attempts over at least this time. */
const GIVE_UP_ATTEMPTS = 3;
const GIVE_UP_MS = 60_000;
/** While the store refuses, reading on would only lose what is read. */
const STORE_PAUSE_MS = 10_000;
const LONGEST_SLEEP_MS = 1000;
/** A connection that ends so soon was not meant for us: a gateway of one client is not to be hammered. */
const SHORT_LIVED_MS = 5000;

export type LineState = 'connecting' | 'connected' | 'down' | 'stopped';

export interface LineWorkerDeps {
  readonly record: LineRecord;
  readonly line: EngineLine;
  readonly agents: readonly MeterAgent[];
  /** The line of a `poll`: it ends when its meters are finished. */
  readonly isOnce: boolean;
  readonly clock: Clock;
  readonly pcClock: PcClock;
  readonly logger: Logger;
  readonly isStoreFaulty: () => boolean;
  readonly onState: () => void;
}

export class LineWorker {
  readonly record: LineRecord;
  readonly #agents: MeterAgent[];
  readonly #deps: LineWorkerDeps;
  readonly #stop = new AbortController();
  readonly #loans: LoanDesk;
  readonly #freezes: FreezeSchedule;
  readonly #turns = new Turns();
  readonly #waits = new WaitRecord();
  #state: LineState = 'connecting';
  #code: ErrorCode | null = null;
  #isOpen = false;
  #attempts = 0;
  #downSince = 0;
  #openedAt = 0;
  /** Connections in a row that ended soon after they began. */
  #shortLived = 0;
  #wake = new AbortController();
  /** Errands so far: the order in which persons asked. */
  #asked = 0;

  constructor(deps: LineWorkerDeps) {
    this.#deps = deps;
    this.record = deps.record;
    this.#agents = [...deps.agents];
    this.#freezes = new FreezeSchedule(deps.line, this.#agents, deps.clock, deps.pcClock);
    this.#loans = new LoanDesk({
      line: deps.line,
      clock: deps.clock,
      wake: () => this.wake(),
      refusal: () => this.#refusal(),
    });
  }

  get agents(): readonly MeterAgent[] {
    return this.#agents;
  }

  /** One more meter of this line is polled from now on. */
  adopt(agent: MeterAgent): void {
    this.#agents.push(agent);
    this.wake();
  }

  get state(): LineState {
    return this.#state;
  }

  /** Code of the fault that keeps the line down. */
  get code(): ErrorCode | null {
    return this.#code;
  }

  counters(): LineCounters {
    return this.#deps.line.counters();
  }

  /** What work waited for over the last hour, beside what is promised. */
  waits(): readonly ClassWaits[] {
    return this.#waits.figures(this.#deps.clock.monotonic());
  }

  /** Ends the sleep between pieces of work: something has become due. */
  wake(): void {
    this.#wake.abort();
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
    this.#cancelTasks();
  }

  /** Work that a person waits for on one of the meters of this line. */
  ask<T>(agent: MeterAgent, label: string, run: (session: MeterSession) => Promise<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal !== null) return Promise.reject(refusal);
    this.#asked += 1;
    const done = agent.ask(this.#asked, label, run);
    this.wake();
    return done;
  }

  /** Throws `api/conflict` while the line is lent, `api/cancelled` after `stop`. */
  lend(): LineLoan {
    if (this.#stop.signal.aborted) throw cancelled();
    return this.#loans.lend();
  }

  /** Runs until `stop`, or until every meter of a `poll` is finished. */
  async run(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        if (this.#isFinished()) break;
        if (this.#isOpen) await this.#step();
        else await this.#open();
      }
    } finally {
      // Also after a fault of the program: nobody waits for what will not be done.
      await this.#close();
      for (const agent of this.agents) agent.end();
      this.#setState('stopped', this.#code);
      this.#cancelTasks();
    }
  }

  #cancelTasks(): void {
    this.#loans.end(cancelled());
    for (const agent of this.agents) agent.dropErrands(cancelled());
  }

  /** Why a task beside polling cannot be begun; a line that is being opened may be waited for. */
  #refusal(): AppError | null {
    if (this.#stop.signal.aborted || this.#state === 'stopped') return cancelled();
    if (this.#state !== 'down') return null;
    return new AppError(this.#code ?? 'line/lost', `Line ${this.record.name} is down`, { context: { line: this.record.name } });
  }

  #isFinished(): boolean {
    if (!this.#deps.isOnce) return false;
    if (this.agents.every((agent) => agent.isFinished())) return true;
    return this.#attempts >= GIVE_UP_ATTEMPTS && this.#deps.clock.monotonic() - this.#downSince >= GIVE_UP_MS;
  }

  async #open(): Promise<void> {
    const { line, clock, logger } = this.#deps;
    try {
      await line.open();
      this.#isOpen = true;
      this.#openedAt = clock.monotonic();
      this.#attempts = 0;
      this.#setState('connected', null);
    } catch (thrown) {
      const error = asAppError(thrown);
      if (this.#attempts === 0) this.#downSince = clock.monotonic();
      this.#attempts += 1;
      logger.warn({ line: this.record.name, code: error.code, error: error.message, attempt: this.#attempts }, 'the line did not open');
      this.#fallDown(error);
      const pauseS = REOPEN_S[Math.min(this.#attempts, REOPEN_S.length) - 1] ?? 30;
      await clock.sleep(pauseS * 1000, this.#stop.signal);
    }
  }

  async #step(): Promise<void> {
    const { logger } = this.#deps;
    try {
      await this.#work();
    } catch (thrown) {
      const error = asAppError(thrown);
      if (!isLineFault(error)) throw error;
      logger.warn({ line: this.record.name, code: error.code, error: error.message }, 'the line was lost');
      await this.#close();
      this.#fallDown(error);
      await this.#pauseAfterShortLife();
    }
  }

  /** The first reopening is immediate; after connections that last for moments only it takes longer each time. */
  async #pauseAfterShortLife(): Promise<void> {
    const { clock } = this.#deps;
    this.#shortLived = clock.monotonic() - this.#openedAt < SHORT_LIVED_MS ? this.#shortLived + 1 : 0;
    if (this.#shortLived < 2) return;
    const pauseS = REOPEN_S[Math.min(this.#shortLived - 1, REOPEN_S.length) - 1] ?? 30;
    await clock.sleep(pauseS * 1000, this.#stop.signal);
  }

  /** The most urgent piece of work, or sleep until there is one. Throws line faults. */
  async #work(): Promise<void> {
    const { clock, pcClock } = this.#deps;
    pcClock.look();
    if (this.#freezes.isDue) {
      await this.#loans.tidy();
      await this.#freezes.run();
      return;
    }
    const { quietMs } = this.#freezes;
    if (quietMs > 0) {
      await this.#loans.tidy();
      await clock.sleep(quietMs, this.#stop.signal);
      return;
    }
    const isStoreFaulty = this.#deps.isStoreFaulty();
    const chosen = this.#choose(isStoreFaulty);
    if (this.#loans.goesBefore(chosen?.work ?? null)) {
      const startMs = clock.monotonic();
      const askedAt = this.#loans.waitingSince ?? startMs;
      await this.#loans.runSlice();
      this.#waits.add('scan', askedAt, startMs, clock.monotonic());
      return;
    }
    // A borrower's setting stays while there is nothing else to do: opening a port anew costs more than his next slice.
    if (chosen !== null || this.#loans.isReturned) await this.#loans.tidy();
    if (chosen === null) {
      this.#wake = new AbortController();
      const nextDue = Math.min(...this.agents.map((agent) => agent.nextDueAt()), Number.POSITIVE_INFINITY);
      const pauseMs = isStoreFaulty ? STORE_PAUSE_MS : Math.min(LONGEST_SLEEP_MS, Math.max(10, nextDue - clock.monotonic()));
      const sleepMs = Math.min(pauseMs, this.#freezes.leftMs);
      if (!this.#stop.signal.aborted) await clock.sleep(sleepMs, this.#wake.signal);
      return;
    }
    const startMs = clock.monotonic();
    const { agent, work } = chosen;
    this.#dropSessionsBeside(agent);
    const isDone = await agent.perform(work);
    const endMs = clock.monotonic();
    if (isDone) this.#waits.add(work.class, work.dueAt, startMs, endMs);
    this.#turns.used(endMs - startMs);
    this.#loans.polled(endMs - startMs);
  }

  /** Where two are asked at one address, the channel that one has opened would answer the other: each begins with identity anew. */
  #dropSessionsBeside(agent: MeterAgent): void {
    for (const other of this.#agents) {
      if (other !== agent && other.meter.address === agent.meter.address) other.dropSession();
    }
  }

  /** While the store refuses, only what a person waits for is worth reading. */
  #choose(isStoreFaulty: boolean): { agent: MeterAgent; work: Work } | null {
    const offers = this.agents.flatMap((agent) => {
      const personWork = isStoreFaulty ? agent.personWork() : null;
      const works = isStoreFaulty ? (personWork === null ? [] : [personWork]) : agent.offers();
      return works.map((work) => ({ agent, work }));
    });
    return this.#turns.choose(offers, this.#deps.clock.monotonic());
  }

  #fallDown(error: AppError): void {
    this.#setState('down', error.code);
    this.#loans.lineDown(error);
    for (const agent of this.agents) agent.lineDown(error);
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    for (const agent of this.agents) agent.dropSession();
    await this.#deps.line.close();
  }

  #setState(state: LineState, code: ErrorCode | null): void {
    const isNews = state !== this.#state || code !== this.#code;
    this.#state = state;
    this.#code = code;
    if (isNews) this.#deps.onState();
  }
}

function cancelled(): AppError {
  return new AppError('api/cancelled', 'Polling stops');
}
