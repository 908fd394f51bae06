/** A report before it takes a form: a head, sheets of one table each, lines to sign on. The screen and both files are made from it. */
import type {
  ReportCell,
  ReportColumn,
  ReportFact,
  ReportListItem,
  ReportName,
  ReportRequest,
  ReportRow,
} from '../../shared/api/reports.ts';
import type { Language } from '../../shared/i18n/language.ts';
import type { ReportSource } from './source.ts';

/** A line to sign on; the name is empty when it is written by hand. */
export interface Signature {
  readonly position: string;
  readonly name: string;
}

export interface SectionContent {
  /** Stand above the table. */
  readonly facts: readonly ReportFact[];
  readonly rows: readonly ReportRow[];
  /** Stand below the table. */
  readonly results: readonly ReportFact[];
  readonly notes: readonly string[];
}

/** One table: a sheet of a workbook, a page or more on paper. */
export interface DocumentSection {
  readonly name: string;
  readonly heading: string | null;
  readonly columns: readonly ReportColumn[];
  /**
   * Works the figures out, and lets everything else in the process have its turn between two points. Asked for once by each form,
   * one section after the other, so that memory does not grow with the points.
   */
  readonly content: () => Promise<SectionContent>;
}

export interface ReportDocument {
  readonly name: ReportName;
  readonly title: string;
  readonly language: Language;
  readonly isLandscape: boolean;
  /** Organisation, object, period, zone, when it was made. */
  readonly head: readonly ReportFact[];
  readonly sections: readonly DocumentSection[];
  readonly signatures: readonly Signature[];
}

/** A report as it is declared: what may be chosen, how it lies on paper, and its sections. */
export interface ReportDeclaration {
  readonly name: ReportName;
  readonly choices: ReportListItem['choices'];
  readonly isLandscape: boolean;
  /** Days that it takes at most: a sheet must stay one that a person can read. */
  readonly mostDays: number;
  /** How often it goes over its points, each time with a turn of the source; once when not given. */
  readonly passes?: number;
  sections(source: ReportSource, request: ReportRequest): readonly DocumentSection[];
}

/** How much of a document there is. */
export interface ReportCount {
  /** Rows of figures, without groups and totals. */
  readonly rows: number;
  /** Figures in them that are missing or incomplete. */
  readonly missing: number;
}

export const NOTHING_COUNTED: ReportCount = { rows: 0, missing: 0 };

export function countRows(before: ReportCount, rows: readonly ReportRow[]): ReportCount {
  let { rows: data, missing } = before;
  for (const { kind, cells } of rows) {
    if (kind !== 'data') continue;
    data += 1;
    for (const { mark } of cells) if (mark === 'missing' || mark === 'incomplete') missing += 1;
  }
  return { rows: data, missing };
}

export const BLANK: ReportCell = { value: null, mark: null };

/** A cell of text, or of a date or a moment in its ISO form. */
export function plain(value: string | null): ReportCell {
  return { value, mark: null };
}

export function textColumn(title: string, width: number): ReportColumn {
  return { title, unit: null, kind: 'text', digits: 0, width };
}

export function numberColumn(title: string, unit: string | null, digits: number, width: number): ReportColumn {
  return { title, unit, kind: 'number', digits, width };
}
