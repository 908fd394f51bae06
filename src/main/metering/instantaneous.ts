/** Instantaneous values on the primary side, and what many reads of them come to over longer steps. */
import type { Extremes } from '../../shared/domain/extremes.ts';
import type { Unit } from '../../shared/domain/quantity.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../shared/domain/time.ts';
import { add, compare, divide, multiply, ONE, type Rational, ratioOf, rational, roundHalfUp, type Scaling } from './energy.ts';

/** What a quantity in this unit is multiplied by to be that of the primary side: CT ratio, VT ratio, both or neither. */
export function quantityFactor(unit: Unit, { ct, vt, valuesArePrimary }: Pick<Scaling, 'ct' | 'vt' | 'valuesArePrimary'>): Rational {
  if (valuesArePrimary) return ONE;
  switch (unit) {
    case 'W':
    case 'var':
    case 'VA':
      return multiply(ratioOf(ct), ratioOf(vt));
    case 'V':
      return ratioOf(vt);
    case 'A':
      return ratioOf(ct);
    default:
      return ONE;
  }
}

/** count x 10^scale, exactly. */
export function countValue(count: number, scale: number): Rational {
  return scale >= 0 ? rational(BigInt(count) * 10n ** BigInt(scale)) : rational(count, 10n ** BigInt(-scale));
}

/** Reads of one half-hour of one meter, and what makes them primary. */
export interface HalfHourReads {
  readonly startUtc: UtcSeconds;
  readonly extremes: Extremes;
  readonly factor: Rational;
}

/** What all reads of a step came to, primary side. */
export interface StepReads {
  readonly startUtc: UtcSeconds;
  /** End of the step. */
  readonly endUtc: UtcSeconds;
  readonly min: Rational;
  readonly max: Rational;
  /** Rounded once, to the last digit that the meter gives. */
  readonly mean: Rational;
  readonly reads: number;
}

/**
 * Reads by steps. `bounds` are the starts of the steps and the end of the last one, ascending; `halfHours` are in order of time.
 * A half-hour belongs to the step that it begins in. A step without a read is not in the result.
 */
export function readsByStep(halfHours: readonly HalfHourReads[], bounds: readonly UtcSeconds[]): StepReads[] {
  const steps: StepReads[] = [];
  let next = 0;
  for (const [index, endUtc] of bounds.slice(1).entries()) {
    const startUtc = bounds[index] ?? endUtc;
    const inside: HalfHourReads[] = [];
    for (; next < halfHours.length; next += 1) {
      const one = halfHours[next];
      if (one === undefined || one.startUtc >= endUtc) break;
      if (one.startUtc >= startUtc) inside.push(one);
    }
    const [first] = inside;
    if (first !== undefined) steps.push({ startUtc, endUtc, ...together(first, inside) });
  }
  return steps;
}

function together(first: HalfHourReads, all: readonly HalfHourReads[]): Pick<StepReads, 'min' | 'max' | 'mean' | 'reads'> {
  const primary = ({ extremes, factor }: HalfHourReads, count: number) => multiply(countValue(count, extremes.scale), factor);
  let [min, max] = [primary(first, first.extremes.min), primary(first, first.extremes.max)];
  let [sum, reads, digits] = [rational(0), 0, 0];
  for (const one of all) {
    const { extremes } = one;
    const [low, high] = [primary(one, extremes.min), primary(one, extremes.max)];
    if (compare(low, min) < 0) min = low;
    if (compare(high, max) > 0) max = high;
    sum = add(sum, primary(one, extremes.sum));
    reads += extremes.reads;
    digits = Math.max(digits, -extremes.scale);
  }
  const mean = rational(roundHalfUp(divide(sum, rational(reads)), digits), 10n ** BigInt(digits));
  return { min, max, mean, reads };
}

/** Whether a meter stood unchanged during the whole half-hour: of a changed one nobody can tell which read was before the change. */
export function isWholeHalfHour(startUtc: UtcSeconds, range: { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds }): boolean {
  return startUtc >= range.fromUtc && startUtc + HALF_HOUR_S <= range.toUtc;
}
