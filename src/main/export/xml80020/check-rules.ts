/** What a file is judged by, and the book that the judgements are kept in. */
import { type Rational, rational, multiply, ratioOf, squareRoot } from '../../metering/energy.ts';
import type { SiteZone } from '../../metering/zone.ts';
import type { Ratio } from '../../../shared/domain/point.ts';
import type { CheckRule, Verdict } from '../../../shared/domain/market-check.ts';
import { DEFAULT_NAME_TEMPLATE } from './name.ts';
import type { Decimals } from './round.ts';

export interface CheckPlace {
  readonly path: string;
  /** null where the whole file is meant. */
  readonly line: number | null;
  /** What stands there; null where there is nothing, or more than a word. */
  readonly found: string | null;
  /** What is wrong with it, English. */
  readonly message: string;
}

export interface RuleResult {
  readonly rule: CheckRule;
  readonly verdict: Verdict;
  /** The first `MAX_PLACES`. */
  readonly places: readonly CheckPlace[];
  /** Of all places. */
  readonly count: number;
}

const MAX_PLACES = 20;
const MAX_TEXT = 300;

export interface CheckOptions {
  readonly nameTemplate: string;
  readonly decimals: Decimals;
  /** By whose clock days are counted when not by the market's. */
  readonly zone: SiteZone | null;
  /** Highest number that this sender has used before for this day; null = unknown. */
  readonly highestEarlierNumber: number | null;
  /** Largest energy of a half-hour, kWh or kvarh; null = unknown. See `halfHourLimit`. */
  readonly limitOf: (pointCode: string) => Rational | null;
}

export const DEFAULT_CHECK_OPTIONS: CheckOptions = {
  nameTemplate: DEFAULT_NAME_TEMPLATE,
  decimals: 0,
  zone: null,
  highestEarlierNumber: null,
  limitOf: () => null,
};

/** Largest believable energy of a half-hour: 0.5 h × √3·U·1.2·I×Ктт×Ктн, kWh; U of the meter between phases in V, I in A. */
export function halfHourLimit(meter: {
  readonly voltageV: number;
  readonly currentA: number;
  readonly ct: Ratio;
  readonly vt: Ratio;
}): Rational {
  const power = multiply(
    multiply(squareRoot(rational(3), 9), rational(meter.voltageV)),
    multiply(rational(12, 10), rational(meter.currentA)),
  );
  return multiply(multiply(power, multiply(ratioOf(meter.ct), ratioOf(meter.vt))), rational(1, 2000));
}

/** Judgements as they are made. A rule that nobody complains of is `ok`. */
export class RuleBook {
  readonly #lines: ReadonlyMap<object, number>;
  readonly #results = new Map<CheckRule, { verdict: Verdict; places: CheckPlace[]; count: number }>();

  constructor(lines: ReadonlyMap<object, number>) {
    this.#lines = lines;
  }

  /** `at` is a part of the document, a line, or null for the whole file. */
  fault(rule: CheckRule, path: string, at: object | number | null, message: string, found: string | null = null): void {
    this.#add(rule, 'fault', path, at, message, found);
  }

  warning(rule: CheckRule, path: string, at: object | number | null, message: string, found: string | null = null): void {
    this.#add(rule, 'warning', path, at, message, found);
  }

  result(rule: CheckRule): RuleResult {
    return { rule, ...(this.#results.get(rule) ?? { verdict: 'ok', places: [], count: 0 }) };
  }

  #add(rule: CheckRule, verdict: Verdict, path: string, at: object | number | null, message: string, found: string | null): void {
    const result = this.#results.get(rule) ?? { verdict, places: [], count: 0 };
    if (verdict === 'fault') result.verdict = 'fault';
    const line = typeof at === 'number' || at === null ? at : (this.#lines.get(at) ?? null);
    if (result.places.length < MAX_PLACES) {
      result.places.push({ path: shortened(path), line, found: found === null ? null : shortened(found), message: shortened(message) });
    }
    result.count += 1;
    this.#results.set(rule, result);
  }
}

/** Text of a strange file as it may stand in a report. */
function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
