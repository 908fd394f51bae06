/** A main and a control meter that run in parallel: whether they agree, and what that means for the figure of the point. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { add, compare, magnitude, multiply, type Rational, rational, squareRoot, subtract } from './energy.ts';
import { type EnergyStep, isWhole } from './maxima.ts';

/** How far the two may be apart. */
export interface AllowedDifference {
  /** Limits of error of both complexes, percent: `complexErrorSquared` of balance.ts or the square of the meter's class alone. */
  readonly mainErrorSquared: Rational;
  readonly controlErrorSquared: Rational;
  /** What rounding to counts alone may do to the difference of a step, Wh primary side: one count of each meter times its ratio. */
  readonly resolution: Rational;
}

/** `main-only` and `control-only`: the other has no whole figure; `neither`: both lack it. */
export type PairVerdict = 'agree' | 'differ' | 'main-only' | 'control-only' | 'neither';

export interface PairStep {
  readonly startUtc: UtcSeconds;
  readonly verdict: PairVerdict;
  /** The figure that counts: the main meter's. The control meter never stands in by itself. Null when the main one has none. */
  readonly energy: Rational | null;
  /** Control minus main, Wh; null unless both have figures. */
  readonly difference: Rational | null;
  /** Wh to four decimals for people; the verdict is found without it. Null unless both have figures. */
  readonly allowed: Rational | null;
  /** The control meter's figure as a replacement to propose to a person (quality.md 3); only where the main one has none. */
  readonly proposal: Rational | null;
}

const SHOWN_DIGITS = 4;

/**
 * Step by step; both must have the same steps, else RangeError. Allowed is sqrt(main error^2 + control error^2) percent of the
 * main figure and the resolution on top: errors of two complexes are taken as independent, the common practice of metering
 * contracts (trade knowledge, not confirmed by a text; a contract may say otherwise, so the errors are given by the caller).
 */
export function compareWithControl(main: readonly EnergyStep[], control: readonly EnergyStep[], allowed: AllowedDifference): PairStep[] {
  if (main.length !== control.length) throw new RangeError('main and control have different steps');
  return main.map((step, index) => {
    const other = control[index];
    if (other?.startUtc !== step.startUtc) throw new RangeError('main and control have different steps');
    return comparePair(step, other, allowed);
  });
}

function comparePair(main: EnergyStep, control: EnergyStep, allowed: AllowedDifference): PairStep {
  const { startUtc } = main;
  const nothing = { startUtc, difference: null, allowed: null, proposal: null };
  if (!isWhole(main)) {
    if (!isWhole(control)) return { ...nothing, verdict: 'neither', energy: null };
    return { ...nothing, verdict: 'control-only', energy: null, proposal: control.energy };
  }
  if (!isWhole(control)) return { ...nothing, verdict: 'main-only', energy: main.energy };
  const difference = subtract(control.energy, main.energy);
  const share = multiply(add(allowed.mainErrorSquared, allowed.controlErrorSquared), rational(1, 10_000));
  const allowedSquared = multiply(share, multiply(main.energy, main.energy));
  const beyondCounts = subtract(magnitude(difference), allowed.resolution);
  const agrees = beyondCounts.numerator <= 0n || compare(multiply(beyondCounts, beyondCounts), allowedSquared) <= 0;
  return {
    startUtc,
    verdict: agrees ? 'agree' : 'differ',
    energy: main.energy,
    difference,
    allowed: add(squareRoot(allowedSquared, SHOWN_DIGITS), allowed.resolution),
    proposal: null,
  };
}
