/** A report laid out on A4: heads repeated on every page, lines to sign on that are never torn from their lead-in. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfMake, { type Content, type TableCell } from 'pdfmake';
import type { ReportCell, ReportColumn, ReportFact, ReportMark, ReportRow } from '../../../shared/api/reports.ts';
import { fillText } from '../../../shared/i18n/language.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { DocumentSection, ReportDocument, SectionContent } from '../document.ts';
import { cellText, reportTexts } from '../words.ts';
import { legendOf } from './legend.ts';

type DocumentDefinition = Parameters<typeof pdfMake.createPdf>[0];

/** Points: A4 and its margins. */
const PAPER = { short: 595, long: 842 };
const MARGINS = { left: 24, top: 24, right: 20, bottom: 34 };
/** Beside the text of a cell, on either side, and the line between two. */
const PADDING = 2;
const LINE = 0.5;
const FONT = { least: 4.5, most: 8 };
/** Widths of the characters of figures by the size of the font, and how much wider bold ones are. */
const NARROW = { width: 0.26, characters: ' \u00a0.,:–−×' };
const USUAL_WIDTH = 0.565;
const BOLDER = 1.03;

const FILLS: Readonly<Record<ReportMark, string | null>> = { replaced: '#FFF4CC', incomplete: '#F3E3E3', missing: '#F3E3E3', void: null };
const HEAD_FILL = '#E9EDF2';
const GROUP_FILL = '#F4F6F8';

const folder = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
const FONTS = {
  Roboto: {
    normal: join(folder, 'Roboto-Regular.ttf'),
    bold: join(folder, 'Roboto-Medium.ttf'),
    italics: join(folder, 'Roboto-Italic.ttf'),
    bolditalics: join(folder, 'Roboto-MediumItalic.ttf'),
  },
};

/** A section with its figures. */
export type FilledSection = Omit<DocumentSection, 'content'> & SectionContent;

/** A document whose figures are there: plain data, which goes to another thread as it is. */
export type FilledDocument = Omit<ReportDocument, 'sections'> & { readonly sections: readonly FilledSection[] };

/** The pages as a PDF file. Worked out in one go: a second for some 12 000 cells. */
export async function layOut(document: FilledDocument, madeUtc: UtcSeconds): Promise<Uint8Array> {
  const content: Content[] = [titleOf(document)];
  for (const [index, section] of document.sections.entries()) content.push(...sectionContent(document, section, index > 0));
  pdfMake.setFonts(FONTS);
  pdfMake.setUrlAccessPolicy(() => false);
  pdfMake.setLocalAccessPolicy((path) => path.startsWith(folder));
  return new Uint8Array(await pdfMake.createPdf(definition(document, content, madeUtc)).getBuffer());
}

function definition(document: FilledDocument, content: Content[], madeUtc: UtcSeconds): DocumentDefinition {
  const texts = reportTexts(document.language);
  const author = document.head[0]?.value ?? '';
  return {
    pageSize: 'A4',
    pageOrientation: document.isLandscape ? 'landscape' : 'portrait',
    pageMargins: [MARGINS.left, MARGINS.top, MARGINS.right, MARGINS.bottom],
    info: { title: document.title, author, creator: 'Feeder', producer: 'Feeder', creationDate: new Date(madeUtc * 1000) },
    language: document.language,
    defaultStyle: { font: 'Roboto', fontSize: FONT.most, color: '#1A1A1A' },
    content,
    footer: (page, pages) => ({
      margin: [MARGINS.left, 10, MARGINS.right, 0],
      fontSize: 7,
      color: '#555555',
      columns: [
        { text: `${document.title}. ${author}`, width: '*' },
        { text: fillText(texts.page, { page: String(page), pages: String(pages) }), alignment: 'right', width: 90 },
      ],
    }),
  };
}

function titleOf({ title, head }: FilledDocument): Content {
  const half = Math.ceil(head.length / 2);
  return {
    stack: [
      { text: title, fontSize: 13, bold: true, alignment: 'center', margin: [0, 0, 0, 6] },
      { columns: [factLines(head.slice(0, half), NO_MARGIN), factLines(head.slice(half), NO_MARGIN)], columnGap: 20, margin: [0, 0, 0, 6] },
    ],
  };
}

const NO_MARGIN: [number, number, number, number] = [0, 0, 0, 0];

/** Names in grey, values beside them, one below the other. */
function factLines(facts: readonly ReportFact[], margin: [number, number, number, number]): Content {
  return {
    margin,
    stack: facts.map(({ label, value }) => ({
      text: [{ text: `${label}: `, color: '#555555' }, value],
      fontSize: 8,
      margin: [0, 0, 0, 1],
    })),
  };
}

function sectionContent(document: FilledDocument, section: FilledSection, isNewPage: boolean): Content[] {
  const head: Content[] = [
    ...(section.heading === null ? [] : [{ text: section.heading, fontSize: 10, bold: true, margin: [0, 2, 0, 3] } satisfies Content]),
    ...(section.facts.length === 0 ? [] : [factLines(section.facts, [0, 0, 0, 3])]),
  ];
  const [first, ...rest] = head;
  const started: Content[] = !isNewPage ? head : [{ stack: first === undefined ? [''] : [first], pageBreak: 'before' }, ...rest];
  const notes = [...section.notes, ...legendOf(section.rows, document.language)];
  return [
    ...started,
    ...(section.rows.length === 0 ? [] : [tableOf(document, section.columns, section.rows)]),
    {
      unbreakable: true,
      margin: [0, 6, 0, 0],
      stack: [
        ...(section.results.length === 0 ? [] : [factLines(section.results, [0, 0, 0, 4])]),
        ...notes.map((text): Content => ({ text, fontSize: 7, color: '#555555' })),
        ...signatureLines(document),
      ],
    },
  ];
}

