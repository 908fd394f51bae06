import type { UtcSeconds } from './time.ts';

/** What Feeder has read of a meter's own execution; each null until it was read or when the meter does not say. */
export interface MeterFacts {
  readonly firmware: string | null;
  /** ISO date. */
  readonly manufactured: string | null;
  readonly constantImpPerKwh: number | null;
  readonly profilePeriodMin: number | null;
  readonly hasProfile: boolean | null;
  readonly ringSlots: number | null;
  readonly variantHex: string | null;
  /** Driver's memory of this serial and firmware: plain JSON. */
  readonly memory: Readonly<Record<string, unknown>>;
}

export const NO_FACTS: MeterFacts = {
  firmware: null,
  manufactured: null,
  constantImpPerKwh: null,
  profilePeriodMin: null,
  hasProfile: null,
  ringSlots: null,
  variantHex: null,
  memory: {},
};

/** A measured deviation of a meter's clock from the PC's. */
export interface ClockReadingRecord {
  readonly atUtc: UtcSeconds;
  /** Meter minus PC, milliseconds, half the round trip removed. */
  readonly deviationMs: number;
}
