/** Will this month be complete, and if not, which meter forgets what on which date. */
import type { AbsenceReason } from './interval.ts';
import type { UtcSeconds } from './time.ts';

/**
 * `complete`: the month is over and nothing is absent; `on-track`: all that has ended is stored; `filling`: absent intervals are
 * still in their meters and are being fetched; `needs-person`: they are, but somebody must act before the meter can be read;
 * `lost`: some will never come. A later word is worse.
 */
export const OUTLOOK_VERDICTS = ['complete', 'on-track', 'filling', 'needs-person', 'lost'] as const;
export type OutlookVerdict = (typeof OUTLOOK_VERDICTS)[number];

/** The absent intervals of one day of one meter that share a fate and a reason. */
export interface OutlookDay {
  /** ISO date of the site. */
  readonly date: string;
  readonly slots: number;
  readonly reason: AbsenceReason;
  /** `forgotten`: proven absent, or the ring has passed over them. */
  readonly fate: 'in-meter' | 'forgotten';
  /** When the ring overwrites the first of them; null = the depth of the ring is not known, or they are forgotten already. */
  readonly forgetsUtc: UtcSeconds | null;
}

export interface MeterOutlook {
  readonly meterId: number;
  readonly verdict: OutlookVerdict;
  /** Absent intervals of the month that the meter still holds, and those that it does not. */
  readonly openSlots: number;
  readonly lostSlots: number;
  /** The next moment at which something of the month is forgotten unless it is read before; null = nothing is. */
  readonly nextForgetsUtc: UtcSeconds | null;
  /** In order of time; empty when nothing is absent. */
  readonly days: readonly OutlookDay[];
}

export interface MonthOutlook {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  /** The worst of the meters. */
  readonly verdict: OutlookVerdict;
  readonly nextForgetsUtc: UtcSeconds | null;
  /** What is to be saved first comes first: by `nextForgetsUtc`, then by verdict, worst first, then by meter. */
  readonly meters: readonly MeterOutlook[];
}
