/** Registers at the midnights before yesterday, where the meter keeps them by date: with them the days of an outage are compared too. */
import { asAppError } from '../../shared/api/errors.ts';
import { type ClockBasis, dayStartUtc, meterDayOf, type UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Batch } from './ledger-keeper.ts';
import { isRefusal } from './refusals.ts';

/** A closed month and what has gone of the next; meters keep 123 days (mercury.md 5). */
const DAYS_BACK = 40;
/** Today and yesterday are registers of their own, read at each midnight. */
const FIRST_DAY_BACK = 2;
const PERIOD_MS = 86_400_000;

export interface PastDaysReaderDeps {
  readonly clock: Clock;
  /** False for a `poll`. */
  readonly isWanted: boolean;
  readonly basis: ClockBasis;
  /** Starts of days within [from, to) whose registers are stored. */
  readonly known: (fromUtc: UtcSeconds, toUtc: UtcSeconds) => readonly UtcSeconds[];
  readonly save: (batch: Batch) => void;
}

export class PastDaysReader {
  readonly #deps: PastDaysReaderDeps;
  #dueAt = 0;
  /** Days by the meter's calendar that are left of this round; null between rounds. */
  #days: number[] | null = null;

  constructor(deps: PastDaysReaderDeps) {
    this.#deps = deps;
  }

  /** Monotonic moment at which there may be something to read. */
  get dueAt(): number {
    return this.#deps.isWanted ? this.#dueAt : Number.POSITIVE_INFINITY;
  }

  /** One day of the round, the newest first. A refusal ends the round: older days are kept no better. Throws what else the driver throws. */
  async read(openSession: () => Promise<MeterSession>): Promise<void> {
    this.#days ??= this.#unknownDays();
    const day = this.#days[0];
    if (day === undefined) {
      this.#endRound();
      return;
    }
    try {
      const { value: registers, exchanges } = await (await openSession()).readPastDayStart(day);
      if (registers.length > 0) this.#deps.save({ exchanges, registers });
      this.#days.shift();
    } catch (error) {
      if (!isRefusal(asAppError(error))) throw error;
      this.#endRound();
    }
  }

  #unknownDays(): number[] {
    const { clock, basis, known } = this.#deps;
    const today = meterDayOf(clock.now() / 1000, basis);
    const stored = new Set(known(dayStartUtc(today - DAYS_BACK, basis), dayStartUtc(today, basis)));
    const days = Array.from({ length: DAYS_BACK - FIRST_DAY_BACK + 1 }, (_, index) => today - FIRST_DAY_BACK - index);
    return days.filter((day) => !stored.has(dayStartUtc(day, basis)));
  }

  #endRound(): void {
    this.#days = null;
    this.#dueAt = this.#deps.clock.monotonic() + PERIOD_MS;
  }
}
