/** The PC's clock as the meters of a site see it: whether it jumped, and by how much it is off when most of them say so alike. */
import { commonDeviationMs } from '../metering/pc-clock.ts';
import type { Clock } from '../platform/clock.ts';

/** Between two looks the two clocks of a PC part by less, whatever a time service smooths away. */
const JUMP_MS = 2000;

export class PcClock {
  readonly #clock: Clock;
  readonly #deviationsMs = new Map<number, number>();
  /** What they come to; null = to be judged anew. It is asked for far more often than a clock is read. */
  #errorMs: number | null = null;
  /** Time of day minus the clock that never jumps. */
  #offsetMs: number;
  #jumps = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.now() - clock.monotonic();
  }

  /** Looks whether the clock has jumped; what was measured against it before means nothing then. A PC that slept has jumped too. */
  look(): void {
    const offsetMs = this.#clock.now() - this.#clock.monotonic();
    if (Math.abs(offsetMs - this.#offsetMs) > JUMP_MS) {
      this.#jumps += 1;
      this.#deviationsMs.clear();
      this.#errorMs = null;
    }
    this.#offsetMs = offsetMs;
  }

  /** How often it has jumped so far: a measurement is good for the count that it was made under. */
  get jumps(): number {
    return this.#jumps;
  }

  /** Meter minus PC of one meter, as measured now. */
  measured(meterId: number, deviationMs: number): void {
    this.#deviationsMs.set(meterId, deviationMs);
    this.#errorMs = null;
  }

  /** What is added to the PC's clock to have the time of the site, milliseconds; 0 while nothing speaks against it. */
  get errorMs(): number {
    this.#errorMs ??= commonDeviationMs([...this.#deviationsMs.values()]) ?? 0;
    return this.#errorMs;
  }

  /** Milliseconds since 1970 by the PC, set right by the meters when they agree that it is wrong. */
  now(): number {
    return this.#clock.now() + this.errorMs;
  }
}
