/** Planned peak hours as a person set them (pp442.md 5): hour 8 lasts from 07:00 to 08:00. */
import type { ReportSettings } from '../../shared/api/report-settings.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { SiteZone } from '../metering/zone.ts';

/** Monday to Friday, days off left out. */
export function isWorkingDay(isoDate: string, { daysOff }: Pick<ReportSettings, 'daysOff'>): boolean {
  const weekday = new Date(`${isoDate}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !daysOff.includes(isoDate);
}

/** Hours of the month of a date; null when none are set for it. */
export function peakHoursOf(isoDate: string, { peakHours }: Pick<ReportSettings, 'peakHours'>): string | null {
  const month = Object.entries(peakHours).find(([key]) => key === isoDate.slice(5, 7));
  return month?.[1] ?? null;
}

/** Whether a step begins within the hours `8-11,16-21` by the clock of the site. */
export function isWithinHours(startUtc: UtcSeconds, hours: string, zone: SiteZone): boolean {
  const number = zone.wallOf(startUtc).hour + 1;
  return hours.split(',').some((range) => {
    const [first = '', last = first] = range.split('-');
    return number >= Number(first) && number <= Number(last);
  });
}
