/** What a file is judged by, and the book that the judgements are kept in. */
import { type Rational, rational, multiply, ratioOf, squareRoot } from '../../metering/energy.ts';
import type { SiteZone } from '../../metering/zone.ts';
import type { Ratio } from '../../../shared/domain/point.ts';
import { DEFAULT_NAME_TEMPLATE } from './name.ts';
import type { Decimals } from './round.ts';

/** In the order in which a person would look. */
export const CHECK_RULES = [
  'file-name',
  'encoding',
  'schema',
  'header',
  'number',
  'day',
  'sender',
  'time-zone',
  'area-code',
  'area-repeated',
  'point-code',
  'point-repeated',
  'channel-code',
  'channel-repeated',
  'period-count',
  'period-order',
  'summer',
  'value-empty',
  'value-form',
  'status',
  'non-commercial',
  'letters',
  'both-directions',
  'value-limit',
] as const;
export type CheckRule = (typeof CHECK_RULES)[number];

export const VERDICTS = ['ok', 'warning', 'fault'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What each rule asks for, for the command line and for whoever reads its output. */
export const RULE_MEANINGS: Readonly<Record<CheckRule, string>> = {
  'file-name': 'The name of the file says what the file holds: class, sender, day, number, AIIS code',
  encoding: 'windows-1251 without a byte order mark, named so in the prolog',
  schema: 'Elements, attributes and their order are those of the layout, version 2',
  header: 'Version 2, a real moment of creation, a known mark of daylight saving',
  number: 'The number is greater than any earlier one of this sender for this day',
  day: 'The day is in the calendar and was over when the file was made',
  sender: 'The tax number of the sender has 10 or 12 digits and a right check digit',
  'time-zone': 'The time zone of an area is 1 or 3',
  'area-code': 'Area codes have 10 digits and belong to one AIIS',
  'area-repeated': 'An area stands once in a file',
  'point-code': 'A point has a code, usually of 15 digits',
  'point-repeated': 'A point stands once in its area',
  'channel-code': 'A point has 1 to 4 channels with the codes 01 to 04',
  'channel-repeated': 'A channel stands once at its point',
  'period-count': 'A day has 48 half-hours; on days of a change of the clock as many as the clock shows',
  'period-order': 'Half-hours follow one another from 0000 on without holes and repeats',
  summer: 'Only days of a change of the clock mark half-hours as summer time and say so in the header',
  'value-empty': 'Every half-hour has a value',
  'value-form': 'Values are numbers that are not negative, with no more decimals than agreed',
  status: 'The status is 0 or 1; 1114 names the group of the bypass point and goes with status 1',
  'non-commercial': 'No half-hour is barred from commercial use by status 1',
  letters: 'Names have letters of windows-1251 alone',
  'both-directions': 'Energy does not go both ways in one half-hour in like amounts',
  'value-limit': 'No half-hour has more energy than the connection can carry',
};

export interface CheckPlace {
  readonly path: string;
  /** null where the whole file is meant. */
  readonly line: number | null;
  /** What stands there against what is expected, English. */
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
  fault(rule: CheckRule, path: string, at: object | number | null, message: string): void {
    this.#add(rule, 'fault', path, at, message);
  }

  warning(rule: CheckRule, path: string, at: object | number | null, message: string): void {
    this.#add(rule, 'warning', path, at, message);
  }

  result(rule: CheckRule): RuleResult {
    return { rule, ...(this.#results.get(rule) ?? { verdict: 'ok', places: [], count: 0 }) };
  }

  #add(rule: CheckRule, verdict: Verdict, path: string, at: object | number | null, message: string): void {
    const result = this.#results.get(rule) ?? { verdict, places: [], count: 0 };
    if (verdict === 'fault') result.verdict = 'fault';
    const line = typeof at === 'number' || at === null ? at : (this.#lines.get(at) ?? null);
    if (result.places.length < MAX_PLACES) result.places.push({ path, line, message });
    result.count += 1;
    this.#results.set(rule, result);
  }
}
