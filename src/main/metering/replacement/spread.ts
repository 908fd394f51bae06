/** Sharing out whole watt-hours so that nothing is lost or made: the sum of the parts is the whole, exactly. */
import { inWattHours, type Rational, roundHalfUp, sumOf } from '../energy.ts';

/**
 * Shares of `total` by weights that are not negative: the whole part of each, the rest one by one to the largest fractions, ties
 * to the earlier. Weights that are all zero share evenly. Throws RangeError for a negative weight or nobody to share between.
 */
export function spread(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0 || weights.some((weight) => weight < 0n)) throw new RangeError('shares need weights that are not negative');
  if (total < 0n) return spread(-total, weights).map((share) => -share);
  const sum = weights.reduce((a, b) => a + b, 0n);
  const effective = sum === 0n ? weights.map(() => 1n) : weights;
  const whole = sum === 0n ? BigInt(weights.length) : sum;
  const shares = effective.map((weight) => (total * weight) / whole);
  const byFraction = effective
    .map((weight, index) => ({ index, fraction: (total * weight) % whole }))
    .sort((a, b) => (a.fraction === b.fraction ? a.index - b.index : a.fraction > b.fraction ? -1 : 1));
  const rest = Number(total - shares.reduce((a, b) => a + b, 0n));
  for (const { index } of byFraction.slice(0, rest)) shares[index] = (shares[index] ?? 0n) + 1n;
  return shares;
}

/** Decimals of a Wh that a weight keeps: finer than any meter counts. */
const WEIGHT_DIGITS = 6;

/** Energies in kWh as weights: millionths of a Wh, none below zero. */
export function weightsOf(energies: readonly Rational[]): bigint[] {
  return energies.map((energy) => {
    const weight = roundHalfUp(inWattHours(energy), WEIGHT_DIGITS);
    return weight < 0n ? 0n : weight;
  });
}

/** Energies in kWh as whole Wh whose sum is their exact sum rounded once, half-up. None of them is negative. */
export function wholeWattHours(energies: readonly Rational[]): bigint[] {
  return spread(roundHalfUp(inWattHours(sumOf(energies)), 0), weightsOf(energies));
}
