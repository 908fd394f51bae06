/** Whether nothing flowed while a meter was without supply, or nobody knows (quality.md 1). */

/** What is known of a time in which a meter that is fed from its own circuit recorded nothing. */
export interface OffEvidence {
  /** Its journal says that the supply was off from end to end; false also when the journal says nothing. */
  readonly isOffByJournal: boolean;
  /** Registers around it show no more energy than the intervals around it; null = not comparable. */
  readonly isStillByRegisters: boolean | null;
  /** Whether another meter of the same substation recorded meanwhile; null = there is none, or not all of it has been read. */
  readonly isNeighbourAlive: boolean | null;
}

/**
 * `off`: zero, and proven. `alone`: the neighbours had voltage; a blown fuse of the voltage circuit looks the same, and then load flows
 * past the meter. `unproven`: absent, and nothing more can be said.
 */
export type OffVerdict = 'off' | 'alone' | 'unproven';

/** Energy in the registers is evidence of its own: with it the feeder was not dead, whatever the rest says. */
export function judgeOff({ isOffByJournal, isStillByRegisters, isNeighbourAlive }: OffEvidence): OffVerdict {
  if (!isOffByJournal) return 'unproven';
  if (isNeighbourAlive === true) return 'alone';
  return isStillByRegisters === true && isNeighbourAlive === false ? 'off' : 'unproven';
}
