/** Figures that other meters have counted of the same energy: the control meter, the other end of the line, the rest of the bus. */
import type { Channel } from '../../../shared/domain/channel.ts';
import { NO_BASIS, type ReplacementBasis } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { add, multiply, negate, type Rational, rational, sumOf, ZERO } from '../energy.ts';
import type { Method, MethodOutcome, MissingRun, Steps } from './context.ts';
import { wholeWattHours } from './spread.ts';

const PPM = 1_000_000;
const HALF_HOUR_S = 1800;
const MIRRORED: Readonly<Record<Channel, Channel>> = { 'A+': 'A-', 'A-': 'A+', 'R+': 'R-', 'R-': 'R+' };

/** What a control meter at the point, or the point named as its control, has counted; measured validly in every interval. */
export const byControl: Method = (run, context) => {
  const { controlPointId } = context.rulesOf(run.pointId);
  if (controlPointId === null) {
    const steps = context.controlSteps(run.pointId, run.channel, run.fromUtc, run.toUtc);
    return steps.size === 0 ? { obstacle: 'not-configured', basis: NO_BASIS } : outcomeOf(measured(run, steps), NO_BASIS);
  }
  const basis = { ...NO_BASIS, points: [{ pointId: controlPointId, sharePpm: PPM }] };
  if (context.lengthS(controlPointId) > run.lengthS) return { obstacle: 'source-coarser', basis };
  return outcomeOf(measured(run, context.steps(controlPointId, run.channel, run.fromUtc, run.toUtc)), basis);
};

/** The other end of the line with the losses between; seen from there, what the point takes in may be what is given out. */
export const byOppositeEnd: Method = (run, context) => {
  const { oppositeEnd } = context.rulesOf(run.pointId);
  if (oppositeEnd === null) return { obstacle: 'not-configured', basis: NO_BASIS };
  const { pointId, isMirrored, lossesPpm } = oppositeEnd;
  const basis = { ...NO_BASIS, points: [{ pointId, sharePpm: PPM + lossesPpm }] };
  if (context.lengthS(pointId) > run.lengthS) return { obstacle: 'source-coarser', basis };
  const channel = isMirrored ? MIRRORED[run.channel] : run.channel;
  const share = rational(PPM + lossesPpm, PPM);
  const energies = measured(run, context.steps(pointId, channel, run.fromUtc, run.toUtc));
  return outcomeOf(energies?.map((energy) => multiply(energy, share)) ?? null, basis);
};

/** Inputs of the bus less its other feeders. Every one of them must have been measured, and what is left over cannot be negative. */
export const byBusBalance: Method = (run, context) => {
  const { bus } = context.rulesOf(run.pointId);
  if (bus.length === 0) return { obstacle: 'not-configured', basis: NO_BASIS };
  const basis = { ...NO_BASIS, points: bus.map(({ pointId, sign }) => ({ pointId, sharePpm: sign * PPM })) };
  let balance: Rational[] = run.starts.map(() => ZERO);
  for (const { pointId, sign } of bus) {
    if (context.lengthS(pointId) > run.lengthS) return { obstacle: 'source-coarser', basis };
    const energies = measured(run, context.steps(pointId, run.channel, run.fromUtc, run.toUtc));
    if (energies === null) return { obstacle: 'source-incomplete', basis };
    balance = balance.map((sum, index) => {
      const energy = energies[index] ?? ZERO;
      return add(sum, sign === 1 ? energy : negate(energy));
    });
  }
  return balance.some(({ numerator }) => numerator < 0n) ? { obstacle: 'balance-negative', basis } : outcomeOf(balance, basis);
};

function outcomeOf(energies: readonly Rational[] | null, basis: ReplacementBasis): MethodOutcome {
  return energies === null ? { obstacle: 'source-incomplete', basis } : { figures: wholeWattHours(energies), basis };
}

/** kWh of each interval of the run; null when one of them was not measured validly. A replacement is no witness of another one. */
function measured(run: MissingRun, steps: Steps): Rational[] | null {
  const energies = run.starts.map((start) => measuredIn(start, run.lengthS, steps));
  return energies.every((energy) => energy !== null) ? energies : null;
}

/** An hour may have been measured in two halves. */
function measuredIn(startUtc: UtcSeconds, lengthS: number, steps: Steps): Rational | null {
  const parts: Rational[] = [];
  for (let at = startUtc; at < startUtc + lengthS; at += HALF_HOUR_S) {
    const step = steps.get(at);
    if (step === undefined && at !== startUtc) continue;
    if (step?.status !== 'valid' || step.energy === null) return null;
    parts.push(step.energy);
  }
  return sumOf(parts);
}
