import type { Clock } from '../../src/main/platform/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  /** `null` = cancelled. */
  run: (() => void) | null;
}

/** Turns of the event loop that the end of some work may take when no timer is left. */
const MOST_IDLE_TURNS = 1000;

/**
 * Simulated time for months of it: moves from timer to timer as fast as what they start is done. Everything between two timers
 * must be promises: whatever waits for the operating system would be left behind.
 */
export class SwiftClock implements Clock {
  readonly #startMs: number;
  #passedMs = 0;
  #order = 0;
  /** A binary heap by moment, then by order. */
  readonly #heap: Timer[] = [];

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#passedMs;
  }

  monotonic(): number {
    return this.#passedMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { atMs: this.#passedMs + Math.max(0, ms), order: this.#order, run };
    this.#order += 1;
    this.#push(timer);
    return () => {
      timer.run = null;
    };
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

  /** Moves to a moment of `now`, firing what falls due on the way. */
  async moveTo(nowMs: number): Promise<void> {
    const endMs = nowMs - this.#startMs;
    await settle();
    for (let next = this.#first(endMs); next !== null; next = this.#first(endMs)) {
      this.#passedMs = Math.max(this.#passedMs, next.atMs);
      next.run?.();
      await settle();
    }
    this.#passedMs = Math.max(this.#passedMs, endMs);
  }

  /** Moves from timer to timer until the work is done. */
  async finish<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const ending = work.finally(() => {
      isDone = true;
    });
    // Whoever awaits the result hears of a failure; until then it is no unhandled one.
    ending.catch(() => {});
    await settle();
    for (let idle = 0; !isDone; idle += 1) {
      const next = this.#first(Number.POSITIVE_INFINITY);
      if (next === null) {
        if (idle > MOST_IDLE_TURNS) throw new Error('The work waits for something that no timer brings');
        await settle();
        continue;
      }
      idle = 0;
      this.#passedMs = Math.max(this.#passedMs, next.atMs);
      next.run?.();
      await settle();
    }
    return ending;
  }

  /** Takes out the earliest timer that is due by then; those cancelled are dropped on the way. */
  #first(byMs: number): Timer | null {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (top.run !== null && top.atMs > byMs) return null;
      this.#drop();
      if (top.run !== null) return top;
    }
    return null;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.push(timer) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = timer;
  }

  #drop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, below)) {
        child += 1;
        below = right;
      }
      if (!isBefore(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** One turn of the event loop: every promise that can be settled by then is. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
