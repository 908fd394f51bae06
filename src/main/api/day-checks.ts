/** Verdicts of closed days as they are listed: by point, then by day of the meter that stood there. */
import type { DayCheckRow } from '../../shared/api/day-checks.ts';
import type { Attention } from '../../shared/api/values.ts';
import { AppError } from '../../shared/api/errors.ts';
import { DAY_CHECK_OBSTACLES, DAY_DIAGNOSES, type DayVerdict } from '../../shared/domain/day-check.ts';
import type { MeterRecord, PointRecord } from '../../shared/domain/plant.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { addDays } from '../metering/zone.ts';
import type { DayCheckRecord } from '../store/store.ts';
import type { InstalledPoint, Site } from './site.ts';

const DIAGNOSES = [...DAY_DIAGNOSES, ...DAY_CHECK_OBSTACLES];
const HALF_DAY_S = 43_200;
/** A mismatch is told for so long: two closed months. */
const MISMATCHES_TOLD_S = 62 * 86_400;

export interface DayCheckFilter {
  /** First day, by the clocks of the meters; all when not given. */
  readonly from?: string | undefined;
  /** Last day, inclusive. */
  readonly to?: string | undefined;
  readonly verdict?: DayVerdict | undefined;
}

/** Throws `api/invalid-argument` when the last day lies before the first. */
export function dayCheckRows(site: Site, points: readonly InstalledPoint[], { from, to, verdict }: DayCheckFilter): DayCheckRow[] {
  // A date that does not exist is refused by name.
  for (const day of [from, to]) if (day !== undefined) addDays(day, 0);
  if (from !== undefined && to !== undefined && to < from) {
    throw new AppError('api/invalid-argument', 'The period ends before it begins', { context: { from, to } });
  }
  return points.flatMap(({ point }) =>
    site.installations(point.id).flatMap(({ meter, range }) =>
      site.store.dayChecks
        .list(meter.id, Number.MIN_SAFE_INTEGER, range.toUtc)
        .filter((record) => record.endUtc > range.fromUtc && (verdict === undefined || record.verdict === verdict))
        .map((record) => rowOf(point, meter, record))
        .filter(({ day }) => (from === undefined || day >= from) && (to === undefined || day <= to)),
    ),
  );
}

/** The date that the meter itself shows at noon of the day: a season moves its midnights, never its noons over one. */
export function meterDay({ clock }: Pick<MeterRecord, 'clock'>, startUtc: UtcSeconds): string {
  return isoUtc(startUtc + clock.offsetMin * 60 + HALF_DAY_S).slice(0, 10);
}

/** The newest day of each meter whose intervals and registers differ, among the days that people still work with. */
export function sumMismatches(site: Site): Attention[] {
  const told = new Set<number>();
  return site.store.dayChecks.mismatches(site.nowUtc() - MISMATCHES_TOLD_S).flatMap(({ meterId, startUtc, diagnosis, checkedUtc }) => {
    const installed = site.points.find(({ meter }) => meter.id === meterId);
    if (installed === undefined || told.has(meterId)) return [];
    told.add(meterId);
    const { point, meter } = installed;
    const params = { code: point.code, serial: meter.serial, day: meterDay(meter, startUtc), diagnosis };
    const subject = { kind: 'point' as const, id: point.id, name: point.name };
    return [{ code: 'sum-mismatch' as const, state: 'attention' as const, subject, since: isoUtc(checkedUtc), params }];
  });
}

function rowOf(point: PointRecord, meter: MeterRecord, record: DayCheckRecord): DayCheckRow {
  return {
    point_id: point.id,
    point_code: point.code,
    point_name: point.name,
    meter_serial: meter.serial,
    day: meterDay(meter, record.startUtc),
    verdict: record.verdict,
    diagnosis: record.diagnosis === null ? null : (DIAGNOSES.find((known) => known === record.diagnosis) ?? 'unknown'),
    channels: channelsOf(record),
    checked_at: isoUtc(record.checkedUtc),
  };
}

/** As the checker wrote them; null for a day that came to no comparison. */
function channelsOf({ figures }: DayCheckRecord): DayCheckRow['channels'] {
  return (figures as { readonly channels?: DayCheckRow['channels'] }).channels ?? null;
}
