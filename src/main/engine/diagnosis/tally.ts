/** What is judged is what happened in so many milliseconds before now: quiet for so long clears every name that rests on counts. */
export const WINDOW_MS = 300_000;
const STEP_MS = 10_000;

/** Counts by name over the sliding window, to the step. Moments are monotonic milliseconds and never go back. */
export class Tally<Name extends string> {
  readonly #steps: { readonly step: number; readonly counts: Partial<Record<Name, number>> }[] = [];

  add(name: Name, nowMs: number, by = 1): void {
    const step = Math.floor(nowMs / STEP_MS);
    let last = this.#steps.at(-1);
    if (last === undefined || last.step !== step) {
      last = { step, counts: {} };
      this.#steps.push(last);
      const oldest = step - WINDOW_MS / STEP_MS;
      while ((this.#steps[0]?.step ?? step) <= oldest) this.#steps.shift();
    }
    last.counts[name] = (last.counts[name] ?? 0) + by;
  }

  sum(name: Name, nowMs: number): number {
    const oldest = Math.floor(nowMs / STEP_MS) - WINDOW_MS / STEP_MS;
    return this.#steps.reduce((sum, { step, counts }) => (step > oldest ? sum + (counts[name] ?? 0) : sum), 0);
  }
}
