/**
 * Losses between a metering point and its balance boundary. Formulas are those of standard practice (pp442.md 3, the order 326 of
 * the Ministry of Energy; known from the trade, not confirmed by the text here), with all figures in W, V, ohm and hours:
 *
 *   transformer  dW = dP0 T + dPk (Wa^2 + Wr^2) kf^2 / (S^2 T)        dQ = I0 S T + uk (Wa^2 + Wr^2) kf^2 / (S T)
 *   line         dW = R (Wa^2 + Wr^2) kf^2 / (U^2 T)                   dQ = X (Wa^2 + Wr^2) kf^2 / (U^2 T)
 *
 * kf^2 is the square of the form factor: 1 within an interval, above 1 when a month is reckoned from its totals.
 */
import type { BoundaryLosses, LossModel } from '../../shared/domain/losses.ts';
import { add, divide, multiply, ONE, parseDecimal, type Rational, rational, subtract, sumOf, ZERO } from './energy.ts';

/** What went through in a step, primary side. With flow both ways within it the sum of both, since losses do not cancel. */
export interface Throughput {
  readonly minutes: number;
  /** Wh; null = not known. */
  readonly active: Rational | null;
  /** varh; null = not known. */
  readonly reactive: Rational | null;
}

/** Never negative; `energyAtBoundary` adds them or takes them off. */
export interface Losses {
  /** Wh; null = not computed, see `lack`. */
  readonly active: Rational | null;
  /** varh; null = not computed, or the model says nothing of reactive losses. */
  readonly reactive: Rational | null;
  /** What of the throughput is missing; null = nothing that was needed. */
  readonly lack: 'active-missing' | 'reactive-missing' | null;
}

/** Load factor that is assumed where none is known (order 326). */
const USUAL_LOAD_FACTOR = rational(1, 2);

/** kf^2 = (1 + 2k) / (3k) of a load factor k (mean power by largest), 0 < k <= 1; RangeError outside (order 326). */
export function formFactorSquared(loadFactor: Rational = USUAL_LOAD_FACTOR): Rational {
  if (loadFactor.numerator <= 0n || loadFactor.numerator > loadFactor.denominator)
    throw new RangeError('a load factor is above 0, at most 1');
  return divide(add(ONE, multiply(rational(2), loadFactor)), multiply(rational(3), loadFactor));
}

/** Losses of one step, or of a whole period from its totals with a form factor. A missing figure makes null, never 0. */
export function lossesOf(model: LossModel, step: Throughput, formFactor2: Rational = ONE): Losses {
  if (model.kind === 'percent') return percentOf(step, parseDecimal(model.active), parseDecimal(model.reactive));
  if (step.active === null) return { active: null, reactive: null, lack: 'active-missing' };
  if (step.reactive === null) return { active: null, reactive: null, lack: 'reactive-missing' };
  const hours = rational(step.minutes, 60);
  const squares = add(multiply(step.active, step.active), multiply(step.reactive, step.reactive));
  /** (Wa^2 + Wr^2) kf^2 / T, so W^2 h. */
  const load = divide(multiply(squares, formFactor2), hours);
  if (model.kind === 'line') {
    const voltage2 = square(parseDecimal(model.voltageV));
    const along = (ohm: string) => divide(multiply(parseDecimal(ohm), load), voltage2);
    return { active: along(model.resistanceOhm), reactive: model.reactanceOhm === null ? null : along(model.reactanceOhm), lack: null };
  }
  const rated = parseDecimal(model.ratedVA);
  const active = add(multiply(parseDecimal(model.noLoadW), hours), divide(multiply(parseDecimal(model.loadW), load), square(rated)));
  if (model.noLoadCurrentPercent === null || model.shortCircuitPercent === null) return { active, reactive: null, lack: null };
  const magnetising = multiply(multiply(hundredths(model.noLoadCurrentPercent), rated), hours);
  return { active, reactive: add(magnetising, divide(multiply(hundredths(model.shortCircuitPercent), load), rated)), lack: null };
}

/** Losses of several elements in a row or of several steps; one that is null makes the sum null. */
export function sumLosses(parts: readonly Losses[]): Losses {
  const sum = (figures: readonly (Rational | null)[]) => {
    const known = figures.flatMap((figure) => figure ?? []);
    return known.length === figures.length ? sumOf(known) : null;
  };
  return {
    active: sum(parts.map(({ active }) => active)),
    reactive: sum(parts.map(({ reactive }) => reactive)),
    lack: parts.find(({ lack }) => lack !== null)?.lack ?? null,
  };
}

/** Losses of all that lies between a meter and its boundary, in one step. */
export function lossesToBoundary({ elements }: BoundaryLosses, step: Throughput, formFactor2: Rational = ONE): Losses {
  return sumLosses(elements.map((model) => lossesOf(model, step, formFactor2)));
}

/** Metered energy with its losses, Wh or varh; null when either is not known: energy without its losses is not that of the boundary. */
export function energyAtBoundary(
  metered: Rational | null,
  losses: Rational | null,
  meterStands: BoundaryLosses['meterStands'],
): Rational | null {
  if (metered === null || losses === null) return null;
  return meterStands === 'behind-boundary' ? add(metered, losses) : subtract(metered, losses);
}

function percentOf(step: Throughput, active: Rational, reactive: Rational): Losses {
  const part = (energy: Rational | null, percent: Rational) =>
    energy === null ? null : multiply(multiply(energy, percent), rational(1, 100));
  const needsReactive = reactive.numerator !== 0n;
  return {
    active: part(step.active, active),
    reactive: needsReactive ? part(step.reactive, reactive) : ZERO,
    lack: step.active === null ? 'active-missing' : needsReactive && step.reactive === null ? 'reactive-missing' : null,
  };
}

function hundredths(percent: string): Rational {
  return multiply(parseDecimal(percent), rational(1, 100));
}

function square(value: Rational): Rational {
  return multiply(value, value);
}
