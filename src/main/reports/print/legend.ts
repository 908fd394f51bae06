import { REPORT_MARKS, type ReportRow } from '../../../shared/api/reports.ts';
import type { Language } from '../../../shared/i18n/language.ts';
import { reportTexts } from '../words.ts';

/** What the marks in a table mean, those of them that stand in it. */
export function legendOf(rows: readonly ReportRow[], language: Language): string[] {
  const { legend } = reportTexts(language);
  const used = new Set(rows.flatMap(({ cells }) => cells.flatMap(({ mark }) => mark ?? [])));
  return REPORT_MARKS.filter((mark) => used.has(mark)).map((mark) => legend[mark]);
}
