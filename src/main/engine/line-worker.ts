/** One line, one loop, one exchange in flight: opens the port, always does the most urgent work of its meters, reopens after a loss. */
import { asAppError, type ErrorCode, isLineFault } from '../../shared/api/errors.ts';
import type { LineRecord } from '../../shared/domain/plant.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { MeterAgent } from './meter-agent.ts';
import type { EngineLine, LineCounters } from './ports.ts';
import { isMoreUrgent, type Work } from './work.ts';

/** Pauses between attempts to open a line, seconds (gateways.md 2, with a quick first try). */
const REOPEN_S = [1, 3, 5, 15, 30];
/** `poll` gives a line up after this many attempts over at least this time. */
const GIVE_UP_ATTEMPTS = 3;
const GIVE_UP_MS = 60_000;
/** While the store refuses, reading on would only lose what is read. */
const STORE_PAUSE_MS = 10_000;
const LONGEST_SLEEP_MS = 1000;

export type LineState = 'connecting' | 'connected' | 'down' | 'stopped';

export interface LineWorkerDeps {
  readonly record: LineRecord;
  readonly line: EngineLine;
  readonly agents: readonly MeterAgent[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isStoreFaulty: () => boolean;
  readonly onState: () => void;
}

export class LineWorker {
  readonly record: LineRecord;
  readonly agents: readonly MeterAgent[];
  readonly #deps: LineWorkerDeps;
  readonly #stop = new AbortController();
  #state: LineState = 'connecting';
  #code: ErrorCode | null = null;
  #isOpen = false;
  #attempts = 0;
  #downSince = 0;
  #wake = new AbortController();

  constructor(deps: LineWorkerDeps) {
    this.#deps = deps;
    this.record = deps.record;
    this.agents = deps.agents;
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

  /** Ends the sleep between pieces of work: something has become due. */
  wake(): void {
    this.#wake.abort();
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
  }

  /** Runs until `stop`, or until every meter of a `poll` is finished. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#isFinished()) break;
      if (this.#deps.isStoreFaulty()) await this.#deps.clock.sleep(STORE_PAUSE_MS, this.#stop.signal);
      else if (this.#isOpen) await this.#step();
      else await this.#open();
    }
    await this.#close();
    this.#setState('stopped', this.#code);
  }

  #isFinished(): boolean {
    if (this.agents.length > 0 && this.agents.every((agent) => agent.isFinished())) return true;
    const isOnce = this.agents.some((agent) => agent.isOnce);
    return isOnce && this.#attempts >= GIVE_UP_ATTEMPTS && this.#deps.clock.monotonic() - this.#downSince >= GIVE_UP_MS;
  }

  async #open(): Promise<void> {
    const { line, clock, logger } = this.#deps;
    try {
      await line.open();
      this.#isOpen = true;
      this.#attempts = 0;
      this.#setState('connected', null);
    } catch (thrown) {
      const error = asAppError(thrown);
      if (this.#attempts === 0) this.#downSince = clock.monotonic();
      this.#attempts += 1;
      logger.warn({ line: this.record.name, code: error.code, error: error.message, attempt: this.#attempts }, 'the line did not open');
      this.#fallDown(error.code);
      const pauseS = REOPEN_S[Math.min(this.#attempts, REOPEN_S.length) - 1] ?? 30;
      await clock.sleep(pauseS * 1000, this.#stop.signal);
    }
  }

  async #step(): Promise<void> {
    const { clock, logger } = this.#deps;
    const chosen = this.#choose();
    if (chosen === null) {
      this.#wake = new AbortController();
      const nextDue = Math.min(...this.agents.map((agent) => agent.nextDueAt()), Number.POSITIVE_INFINITY);
      const sleepMs = Math.min(LONGEST_SLEEP_MS, Math.max(10, nextDue - clock.monotonic()));
      if (!this.#stop.signal.aborted) await clock.sleep(sleepMs, this.#wake.signal);
      return;
    }
    try {
      await chosen.agent.perform(chosen.work);
    } catch (thrown) {
      const error = asAppError(thrown);
      if (!isLineFault(error)) throw error;
      logger.warn({ line: this.record.name, code: error.code, error: error.message }, 'the line was lost');
      await this.#close();
      this.#fallDown(error.code);
    }
  }

  #choose(): { agent: MeterAgent; work: Work } | null {
    let best: { agent: MeterAgent; work: Work } | null = null;
    for (const agent of this.agents) {
      const work = agent.offer();
      if (work !== null && (best === null || isMoreUrgent(work, best.work))) best = { agent, work };
    }
    return best;
  }

  #fallDown(code: ErrorCode): void {
    this.#setState('down', code);
    for (const agent of this.agents) agent.lineDown();
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
