/** The clock of one meter against ours: what was last measured, and when it is measured again. */
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Batch } from './ledger-keeper.ts';

export interface ClockReaderDeps {
  readonly clock: Clock;
  readonly periodS: number;
  readonly save: (batch: Batch) => void;
}

export class ClockReader {
  readonly #deps: ClockReaderDeps;
  #deviationMs: number | null = null;
  #isMarkedSummer: boolean | null = null;
  #dueAt = 0;

  constructor(deps: ClockReaderDeps) {
    this.#deps = deps;
  }

  /** Meter minus PC; null while it is not known. */
  get deviationMs(): number | null {
    return this.#deviationMs;
  }

  /** The clock's mark says summer; null = it was not read. */
  get isMarkedSummer(): boolean | null {
    return this.#isMarkedSummer;
  }

  /** Monotonic moment of the next measurement. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Throws what the driver throws. */
  async read(session: MeterSession): Promise<void> {
    const { value } = await session.readClock();
    this.#deviationMs = value.deviationMs;
    this.#isMarkedSummer = value.isSummer;
    this.postpone();
    this.#deps.save({ clock: { atUtc: Math.floor(this.#deps.clock.now() / 1000), deviationMs: value.deviationMs } });
  }

  /** Not before another period has passed. */
  postpone(): void {
    this.#dueAt = this.#deps.clock.monotonic() + this.#deps.periodS * 1000;
  }
}
