/** Moments, zones and lists as they are printed. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { reportTexts, wallText } from '../../shared/i18n/reports/print.ts';
import { isoWithOffset, type SiteZone } from '../metering/zone.ts';

export { cellText, dayText, numberText, reportTexts } from '../../shared/i18n/reports/print.ts';

const MOSCOW_MIN = 180;
const MOST_NAMES = 12;

/** A list that a person still reads: the rest as a number. */
export function namesText(names: readonly string[], language: Language): string {
  const { others } = reportTexts(language);
  const rest = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return rest <= 0 ? shown : `${shown} ${others.replace('{count}', String(rest))}`;
}

/** ISO moment with the offset of the site, as cells carry it. */
export function isoMoment(at: UtcSeconds, zone: SiteZone): string {
  return isoWithOffset(at, zone.offsetMinAt(at));
}

/** `30.11.2026 14:30` by the clock of the site. */
export function momentText(at: UtcSeconds, zone: SiteZone): string {
  return wallText(isoMoment(at, zone));
}

/** Moscow time by its name, another one by its distance from UTC and from Moscow (UI.md, Numbers). */
export function zoneText(offsetMin: number, language: Language): string {
  const { head } = reportTexts(language);
  if (offsetMin === MOSCOW_MIN) return head.moscow;
  return head.offset.replace('{hours}', signedHours(offsetMin)).replace('{fromMoscow}', signedHours(offsetMin - MOSCOW_MIN));
}

function signedHours(minutes: number): string {
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}
