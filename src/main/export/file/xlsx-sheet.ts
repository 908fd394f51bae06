import { fixedText } from '../../metering/energy.ts';
import { inLots } from './sink.ts';
import type { XlsxCell, XlsxPage, XlsxRow, XlsxSheet, XlsxValue } from './xlsx.ts';
import { STYLE_NUMBERS } from './xlsx-styles.ts';
import { escapeXml, xmlCharacters } from './xml-text.ts';

/** What the workbook has to know of a sheet that is written. */
export interface SheetEntry {
  readonly name: string;
  readonly page: XlsxPage | undefined;
}

const NAME_LENGTH = 31;
/** Longest text of a cell (ECMA-376 has no limit, Excel has this one). */
const TEXT_LENGTH = 32_767;
const ROWS = 1_048_576;
/** A row is long here: bytes waiting for the compression are what memory goes to (docs/performance.md). */
const ROWS_OF_LOT = 100;
/** 1970-01-01 in days of the 1900 system, which counts a 29 February 1900 that never was. */
const UNIX_DAY = 25_569;
const DAY_S = 86_400;
const MM_PER_INCH = 25.4;

/** A name that Excel accepts: 31 characters, none of `[]:*?/\`, no apostrophe at either end, different from `taken` (in lower case). */
export function sheetName(wanted: string, taken: ReadonlySet<string>): string {
  const clean = cutName(wanted.replaceAll(/[[\]:*?/\\\u0000-\u001F]/g, ' '), NAME_LENGTH);
  const base = clean === '' ? 'Лист' : clean;
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : ` (${number})`;
    const name = cutName(base, NAME_LENGTH - suffix.length) + suffix;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** At most so many characters, no half of a pair and no blank or apostrophe at an end. */
function cutName(name: string, length: number): string {
  return xmlCharacters(
    xmlCharacters(name)
      .replace(/^[\s']+/, '')
      .slice(0, length),
  ).replace(/[\s']+$/, '');
}

/** The part of a sheet in pieces; elements in the order of the schema (ECMA-376 part 1, 18.3.1.99). */
export async function* sheetParts(sheet: XlsxSheet, isFirst: boolean): AsyncGenerator<string | Uint8Array> {
  yield sheetHead(sheet, isFirst);
  const joined: string[] = [];
  let number = 0;
  const encoder = new TextEncoder();
  const lotXml = (lot: readonly XlsxRow[]): Uint8Array => {
    let text = '';
    for (const row of lot) {
      number += 1;
      text += rowXml(row, number, joined);
    }
    if (number > ROWS) throw new RangeError(`a sheet has ${ROWS} rows at most`);
    return encoder.encode(text);
  };
  yield* inLots(sheet.rows, lotXml, ROWS_OF_LOT);
  yield sheetFoot(sheet, number, joined);
}

function sheetHead(sheet: XlsxSheet, isFirst: boolean): string {
  const columns = sheet.columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width.toFixed(2)}" customWidth="1"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    sheet.page?.fitsWidth === true ? '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' : '',
    `<sheetViews><sheetView${isFirst ? ' tabSelected="1"' : ''} workbookViewId="0">${pane(sheet)}</sheetView></sheetViews>`,
    '<sheetFormatPr defaultRowHeight="13.5"/>',
    columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`,
    '<sheetData>',
  ].join('');
}

function pane({ frozenRows = 0, frozenColumns = 0 }: XlsxSheet): string {
  if (frozenRows === 0 && frozenColumns === 0) return '';
  const split = `${frozenColumns === 0 ? '' : ` xSplit="${frozenColumns}"`}${frozenRows === 0 ? '' : ` ySplit="${frozenRows}"`}`;
  const active = frozenColumns === 0 ? 'bottomLeft' : frozenRows === 0 ? 'topRight' : 'bottomRight';
  return `<pane${split} topLeftCell="${columnName(frozenColumns)}${frozenRows + 1}" activePane="${active}" state="frozen"/><selection pane="${active}"/>`;
}

function sheetFoot({ columns, page }: XlsxSheet, rows: number, joined: readonly string[]): string {
  const margins = page?.marginsMm ?? { left: 15, right: 10, top: 10, bottom: 15 };
  const inches = (mm: number) => (mm / MM_PER_INCH).toFixed(4);
  return [
    '</sheetData>',
    joined.length === 0
      ? ''
      : `<mergeCells count="${joined.length}">${joined.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells>`,
    `<pageMargins left="${inches(margins.left)}" right="${inches(margins.right)}" top="${inches(margins.top)}" bottom="${inches(margins.bottom)}" header="0.2" footer="0.2"/>`,
    `<pageSetup paperSize="9"${page?.fitsWidth === true ? ' fitToWidth="1" fitToHeight="0"' : ''} orientation="${page?.isLandscape === true ? 'landscape' : 'portrait'}"/>`,
    page === undefined ? '' : `<headerFooter><oddFooter>${escapeXml(footer(page))}</oddFooter></headerFooter>`,
    // Codes are text on purpose: no green corners about numbers stored as text.
    rows === 0 || columns.length === 0
      ? ''
      : `<ignoredErrors><ignoredError sqref="A1:${columnName(columns.length - 1)}${rows}" numberStoredAsText="1"/></ignoredErrors>`,
    '</worksheet>',
  ].join('');
}

/** Excel takes at most 255 characters, and an ampersand for a command. */
function footer(page: XlsxPage): string {
  const left = (page.footer ?? '').slice(0, 100).replaceAll(/\s+/g, ' ').replaceAll('&', '&&');
  return `${left === '' ? '' : `&L&8${/^\d/.test(left) ? ' ' : ''}${left}`}&R&8стр. &P из &N`;
}

function rowXml({ cells, height }: XlsxRow, number: number, joined: string[]): string {
  let text = height === undefined ? `<row r="${number}">` : `<row r="${number}" ht="${height}" customHeight="1">`;
  let column = 0;
  for (const cell of cells) {
    const { across = 1, down = 1 } = cell;
    if (across > 1 || down > 1) joined.push(`${columnName(column)}${number}:${columnName(column + across - 1)}${number + down - 1}`);
    text += cellXml(cell, `${columnName(column)}${number}`);
    column += 1;
    for (let rest = 1; rest < across; rest += 1) {
      text += cellXml({ value: null, style: cell.style }, `${columnName(column)}${number}`);
      column += 1;
    }
  }
  return `${text}</row>`;
}

function cellXml({ value, style }: XlsxCell, place: string): string {
  const at = `<c r="${place}" s="${STYLE_NUMBERS.get(style) ?? 0}"`;
  if (value === null) return `${at}/>`;
  if (typeof value === 'string') return `${at} t="inlineStr"><is><t xml:space="preserve">${cellText(value)}</t></is></c>`;
  if (typeof value === 'boolean') return `${at} t="b"><v>${value ? 1 : 0}</v></c>`;
  return `${at}><v>${numberText(value)}</v></c>`;
}

/** Excel reads `_x000D_` in a text as a character; such a text has its underscore written that way (ECMA-376 part 1, 22.4.2.4). */
function cellText(text: string): string {
  const cut = text.length > TEXT_LENGTH ? text.slice(0, TEXT_LENGTH) : text;
  return escapeXml(cut.includes('_x') ? cut.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_') : cut);
}

function numberText(value: Exclude<XlsxValue, string | boolean | null>): string {
  if (typeof value === 'number') return String(value);
  if ('units' in value) return fixedText(value.units, value.scale);
  if ('utc' in value) return String(UNIX_DAY + (value.utc + value.offsetMin * 60) / DAY_S);
  const date = 'day' in value ? value.day : `${value.month}-01`;
  const days = Date.parse(`${date}T00:00:00Z`) / (DAY_S * 1000);
  if (Number.isNaN(days)) throw new RangeError(`"${date}" is no ISO date`);
  return String(UNIX_DAY + days);
}

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
/** A to ZZ: every cell asks for one. */
const COLUMN_NAMES = [...LETTERS, ...LETTERS.flatMap((first) => LETTERS.map((second) => first + second))];

/** `A` for 0, `AA` for 26. Throws RangeError past ZZ. */
function columnName(index: number): string {
  const name = COLUMN_NAMES[index];
  if (name === undefined) throw new RangeError(`a sheet has ${COLUMN_NAMES.length} columns at most, not ${index + 1}`);
  return name;
}