function signatureLines({ signatures, language }: FilledDocument): Content[] {
  const { signature } = reportTexts(language);
  return signatures.map(({ position, name }) => ({
    margin: [0, 16, 0, 0],
    fontSize: 8,
    columnGap: 8,
    columns: [
      { text: position, width: 150 },
      {
        width: 130,
        stack: [
          { canvas: [{ type: 'line', x1: 0, y1: 9, x2: 130, y2: 9, lineWidth: LINE }] },
          { text: signature, fontSize: 6, color: '#555555', alignment: 'center' },
        ],
      },
      { text: name === '' ? '_'.repeat(30) : name, width: 200 },
    ],
  }));
}

function tableOf(document: FilledDocument, columns: readonly ReportColumn[], rows: readonly ReportRow[]): Content {
  const widths = columnWidths(columns, document.isLandscape);
  const fontSize = fittingSize(document, columns, rows, widths);
  return {
    fontSize,
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths,
      body: [columns.map(headCell), ...rows.map((row) => bodyRow(document, columns, row, { widths, fontSize }))],
    },
    layout: {
      hLineWidth: () => LINE,
      vLineWidth: () => LINE,
      hLineColor: () => '#8A939C',
      vLineColor: () => '#8A939C',
      paddingLeft: () => PADDING,
      paddingRight: () => PADDING,
      paddingTop: () => 1.5,
      paddingBottom: () => 1.5,
    },
  };
}

/** The width of the page shared out by the characters that each column needs. */
function columnWidths(columns: readonly ReportColumn[], isLandscape: boolean): number[] {
  const page = (isLandscape ? PAPER.long : PAPER.short) - MARGINS.left - MARGINS.right;
  const free = page - columns.length * 2 * PADDING - (columns.length + 1) * LINE;
  const characters = columns.reduce((sum, { width }) => sum + width, 0);
  return columns.map(({ width }) => Math.floor((free * width * 100) / characters) / 100);
}

/** The largest size at which every figure fits its column; totals shrink by themselves. */
function fittingSize(
  document: FilledDocument,
  columns: readonly ReportColumn[],
  rows: readonly ReportRow[],
  widths: readonly number[],
): number {
  let size = FONT.most;
  for (const [index, column] of columns.entries()) {
    if (column.kind === 'text') continue;
    const longest = Math.max(
      1,
      ...rows.map(({ kind, cells }) => (kind === 'data' ? widthOf(cellText(cells[index] ?? EMPTY, column, document.language)) : 0)),
    );
    size = Math.min(size, (widths[index] ?? 0) / longest);
  }
  return Math.max(FONT.least, Math.floor(size * 10) / 10);
}

/** Of a figure with its mark, in sizes of the font. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += NARROW.characters.includes(character) ? NARROW.width : USUAL_WIDTH;
  return width;
}

const EMPTY: ReportCell = { value: null, mark: null };

function headCell({ title, unit }: ReportColumn): TableCell {
  return { text: unit === null ? title : `${title}, ${unit}`, bold: true, alignment: 'center', fillColor: HEAD_FILL };
}

function bodyRow(
  document: FilledDocument,
  columns: readonly ReportColumn[],
  row: ReportRow,
  { widths, fontSize }: { readonly widths: readonly number[]; readonly fontSize: number },
): TableCell[] {
  if (row.kind === 'group') {
    const name = row.cells[0]?.value ?? '';
    return [{ text: name, bold: true, colSpan: columns.length, fillColor: GROUP_FILL }, ...columns.slice(1).map(() => ({}))];
  }
  const isTotal = row.kind !== 'data';
  return columns.map((column, index): TableCell => {
    const cell = row.cells[index] ?? EMPTY;
    const fill = cell.mark === null ? null : FILLS[cell.mark];
    const text = cellText(cell, column, document.language);
    // A total is longer than its figures and bold: it gets smaller rather than run into its neighbour.
    const fitting = (widths[index] ?? 0) / (widthOf(text) * (isTotal ? BOLDER : 1));
    return {
      text,
      ...(column.kind !== 'text' && fitting < fontSize ? { fontSize: Math.floor(fitting * 10) / 10 } : {}),
      alignment: column.kind === 'number' ? 'right' : column.kind === 'text' ? 'left' : 'center',
      ...(column.kind === 'text' ? {} : { noWrap: true }),
      ...(isTotal ? { bold: true } : {}),
      ...(cell.mark === 'replaced' || cell.mark === 'incomplete' ? { italics: true } : {}),
      ...(fill !== null ? { fillColor: fill } : isTotal ? { fillColor: HEAD_FILL } : {}),
      ...(cell.mark === 'void' ? { color: '#8A939C' } : {}),
    };
  });
}
