/** From what a meter and people said of an interval to one word about it (quality.md 1). */
import type { IntervalFlag } from '../../shared/domain/interval.ts';
import type { IntervalQuality } from '../../shared/domain/quality.ts';

/** All that decides the quality of one interval at one point. */
export interface IntervalFacts {
  /** Of the stored interval; null when none is stored. */
  readonly flags: readonly IntervalFlag[] | null;
  /** One meter with one ratio stood there from end to end (`isWithinInstallation`). */
  readonly isWithinInstallation: boolean;
  /** A replacement value stands in for the interval. */
  readonly isReplaced?: boolean;
  /** Verdict of a check (`suspect`) or of a person (`rejected`). */
  readonly doubt?: 'suspect' | 'rejected' | null;
  /** The recipient takes half-hours of the daily correction of a clock within its limit as valid. */
  readonly acceptsCorrection?: boolean;
}

const COMMERCIAL: ReadonlySet<IntervalQuality> = new Set(['valid', 'valid-cut', 'valid-off']);

/** Whether a quality counts as valid, which is status 0 of a package (quality.md 1). */
export function isValidQuality(quality: IntervalQuality): boolean {
  return COMMERCIAL.has(quality);
}

/**
 * The first that holds of: replaced, missing, rejected, replacement of the meter, initialised, clock, suspect,
 * proven off, cut, valid. The incomplete mark of a record that a power cut closed only says that the supply was shorter; without a cut it
 * says that data is lacking, nobody knows how much: that is suspect.
 */
export function intervalQuality(facts: IntervalFacts): IntervalQuality {
  if (facts.isReplaced === true) return 'replaced';
  if (facts.flags === null) return 'missing';
  if (facts.doubt === 'rejected') return 'rejected';
  const spoilt = spoiltBy(facts);
  if (spoilt !== null) return spoilt;
  // Journal, registers and neighbours prove that nothing flowed (dead-feeder.ts).
  if (facts.flags.includes('proven-off')) return 'valid-off';
  return facts.flags.includes('power-cut') ? 'valid-cut' : 'valid';
}

function spoiltBy({ flags, isWithinInstallation, doubt, acceptsCorrection }: IntervalFacts): IntervalQuality | null {
  const has = (flag: IntervalFlag) => flags?.includes(flag) === true;
  if (!isWithinInstallation) return 'incomplete-replacement';
  if (has('initialised')) return 'incomplete-init';
  if (has('clock-set') || has('season-changed')) return 'incomplete-clock';
  if (has('clock-corrected') && acceptsCorrection !== true) return 'incomplete-clock';
  if (doubt === 'suspect') return 'suspect';
  // A gradual correction of the clock marks the record incomplete as well (mercury.md 9, 0D).
  return has('incomplete') && !has('power-cut') && !has('clock-corrected') ? 'suspect' : null;
}
