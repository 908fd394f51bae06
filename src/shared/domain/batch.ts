import type { ClockReadingRecord, MeterFacts } from './meter.ts';
import type { CompletedExchange } from './exchange.ts';
import type { HalfHourExtremes } from './extremes.ts';
import type { Gap } from './gap.ts';
import type { SourcedInterval } from './interval.ts';
import type { JournalRead, MeterEvent } from './meter-event.ts';
import type { InstantaneousValues } from './quantity.ts';
import type { RegisterReading } from './register.ts';
import type { UtcSeconds } from './time.ts';

/**
 * What one piece of work brought from one meter: stored in one transaction or not at all.
 * Intervals that are stored disappear from the gap ledger in the same transaction.
 */
export interface MeterBatch {
  readonly meterId: number;
  /** When the data arrived, by the PC's clock. */
  readonly atUtc: UtcSeconds;
  /** Provenance of the intervals, registers and events of this batch. */
  readonly exchanges?: readonly CompletedExchange[];
  readonly intervals?: readonly SourcedInterval[];
  readonly registers?: readonly RegisterReading[];
  /** Of the meter's own journals. */
  readonly events?: readonly MeterEvent[];
  /** A journal whose events are all stored: those of this batch and of batches that are durable. */
  readonly journalRead?: JournalRead;
  readonly sample?: InstantaneousValues;
  /** Of every read of a half-hour or of a part of it; added to what is stored of it already. */
  readonly extremes?: HalfHourExtremes;
  readonly clock?: ClockReadingRecord;
  /** Facts of the meter that were read: firmware, constant, ring. */
  readonly facts?: MeterFacts;
  /** Ranges as they are from now on: each replaces whatever the ledger held inside it. Intervals of this batch win over them. */
  readonly gaps?: readonly Omit<Gap, 'meterId'>[];
}
