import type { UtcSeconds } from './time.ts';

/**
 * What meters write into their own journals, one name each whatever the protocol. A record with two times is two events:
 * its beginning and its end.
 */
export const METER_EVENTS = [
  'power-on',
  'power-off',
  'clock-before-correction',
  'clock-after-correction',
  'phase-on',
  'phase-off',
  'power-limit-begin',
  'power-limit-end',
  'tariff-schedule-changed',
  'holidays-changed',
  'registers-reset',
  'profile-initialised',
  'energy-limit-exceeded',
  'power-limit-changed',
  'energy-limit-changed',
  'losses-changed',
  'case-opened',
  'case-closed',
  'reprogrammed',
  'status-changed',
  'maxima-schedule-changed',
  'maxima-reset',
  'current-on',
  'current-off',
  'magnet-begin',
  'magnet-end',
  'quality-left',
  'quality-returned',
  'voltage-dip',
  'voltage-swell',
  'reverse-current-begin',
  'reverse-current-end',
  'current-without-voltage-begin',
  'current-without-voltage-end',
  'phase-sequence-begin',
  'phase-sequence-end',
  'load-control',
  'relay-on',
  'relay-off',
  'parameter-changed',
] as const;
export type MeterEventKind = (typeof METER_EVENTS)[number];

/** Those that say something of the meter's intervals. */
export const MARKING_EVENTS = ['clock-before-correction', 'profile-initialised'] as const satisfies readonly MeterEventKind[];

/**
 * Those that are shorter than a second, so that several of a kind may have the same moment. Their records never change: details
 * tell them apart, and two of the same moment and the same details are one.
 */
export const TWIN_EVENTS = ['voltage-dip', 'voltage-swell'] as const satisfies readonly MeterEventKind[];

/** A journal that was read to its end and stored. */
export interface JournalRead {
  readonly journal: number;
  /** What the meter had written last when the read began, in the driver's own text: as long as it is the same, nothing was added. `null` = this meter does not tell. */
  readonly newest: string | null;
  /** When the round that read it began, by the PC's clock. */
  readonly atUtc: UtcSeconds;
}

/**
 * One event as the meter's journal tells it. The same record read again gives the same event: journal, moment and kind are its
 * key, with the details for TWIN_EVENTS.
 */
export interface MeterEvent {
  /** Number of the journal in the meter's own protocol. */
  readonly journal: number;
  readonly kind: MeterEventKind;
  /** By the meter's own clock and basis; to the second, or the start of the day where the journal keeps dates only. */
  readonly atUtc: UtcSeconds;
  /** The record's other fields: `phase` 1..3, `seal`, `codes` (of reprogramming), `faults` (E-NN of a status word), `durationMs`, `percent`, `movedS` (seconds by which the clock was moved, negative = back). */
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>;
}
