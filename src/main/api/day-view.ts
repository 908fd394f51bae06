/** A day of one or many points: its curve by half-hours, its total, its completeness. */
import type { DaySummary } from '../../shared/api/methods.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { sumCompleteness } from '../metering/completeness.ts';
import { consumptionSeries, type Series, sumSeries } from '../metering/consumption.ts';
import { add, decimalText, type Rational, ZERO } from '../metering/energy.ts';
import { isReadSpan } from '../metering/expected.ts';
import { periodOf } from '../metering/zone.ts';
import type { InstalledPoint, Site } from './site.ts';

/** Active import of one point over a day, by half-hours. Of a meter that people read nothing is expected by the hour. */
export function daySeries(site: Site, { point }: InstalledPoint, day: string): Series {
  const { fromUtc, toUtc } = periodOf(day, day, site.zone);
  return consumptionSeries({
    from: day,
    to: day,
    step: 'half-hour',
    channel: 'A+',
    zone: site.zone,
    nowUtc: site.nowUtc(),
    data: site.pointData(point.id, fromUtc, toUtc).filter(({ span }) => isReadSpan(span)),
  });
}

export function daySummary(day: string, series: readonly Series[]): DaySummary {
  return {
    day,
    total: totalText(series),
    completeness: sumCompleteness(series.map(({ completeness }) => completeness)),
    curve: sumSeries(series).map((row) => ({
      intervalStart: isoUtc(row.startUtc),
      energy: textOrNull(row.energy),
      missingPoints: row.missingPoints,
    })),
  };
}

/** Wh of the intervals received; null when there is none. */
export function totalText(series: readonly Series[]): string | null {
  const totals = series.flatMap(({ total }) => total ?? []);
  return totals.length === 0 ? null : decimalText(totals.reduce(add, ZERO));
}

export function textOrNull(value: Rational | null): string | null {
  return value === null ? null : decimalText(value);
}
