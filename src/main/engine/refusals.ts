/** Kinds of work that a meter answers with a refusal or with nonsense: spared for a while, then asked again. */
import type { WorkClass } from './work.ts';

const QUICK_MS = 1000;
const PAUSE_MS = 60_000;
/** So many refusals in a row end this kind of work for a `poll`. */
const TRIES = 3;

export class Refusals {
  readonly #byClass = new Map<WorkClass, { tries: number; until: number }>();

  add(workClass: WorkClass, now: number): void {
    const tries = (this.#byClass.get(workClass)?.tries ?? 0) + 1;
    this.#byClass.set(workClass, { tries, until: now + (tries < TRIES ? QUICK_MS : PAUSE_MS) });
  }

  /** The work went well: earlier refusals are forgotten. */
  clear(workClass: WorkClass): void {
    this.#byClass.delete(workClass);
  }

  /** Monotonic moment before which this kind of work is not tried; 0 = now. */
  pausedUntil(workClass: WorkClass): number {
    return this.#byClass.get(workClass)?.until ?? 0;
  }

  isFinal(workClass: WorkClass): boolean {
    return (this.#byClass.get(workClass)?.tries ?? 0) >= TRIES;
  }
}
