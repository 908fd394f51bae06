/** Lends a line for a task beside polling: one loan at a time, whose slices take turns with the work that is due. */
import { AppError, asAppError, isLineFault } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { EngineLine, LineAccess, LineLoan } from './ports.ts';
import { isAsUrgentAs, type Work } from './work.ts';

/** Live values that fill a line completely must not stop a search for ever: after this wait a slice goes before them. */
const LONGEST_WAIT_MS = 5000;

export interface LoanDeskDeps {
  readonly line: EngineLine;
  readonly clock: Clock;
  /** A slice waits: the worker need not sleep any longer. */
  readonly wake: () => void;
  /** Why nothing can be done on the line now; null = it can, or soon will. */
  readonly refusal: () => AppError | null;
}

interface Slice {
  readonly askedAt: number;
  perform(): Promise<void>;
  fail(error: AppError): void;
}

interface Loan {
  readonly waiting: Slice[];
  /** Speed and format that the borrower left the port with; null = its own. */
  setting: string | null;
  /** Set once the loan is over: tells who gave it back that the line is as it was. */
  returned: (() => void) | null;
}

export class LoanDesk {
  readonly #deps: LoanDeskDeps;
  #loan: Loan | null = null;
  /** The port has another setting than its own. */
  #isRetuned = false;
  #isRunning = false;
  /** What polling may still use of its turn before the next slice, milliseconds. */
  #turnMs = 0;

  constructor(deps: LoanDeskDeps) {
    this.#deps = deps;
  }

  /** Throws `api/conflict` while the line is lent. */
  lend(): LineLoan {
    if (this.#loan !== null) {
      throw new AppError('api/conflict', 'The line is in use by another search or test', { hint: 'Wait for it to end, or cancel it' });
    }
    const loan: Loan = { waiting: [], setting: null, returned: null };
    this.#loan = loan;
    return {
      slice: (work) => this.#slice(loan, work),
      release: () => this.#release(loan),
    };
  }

  /** The line was given back and must be made as it was. */
  get isReturned(): boolean {
    return this.#loan !== null && this.#loan.returned !== null;
  }

  /** Monotonic moment at which the slice that is next was asked for; null = none is. */
  get waitingSince(): number | null {
    return this.#loan?.waiting[0]?.askedAt ?? null;
  }

  /** A slice waits and goes before `work`, the most urgent that polling has to do. */
  goesBefore(work: Work | null): boolean {
    const slice = this.#loan?.waiting[0];
    if (slice === undefined) return false;
    if (work === null) return true;
    const hasWaitedLong = this.#deps.clock.monotonic() - slice.askedAt > LONGEST_WAIT_MS;
    if (hasWaitedLong) return !isAsUrgentAs(work.class, 'half-hour');
    return !isAsUrgentAs(work.class, 'screen') && work.class !== 'live' && this.#turnMs <= 0;
  }

  /** Polling has worked for so long: its turn grows shorter. */
  polled(ms: number): void {
    this.#turnMs -= ms;
  }

  /** Runs the slice that waits. Line faults reach both the borrower and the worker. */
  async runSlice(): Promise<void> {
    const loan = this.#loan;
    const slice = loan?.waiting.shift();
    if (loan === null || slice === undefined) return;
    const { clock } = this.#deps;
    const startMs = clock.monotonic();
    this.#isRunning = true;
    try {
      if (loan.setting !== null) await this.#retune(loan.setting);
      await slice.perform();
    } catch (error) {
      slice.fail(asAppError(error));
      // Everything else concerns the borrower alone.
      if (isLineFault(error)) throw error;
    } finally {
      this.#isRunning = false;
      this.#turnMs = clock.monotonic() - startMs;
    }
  }

  /** Makes the line as it was before polling goes on. Throws line faults. */
  async tidy(): Promise<void> {
    if (this.#isRetuned) await this.#retune(null);
    this.#finishReturn();
  }

  /** The line is down and will be opened with its own setting: slices that wait are told, the loan itself goes on. */
  lineDown(error: AppError): void {
    this.#isRetuned = false;
    for (const slice of this.#loan?.waiting.splice(0) ?? []) slice.fail(error);
    this.#finishReturn();
  }

  /** The engine stops: the loan is over. */
  end(error: AppError): void {
    const loan = this.#loan;
    if (loan === null) return;
    this.#loan = null;
    for (const slice of loan.waiting.splice(0)) slice.fail(error);
    loan.returned?.();
  }

  #slice<T>(loan: Loan, work: (line: LineAccess) => Promise<T>): Promise<T> {
    if (this.#loan !== loan || loan.returned !== null) return Promise.reject(new AppError('api/cancelled', 'The line was given back'));
    const refusal = this.#deps.refusal();
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      loan.waiting.push({
        askedAt: this.#deps.clock.monotonic(),
        perform: async () => resolve(await work(this.#access(loan))),
        fail: reject,
      });
      this.#deps.wake();
    });
  }

  #release(loan: Loan): Promise<void> {
    if (this.#loan !== loan || loan.returned !== null) return Promise.resolve();
    for (const slice of loan.waiting.splice(0)) slice.fail(new AppError('api/cancelled', 'The line was given back'));
    return new Promise((resolve) => {
      loan.returned = resolve;
      // A slice in the middle of its work, or a setting to be put back, is the worker's to end.
      if (this.#isRunning || this.#isRetuned) this.#deps.wake();
      else this.#finishReturn();
    });
  }

  #finishReturn(): void {
    const returned = this.#loan?.returned ?? null;
    if (returned === null) return;
    this.#loan = null;
    returned();
  }

  #access(loan: Loan): LineAccess {
    const { line } = this.#deps;
    return {
      get baudRate() {
        return line.baudRate;
      },
      exchange: (request) => line.exchange(request),
      listen: (request) => line.listen(request),
      retune: async (setting) => {
        await this.#retune(setting);
        loan.setting = setting;
      },
    };
  }

  async #retune(setting: string | null): Promise<void> {
    await this.#deps.line.retune(setting);
    // A setting that the line refuses changes nothing; a line that is lost over it is opened with its own.
    this.#isRetuned = setting !== null;
  }
}
