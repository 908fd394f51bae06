import type { AbsenceReason } from './interval.ts';
import type { UtcSeconds } from './time.ts';

/** A run of intervals that should exist and do not, with why and what becomes of it. Ranges of one meter never overlap. */
export interface Gap {
  readonly meterId: number;
  /** Start of the first absent interval. */
  readonly fromUtc: UtcSeconds;
  /** End of the last absent interval (exclusive). */
  readonly toUtc: UtcSeconds;
  readonly reason: AbsenceReason;
  readonly sinceUtc: UtcSeconds;
  readonly tries: number;
  readonly nextTryUtc: UtcSeconds | null;
  /** When the ring overwrites the oldest interval of it; null when unknown or past caring. */
  readonly deadlineUtc: UtcSeconds | null;
  readonly state: 'open' | 'proven-absent';
}
