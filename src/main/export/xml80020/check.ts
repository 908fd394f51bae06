/** The receiver's rules over a file, each with a verdict and its places (xml-80020.md 9). */
import { CHECK_RULES, type Verdict } from '../../../shared/domain/market-check.ts';
import type { NamedFile } from './archive.ts';
import { headRules } from './check-head.ts';
import { bodyRules } from './check-body.ts';
import { type ChannelSums, channelSums } from './check-sums.ts';
import { type CheckOptions, DEFAULT_CHECK_OPTIONS, RuleBook, type RuleResult } from './check-rules.ts';
import type { MarketDocument } from './document.ts';
import { readMarketFile, type ReadWarning } from './read.ts';
import { schemaText } from './schema.ts';

export interface CheckReport {
  /** The worst of the rules. */
  readonly verdict: Verdict;
  /** One for each rule, in the order of `CHECK_RULES`. */
  readonly rules: readonly RuleResult[];
  /** What was passed over while reading. */
  readonly warnings: readonly ReadWarning[];
  readonly document: MarketDocument;
  readonly sums: readonly ChannelSums[];
}

/** Judges one XML file. Throws as `readMarketFile` for what cannot be read at all. */
export async function checkMarketFile(file: NamedFile, options: CheckOptions = DEFAULT_CHECK_OPTIONS): Promise<CheckReport> {
  const read = await readMarketFile(file.bytes, schemaText(options.decimals));
  const book = new RuleBook(read.lines);
  headRules(book, file.name, read, options);
  bodyRules(book, read.document, options);
  const rules = CHECK_RULES.map((rule) => book.result(rule));
  return {
    verdict: rules.some(({ verdict }) => verdict === 'fault')
      ? 'fault'
      : rules.some(({ verdict }) => verdict === 'warning')
        ? 'warning'
        : 'ok',
    rules,
    warnings: read.warnings,
    document: read.document,
    sums: channelSums(read.document),
  };
}
