/** A report as a workbook: a sheet for each section, figures as numbers and dates as dates, so that people can go on working with them. */
import type { ReportCell, ReportColumn, ReportFact, ReportRow } from '../../../shared/api/reports.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { ByteSink } from '../../export/file/sink.ts';
import { type XlsxCell, type XlsxRow, type XlsxSheet, writeXlsx } from '../../export/file/xlsx.ts';
import type { XlsxFormat, XlsxLook, XlsxStyle } from '../../export/file/xlsx-styles.ts';
import {
  countRows,
  type DocumentSection,
  NOTHING_COUNTED,
  type ReportCount,
  type ReportDocument,
  type SectionContent,
} from '../document.ts';
import { cellText, reportTexts } from '../words.ts';
import { legendOf } from './legend.ts';

const EMPTY: ReportCell = { value: null, mark: null };

/** Points: a line of a head, a line to sign on. */
const HEAD_LINE_HEIGHT = 14;
const SIGNATURE_HEIGHT = 26;
/** How much wider the letters of a head are than those of the body. */
const BOLDER = 1.15;
/** Characters of a date with seconds. */
const MOMENT_WIDTH = 20;
const MARGINS_MM = { left: 10, right: 8, top: 10, bottom: 14 };

/** Writes the workbook into `sink`, one section after the other. */
export async function writeReportXlsx(
  document: ReportDocument,
  made: { readonly utc: UtcSeconds; readonly offsetMin: number },
  sink: ByteSink,
): Promise<ReportCount> {
  let count = NOTHING_COUNTED;
  const sheets = async function* (): AsyncGenerator<XlsxSheet> {
    for (const section of document.sections) {
      const content = await section.content();
      count = countRows(count, content.rows);
      yield sheetOf(document, section, content);
    }
  };
  await writeXlsx({ made, sheets: sheets() }, sink);
  return count;
}

function sheetOf(document: ReportDocument, section: DocumentSection, content: SectionContent): XlsxSheet {
  const { columns } = section;
  const head: XlsxRow[] = [
    { cells: [line(document.title, 'title text', columns.length)], height: 20 },
    ...document.head.map((fact) => factRow(fact, columns.length)),
    ...(section.heading === null ? [] : [{ cells: [line(section.heading, 'subtitle text', columns.length)], height: 18 }]),
    ...content.facts.map((fact) => factRow(fact, columns.length)),
    { cells: [] },
  ];
  const headAt = head.length + 1;
  const widths = columns.map((column, index) => widthOf(document, column, index, content.rows));
  const names = columns.map(headText);
  const notes = [...content.notes, ...legendOf(content.rows, document.language)];
  const hasTable = content.rows.length > 0;
  const rows: XlsxRow[] = [
    ...head,
    ...(hasTable
      ? [{ cells: names.map((value): XlsxCell => ({ value, style: 'heading head' })), height: HEAD_LINE_HEIGHT * headLines(names, widths) }]
      : []),
    ...content.rows.map((row) => tableRow(document, columns, row)),
    { cells: [] },
    ...content.results.map((fact) => factRow(fact, columns.length)),
    ...notes.map((note): XlsxRow => ({ cells: [line(note, 'muted text', columns.length)] })),
    ...document.signatures.map(({ position, name }) => signatureRow(position, name, document, columns.length)),
  ];
  return {
    name: section.name,
    columns: widths.map((width) => ({ width })),
    rows,
    ...(hasTable ? { frozenRows: headAt, frozenColumns: 1 } : {}),
    page: {
      isLandscape: document.isLandscape,
      fitsWidth: true,
      ...(hasTable ? { repeatRows: { from: headAt, to: headAt } } : {}),
      marginsMm: MARGINS_MM,
      footer: document.title,
    },
  };
}

