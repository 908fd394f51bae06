/** Registers of one meter, one kind at a time: what the plan names next is read and stored with its exchanges. */
import { hasCode } from '../../shared/api/errors.ts';
import { meterDayOf } from '../../shared/domain/time.ts';
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Batch } from './ledger-keeper.ts';
import { RegistersPlan, type RegisterTask } from './registers-plan.ts';
import type { PollPlan } from './work.ts';

const TARIFFS = [0, 1, 2, 3, 4];

export interface RegistersReaderDeps {
  readonly clock: Clock;
  readonly plan: PollPlan;
  /** The meter's wall clock is ahead of UTC by so much, minutes. */
  readonly offsetMin: number;
  /** Meter minus PC, milliseconds; null while it is not known. */
  readonly deviationMs: () => number | null;
  readonly save: (batch: Batch) => void;
}

export class RegistersReader {
  readonly #deps: RegistersReaderDeps;
  readonly #plan: RegistersPlan;

  constructor(deps: RegistersReaderDeps) {
    this.#deps = deps;
    this.#plan = new RegistersPlan(deps.plan.registersPeriodS, deps.plan.mode === 'once');
  }

  /** Monotonic moment at which the running registers are due again. */
  get dueAt(): number {
    return this.#plan.dueAt;
  }

  /** Everything was read at least once. */
  get isComplete(): boolean {
    return this.#plan.isComplete;
  }

  /** What to read now; null when nothing is due. */
  next(now: number): RegisterTask | null {
    return this.#plan.next(now, this.#meterDay());
  }

  /** Throws what the driver throws, but that a kind is unknown: a kind that this firmware does not keep is not a fault of the meter. */
  async read(session: MeterSession, task: RegisterTask): Promise<void> {
    const { clock, save } = this.#deps;
    try {
      const reading = await session.readRegisters(task.kind, TARIFFS, task.back);
      save({ exchanges: reading.exchanges, registers: reading.value });
    } catch (error) {
      if (!hasCode(error, 'meter/unsupported')) throw error;
    }
    this.#plan.done(task, clock.monotonic());
  }

  /** Days by the meter's own clock. */
  #meterDay(): number {
    const { clock, offsetMin, deviationMs } = this.#deps;
    return meterDayOf((clock.now() + (deviationMs() ?? 0)) / 1000, { offsetMin });
  }
}
