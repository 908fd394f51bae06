/** Time as the screens see it: tests move it. */
export interface ScreenClock {
  /** Milliseconds since 1970 by the clock of this computer. */
  now(): number;
  /** Runs once after `ms`; the returned function cancels. */
  after(ms: number, run: () => void): () => void;
}

export const browserClock: ScreenClock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Runs every `ms` until the returned function is called. */
export function repeat(clock: ScreenClock, ms: number, run: () => void): () => void {
  let cancel = clock.after(ms, tick);
  function tick() {
    cancel = clock.after(ms, tick);
    run();
  }
  return () => cancel();
}
