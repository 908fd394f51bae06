/** What reports are made from: stored figures, the facts of accounting beside them, the settings and the present. */
import type { BalanceOfSubstation, ReportSettings } from '../../shared/api/report-settings.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { Formula } from '../../shared/domain/formula.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { BoundaryLosses } from '../../shared/domain/losses.ts';
import type { MeterEvent } from '../../shared/domain/meter-event.ts';
import type { PointRecord } from '../../shared/domain/plant.ts';
import type { RegisterReading } from '../../shared/domain/register.ts';
import type { RecordedReplacement } from '../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Language } from '../../shared/i18n/language.ts';
import type { SettlementSource } from '../metering/settlement.ts';
import type { SiteZone } from '../metering/zone.ts';

/** Losses that a point has from a moment on; null = none any more. */
export interface DatedLosses {
  readonly pointId: number;
  readonly fromUtc: UtcSeconds;
  readonly losses: BoundaryLosses | null;
}

/** A register that a person read at the meter and wrote down. */
export interface WrittenReading {
  readonly atUtc: UtcSeconds;
  /** Of the point. */
  readonly channel: Channel;
  /** 0 = sum. */
  readonly tariff: number;
  /** Whole Wh or varh, secondary side. */
  readonly readingWh: number;
  readonly author: string;
}

/** Who the paper speaks of. */
export interface ReportSite {
  readonly name: string;
  readonly code: string;
  readonly inn: string;
  readonly kpp: string;
}

/** Synchronous: one read of the database at a time; only between two points everything else has its turn. */
export interface ReportSource extends SettlementSource {
  readonly zone: SiteZone;
  readonly language: Language;
  readonly site: ReportSite;
  readonly settings: ReportSettings;
  readonly nowUtc: UtcSeconds;
  /** Readings that the meter froze at a calendar boundary within `[fromUtc, toUtc]`, both ends included. */
  registers(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly RegisterReading[];
  /** Readings of a point that people wrote down, those in force. */
  writtenReadings(pointId: number): readonly WrittenReading[];
  /** Why an interval of a meter is absent. */
  reasonAt(meterId: number): (startUtc: UtcSeconds) => AbsenceReason;
  /** Events of the journals of a meter in `[fromUtc, toUtc)`, oldest first. */
  events(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly MeterEvent[];
  /** As every source has them, with their origin. */
  replacements(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly RecordedReplacement[];
  /** Losses of a point by their dates, in order of time. */
  losses(pointId: number): readonly DatedLosses[];
  /** What a substation's balance is made of; null = nobody has said. */
  balance(substationId: number): BalanceOfSubstation | null;
  formulas(): readonly Formula[];
  /** Waited for between two points. Rejects with `api/cancelled` when nobody waits for the report any more. */
  turn(): Promise<void>;
}

/** A point with the name of where it is. */
export type ChosenPoint = PointRecord & { readonly substation: string };

interface Choice {
  readonly pointIds?: readonly number[] | undefined;
  readonly substationId?: number | undefined;
  readonly formulaIds?: readonly number[] | undefined;
}

/** The points that a request means, by substation, then by code: all when it names none, none when it names formulas alone. */
export function chosenPoints(source: ReportSource, { pointIds, substationId, formulaIds }: Choice): ChosenPoint[] {
  if (formulaIds !== undefined && pointIds === undefined && substationId === undefined) return [];
  const { points, substations } = source.plant();
  const order = new Map(substations.map((substation, index) => [substation.id, { index, name: substation.name }]));
  const place = (point: PointRecord) => order.get(point.substationId)?.index ?? 0;
  return points
    .filter(({ id }) => pointIds === undefined || pointIds.includes(id))
    .filter((point) => substationId === undefined || point.substationId === substationId)
    .map((point) => ({ ...point, substation: order.get(point.substationId)?.name ?? '' }))
    .sort((a, b) => place(a) - place(b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

/** The formulas that a request names, in their order. */
export function chosenFormulas(source: ReportSource, { formulaIds }: Choice): Formula[] {
  return formulaIds === undefined ? [] : source.formulas().filter(({ id }) => formulaIds.includes(id));
}

/** kWh or kvarh of a channel, in the words of the paper. */
export function unitOf(channel: Channel, language: Language): string {
  const isActive = channel === 'A+' || channel === 'A-';
  if (language === 'ru') return isActive ? 'кВт·ч' : 'квар·ч';
  return isActive ? 'kWh' : 'kvarh';
}
