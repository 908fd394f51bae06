import type { Clock } from '../../src/main/platform/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. Timers fire in the order of their moments; promises settle between them. */
export class FakeClock implements Clock {
  /** What `now` is ahead of `monotonic`. */
  #aheadMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startIso = '2026-11-22T09:00:00Z') {
    this.#aheadMs = Date.parse(startIso);
  }

  /** Whole milliseconds, as a PC tells them. */
  now(): number {
    return Math.floor(this.#aheadMs + this.#monotonicMs);
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#monotonicMs + Math.max(0, ms), order: this.#order++, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve(false);
        return;
      }
      const cancel = this.after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve(true);
      });
      const abort = () => {
        cancel();
        resolve(false);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves both clocks forward, firing what falls due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    for (;;) {
      await settle();
      const next = this.#next();
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#move(next.at - this.#monotonicMs);
      next.run();
    }
    this.#move(end - this.#monotonicMs);
    await settle();
  }

  /** Moves both clocks from timer to timer until the work is done: for work that waits for timers alone, not for sockets. */
  async finish<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const ending = work.finally(() => {
      isDone = true;
    });
    // Whoever awaits the result hears of a failure; until then it is no unhandled one.
    ending.catch(() => {});
    await settle();
    while (!isDone) {
      const next = this.#next();
      if (next === undefined) throw new Error('The work waits for something that no timer brings');
      await this.advance(next.at - this.#monotonicMs);
    }
    return ending;
  }

  /** The PC's clock alone jumps, as when a person or a time service sets it. */
  jump(ms: number): void {
    this.#aheadMs += ms;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }

  #move(ms: number): void {
    this.#monotonicMs += ms;
  }
}

/** Lets everything that is already resolved run: microtasks and one turn of the event loop, a few times. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
