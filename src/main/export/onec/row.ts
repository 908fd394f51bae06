/** What a row of the 1C exchange is (onec.md 3), and what its maker asks of the stored figures. */
import type { Channel } from '../../../shared/domain/channel.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import type { Ratio } from '../../../shared/domain/point.ts';
import type { RegisterReading } from '../../../shared/domain/register.ts';
import type { Replacement, ReplacementMethod } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { LossesFrom } from '../../metering/boundary.ts';
import type { WrittenReading } from '../../metering/replacement/settled-context.ts';
import type { SettlementSource, SettlementStatus } from '../../metering/settlement.ts';
import type { SiteZone } from '../../metering/zone.ts';

/** A register that a meter keeps; tariff 0 = sum. */
export interface KeptRegister {
  readonly channel: Channel;
  readonly tariff: number;
}

/** Stored figures as the export needs them. Synchronous: one read of the database at a time. */
export interface ExportSource extends SettlementSource {
  /** Readings that the meter froze at a calendar boundary (kinds other than `now`) within `[fromUtc, toUtc]`, both ends included. */
  registers(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly RegisterReading[];
  /** Judged, as `keptChannels`, by everything that was ever stored of the meter. */
  keptRegisters(meterId: number): readonly KeptRegister[];
  /** Readings that people wrote down, in force, in order of time; not there = nobody writes any down here. */
  writtenReadings?(pointId: number): readonly WrittenReading[];
  /** Losses of a point up to its boundary by their dates, in order of time; not there = no point has any. */
  losses?(pointId: number): readonly LossesFrom[];
}

/** Status of a row: 0 valid, 1 replaced, 2 missing or incomplete, 3 disputed. */
export type RowStatus = 0 | 1 | 2 | 3;

export const ROW_STATUS: Readonly<Record<SettlementStatus, RowStatus>> = { valid: 0, replaced: 1, incomplete: 2, missing: 2 };

/** How a figure came about (onec.md 3); `auto` = read from the meter by this program. */
export type RowMethod = 'auto' | 'manual' | 'control' | 'analog' | 'profile' | 'calc';

/**
 * The format has fewer words than the rules of replacement: what another meter showed for the same energy is `control`, what was
 * reckoned from the far end of a line or from the balance of a bus is `calc`, readings spread by a profile are `profile`, the rule
 * of the law, which takes an analogous period first, is `analog`, and a figure that a person brought is `manual`.
 */
const ROW_METHOD: Readonly<Record<ReplacementMethod, RowMethod>> = {
  control: 'control',
  'opposite-end': 'calc',
  'bus-balance': 'calc',
  'readings-by-profile': 'profile',
  legal: 'analog',
  manual: 'manual',
};

export function rowMethod(method: Replacement['method'] | null): RowMethod {
  return method === null ? 'auto' : ROW_METHOD[method];
}

interface AnyRow {
  readonly point: PointRecord;
  readonly instantUtc: UtcSeconds;
  /** Offset of the site at the instant: tells the two passes of a repeated hour apart. */
  readonly offsetMin: number;
  /** ISO date of the site. */
  readonly day: string;
  /** Natural key without the instant, as `SentDay` has it. */
  readonly key: string;
  /** Thousandths of a kWh or kvarh; null = missing. */
  readonly figure: bigint | null;
  readonly status: RowStatus;
  readonly method: RowMethod;
  /** 1 for the first time that a key is sent, one more with each change of its figures or status. */
  readonly revision: number;
}

interface EnergyRow extends AnyRow {
  /** Channel of the point. */
  readonly channel: Channel;
  /** Thousandths, primary side, positive where they add to consumption; null as the figure is. */
  readonly losses: bigint | null;
}

/** A measuring point as it is at the end of the period; no figure, no revision. */
export interface ReferenceRow extends AnyRow {
  readonly kind: 'RF';
  /** null = the point has no meter. */
  readonly serial: string | null;
  readonly ct: Ratio | null;
  readonly vt: Ratio | null;
}

/** Energy of an interval, primary side. */
export interface IntervalRow extends EnergyRow {
  readonly kind: 'IV';
  readonly lengthMin: number;
}

/** A cumulative reading at a midnight, meter side. */
export interface ReadingRow extends AnyRow {
  readonly kind: 'RD';
  readonly channel: Channel;
  readonly serial: string;
  readonly tariff: number;
  /** null in a row that withdraws an earlier one. */
  readonly ct: Ratio | null;
  readonly vt: Ratio | null;
  /** The point's meter changed within the period. */
  readonly isReplaced: boolean;
}

/** Energy of a day, primary side: all of it (tariff 0) or that of one tariff of the meter. */
export interface DayRow extends EnergyRow {
  readonly kind: 'DY';
  /** Of the meter that stood there last on this day. */
  readonly serial: string | null;
  readonly tariff: number;
}

/** Statement of a whole month: readings at both ends and what they come to. */
export interface MonthRow extends EnergyRow {
  readonly kind: 'MN';
  readonly serial: string | null;
  readonly tariff: number;
  /** Wh or varh, meter side: of the first meter at the start, of the last one at the end. */
  readonly readingBegin: bigint | null;
  readonly readingEnd: bigint | null;
  readonly ct: Ratio | null;
  readonly vt: Ratio | null;
  /** Thousandths: sum of the intervals of the month, for tariff 0 alone. */
  readonly intervals: bigint | null;
  readonly isReplaced: boolean;
  readonly isRolledOver: boolean;
}

export type OnecRow = ReferenceRow | IntervalRow | ReadingRow | DayRow | MonthRow;

export interface RowsRequest {
  readonly kind: OnecRow['kind'];
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly zone: SiteZone;
}
