/** Energy by cumulative registers: their difference with roll-over, over the meters that stood at a point (quality.md 4). */
import type { Channel, PerChannel } from '../../shared/domain/channel.ts';
import type { InstallationRecord } from '../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { add, compare, divide, meterChannel, multiply, type Rational, rational, type Scaling, scalingFactor, sumOf } from './energy.ts';

/** `suspect` asks a person: reset, another meter, a wrong reading. A suspect difference has no energy. */
export type RegisterVerdict = 'normal' | 'roll-over' | 'suspect';

export type DifferenceReason =
  | 'reading-missing'
  | 'ran-backwards'
  | 'above-limit'
  | 'beyond-capacity'
  | 'capacity-unknown'
  | 'limit-unknown';

/** Two readings of one register of one meter, whole Wh or varh, secondary side. */
export interface RegisterPair {
  readonly first: number | null;
  readonly last: number | null;
  /** Digits of the register before the point of a kWh; null = not known. */
  readonly digits: number | null;
  /** The most that can have been counted between the two, Wh, secondary side: `secondaryLimit`; null = not known. */
  readonly limit: Rational | null;
  /** A person has said that the register ran over: then no limit is asked for. */
  readonly isRollOverConfirmed?: boolean;
}

export interface RegisterDifference {
  /** null when a reading is missing. */
  readonly verdict: RegisterVerdict | null;
  /** Wh or varh, secondary side; null exactly when there is a reason. */
  readonly energy: number | null;
  readonly reason: DifferenceReason | null;
}

/** Pmax x T / K in Wh: the most that a meter can count in `seconds` behind a connection of `powerW`, primary side. */
export function secondaryLimit(powerW: number, seconds: number, scaling: Scaling): Rational {
  return divide(rational(BigInt(powerW) * BigInt(seconds), 3600), scalingFactor(scaling));
}

/**
 * What was counted between two readings. A register of n digits before the point holds 10^n kWh; a later reading that is
 * smaller is a roll-over only when R2 + 10^n - R1 is no more than the connection can have drawn (quality.md 4).
 */
export function registerDifference({ first, last, digits, limit, isRollOverConfirmed }: RegisterPair): RegisterDifference {
  if (first === null || last === null) return { verdict: null, energy: null, reason: 'reading-missing' };
  const capacity = digits === null ? null : 10 ** digits * 1000;
  if (capacity !== null && Math.max(first, last) >= capacity) return suspect('beyond-capacity');
  if (last >= first) {
    return limit !== null && isAbove(last - first, limit)
      ? suspect('above-limit')
      : { verdict: 'normal', energy: last - first, reason: null };
  }
  if (capacity === null) return suspect('capacity-unknown');
  const energy = last + capacity - first;
  if (isRollOverConfirmed === true) return { verdict: 'roll-over', energy, reason: null };
  if (limit === null) return suspect('limit-unknown');
  return isAbove(energy, limit) ? suspect('ran-backwards') : { verdict: 'roll-over', energy, reason: null };
}

function suspect(reason: DifferenceReason): RegisterDifference {
  return { verdict: 'suspect', energy: null, reason };
}

function isAbove(energy: number, limit: Rational): boolean {
  return compare(rational(energy), limit) > 0;
}

/** Whether the tariffs add up to the total; null = a difference is missing or suspect. */
export interface TariffCheck {
  readonly agrees: boolean | null;
  /** Sum of the tariffs minus the total, Wh. */
  readonly excess: number | null;
}

/** The differences of the tariffs against that of their sum, within one unit of the register, Wh (quality.md 1). */
export function checkTariffs(total: RegisterDifference, tariffs: readonly RegisterDifference[], unit = 1): TariffCheck {
  let excess = total.energy === null || tariffs.length === 0 ? null : -total.energy;
  for (const { energy } of tariffs) excess = excess === null || energy === null ? null : excess + energy;
  return { agrees: excess === null ? null : Math.abs(excess) <= unit, excess };
}

/** What tells a register that ran over from one that was reset (quality.md 4); null = not known. */
export interface RegisterLimits {
  /** Digits before the point of a kWh. */
  readonly digits: number | null;
  /** The most that the connection draws, W, primary side. */
  readonly maxPowerW: number | null;
}

export const NO_LIMITS: RegisterLimits = { digits: null, maxPowerW: null };

