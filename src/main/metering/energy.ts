/**
 * Exact arithmetic from counts to energy. A profile count N of a meter with constant A imp/kWh is N/(2A) kWh or kvarh
 * on the secondary side (mercury.md 8.4); the primary side is that times (CT primary / CT secondary) x (VT primary / VT secondary).
 * Everything between is a ratio of integers; text is made once, at the end.
 */
import { CHANNELS, type Channel, type PerChannel } from '../../shared/domain/channel.ts';
import type { InstallationRecord } from '../../shared/domain/plant.ts';
import type { Ratio } from '../../shared/domain/point.ts';

/** An exact ratio of integers; `denominator` is positive. Not necessarily in lowest terms. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n };
export const ONE: Rational = { numerator: 1n, denominator: 1n };

/** A ratio of two integers, the second of them positive. Throws RangeError for anything else. */
export function rational(numerator: number | bigint, denominator: number | bigint = 1): Rational {
  const value = { numerator: BigInt(numerator), denominator: BigInt(denominator) };
  if (value.denominator <= 0n) throw new RangeError(`a ratio needs a positive denominator, not ${denominator}`);
  return value;
}

/** The ratio that a decimal such as `-0.25` stands for. Throws RangeError for text that is no plain decimal. */
export function parseDecimal(text: string): Rational {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') throw new RangeError(`"${text}" is not a decimal`);
  return { numerator: BigInt(sign + whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

/** How many decimals stand for a quotient that no finite decimal can, such as 1/3. */
const INFINITE_DIGITS = 12;

/** What of an installation decides the primary figure. */
export type Scaling = Pick<InstallationRecord, 'ct' | 'vt' | 'valuesArePrimary' | 'direction'>;

export function multiply(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** Over the least common denominator, so that a long sum does not grow with the number of its parts. */
export function add(a: Rational, b: Rational): Rational {
  if (a.denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  const common = commonDivisor(a.denominator, b.denominator);
  const byA = b.denominator / common;
  return { numerator: a.numerator * byA + b.numerator * (a.denominator / common), denominator: a.denominator * byA };
}

export function negate(value: Rational): Rational {
  return { numerator: -value.numerator, denominator: value.denominator };
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b));
}

/** Throws RangeError when `b` is zero. */
export function divide(a: Rational, b: Rational): Rational {
  if (b.numerator === 0n) throw new RangeError('division by zero');
  const sign = b.numerator < 0n ? -1n : 1n;
  return { numerator: a.numerator * b.denominator * sign, denominator: a.denominator * b.numerator * sign };
}

export function magnitude(value: Rational): Rational {
  return value.numerator < 0n ? negate(value) : value;
}

export function sumOf(values: readonly Rational[]): Rational {
  return values.reduce(add, ZERO);
}

/**
 * The largest multiple of 10^-digits whose square is not above `value`: a square root is the one figure here that no ratio
 * holds, so it is taken last and never compared with (docs/adr/0014). Throws RangeError below zero.
 */
export function squareRoot(value: Rational, digits: number): Rational {
  if (value.numerator < 0n) throw new RangeError('a square root of a negative figure');
  const denominator = 10n ** BigInt(digits);
  return { numerator: wholeRoot((value.numerator * denominator * denominator) / value.denominator), denominator };
}

/** Newton's method from above: every step falls until the root is met. */
function wholeRoot(value: bigint): bigint {
  if (value === 0n) return 0n;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A transformer ratio as it multiplies: 15750/100 is 157.5. */
export function ratioOf(ratio: Ratio): Rational {
  return { numerator: BigInt(ratio.primary), denominator: BigInt(ratio.secondary) };
}

/** CT ratio x VT ratio of an installation; 1 when the meter itself counts primary energy (quality.md 4). */
export function scalingFactor(scaling: Scaling): Rational {
  if (scaling.valuesArePrimary) return ONE;
  return multiply(ratioOf(scaling.ct), ratioOf(scaling.vt));
}

/** Whether counts of one meter mean the same primary energy in the same channels under both. */
export function isSameScaling(a: Scaling, b: Scaling): boolean {
  return compare(scalingFactor(a), scalingFactor(b)) === 0 && CHANNELS.every((channel) => a.direction[channel] === b.direction[channel]);
}

/** kWh or kvarh, secondary side, of a profile count: N/(2A). `constant` is A in imp/kWh, a positive integer. */
export function countEnergy(count: number | bigint, constant: number): Rational {
  return { numerator: BigInt(count), denominator: 2n * BigInt(constant) };
}

/** The same energy in Wh or varh. */
export function inWattHours(kilo: Rational): Rational {
  return { numerator: kilo.numerator * 1000n, denominator: kilo.denominator };
}

/**
 * Nearest integer multiple of 10^-digits, ties away from zero (as 1C's Окр rounds), counted in such units:
 * `roundHalfUp(12.3455, 3)` is 12346n.
 */
export function roundHalfUp(value: Rational, digits: number): bigint {
  const scaled = value.numerator * 10n ** BigInt(digits);
  const magnitude = scaled < 0n ? -scaled : scaled;
  const rounded = (2n * magnitude + value.denominator) / (2n * value.denominator);
  return scaled < 0n ? -rounded : rounded;
}

/** Text of an integer counted in units of 10^-digits with all its digits: `fixedText(12346n, 3)` is `12.346`. */
export function fixedText(units: bigint, digits: number): string {
  if (digits === 0) return units.toString();
  const sign = units < 0n ? '-' : '';
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Exact decimal text: no exponent, no trailing zeros, never `-0` (CLI.md, General). Every listed constant gives a finite
 * decimal; a ratio such as 100/3 may not. Such a value is rounded half-up to 12 decimals: nothing shorter is exact, and the
 * counts with the ratio pair stay beside it for whoever needs the value itself.
 */
export function decimalText(value: Rational): string {
  const digits = finiteDigits(value.denominator) ?? finiteDigits(lowestDenominator(value)) ?? INFINITE_DIGITS;
  const text = fixedText(roundHalfUp(value, digits), digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Decimals that 1/denominator needs; null when no number of them is enough. */
function finiteDigits(denominator: bigint): number | null {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  return rest === 1n ? Math.max(twos, fives) : null;
}

function lowestDenominator(value: Rational): bigint {
  return value.denominator / commonDivisor(value.denominator, value.numerator < 0n ? -value.numerator : value.numerator);
}

/** Of two integers that are not negative. */
function commonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** The channel of the meter that feeds a channel of the point; null when nothing feeds it. The map of an installation is one to one. */
export function meterChannel(direction: Scaling['direction'], pointChannel: Channel): Channel | null {
  return CHANNELS.find((channel) => direction[channel] === pointChannel) ?? null;
}

/** Both sides of one interval as exact decimal text, kWh and kvarh. */
export interface EnergyTexts {
  /** By the meter's own channels, as it said. */
  readonly secondary: PerChannel<string | null>;
  /** By the point's channels: ratios applied, directions mapped. */
  readonly primary: PerChannel<string | null>;
}

/** Counts of an interval as energy on both sides; a channel that is not kept stays null. `constant` null (never read) makes all null. */
export function energyTexts(counts: PerChannel<number | null>, constant: number | null, scaling: Scaling): EnergyTexts {
  const factor = scalingFactor(scaling);
  const energy = (channel: Channel | null, by: Rational): string | null => {
    const count = channel === null ? null : counts[channel];
    return count === null || constant === null ? null : decimalText(multiply(countEnergy(count, constant), by));
  };
  return {
    secondary: perChannel((channel) => energy(channel, ONE)),
    primary: perChannel((channel) => energy(meterChannel(scaling.direction, channel), factor)),
  };
}

/** A figure for each of the four channels. */
export function perChannel<T>(figure: (channel: Channel) => T): PerChannel<T> {
  return { 'A+': figure('A+'), 'A-': figure('A-'), 'R+': figure('R+'), 'R-': figure('R-') };
}
