/** Who answers at the address of one meter: tells a meter that was replaced from two meters that take turns. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Clock } from '../platform/clock.ts';

/** Answers of the same meter in a row that make it the only one. */
const PROOFS = 10;
/** Where a meter has come back, two share the address: which one stands there is open until one of them has been quiet for so long. */
const SHARED_MS = 86_400_000;
/** How often it is told that the other one still answers. */
const TELL_MS = 600_000;

export interface StrangerWatchDeps {
  /** Serial of the meter that belongs there. */
  readonly serial: string;
  readonly clock: Clock;
  /** Another meter is the only one that answers, since then. What it throws goes to whoever asked; it is told again. */
  readonly onStranger: (serial: string, sinceUtc: UtcSeconds) => void;
}

export class StrangerWatch {
  readonly #deps: StrangerWatchDeps;
  #answering: { readonly serial: string; readonly sinceUtc: UtcSeconds; answers: number } | null = null;
  /** Serials that others have followed. */
  readonly #former = new Set<string>();
  /** Monotonic: until then the address counts as that of two meters. */
  #sharedUntil = Number.NEGATIVE_INFINITY;
  #toldAt: number | null = null;

  constructor(deps: StrangerWatchDeps) {
    this.#deps = deps;
  }

  /** More answers of the same meter say nothing new. */
  get isSettled(): boolean {
    return this.#answering !== null && this.#answering.answers >= PROOFS;
  }

  /** A meter has answered who it is. One serial that follows another is a replaced meter; one that comes back makes it two. */
  heard(serial: string): void {
    const { clock, onStranger } = this.#deps;
    const now = clock.monotonic();
    if (this.#answering?.serial !== serial) {
      if (this.#answering !== null) this.#former.add(this.#answering.serial);
      if (this.#former.has(serial)) this.#sharedUntil = now + SHARED_MS;
      this.#answering = { serial, sinceUtc: Math.floor(clock.now() / 1000), answers: 0 };
      this.#toldAt = null;
    }
    this.#answering.answers += 1;
    if (serial === this.#deps.serial || !this.isSettled || now < this.#sharedUntil) return;
    if (this.#toldAt !== null && now - this.#toldAt < TELL_MS) return;
    onStranger(serial, this.#answering.sinceUtc);
    this.#toldAt = now;
  }
}