/** A figure that does not fit its column is shown as crosses: the column takes the longest one. */
function widthOf(document: ReportDocument, column: ReportColumn, index: number, rows: readonly ReportRow[]): number {
  const longestWord = Math.max(
    ...headText(column)
      .split(' ')
      .map(({ length }) => length * BOLDER + 0.5),
  );
  if (column.kind === 'text') return Math.max(column.width, longestWord);
  const lengths = rows.map(({ kind, cells }) => (kind === 'group' ? 0 : cellText(cells[index] ?? EMPTY, column, document.language).length));
  return Math.max(column.kind === 'moment' ? MOMENT_WIDTH : column.width, longestWord, ...lengths.map((length) => length + 0.8));
}

function headText({ title, unit }: ReportColumn): string {
  return unit === null ? title : `${title}, ${unit}`;
}

/** Lines that the longest name takes, broken between words as a spreadsheet breaks it; bold letters are wider. */
function headLines(names: readonly string[], widths: readonly number[]): number {
  const lines = names.map((name, index) => {
    const room = (widths[index] ?? 0) / BOLDER;
    let [count, used] = [1, 0];
    for (const word of name.split(' ')) {
      if (used > 0 && used + 1 + word.length > room) {
        count += 1;
        used = word.length;
      } else used += (used > 0 ? 1 : 0) + word.length;
    }
    return count;
  });
  return Math.max(1, ...lines);
}

/** A text over the whole width of the table. */
function line(value: string, style: XlsxStyle, across: number): XlsxCell {
  return { value, style, across };
}

function factRow({ label, value }: ReportFact, across: number): XlsxRow {
  return { cells: [line(`${label}: ${value}`, 'plain text', across)] };
}

function signatureRow(position: string, name: string, document: ReportDocument, across: number): XlsxRow {
  const { signature } = reportTexts(document.language);
  return {
    cells: [line(`${position}  ____________________ (${signature})  ${name === '' ? '_'.repeat(30) : name}`, 'plain text', across)],
    height: SIGNATURE_HEIGHT,
  };
}

function tableRow(document: ReportDocument, columns: readonly ReportColumn[], { kind, cells }: ReportRow): XlsxRow {
  if (kind === 'group') return { cells: [line(cells[0]?.value ?? '', 'group text', columns.length)] };
  return { cells: columns.map((column, index) => cellOf(document, column, cells[index] ?? EMPTY, kind !== 'data')) };
}

function cellOf(document: ReportDocument, column: ReportColumn, cell: ReportCell, isTotal: boolean): XlsxCell {
  const look = lookOf(cell, isTotal);
  const { value, mark } = cell;
  if (value === null) return { value: cellText(cell, column, document.language), style: `${look} ${mark === null ? 'text' : 'centred'}` };
  if (column.kind === 'number' && /^-?\d+(\.\d+)?$/.test(value)) {
    const [whole = '', fraction = ''] = value.split('.');
    return { value: { units: BigInt(whole + fraction), scale: fraction.length }, style: `${look} ${numberFormat(mark, fraction.length)}` };
  }
  if (column.kind === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return { value: { day: value }, style: `${look} date` };
  if (column.kind === 'moment' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return { value: momentOf(value), style: `${look} moment` };
  return { value, style: `${look} ${column.kind === 'text' ? 'wrapped' : 'centred'}` };
}

/** A marked figure keeps its mark in a total too. */
function lookOf({ mark }: ReportCell, isTotal: boolean): XlsxLook {
  if (mark === 'replaced' || mark === 'incomplete' || mark === 'missing') return mark;
  return isTotal ? 'total' : 'cell';
}

function numberFormat(mark: ReportCell['mark'], digits: number): XlsxFormat {
  const cut = ([0, 1, 2, 3] as const)[digits];
  if (cut === undefined) return 'general';
  return mark === 'replaced' || mark === 'incomplete' ? `${mark}-${cut}` : `number-${cut}`;
}

/** `2026-11-22T14:30:00+03:00`. */
function momentOf(iso: string): { readonly utc: UtcSeconds; readonly offsetMin: number } {
  const sign = iso[19] === '-' ? -1 : 1;
  const offsetMin = sign * (Number(iso.slice(20, 22)) * 60 + Number(iso.slice(23, 25)));
  return { utc: Math.floor(Date.parse(iso) / 1000), offsetMin };
}
