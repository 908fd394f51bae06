/** The clock of one meter against ours: what was last measured, and when it is measured again. */
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Batch } from './ledger-keeper.ts';
import type { PcClock } from './pc-clock.ts';

export interface ClockReaderDeps {
  readonly clock: Clock;
  readonly periodS: number;
  readonly meterId: number;
  readonly pcClock: PcClock;
  readonly save: (batch: Batch) => void;
  readonly onMeasured: (meterId: number, deviationMs: number) => void;
}

export class ClockReader {
  readonly #deps: ClockReaderDeps;
  #deviationMs: number | null = null;
  #isMarkedSummer: boolean | null = null;
  #dueAt = 0;
  /** Jumps of the PC's clock before the last measurement. */
  #jumps = 0;

  constructor(deps: ClockReaderDeps) {
    this.#deps = deps;
    this.#jumps = deps.pcClock.jumps;
  }

  /** Meter minus PC; null while it is not known. */
  get deviationMs(): number | null {
    return this.#deviationMs;
  }

  /** Meter minus the time of the site: the PC's own fault is left out when most meters tell it alike. Null while it is not known. */
  get ownDeviationMs(): number | null {
    return this.#deviationMs === null ? null : this.#deviationMs - this.#deps.pcClock.errorMs;
  }

  /** The PC's clock has jumped since: what was measured before says nothing of now. */
  get isStale(): boolean {
    return this.#jumps !== this.#deps.pcClock.jumps;
  }

  /** The clock's mark says summer; null = it was not read. */
  get isMarkedSummer(): boolean | null {
    return this.#isMarkedSummer;
  }

  /** Monotonic moment of the next measurement. */
  get dueAt(): number {
    return this.isStale ? 0 : this.#dueAt;
  }

  /** Throws what the driver throws. */
  async read(session: MeterSession): Promise<void> {
    const { value } = await session.readClock();
    this.#deviationMs = value.deviationMs;
    this.#deps.pcClock.measured(this.#deps.meterId, value.deviationMs);
    this.#isMarkedSummer = value.isSummer;
    this.postpone();
    this.#deps.onMeasured(this.#deps.meterId, value.deviationMs);
    this.#deps.save({ clock: { atUtc: Math.floor(this.#deps.clock.now() / 1000), deviationMs: value.deviationMs } });
  }

  /** Not before another period has passed. */
  postpone(): void {
    this.#dueAt = this.#deps.clock.monotonic() + this.#deps.periodS * 1000;
    this.#jumps = this.#deps.pcClock.jumps;
  }
}
