import type { UtcSeconds } from '../../shared/domain/time.ts';

/** How many intervals should exist and how many of them do (quality.md 1). */
export interface CompletenessCount {
  readonly expected: number;
  readonly received: number;
}

export const NOTHING_EXPECTED: CompletenessCount = { expected: 0, received: 0 };

/** Counts the expected starts that are among the received; a figure at a start that nobody expected does not make up for an absent one. */
export function countCompleteness(expected: readonly UtcSeconds[], received: ReadonlySet<UtcSeconds>): CompletenessCount {
  return { expected: expected.length, received: expected.filter((start) => received.has(start)).length };
}

/** Of several points or days together. */
export function sumCompleteness(parts: readonly CompletenessCount[]): CompletenessCount {
  return parts.reduce(
    (sum, part) => ({ expected: sum.expected + part.expected, received: sum.received + part.received }),
    NOTHING_EXPECTED,
  );
}
