/** Whether the PC's own clock may be trusted, judged by the clocks of the meters that it reads. */

/** Fewer clocks prove nothing: two meters may well share an installer's mistake. */
const LEAST_METERS = 3;
/** A common deviation below this does no harm to anything that is written. */
const HARMLESS_MS = 5000;
/** So near to their middle deviations are called alike. */
const ALIKE_MS = 3000;

/**
 * What most meters say alike against the PC, milliseconds; `null` while they do not, or while it does no harm: then nothing speaks
 * against the PC. `deviationsMs` are meter minus PC, one of each meter whose clock was read.
 */
export function commonDeviationMs(deviationsMs: readonly number[]): number | null {
  if (deviationsMs.length < LEAST_METERS) return null;
  const ordered = [...deviationsMs].sort((a, b) => a - b);
  const middle = ordered[ordered.length >> 1] ?? 0;
  if (Math.abs(middle) <= HARMLESS_MS) return null;
  const alike = ordered.filter((deviation) => Math.abs(deviation - middle) <= ALIKE_MS).length;
  return alike * 2 > ordered.length ? middle : null;
}

/** True when most meters disagree with the PC alike: then it is the PC that is wrong, and no meter may be set by it (DESIGN.md 4). */
export function isPcClockInDoubt(deviationsMs: readonly number[]): boolean {
  return commonDeviationMs(deviationsMs) !== null;
}
