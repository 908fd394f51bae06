/**
 * XLSX written as a stream: one sheet after another, rows made only when they are due, no table of shared strings, so that memory
 * does not grow with the number of rows. Written from ECMA-376 part 1 (SpreadsheetML) and part 2 (packaging).
 */
import { finished } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ByteSink } from './sink.ts';
import type { Moment } from './table.ts';
import { sheetParts, type SheetEntry, sheetName } from './xlsx-sheet.ts';
import { escapeXml } from './xml-text.ts';
import { stylesXml, type XlsxStyle } from './xlsx-styles.ts';

export interface XlsxWorkbook {
  /** Stands as the time of every part: the same workbook made twice is the same bytes. */
  readonly made: Moment;
  /** At least one. The next sheet is asked for when the rows of the one before have been read to their end. */
  readonly sheets: Iterable<XlsxSheet> | AsyncIterable<XlsxSheet>;
}

export interface XlsxSheet {
  /** What a sheet may not be called is replaced, and a name that is taken gets a number. */
  readonly name: string;
  /** From A on; widths in characters of the body font. */
  readonly columns: readonly { readonly width: number }[];
  /** Asked for once, from row 1 on. */
  readonly rows: Iterable<XlsxRow>;
  /** Rows at the top that stay in sight. */
  readonly frozenRows?: number;
  /** Columns at the left that stay in sight. */
  readonly frozenColumns?: number;
  readonly page?: XlsxPage;
}

export interface XlsxRow {
  /** From column A on. */
  readonly cells: readonly XlsxCell[];
  /** Points; as high as its text when absent (Office does not see the text of joined cells). */
  readonly height?: number;
}

export interface XlsxCell {
  readonly value: XlsxValue;
  readonly style: XlsxStyle;
  /** Joined with so many columns, this one included; the columns after it are skipped by the next cell of the row. */
  readonly across?: number;
  /** Joined with so many rows, this one included. The rows below give null cells of the same style in these columns. */
  readonly down?: number;
}

/** Text is text whatever it looks like, never a formula; a figure is exact; null is an empty cell that has its style. */
export type XlsxValue = string | number | boolean | Moment | XlsxDecimal | XlsxDay | XlsxMonth | null;

/** `units` x 10^-scale, written digit by digit: `{ units: 12345n, scale: 3 }` is 12.345. */
export interface XlsxDecimal {
  readonly units: bigint;
  readonly scale: number;
}

export interface XlsxDay {
  /** ISO date. */
  readonly day: string;
}

export interface XlsxMonth {
  /** ISO month, `2025-01`; stands in the file as its first day. */
  readonly month: string;
}

/** A4. */
export interface XlsxPage {
  readonly isLandscape?: boolean;
  /** Made as narrow as one page is wide, as many pages high as needed. */
  readonly fitsWidth?: boolean;
  /** Rows 1 to this one stand at the top of every page, or rows `from` to `to`. */
  readonly repeatRows?: number | { readonly from: number; readonly to: number };
  readonly marginsMm?: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  /** At the left of the foot of every page, beside `стр. 1 из 3`. */
  readonly footer?: string;
}

/** Writes the workbook into `sink`. Throws what the rows or the sink throw, and RangeError for a workbook without sheets. */
export async function writeXlsx(workbook: XlsxWorkbook, sink: ByteSink): Promise<void> {
  const zip = new ZipFile();
  const stream = zip.outputStream as Readable;
  const parts = new PartWriter(zip, workbook.made);
  const added = addParts(parts, workbook).catch((error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  // A fault of the sink is thrown from the loop below, and the parts that nobody reads any more end with another one.
  added.catch(() => undefined);
  try {
    for await (const chunk of stream) await sink.write(chunk as Uint8Array);
  } finally {
    parts.stop();
  }
  await added;
}

async function addParts(parts: PartWriter, workbook: XlsxWorkbook): Promise<void> {
  const sheets: SheetEntry[] = [];
  for await (const sheet of workbook.sheets) {
    const name = sheetName(sheet.name, new Set(sheets.map((entry) => entry.name.toLowerCase())));
    await parts.add(`xl/worksheets/sheet${sheets.length + 1}.xml`, sheetParts(sheet, sheets.length === 0));
    sheets.push({ name, page: sheet.page });
  }
  if (sheets.length === 0) throw new RangeError('a workbook has at least one sheet');
  await parts.add('xl/styles.xml', [stylesXml()]);
  await parts.add('xl/workbook.xml', [workbookXml(sheets)]);
  await parts.add('xl/_rels/workbook.xml.rels', [workbookRelations(sheets.length)]);
  await parts.add('_rels/.rels', [relations([['rId1', 'officeDocument', 'xl/workbook.xml']])]);
  await parts.add('[Content_Types].xml', [contentTypes(sheets.length)]);
  parts.end();
}

/** One part after another into the archive; a part is made no faster than its bytes are taken. */
class PartWriter {
  readonly #zip: ZipFile;
  readonly #mtime: Date;
  #current: Readable | null = null;

  constructor(zip: ZipFile, made: Moment) {
    this.#zip = zip;
    // An archive holds wall time without a zone, which yazl takes from the local fields of a date.
    const wall = new Date((made.utc + made.offsetMin * 60) * 1000);
    const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
    this.#mtime = new Date(year, month, day, wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds());
  }

  async add(name: string, texts: Iterable<string> | AsyncIterable<string | Uint8Array>): Promise<void> {
    const part = Readable.from(texts, { objectMode: false });
    this.#current = part;
    this.#zip.addReadStream(part, name, { mtime: this.#mtime, forceDosTimestamp: true });
    await finished(part);
    this.#current = null;
  }

  end(): void {
    this.#zip.end();
  }

  /** Lets go of the part being made, so that the generator of its rows ends too. */
  stop(): void {
    this.#current?.destroy();
  }
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function workbookXml(sheets: readonly SheetEntry[]): string {
  const entries = sheets.map(({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`);
  const titles = sheets.flatMap(({ name, page }, index) => {
    if (page?.repeatRows === undefined) return [];
    const { from, to } = typeof page.repeatRows === 'number' ? { from: 1, to: page.repeatRows } : page.repeatRows;
    const range = `'${name.replaceAll("'", "''")}'!$${from}:$${to}`;
    return [`<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${escapeXml(range)}</definedName>`];
  });
  return (
    `${HEAD}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}">` +
    `<bookViews><workbookView/></bookViews><sheets>${entries.join('')}</sheets>` +
    `${titles.length === 0 ? '' : `<definedNames>${titles.join('')}</definedNames>`}</workbook>`
  );
}

function workbookRelations(sheets: number): string {
  const parts = Array.from({ length: sheets }, (_, index) => [`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`] as const);
  return relations([...parts, [`rId${sheets + 1}`, 'styles', 'styles.xml']]);
}

function relations(entries: readonly (readonly [id: string, type: string, target: string])[]): string {
  const items = entries.map(([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`);
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${items.join('')}</Relationships>`;
}

function contentTypes(sheets: number): string {
  const override = (part: string, type: string) => `<Override PartName="/xl/${part}" ContentType="${SPREADSHEET}.${type}+xml"/>`;
  return [
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    override('workbook.xml', 'sheet.main'),
    override('styles.xml', 'styles'),
    ...Array.from({ length: sheets }, (_, index) => override(`worksheets/sheet${index + 1}.xml`, 'worksheet')),
    '</Types>',
  ].join('');
}
