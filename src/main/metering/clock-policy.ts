/** Whether a meter's clock may be corrected now without anybody at the keyboard (DESIGN.md 4, quality.md 2). */
import type { ClockDecision } from '../../shared/domain/clock-policy.ts';
import type { PointRole } from '../../shared/domain/point.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';

/** A correction moves a clock by this at most, once a day of the meter (mercury.md 9, code 0Dh). */
export const MOST_CORRECTION_MS = 240_000;

export interface ClockPolicyRules {
  readonly isOn: boolean;
  /** A clock that is off by less is left alone, seconds. */
  readonly settlementThresholdS: number;
  readonly technicalThresholdS: number;
  /** Document that allows it on settlement meters; `null` = they are left to people. */
  readonly settlementReason: string | null;
}

export interface ClockPolicyState {
  readonly role: PointRole;
  /** Meter minus PC as measured now, milliseconds. */
  readonly deviationMs: number;
  readonly nowUtc: UtcSeconds;
  /** Minutes east of UTC of the meter's own clock. */
  readonly offsetMin: number;
  readonly periodMin: number;
  /** When it was corrected last, whoever did it; null = never. */
  readonly correctedUtc: UtcSeconds | null;
  /** Most meters disagree with the PC alike, or its time service does not say that it is in step; null = the service says nothing. */
  readonly isPcClockDoubted: boolean;
}

/** In the order of what a person would want to hear first. */
export function decideCorrection(rules: ClockPolicyRules, state: ClockPolicyState): ClockDecision {
  const isSettlement = state.role === 'settlement';
  const thresholdS = isSettlement ? rules.settlementThresholdS : rules.technicalThresholdS;
  const sizeMs = Math.abs(state.deviationMs);
  if (sizeMs <= thresholdS * 1000) return 'within-threshold';
  if (!rules.isOn) return 'off';
  if (state.isPcClockDoubted) return 'pc-clock-doubted';
  if (isSettlement && rules.settlementReason === null) return 'settlement-without-reason';
  if (sizeMs > MOST_CORRECTION_MS) return 'too-far';
  const dayOf = (utc: UtcSeconds) => Math.floor((utc + state.offsetMin * 60) / 86_400);
  if (state.correctedUtc !== null && dayOf(state.correctedUtc) >= dayOf(state.nowUtc)) return 'corrected-today';
  return isMidInterval(state) ? 'correct' : 'near-a-boundary';
}

/** In the middle half of an interval, before and after: no boundary is crossed, one interval is touched. */
function isMidInterval({ nowUtc, deviationMs, offsetMin, periodMin }: ClockPolicyState): boolean {
  const periodS = periodMin * 60;
  const isMiddle = (utc: number) => {
    const into = (((utc + offsetMin * 60) % periodS) + periodS) % periodS;
    return into >= periodS / 4 && into <= (3 * periodS) / 4;
  };
  return isMiddle(nowUtc) && isMiddle(nowUtc + deviationMs / 1000);
}

/** How fast a clock runs away, milliseconds a day, by least squares; null with less than a day of measurements. */
export function clockDrift(readings: readonly { readonly atUtc: UtcSeconds; readonly deviationMs: number }[]): number | null {
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.atUtc - first.atUtc < 86_400) return null;
  const days = readings.map(({ atUtc }) => (atUtc - first.atUtc) / 86_400);
  const meanDay = days.reduce((sum, day) => sum + day, 0) / days.length;
  const meanMs = readings.reduce((sum, { deviationMs }) => sum + deviationMs, 0) / readings.length;
  let [above, below] = [0, 0];
  for (const [index, { deviationMs }] of readings.entries()) {
    const day = (days[index] ?? 0) - meanDay;
    above += day * (deviationMs - meanMs);
    below += day * day;
  }
  return below === 0 ? null : above / below;
}

/** A step between two measurements that no crystal makes in the time between them: the clock was set or corrected. */
const STEP_MS = 1500;
const FASTEST_MS_PER_DAY = 10_000;

/** The measurements since the clock was last set, oldest first. */
export function sinceLastStep<T extends { readonly atUtc: UtcSeconds; readonly deviationMs: number }>(
  readings: readonly T[],
): readonly T[] {
  for (let index = readings.length - 1; index > 0; index -= 1) {
    const [before, after] = [readings[index - 1], readings[index]];
    if (before === undefined || after === undefined) continue;
    const days = (after.atUtc - before.atUtc) / 86_400;
    if (Math.abs(after.deviationMs - before.deviationMs) > STEP_MS + days * FASTEST_MS_PER_DAY) return readings.slice(index);
  }
  return readings;
}
