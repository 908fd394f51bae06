/** From the records of a profile ring to intervals: the record's own stamp decides, never its place (docs/profile-rules.md). */
import { CHANNELS, type PerChannel } from '../../shared/domain/channel.ts';
import type { IntervalFlag, MeterInterval } from '../../shared/domain/interval.ts';
import type { ProfileSlot } from '../drivers/driver.ts';

export type RecordSlot = Extract<ProfileSlot, { kind: 'interval' }>;

interface Assembled {
  readonly interval: MeterInterval;
  /** A record of the whole interval is in it, not parts alone. */
  readonly hasWhole: boolean;
}

/** The record covers its interval from end to end. */
export function isWhole({ interval, isCut }: Pick<RecordSlot, 'interval' | 'isCut'>): boolean {
  return !isCut && !interval.flags.includes('incomplete');
}

/**
 * Intervals of records given in the order in which the meter closed them, ascending by start; none overlaps another.
 * Parts of one interval are added: a power cut closes one and opens the next (mercury.md 8.3). Of two whole records of one interval the
 * later counts: the clock was set back, and that half-hour was recorded anew. A part of another length goes to the interval that holds it.
 */
export function assembleIntervals(records: readonly Pick<RecordSlot, 'interval' | 'isCut'>[]): MeterInterval[] {
  let assembled: Assembled[] = [];
  for (const record of records) assembled = withRecord(assembled, record.interval, isWhole(record));
  return assembled.map(({ interval }) => interval).toSorted((a, b) => a.startUtc - b.startUtc);
}

function withRecord(assembled: readonly Assembled[], record: MeterInterval, isWholeRecord: boolean): Assembled[] {
  const touched = assembled.filter(({ interval }) => overlaps(interval, record));
  const others = assembled.filter((one) => !touched.includes(one));
  const alone = { interval: record, hasWhole: isWholeRecord };
  const [first] = touched;
  if (first === undefined) return [...others, alone];
  if (touched.length === 1 && first.interval.startUtc === record.startUtc && first.interval.lengthS === record.lengthS) {
    return [...others, ofOneInterval(first, alone)];
  }
  // Another length: the period was changed. Whole records of the later period stand for all of their time.
  const containing = touched.find(({ interval }) => endOf(interval) >= endOf(record));
  if (isWholeRecord && containing === undefined) return [...others, { ...alone, interval: flagged(record, 'clock-set') }];
  if (isWholeRecord && containing?.hasWhole === true) return [...assembled];
  if (containing !== undefined) {
    return [...assembled.filter((one) => one !== containing), { ...containing, interval: added(containing.interval, record) }];
  }
  // The part begins where the last interval of the former period ends.
  const startUtc = Math.max(...touched.map(({ interval }) => endOf(interval)));
  return [...assembled, { ...alone, interval: { ...record, startUtc, lengthS: endOf(record) - startUtc } }];
}

function ofOneInterval(earlier: Assembled, later: Assembled): Assembled {
  if (!earlier.hasWhole && !later.hasWhole) return { interval: added(earlier.interval, later.interval), hasWhole: false };
  const interval = earlier.hasWhole && later.hasWhole ? later.interval : added(earlier.interval, later.interval);
  return { interval: flagged(interval, 'clock-set'), hasWhole: true };
}

function added(a: MeterInterval, b: MeterInterval): MeterInterval {
  const counts = Object.fromEntries(
    CHANNELS.map((channel) => {
      const [left, right] = [a.counts[channel], b.counts[channel]];
      return [channel, left === null || right === null ? null : left + right];
    }),
  ) as unknown as PerChannel<number | null>;
  return { ...a, counts, flags: [...new Set<IntervalFlag>([...a.flags, ...b.flags])] };
}

function flagged(interval: MeterInterval, flag: IntervalFlag): MeterInterval {
  return { ...interval, flags: [...new Set<IntervalFlag>([...interval.flags, flag])] };
}

function endOf({ startUtc, lengthS }: MeterInterval): number {
  return startUtc + lengthS;
}

function overlaps(a: MeterInterval, b: MeterInterval): boolean {
  return a.startUtc < endOf(b) && b.startUtc < endOf(a);
}
