import type { Clock } from '../platform/clock.ts';
import { type Fault, type FaultBoard, faultKey } from './faults.ts';

/** A fault with its times by the PC's clock, milliseconds since 1970. */
export interface ScheduledFault {
  readonly fault: Fault;
  /** `null` = it is to begin later. */
  readonly sinceMs: number | null;
  /** `null` = it stays until it is cleared, or has not begun. */
  readonly untilMs: number | null;
}

/** Lets faults begin and end at their times; what is in force stands on the board. */
export class FaultSchedule {
  readonly #clock: Clock;
  readonly #board: FaultBoard;
  readonly #follow: (changed: Fault, isOn: boolean) => void;
  /** Faults that have not begun, by what takes them back. */
  readonly #beginnings = new Map<() => void, Fault>();
  /** Ends of those in force, by their key. */
  readonly #endings = new Map<string, () => void>();
  readonly #times = new Map<string, ScheduledFault>();

  /** `follow` is told of every fault that has come into force or ended. */
  constructor(clock: Clock, board: FaultBoard, follow: (changed: Fault, isOn: boolean) => void) {
    this.#clock = clock;
    this.#board = board;
    this.#follow = follow;
  }

  /** What is in force, in the order in which it began, then what is to begin. */
  get all(): readonly ScheduledFault[] {
    return [...this.#times.values(), ...[...this.#beginnings.values()].map((fault) => ({ fault, sinceMs: null, untilMs: null }))];
  }

  /** Puts a fault in force now, or after its `after_s`. */
  set(given: Fault): void {
    if (given.after_s === undefined || given.after_s === 0) {
      this.#begin(given);
      return;
    }
    const cancel = this.#clock.after(given.after_s * 1000, () => {
      this.#beginnings.delete(cancel);
      this.#begin(given);
    });
    this.#beginnings.set(cancel, given);
  }

  /** Ends the fault of the same kind and target, and those of them that are to begin. */
  clear(given: Fault): void {
    for (const [cancel, waiting] of this.#beginnings) {
      if (faultKey(waiting) !== faultKey(given)) continue;
      cancel();
      this.#beginnings.delete(cancel);
    }
    this.#end(given);
  }

  /** Nothing begins or ends by itself any more. */
  stop(): void {
    for (const cancel of [...this.#beginnings.keys(), ...this.#endings.values()]) cancel();
    this.#beginnings.clear();
    this.#endings.clear();
  }

  #begin(given: Fault): void {
    const key = faultKey(given);
    // Another of the same kind takes the place of the first: what that did is undone before.
    this.#end(given);
    const sinceMs = this.#clock.now();
    const forMs = given.for_s === undefined ? null : given.for_s * 1000;
    this.#board.put(given);
    this.#times.set(key, { fault: given, sinceMs, untilMs: forMs === null ? null : sinceMs + forMs });
    if (forMs !== null) {
      this.#endings.set(
        key,
        this.#clock.after(forMs, () => this.#end(given)),
      );
    }
    this.#follow(given, true);
  }

  #end(named: Fault): void {
    const key = faultKey(named);
    const given = this.#times.get(key)?.fault;
    if (given === undefined) return;
    this.#endings.get(key)?.();
    this.#endings.delete(key);
    this.#times.delete(key);
    this.#board.remove(given);
    this.#follow(given, false);
  }
}
