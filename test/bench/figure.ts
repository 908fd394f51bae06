export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is held against, measured or computed in this run. */
  readonly limit: string;
  readonly goal: string;
}

/** Median of several timed runs, milliseconds. */
export function median(runs: number, run: () => void): number {
  run();
  const times = Array.from({ length: runs }, () => timed(run));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

export function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
