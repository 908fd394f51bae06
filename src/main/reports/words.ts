/** Words, dates and figures as they are printed. */
import type { ReportCell, ReportColumn } from '../../shared/api/reports.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { enReports } from '../../shared/i18n/reports/en.ts';
import { type ReportTexts, ruReports } from '../../shared/i18n/reports/ru.ts';
import { isoWithOffset, type SiteZone } from '../metering/zone.ts';

/** Between groups of thousands. */
const GROUP = '\u00a0';
const MOSCOW_MIN = 180;

export function reportTexts(language: Language): ReportTexts {
  return language === 'ru' ? ruReports : enReports;
}

/** `30.11.2026` of an ISO date. */
export function dayText(isoDate: string): string {
  return `${isoDate.slice(8, 10)}.${isoDate.slice(5, 7)}.${isoDate.slice(0, 4)}`;
}

/** ISO moment with the offset of the site, as cells carry it. */
export function isoMoment(at: UtcSeconds, zone: SiteZone): string {
  return isoWithOffset(at, zone.offsetMinAt(at));
}

/** `30.11.2026 14:30` by the clock of the site. */
export function momentText(at: UtcSeconds, zone: SiteZone): string {
  return printedMoment(isoMoment(at, zone));
}

function printedMoment(iso: string): string {
  const seconds = iso.slice(16, 19);
  return `${dayText(iso)} ${iso.slice(11, 16)}${seconds === ':00' ? '' : seconds}`;
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

/** A decimal with its digits as they are, groups of thousands, and a comma in Russian: `12 345,670`. */
export function numberText(decimal: string, language: Language): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, GROUP);
  const mark = language === 'ru' ? ',' : '.';
  return `${sign === '' ? '' : '−'}${grouped}${fraction === '' ? '' : mark + fraction}`;
}

/** A cell as it is printed, the letter of its mark included. */
export function cellText({ value, mark }: ReportCell, column: ReportColumn, language: Language): string {
  const { letters } = reportTexts(language);
  if (mark === 'void') return '×';
  if (value === null) return mark === null ? '' : letters.missing;
  const text =
    column.kind === 'number' && /^-?\d+(\.\d+)?$/.test(value)
      ? numberText(value, language)
      : column.kind === 'day' && /^\d{4}-/.test(value)
        ? dayText(value)
        : column.kind === 'moment' && /^\d{4}-/.test(value)
          ? printedMoment(value)
          : value;
  return mark === 'replaced' || mark === 'incomplete' ? `${text} ${letters[mark]}` : text;
}
