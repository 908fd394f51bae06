/**
 * Losses of a point between its meter and the boundary, step by step (losses.ts): what reports and files add to the metered
 * energy of a period. A model holds from its date on.
 */
import type { Channel } from '../../shared/domain/channel.ts';
import type { BoundaryLosses } from '../../shared/domain/losses.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { add, compare, multiply, negate, ONE, type Rational, rational, ZERO } from './energy.ts';
import { type Losses, lossesToBoundary } from './losses.ts';
import type { SettlementStep } from './settlement.ts';

/** Losses of a point from a moment on; null = none any more. */
export interface LossesFrom {
  readonly fromUtc: UtcSeconds;
  readonly losses: BoundaryLosses | null;
}

export interface BoundaryEnergy {
  /** kWh or kvarh to add to what was metered, below zero where they are taken off; null = not computed, see `lack`. */
  readonly losses: Rational | null;
  readonly lack: Losses['lack'];
}

const KILO = rational(1000);
const MILLI = rational(1, 1000);

/**
 * Losses of one channel over the period of `bounds` (n + 1 moments of the n steps). Null = the point has no losses in it.
 * Those of a transformer or a line come from both directions together and belong to the direction that carried more in the
 * step, to import when they are equal; so do those of no load. A step without its whole figure makes them null.
 */
export function lossesOfPeriod(
  channel: Channel,
  steps: ReadonlyMap<Channel, readonly SettlementStep[]>,
  bounds: readonly UtcSeconds[],
  periods: readonly LossesFrom[],
): BoundaryEnergy | null {
  const inForce = (at: UtcSeconds) => periods.findLast(({ fromUtc }) => fromUtc <= at)?.losses ?? null;
  const byStart = new Map([...steps].map(([name, own]) => [name, new Map(own.map((step) => [step.startUtc, step]))]));
  let sum: Rational | null = null;
  for (const [index, startUtc] of bounds.slice(0, -1).entries()) {
    const model = inForce(startUtc);
    if (model === null) continue;
    const stepOf = (name: Channel) => byStart.get(name)?.get(startUtc);
    const own = stepOf(channel);
    // The point had no meter: there is nothing to have losses of.
    if (own === undefined) continue;
    const part = lossesOfStep(channel, stepOf, ((bounds[index + 1] ?? startUtc) - startUtc) / 60, model);
    if (part.losses === null) return part;
    sum = add(sum ?? ZERO, part.losses);
  }
  return sum === null ? null : { losses: sum, lack: null };
}

function lossesOfStep(
  channel: Channel,
  stepOf: (name: Channel) => SettlementStep | undefined,
  minutes: number,
  { meterStands, elements }: BoundaryLosses,
): BoundaryEnergy {
  const isActive = channel === 'A+' || channel === 'A-';
  const isImport = channel === 'A+' || channel === 'R+';
  // Energy behind the boundary is more than was metered on its way in, and less on its way out.
  const signed = (energy: Rational) => (isImport === (meterStands === 'behind-boundary') ? energy : negate(energy));
  let total: Rational = ZERO;
  for (const model of elements) {
    const isPart = model.kind === 'percent';
    const activeOf: readonly Channel[] = isPart && isActive ? [channel] : ['A+', 'A-'];
    const reactiveOf: readonly Channel[] = isPart && !isActive ? [channel] : ['R+', 'R-'];
    const throughput = { minutes, active: throughputOf(activeOf, stepOf), reactive: throughputOf(reactiveOf, stepOf) };
    const { active, reactive, lack } = lossesToBoundary({ meterStands, elements: [model] }, throughput);
    const energy = isActive ? active : reactive;
    if (energy === null) {
      // A model that says nothing of reactive losses has none to add.
      if (!isActive && lack === null) continue;
      return { losses: null, lack: lack ?? (isActive ? 'active-missing' : 'reactive-missing') };
    }
    if (isPart || belongsTo(isImport, isActive, stepOf)) total = add(total, energy);
  }
  return { losses: signed(multiply(total, MILLI)), lack: null };
}

/** Wh or varh through these channels together; a channel that is not kept adds nothing, one without its whole figure makes it null. */
function throughputOf(channels: readonly Channel[], stepOf: (name: Channel) => SettlementStep | undefined): Rational | null {
  const kept = channels.flatMap((name) => stepOf(name) ?? []);
  let sum: Rational | null = null;
  for (const { energy, status } of kept) {
    if (energy === null || status === 'incomplete') return null;
    sum = add(sum ?? ZERO, multiply(energy, KILO));
  }
  return sum;
}

function belongsTo(isImport: boolean, isActive: boolean, stepOf: (name: Channel) => SettlementStep | undefined): boolean {
  const energyOf = (name: Channel) => stepOf(name)?.energy ?? ZERO;
  const [imported, exported] = isActive ? [energyOf('A+'), energyOf('A-')] : [energyOf('R+'), energyOf('R-')];
  return compare(imported, exported) >= 0 === isImport;
}

/** Losses that are a part of the energy alone, as a factor of it; null when an element is none, so that steps are needed. */
export function percentOnly(channel: Channel, losses: BoundaryLosses | null): Rational | null {
  if (losses === null) return null;
  const isActive = channel === 'A+' || channel === 'A-';
  const isAdded = (channel === 'A+' || channel === 'R+') === (losses.meterStands === 'behind-boundary');
  let factor: Rational = ZERO;
  for (const model of losses.elements) {
    if (model.kind !== 'percent') return null;
    const [whole = '0', fraction = ''] = (isActive ? model.active : model.reactive).split('.');
    factor = add(factor, rational(BigInt(whole + fraction), 100n * 10n ** BigInt(fraction.length)));
  }
  return multiply(isAdded ? ONE : negate(ONE), factor);
}