/** The readings of one meter at both ends of its time at the point, cut to the period. */
export interface InstallationReadings {
  readonly installation: InstallationRecord;
  /** Channels of the meter, Wh and varh, secondary side. */
  readonly first: PerChannel<number | null>;
  readonly last: PerChannel<number | null>;
  readonly digits: number | null;
  /** The most that the connection draws, W or var, primary side; null = not known. */
  readonly maxPowerW: number | null;
  readonly isRollOverConfirmed?: boolean;
}

/** Energy that nobody measured, put in for a time without a meter. */
export interface CalculatedEnergy {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  /** Wh or varh, primary side. */
  readonly energy: Rational;
  /** Document or method that stands for it. */
  readonly reason: string;
}

/** One meter's part of a period. */
export interface RegisterPart {
  readonly installation: InstallationRecord;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  /** Readings of the meter's channel that feeds the channel asked for. */
  readonly first: number | null;
  readonly last: number | null;
  readonly difference: RegisterDifference;
  /** Wh or varh, primary side; null as the difference is. */
  readonly energy: Rational | null;
}

export interface RegisterEnergy {
  readonly parts: readonly RegisterPart[];
  readonly calculated: readonly CalculatedEnergy[];
  /** Sum of (last - first) x K over the parts; null when a part has none. */
  readonly measured: Rational | null;
  /** Measured and calculated together; null when a part has none or a time has neither meter nor calculation. */
  readonly total: Rational | null;
  /** Times at which the point had no meter and nothing was calculated, in order. */
  readonly uncovered: readonly { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds }[];
}

/**
 * Energy of a point in `[fromUtc, toUtc)` by registers: (R_old_end - R_start) x K_old + (R_end - R_new_start) x K_new, and what
 * was calculated for the time without a meter kept apart (quality.md 4).
 */
export function energyByRegisters(request: {
  readonly channel: Channel;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly readings: readonly InstallationReadings[];
  readonly calculated: readonly CalculatedEnergy[];
}): RegisterEnergy {
  const parts = request.readings
    .map((readings) => partOf(readings, request))
    .filter(({ fromUtc, toUtc }) => fromUtc < toUtc)
    .sort((a, b) => a.fromUtc - b.fromUtc);
  const energies = parts.flatMap(({ energy }) => energy ?? []);
  const measured = parts.length > 0 && energies.length === parts.length ? sumOf(energies) : null;
  const uncovered = uncoveredOf([...parts, ...request.calculated], request.fromUtc, request.toUtc);
  const isWhole = uncovered.length === 0 && energies.length === parts.length;
  return {
    parts,
    calculated: request.calculated,
    measured,
    total: isWhole ? add(sumOf(energies), sumOf(request.calculated.map(({ energy }) => energy))) : null,
    uncovered,
  };
}

function partOf(
  { installation, first, last, digits, maxPowerW, isRollOverConfirmed }: InstallationReadings,
  period: { readonly channel: Channel; readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds },
): RegisterPart {
  const fromUtc = Math.max(period.fromUtc, installation.fromUtc ?? period.fromUtc);
  const toUtc = Math.min(period.toUtc, installation.toUtc ?? period.toUtc);
  const source = meterChannel(installation.direction, period.channel);
  const readings = { first: source === null ? null : first[source], last: source === null ? null : last[source] };
  const limit = maxPowerW === null ? null : secondaryLimit(maxPowerW, Math.max(0, toUtc - fromUtc), installation);
  const difference = registerDifference({ ...readings, digits, limit, isRollOverConfirmed: isRollOverConfirmed === true });
  const energy = difference.energy === null ? null : multiply(rational(difference.energy), scalingFactor(installation));
  return { installation, fromUtc, toUtc, ...readings, difference, energy };
}

function uncoveredOf(
  covered: readonly { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds }[],
  fromUtc: UtcSeconds,
  toUtc: UtcSeconds,
): RegisterEnergy['uncovered'][number][] {
  const holes: RegisterEnergy['uncovered'][number][] = [];
  let at = fromUtc;
  for (const range of covered.toSorted((a, b) => a.fromUtc - b.fromUtc)) {
    if (range.fromUtc > at) holes.push({ fromUtc: at, toUtc: Math.min(range.fromUtc, toUtc) });
    at = Math.max(at, range.toUtc);
    if (at >= toUtc) return holes;
  }
  return [...holes, { fromUtc: at, toUtc }];
}
