/** The largest mean power of a step: what a point or a group drew at most, and when. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { compare, multiply, type Rational } from './energy.ts';

/** A step with its energy; rows of `consumptionSeries` and of `evaluateFormula` are such steps. */
export interface EnergyStep {
  readonly startUtc: UtcSeconds;
  /** Real length. */
  readonly minutes: number;
  /** Wh or varh; null = no figure, which is never the smallest one. */
  readonly energy: Rational | null;
  readonly expected: number;
  readonly received: number;
  /** Why received intervals of it give no figure; null when all of them do. */
  readonly lack: string | null;
}

/** Whether the energy of a step is that of the whole step. */
export function isWhole(step: EnergyStep): step is EnergyStep & { readonly energy: Rational } {
  return step.energy !== null && step.received === step.expected && step.lack === null;
}

export interface Peak {
  readonly startUtc: UtcSeconds;
  readonly minutes: number;
  /** W or var, mean over the step. */
  readonly power: Rational;
}

/** A peak with what could still be above it. */
export interface Maximum {
  /** The first of equal ones; null when no step has a figure. */
  readonly peak: Peak | null;
  /** Steps that were looked at and have no complete figure: the true peak may lie there. */
  readonly unknownSteps: number;
}

/** The largest mean power of the steps that are over and complete: a part of a step has no mean. */
export function peakPower(steps: readonly EnergyStep[], nowUtc: UtcSeconds): Peak | null {
  return maximumWithin(steps, nowUtc, () => true).peak;
}

/**
 * The largest mean power of the steps that `isWithin` takes in: hours of a network's planned peak, a shift, one day
 * (pp442.md 3). Steps that are not over yet are left out and not counted as unknown.
 */
export function maximumWithin(steps: readonly EnergyStep[], nowUtc: UtcSeconds, isWithin: (startUtc: UtcSeconds) => boolean): Maximum {
  let peak: Peak | null = null;
  let unknownSteps = 0;
  for (const step of steps) {
    const { startUtc, minutes } = step;
    if (startUtc + minutes * 60 > nowUtc || !isWithin(startUtc)) continue;
    if (!isWhole(step)) {
      unknownSteps += 1;
      continue;
    }
    const power = multiply(step.energy, { numerator: 60n, denominator: BigInt(minutes) });
    if (peak === null || compare(power, peak.power) > 0) peak = { startUtc, minutes, power };
  }
  return { peak, unknownSteps };
}
