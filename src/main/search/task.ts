/** What searches and line tests have in common: a life that a person may pause and end. */
import { AppError } from '../../shared/api/errors.ts';
import type { SearchState } from '../../shared/api/search.ts';
import type { Gate } from './questioner.ts';

export type TaskState = SearchState['state'];

/** Running until it is cancelled; held between two questions while it is paused. */
export class TaskControl implements Gate {
  readonly #abort = new AbortController();
  #held: { readonly released: Promise<void>; release(): void } | null = null;

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isPaused(): boolean {
    return this.#held !== null;
  }

  pause(): void {
    if (this.#held !== null) return;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#held = { released, release };
  }

  resume(): void {
    this.#held?.release();
    this.#held = null;
  }

  cancel(): void {
    this.#abort.abort();
    this.resume();
  }

  async pass(rest: () => Promise<void>): Promise<void> {
    while (this.#held !== null) {
      const { released } = this.#held;
      await rest();
      await released;
    }
    if (this.#abort.signal.aborted) throw new AppError('api/cancelled', 'The task was cancelled');
  }
}
