/** How a cell of a report is printed: the same on a screen, on paper and beside a figure of a workbook. */
import type { ReportCell, ReportColumn } from '../../api/reports.ts';
import type { Language } from '../language.ts';
import { enReports } from './en.ts';
import { type ReportTexts, ruReports } from './ru.ts';

/** Between groups of thousands. */
const GROUP = '\u00a0';

export function reportTexts(language: Language): ReportTexts {
  return language === 'ru' ? ruReports : enReports;
}

/** `30.11.2026` of an ISO date. */
export function dayText(isoDate: string): string {
  return `${isoDate.slice(8, 10)}.${isoDate.slice(5, 7)}.${isoDate.slice(0, 4)}`;
}

/** `30.11.2026 14:30`, with seconds where they are not zero, of an ISO moment as it stands. */
export function wallText(iso: string): string {
  const seconds = iso.slice(16, 19);
  return `${dayText(iso)} ${iso.slice(11, 16)}${seconds === ':00' ? '' : seconds}`;
}

/** A decimal with its digits as they are, groups of thousands, and a comma in Russian: `12 345,670`. */
export function numberText(decimal: string, language: Language): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, GROUP);
  const mark = language === 'ru' ? ',' : '.';
  return `${sign === '' ? '' : '−'}${grouped}${fraction === '' ? '' : mark + fraction}`;
}

/** A cell as it is printed, the letter of its mark included. */
export function cellText({ value, mark }: ReportCell, column: Pick<ReportColumn, 'kind'>, language: Language): string {
  const { letters } = reportTexts(language);
  if (mark === 'void') return '×';
  if (value === null) return mark === null ? '' : letters.missing;
  const text = printed(value, column.kind, language);
  return mark === 'replaced' || mark === 'incomplete' ? `${text} ${letters[mark]}` : text;
}

/** A word may stand in a column of figures or dates, such as that of a total. */
function printed(value: string, kind: ReportColumn['kind'], language: Language): string {
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(value)) return numberText(value, language);
  if (kind === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return dayText(value);
  if (kind === 'moment' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return wallText(value);
  return value;
}
