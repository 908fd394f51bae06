import type { Ratio } from '../../shared/domain/point.ts';
import type { MeterSpec23x } from './assembly.ts';

/** What can be written into a meter of the 23x family (mercury.md 6.4, 9). */
export interface MeterSettings {
  address: number;
  /** Kn and Kt: whole numbers, for reference only. */
  ratioVt: number;
  ratioCt: number;
  /** Link bytes of the main and the additional port (9); 0 is 9600 8N1. */
  linkMain: number;
  linkAdditional: number;
  multiplierMain: number;
  multiplierAdditional: number;
  isSeasonForbidden: boolean;
  /** Hour, weekday of the last week, month, twice, BCD: to summer and back. */
  seasonRule: readonly number[];
  isLoadOff: boolean;
  overLimitDelayS: number;
  /** W/100. */
  powerLimit: number;
  /** Wh of tariffs 1..4. */
  energyLimits: readonly number[];
  /** Passwords of levels 1 and 2. */
  readonly passwords: Map<number, readonly number[]>;
}

const PASSWORD_BASE = { binary: 0x00, ascii: 0x30 };

/** The settings that a meter leaves the works and the installer with. */
export function settingsOf({ address, family, row }: MeterSpec23x): MeterSettings {
  const password = (level: number) => Array.from({ length: 6 }, () => PASSWORD_BASE[family.passwordForm] + level);
  return {
    address,
    ratioVt: quotient(row.vt),
    ratioCt: quotient(row.ct),
    linkMain: 0,
    linkAdditional: 0,
    multiplierMain: 1,
    multiplierAdditional: 1,
    isSeasonForbidden: true,
    seasonRule: [0x02, 0x07, 0x03, 0x03, 0x07, 0x10],
    isLoadOff: false,
    overLimitDelayS: 60,
    powerLimit: 0,
    energyLimits: [0, 0, 0, 0],
    passwords: new Map([1, 2].map((level) => [level, password(level)])),
  };
}

function quotient({ primary, secondary }: Ratio): number {
  return Math.floor(primary / secondary);
}
