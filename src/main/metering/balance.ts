/**
 * Balance of a bus or substation: what came in against what went out, and how far the two may be apart by the errors of the
 * measuring complexes (quality.md 5, after RD 34.09.101-94). Verdicts compare squares, so no root is ever rounded into one.
 */
import { add, compare, divide, multiply, parseDecimal, type Rational, rational, squareRoot, subtract, sumOf, ZERO } from './energy.ts';

/** Accuracy classes as limits of error, percent as decimals: `0.5`. Without a transformer or a line drop the part is null. */
export interface ComplexClasses {
  readonly ct: string | null;
  readonly vt: string | null;
  /** Loss of voltage in the line to the voltage transformer. */
  readonly line: string | null;
  readonly meter: string;
}

/** `received` comes into the bus, `delivered` leaves it by feeders; `own-needs` and `transformer-losses` are used up on the way. */
export type BalanceSection = 'received' | 'delivered' | 'own-needs' | 'transformer-losses';

/** One line of a balance; all of one period. */
export interface BalanceElement {
  readonly section: BalanceSection;
  /** What it is in the list of missing ones: a point's code, a transformer's name. */
  readonly name: string;
  /** Wh, primary side; null unless it is whole for the period. */
  readonly energy: Rational | null;
  /** Why `energy` is null. */
  readonly reason: string | null;
  /** Square of the limit of error of its complex, percent^2 (`complexErrorSquared`); null = classes not known. */
  readonly errorSquared: Rational | null;
}

export interface BalanceLine extends BalanceElement {
  /** Percent of its own section; null when the section is empty or incomplete. */
  readonly share: Rational | null;
  /** Percent to eight decimals, for people; null when classes are not known. */
  readonly error: Rational | null;
}

/** Why there is no verdict: elements are missing, nothing came in, or the error of an element is not known and no limit is set. */
export type BalanceObstacle = 'elements-missing' | 'nothing-received' | 'errors-unknown';

export interface Balance {
  readonly verdict: 'good' | 'bad' | 'not-computed';
  readonly obstacle: BalanceObstacle | null;
  readonly lines: readonly BalanceLine[];
  /** Wh of each section; null when an element of it is missing. */
  readonly totals: Readonly<Record<BalanceSection, Rational | null>>;
  /** Elements without a figure, or without an error where that is the obstacle. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
  /** Received - delivered - own needs - transformer losses, Wh. */
  readonly imbalance: Rational | null;
  /** Imbalance by received, percent, exact. */
  readonly actual: Rational | null;
  /** Percent to eight decimals, cut not rounded; null when not known. */
  readonly allowed: Rational | null;
}

/** Decimals of a percent figure that a root is shown with. */
const ROOT_DIGITS = 8;
const SECTIONS = ['received', 'delivered', 'own-needs', 'transformer-losses'] as const;

/** Square of 1.1 sqrt(ct^2 + vt^2 + line^2 + meter^2), percent^2, exact. Throws RangeError for what is no decimal. */
export function complexErrorSquared({ ct, vt, line, meter }: ComplexClasses): Rational {
  const squares = [ct, vt, line, meter].flatMap((part) => (part === null ? [] : square(parseDecimal(part))));
  return multiply(rational(121, 100), sumOf(squares));
}

/** A limit of error or an imbalance from its square, percent to eight decimals, cut. */
export function percentRoot(squared: Rational): Rational {
  return squareRoot(squared, ROOT_DIGITS);
}

/**
 * `fixedAllowed` is a limit in percent that stands instead of the computed one: a setting for places whose transformers are
 * not known (quality.md 5). Good when |actual| <= allowed.
 */
export function computeBalance(elements: readonly BalanceElement[], fixedAllowed: Rational | null = null): Balance {
  const totals = Object.fromEntries(SECTIONS.map((section) => [section, totalOf(elements, section)])) as Record<
    BalanceSection,
    Rational | null
  >;
  const lines = elements.map(
    (element): BalanceLine => ({
      ...element,
      share: shareOf(element, totals[element.section]),
      error: element.errorSquared === null ? null : percentRoot(element.errorSquared),
    }),
  );
  const nothing = { lines, totals, imbalance: null, actual: null, allowed: null } as const;
  const missing = elements.flatMap(({ name, energy, reason }) => (energy === null ? [{ name, reason: reason ?? 'not-read' }] : []));
  const { received, delivered } = totals;
  const own = totals['own-needs'];
  const losses = totals['transformer-losses'];
  if (received === null || delivered === null || own === null || losses === null) {
    return { ...nothing, verdict: 'not-computed', obstacle: 'elements-missing', missing };
  }
  const imbalance = subtract(received, sumOf([delivered, own, losses]));
  if (received.numerator <= 0n) return { ...nothing, imbalance, verdict: 'not-computed', obstacle: 'nothing-received', missing };
  const actual = multiply(divide(imbalance, received), rational(100));
  const allowedSquared = fixedAllowed === null ? allowedSquaredOf(lines) : square(fixedAllowed);
  if (allowedSquared === null) {
    const unknown = lines.filter((line) => isWeighed(line) && line.errorSquared === null);
    return {
      ...nothing,
      imbalance,
      actual,
      verdict: 'not-computed',
      obstacle: 'errors-unknown',
      missing: unknown.map(({ name }) => ({ name, reason: 'errors-unknown' })),
    };
  }
  return {
    lines,
    totals,
    imbalance,
    actual,
    allowed: fixedAllowed ?? percentRoot(allowedSquared),
    verdict: compare(square(actual), allowedSquared) <= 0 ? 'good' : 'bad',
    obstacle: null,
    missing,
  };
}

/** Sum of error^2 x share^2 over inputs and outputs, shares of each side adding to 1; null when an error is not known. */
function allowedSquaredOf(lines: readonly BalanceLine[]): Rational | null {
  let sum: Rational = ZERO;
  for (const line of lines) {
    if (!isWeighed(line)) continue;
    if (line.errorSquared === null) return null;
    sum = add(sum, multiply(line.errorSquared, square(multiply(line.share ?? ZERO, rational(1, 100)))));
  }
  return sum;
}

/** Own needs and losses are small and mostly computed: the rule weighs inputs and outputs. One without energy has no weight. */
function isWeighed({ section, energy }: BalanceLine): boolean {
  return (section === 'received' || section === 'delivered') && energy !== null && energy.numerator !== 0n;
}

function totalOf(elements: readonly BalanceElement[], section: BalanceSection): Rational | null {
  const own = elements.filter((element) => element.section === section);
  const known = own.flatMap(({ energy }) => energy ?? []);
  return known.length === own.length ? sumOf(known) : null;
}

function shareOf({ energy }: BalanceElement, total: Rational | null): Rational | null {
  if (energy === null || total === null || total.numerator === 0n) return null;
  return multiply(divide(energy, total), rational(100));
}

function square(value: Rational): Rational {
  return multiply(value, value);
}
