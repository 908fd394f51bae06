import type { PerChannel } from './channel.ts';
import type { UtcSeconds } from './time.ts';

/** Which reading a register row is: the one at the moment of the read, or the one that the meter froze at a calendar boundary. */
export const REGISTER_KINDS = ['now', 'day-start', 'month-start', 'year-start'] as const;
export type RegisterKind = (typeof REGISTER_KINDS)[number];

/** Cumulative registers of one tariff at one moment, secondary side, whole Wh and varh; `null` = not kept by the meter. */
export interface RegisterReading {
  readonly kind: RegisterKind;
  /** The moment that the figures belong to: of the read for `now`, the boundary itself for the others. */
  readonly momentUtc: UtcSeconds;
  /** 0 = sum of tariffs, 1..4. */
  readonly tariff: number;
  readonly energy: PerChannel<number | null>;
}
