/** A meter that nobody has entered and that answers in place of a known one (docs/adr/0018). */
import type { UtcSeconds } from './time.ts';

export const STRANGER_STATES = ['quarantined', 'assigned', 'rejected'] as const;
/** `quarantined` = it is read and waits for a person; `assigned` = it stands at a point now; `rejected` = it is not asked any more. */
export type StrangerState = (typeof STRANGER_STATES)[number];

/** What was heard at the address of a meter. */
export interface StrangerSighting {
  /** The meter that should have answered. */
  readonly expectedMeterId: number;
  /** Serial of the one that did, as it gave it. */
  readonly serial: string;
  /** Since when it has been the only one that answers. */
  readonly firstSeenUtc: UtcSeconds;
  readonly lastSeenUtc: UtcSeconds;
}
