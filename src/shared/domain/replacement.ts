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

/** The same with who put it in, why and when. */
export interface RecordedReplacement extends Replacement {
  readonly author: string;
  readonly reason: string;
  readonly madeUtc: UtcSeconds;
}

/**
 * Why a rule has no figure for a gap: what it needs is not named in the settings, is itself absent or not valid, or contradicts what was
 * measured. `needs-a-person` is the manual figure, which nobody but a person can bring.
 */
export const REPLACEMENT_OBSTACLES = [
  'not-configured',
  'source-incomplete',
  'source-coarser',
  'balance-negative',
  'no-reading-before',
  'no-reading-after',
  'readings-disagree',
  'readings-below-profile',
  'no-reference-month',
  'max-power-unknown',
  'above-max-power',
  'needs-a-person',
] as const;
export type ReplacementObstacle = (typeof REPLACEMENT_OBSTACLES)[number];

/** A reading between two of which energy was shared out: of the meter's own memory, or written down by a person. */
export interface ReadingWindow {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  /** By the readings, Wh or varh, primary side, rounded half-up. */
  readonly energyWh: number;
  /** Of that already measured or replaced inside. */
  readonly knownWh: number;
  /** A person wrote one of the two down. */
  readonly isManual: boolean;
}

/** Whose shape the hours of one day have got: the same point on a like day, a neighbour on the same day; neither = even. */
export interface DayShape {
  /** ISO date of the site. */
  readonly day: string;
  readonly likeDay: string | null;
  readonly pointId: number | null;
}

/** What a proposed figure was computed from. */
export interface ReplacementBasis {
  /** Other points whose figures it is made of, with the sign and share of each: ppm. */
  readonly points: readonly { readonly pointId: number; readonly sharePpm: number }[];
  readonly windows: readonly ReadingWindow[];
  readonly shapes: readonly DayShape[];
  /** `YYYY-MM` whose consumption it repeats. */
  readonly referenceMonth: string | null;
  /** Largest power of the connection that it rests on, W. */
  readonly maxPowerW: number | null;
  /** Hours a day that the connection works. */
  readonly hoursPerDay: number | null;
  /** The hours of the planned peak took their share first (quality.md 3.6). */
  readonly isSplitByLaw: boolean;
}

export const NO_BASIS: ReplacementBasis = {
  points: [],
  windows: [],
  shapes: [],
  referenceMonth: null,
  maxPowerW: null,
  hoursPerDay: null,
  isSplitByLaw: false,
};
