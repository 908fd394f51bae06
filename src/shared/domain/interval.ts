import type { PerChannel } from './channel.ts';
import type { UtcSeconds } from './time.ts';

/** What happened inside an interval, each flag on its own; an interval may carry several. */
export const INTERVAL_FLAGS = [
  'power-cut',
  'clock-set',
  'clock-corrected',
  'initialised',
  'incomplete',
  'season-changed',
  'frozen',
  'proven-off',
] as const;
export type IntervalFlag = (typeof INTERVAL_FLAGS)[number];

/** Why an interval that should exist is absent. */
export const ABSENCE_REASONS = [
  'not-read',
  'silent',
  'line-down',
  'denied',
  'wrong-serial',
  'never-recorded',
  'overwritten',
  'meter-off',
  'clock-changed',
  'unsupported',
] as const;
export type AbsenceReason = (typeof ABSENCE_REASONS)[number];

/** Where the figures of an interval come from. */
export type IntervalSource = 'profile' | 'frozen-registers';

/**
 * One interval as the meter said it: secondary side, unsigned integer counts of 1/(2A) kWh or kvarh, where A is the meter
 * constant in imp/kWh (mercury.md 8.4). Counts of frozen registers are whole Wh and varh: `countingConstant`.
 */
export interface MeterInterval {
  readonly startUtc: UtcSeconds;
  /** Nominal length: 1800 for a half-hour, whatever the power cuts inside. */
  readonly lengthS: number;
  readonly counts: PerChannel<number | null>;
  readonly flags: readonly IntervalFlag[];
}

export type SourcedInterval = MeterInterval & { readonly source: IntervalSource };

/** With this A a count N of 1/(2A) kWh is N Wh. */
const WHOLE_WATT_HOURS = 500;

/**
 * A that the counts of an interval are in, imp/kWh: the meter's own for its profile, 500 for the difference of registers, which
 * meters keep in whole Wh (docs/adr/0009). `null` = not known yet.
 */
export function countingConstant(source: IntervalSource, meterConstant: number | null): number | null {
  return source === 'frozen-registers' ? WHOLE_WATT_HOURS : meterConstant;
}
