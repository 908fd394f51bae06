import type { Clock } from '../../src/main/platform/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. Timers fire in the order of their moments; promises settle between them. */
export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startIso = '2026-11-22T09:00:00Z') {
    this.#nowMs = Date.parse(startIso);
  }

  now(): number {
    return this.#nowMs;
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
      const next = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#move(next.at - this.#monotonicMs);
      next.run();
    }
    this.#move(end - this.#monotonicMs);
    await settle();
  }

  /** The PC's clock alone jumps, as when a person or a time service sets it. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  #move(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }
}

/** Lets everything that is already resolved run: microtasks and one turn of the event loop, a few times. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
