import type { Channel } from './channel.ts';
import type { UtcSeconds } from './time.ts';

/**
 * Rules that give a figure for energy that nobody measured validly, in the order in which they are tried unless the site says
 * otherwise (quality.md 3). `manual` is a figure that a person brought, such as a reading over the telephone.
 */
export const REPLACEMENT_METHODS = ['control', 'opposite-end', 'bus-balance', 'readings-by-profile', 'legal', 'manual'] as const;
export type ReplacementMethod = (typeof REPLACEMENT_METHODS)[number];

/** A figure in force in place of one that is absent or not valid; the gap itself stays as it is. */
export interface Replacement {
  readonly pointId: number;
  /** Of the point. */
  readonly channel: Channel;
  /** intervalStart. */
  readonly startUtc: UtcSeconds;
  readonly lengthS: number;
  /** Whole Wh or varh, primary side. */
  readonly energyWh: number;
  readonly method: ReplacementMethod;
}
