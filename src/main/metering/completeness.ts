import type { UtcSeconds } from '../../shared/domain/time.ts';

/** How many intervals should exist and how many of them do (quality.md 1). */
export interface CompletenessCount {
  readonly expected: number;
  readonly received: number;
}

export const NOTHING_EXPECTED: CompletenessCount = { expected: 0, received: 0 };

/** What one meter owes to a point. */
export interface OwedIntervals {
  readonly starts: readonly UtcSeconds[];
  readonly isReceived: (startUtc: UtcSeconds) => boolean;
}

/**
 * Intervals of one point; a figure at a start that nobody expected does not make up for an absent one. The interval inside which a meter
 * was replaced is owed by both meters and counts once, as received when both have given their part.
 */
export function countCompleteness(meters: readonly OwedIntervals[]): CompletenessCount {
  const received = new Map<UtcSeconds, boolean>();
  for (const { starts, isReceived } of meters) {
    for (const start of starts) received.set(start, isReceived(start) && received.get(start) !== false);
  }
  return { expected: received.size, received: [...received.values()].filter(Boolean).length };
}

/** Of several points or days together. */
export function sumCompleteness(parts: readonly CompletenessCount[]): CompletenessCount {
  return parts.reduce(
    (sum, part) => ({ expected: sum.expected + part.expected, received: sum.received + part.received }),
    NOTHING_EXPECTED,
  );
}
