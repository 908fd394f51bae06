/**
 * Exact energy of half-hours as the whole numbers of a file (xml-80020.md 5). Halves go up: the layout does not say, both ways occur.
 */
import { AppError } from '../../../shared/api/errors.ts';
import { add, divide, type Rational, rational, roundHalfUp, subtract, ZERO } from '../../metering/energy.ts';

/** Digits after the point that a recipient wants. */
export const DECIMALS = [0, 1, 2, 3] as const;
export type Decimals = (typeof DECIMALS)[number];

export interface Rounded {
  /** In units of 10^-decimals kWh or kvarh, never negative. */
  readonly units: readonly bigint[];
  /** What the figures written so far lack of the exact ones, kWh or kvarh, lowest terms; at most half a unit either way. */
  readonly carry: Rational;
}

/**
 * Rounding with the remainder passed on from half-hour to half-hour: x = energy + carry, the file gets x rounded, the rest goes on.
 * So the sum written never differs from the exact one by more than half a unit, at any moment. Where x is below zero, which a
 * negative carry can make of a small energy, 0 is written and all of x goes on. Throws RangeError for negative energy.
 */
export function roundWithCarry(energies: readonly Rational[], decimals: Decimals, carry: Rational): Rounded {
  let rest = carry;
  const units = energies.map((energy) => {
    checkSign(energy);
    const owed = add(energy, rest);
    const unit = owed.numerator < 0n ? 0n : roundHalfUp(owed, decimals);
    rest = inLowestTerms(subtract(owed, rational(unit, 10n ** BigInt(decimals))));
    return unit;
  });
  return { units, carry: rest };
}

/** Each half-hour by itself, for recipients that compare every one of them with the meter. Throws RangeError for negative energy. */
export function roundEach(energies: readonly Rational[], decimals: Decimals): bigint[] {
  return energies.map((energy) => {
    checkSign(energy);
    return roundHalfUp(energy, decimals);
  });
}

/** The energy of an hour as that of its two half-hours: the sum is exact, the shape is assumed. */
export function halvesOf(energy: Rational): readonly [Rational, Rational] {
  const half = divide(energy, rational(2));
  return [half, half];
}

/** A carry as it is kept between days: `numerator/denominator` in lowest terms. */
export function carryText(carry: Rational): string {
  const { numerator, denominator } = inLowestTerms(carry);
  return `${numerator}/${denominator}`;
}

/** Throws `store/corrupt` for text that `carryText` did not write. */
export function parseCarry(text: string): Rational {
  const [, numerator, denominator] = /^(-?\d+)\/([1-9]\d*)$/.exec(text) ?? [];
  if (numerator === undefined || denominator === undefined) {
    throw new AppError('store/corrupt', `"${text}" is no carried remainder`, { context: { text } });
  }
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

function checkSign(energy: Rational): void {
  if (energy.numerator < 0n) throw new RangeError('energy of a half-hour is never negative');
}

/** Without this a remainder that is passed on all month would grow with every half-hour. */
function inLowestTerms({ numerator, denominator }: Rational): Rational {
  if (numerator === 0n) return ZERO;
  let [larger, smaller] = [denominator, numerator < 0n ? -numerator : numerator];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return { numerator: numerator / larger, denominator: denominator / larger };
}
