/** What the meter's own journals say of its intervals: marks that lie beside the figures and never change them. */
import type { IntervalFlag, SourcedInterval } from '../../shared/domain/interval.ts';
import type { MeterEvent } from '../../shared/domain/meter-event.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { MOST_CORRECTION_MS } from './clock-policy.ts';

/** An event as its journal tells it; `movedS` of the clock's are the seconds by which it was moved. */
export type MarkingEvent = Pick<MeterEvent, 'kind' | 'atUtc' | 'details'>;

interface Mark {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly flag: IntervalFlag;
}

/**
 * Adds the marks of a meter's events to its intervals, which keep their order. A clock that was moved by no more than a correction can
 * marks as corrected, a larger step as set; both mark every interval between the two readings of the clock.
 */
export function markIntervals<T extends SourcedInterval>(intervals: readonly T[], events: readonly MarkingEvent[]): readonly T[] {
  const marks = marksOf(events);
  if (marks.length === 0) return intervals;
  return intervals.map((interval) => {
    const added = marks.filter(
      ({ fromUtc, toUtc, flag }) =>
        interval.startUtc <= toUtc && interval.startUtc + interval.lengthS > fromUtc && !interval.flags.includes(flag),
    );
    return added.length === 0 ? interval : { ...interval, flags: [...new Set([...interval.flags, ...added.map(({ flag }) => flag)])] };
  });
}

function marksOf(events: readonly MarkingEvent[]): Mark[] {
  return events.flatMap(({ kind, atUtc, details }): Mark[] => {
    if (kind === 'profile-initialised') return [{ fromUtc: atUtc, toUtc: atUtc, flag: 'initialised' }];
    // The reading of the clock afterwards is an event of its own, with the same distance.
    if (kind !== 'clock-before-correction') return [];
    const movedS = typeof details.movedS === 'number' ? details.movedS : 0;
    const flag = Math.abs(movedS) * 1000 <= MOST_CORRECTION_MS ? 'clock-corrected' : 'clock-set';
    return [{ fromUtc: Math.min(atUtc, atUtc + movedS), toUtc: Math.max(atUtc, atUtc + movedS), flag }];
  });
}
