import type { InstantaneousKey } from './quantity.ts';
import type { UtcSeconds } from './time.ts';

/**
 * What several reads of one instantaneous quantity came to, secondary side: integer counts, value = count x 10^scale in the
 * unit of its key (INSTANTANEOUS_QUANTITIES).
 */
export interface Extremes {
  readonly scale: number;
  readonly min: number;
  readonly max: number;
  /** Of all counts: the mean is sum / reads, rounded once where it is told. */
  readonly sum: number;
  /** At least one. */
  readonly reads: number;
}

/** By key; a quantity without a read is not in it. */
export type ExtremesByKey = Readonly<Partial<Record<InstantaneousKey, Extremes>>>;

/** Every read of one meter inside a half-hour by UTC. */
export interface HalfHourExtremes {
  readonly startUtc: UtcSeconds;
  readonly values: ExtremesByKey;
}

/** Reads of both: smallest of the smallest, largest of the largest, sums and numbers added. Of unequal scales the finer one stays. */
export function mergeExtremes(a: Extremes, b: Extremes): Extremes {
  const scale = Math.min(a.scale, b.scale);
  const [byA, byB] = [10 ** (a.scale - scale), 10 ** (b.scale - scale)];
  return {
    scale,
    min: Math.min(a.min * byA, b.min * byB),
    max: Math.max(a.max * byA, b.max * byB),
    sum: a.sum * byA + b.sum * byB,
    reads: a.reads + b.reads,
  };
}

/** Key by key; what only one of them has stays as it is. */
export function mergeByKey(a: ExtremesByKey, b: ExtremesByKey): ExtremesByKey {
  const merged = { ...a };
  for (const [name, extremes] of Object.entries(b)) {
    const key = name as InstantaneousKey;
    const known = merged[key];
    merged[key] = known === undefined ? extremes : mergeExtremes(known, extremes);
  }
  return merged;
}
