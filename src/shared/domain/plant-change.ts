/** What happens to a plant becomes data: dated, with a reason, beside the history and never over it (quality.md 4). */
import type { PerChannel } from './channel.ts';
import type { DriverId, Ratio } from './point.ts';
import type { UtcSeconds } from './time.ts';

/** A line of an act: registers of one tariff as a person read them, whole Wh and varh of the secondary side; `null` = not written down. */
export interface ActReading {
  /** 0 = sum of tariffs. */
  readonly tariff: number;
  readonly energy: PerChannel<number | null>;
}

interface Change {
  readonly pointCode: string;
  readonly atUtc: UtcSeconds;
  /** The act or whatever else allows it; `null` = none was given. */
  readonly reason: string | null;
}

/** Another meter at the point from this moment on. `null` = as it was with the former meter. */
export interface MeterReplacement extends Change {
  readonly kind: 'replace-meter';
  readonly serial: string;
  readonly driver: DriverId | null;
  readonly address: number | null;
  readonly accessLevel: 1 | 2 | null;
  /** Six bytes as they go over the wire; `null` = the default, never the former meter's. */
  readonly password: Uint8Array | null;
  readonly ct: Ratio | null;
  readonly vt: Ratio | null;
  /** Of the former meter when it was taken away. */
  readonly finalRegisters: readonly ActReading[];
  /** Of the new meter when it was put in. */
  readonly firstRegisters: readonly ActReading[];
}

/** Other measuring transformers from the start of an interval on: the figures before keep their ratio. */
export interface RatioChange extends Change {
  readonly kind: 'change-ratio';
  readonly ct: Ratio;
  readonly vt: Ratio;
}

/** Nothing is measured here from the start of an interval on: its meter is not asked, its intervals are not expected. */
export interface SwitchOff extends Change {
  readonly kind: 'switch-off';
}

/** The last meter of the point measures again, from the start of an interval on. */
export interface SwitchOn extends Change {
  readonly kind: 'switch-on';
}

export type PlantChange = MeterReplacement | RatioChange | SwitchOff | SwitchOn;
export const PLANT_CHANGE_KINDS = [
  'replace-meter',
  'change-ratio',
  'switch-off',
  'switch-on',
] as const satisfies readonly PlantChange['kind'][];

/** Why a change cannot be; in `context.obstacle` of the error, beside the figures that it is about. */
export const PLANT_CHANGE_OBSTACLES = [
  'in-the-future',
  'before-the-last-change',
  'inside-an-interval',
  'is-off',
  'is-not-off',
  'same-meter',
  'meter-elsewhere',
  'address-taken',
  'no-link',
  'reading-below-stored',
  'month-closed',
] as const;
export type PlantChangeObstacle = (typeof PLANT_CHANGE_OBSTACLES)[number];
