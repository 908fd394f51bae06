/** What the rules of replacement look at. Everything comes from outside, so that a rule is plain arithmetic. */
import type { Channel } from '../../../shared/domain/channel.ts';
import type { InstallationRecord } from '../../../shared/domain/plant.ts';
import type { ReplacementBasis, ReplacementMethod, ReplacementObstacle } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { Rational } from '../energy.ts';
import type { SettlementStep } from '../settlement.ts';
import type { SiteZone } from '../zone.ts';

/** Intervals of one point and channel, one after another, for which there is no valid figure; all lie in one month of the site. */
export interface MissingRun {
  readonly pointId: number;
  readonly channel: Channel;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly lengthS: number;
  /** At least one. */
  readonly starts: readonly UtcSeconds[];
}

/** A cumulative reading of the point's meter at the border of two intervals. */
export interface RegisterMark {
  readonly atUtc: UtcSeconds;
  readonly installationId: number;
  /** Whole Wh or varh of the meter's channel that feeds the channel of the point, secondary side. */
  readonly readingWh: number;
  /** A person wrote it down. */
  readonly isManual: boolean;
  /** A person says that the register ran over before it. */
  readonly isRollOver: boolean;
}

/** What the site says of one point; ids instead of codes. */
export interface PointRules {
  /** Point whose meter counts the same energy; null = a control meter at the point itself, if there is one. */
  readonly controlPointId: number | null;
  readonly oppositeEnd: { readonly pointId: number; readonly isMirrored: boolean; readonly lossesPpm: number } | null;
  /** Inputs +1 and the other feeders -1 of the bus that feeds the point; empty = not named. */
  readonly bus: readonly { readonly pointId: number; readonly sign: 1 | -1 }[];
  /** Neighbour whose hours stand for those of the point; null = none. */
  readonly profilePointId: number | null;
  readonly maxPowerW: number | null;
  readonly hoursPerDay: number;
  /** Digits of the register before the point of a kWh; null = not known. */
  readonly registerDigits: number | null;
}

export const NO_RULES: PointRules = {
  controlPointId: null,
  oppositeEnd: null,
  bus: [],
  profilePointId: null,
  maxPowerW: null,
  hoursPerDay: 24,
  registerDigits: null,
};

export type Steps = ReadonlyMap<UtcSeconds, SettlementStep>;

export interface ReplacementContext {
  readonly zone: SiteZone;
  rulesOf(pointId: number): PointRules;
  /** Settled figures by the start of the interval; what the point has no meter for is not in it. */
  steps(pointId: number, channel: Channel, fromUtc: UtcSeconds, toUtc: UtcSeconds): Steps;
  /** The same of the control meters that stand at the point itself. */
  controlSteps(pointId: number, channel: Channel, fromUtc: UtcSeconds, toUtc: UtcSeconds): Steps;
  /** Longest interval of the point's meters, seconds. */
  lengthS(pointId: number): number;
  /** Of the interval that begins there; half an hour where no meter stood. */
  lengthAt(pointId: number, startUtc: UtcSeconds): number;
  /** In order of time. */
  marks(pointId: number, channel: Channel): readonly RegisterMark[];
  /** Main meters of the point in order of time. */
  installations(pointId: number): readonly InstallationRecord[];
  /** One count of the profile of an installation's meter, kWh, primary side; null = not known. */
  countOf(installationId: number): Rational | null;
  /** An hour of the planned peak on a working day (quality.md 3.6). */
  isPeak(startUtc: UtcSeconds): boolean;
}

/** What a rule makes of a run: a whole Wh or varh for each start, or why there is none. */
export type MethodOutcome =
  | { readonly figures: readonly bigint[]; readonly basis: ReplacementBasis }
  | { readonly obstacle: ReplacementObstacle; readonly basis: ReplacementBasis };

export type Method = (run: MissingRun, context: ReplacementContext) => MethodOutcome;

/** One way to fill a run. */
export interface ReplacementOption {
  readonly method: ReplacementMethod;
  readonly figures: readonly bigint[];
  readonly basis: ReplacementBasis;
}

/** A figure that may stand for measured energy when another one is made of it. */
export function isSettled(step: SettlementStep | undefined): step is SettlementStep & { readonly energy: Rational } {
  return step !== undefined && step.energy !== null && (step.status === 'valid' || step.status === 'replaced');
}
