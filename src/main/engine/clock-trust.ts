/** Whether a meter's stamps may be turned into UTC at all. */
import { AppError } from '../../shared/api/errors.ts';

/** A drift may be as large as this before it looks like another zone. */
const DRIFT_MS = 25 * 60_000;
const HALF_HOUR_MS = 30 * 60_000;
/** So near to whole half-hours a deviation is another offset, not a drift (mercury.md 13.10). */
const NEAR_MS = 5 * 60_000;
/** Further off than any zone: the clock was lost with its battery. */
const LOST_MS = 26 * 3_600_000;

/**
 * Throws `data/implausible` when a meter's clock differs from the PC's like another zone, or is lost altogether: its
 * half-hours would be stored hours away from where they belong, and a stamp is never shifted by a measured deviation.
 */
export function requireTrustedClock(deviationMs: number | null): void {
  const size = Math.abs(deviationMs ?? 0);
  if (size <= DRIFT_MS) return;
  const seconds = Math.round((deviationMs ?? 0) / 1000);
  if (size > LOST_MS) {
    throw new AppError('data/implausible', `The meter's clock is off by ${seconds} s: its half-hours cannot be placed`, {
      context: { deviation_s: seconds },
      hint: 'Have the clock of the meter set; its battery may be empty.',
    });
  }
  const offHalfHour = Math.abs(size - Math.round(size / HALF_HOUR_MS) * HALF_HOUR_MS);
  if (offHalfHour > NEAR_MS) return;
  throw new AppError('data/implausible', `The meter's clock is off by ${seconds} s: it lives in another zone than the one it is given`, {
    context: { deviation_s: seconds },
    hint: 'Give the zone of this meter in the column clock_zone of the import file.',
  });
}
