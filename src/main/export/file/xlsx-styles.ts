/** The closed set of styles of a workbook: every look with every format, so that no part of a file has to wait for another. */

/** How a value is shown. Number formats with groups follow the language of the reader's Office: a space and a comma in Russian. */
const FORMATS = {
  /** Text to the left. The format is that of text, so that a code keeps its leading zeros when a person edits it. */
  text: { code: '@', align: 'left' },
  wrapped: { code: '@', align: 'left', isWrapped: true },
  centred: { code: '@', align: 'center' },
  /** A head of several lines. */
  head: { code: '@', align: 'center', isWrapped: true },
  right: { code: '@', align: 'right' },
  /** As many decimals as there are. */
  general: { code: 'General', align: 'right' },
  'number-0': { code: '#,##0', align: 'right' },
  'number-1': { code: '#,##0.0', align: 'right' },
  'number-2': { code: '#,##0.00', align: 'right' },
  'number-3': { code: '#,##0.000', align: 'right' },
  'number-4': { code: '#,##0.0000', align: 'right' },
  /** Without groups: a space between thousands would stop a loader that reads the text shown. */
  'plain-0': { code: '0', align: 'right' },
  'plain-1': { code: '0.0', align: 'right' },
  'plain-2': { code: '0.00', align: 'right' },
  'plain-3': { code: '0.000', align: 'right' },
  'plain-4': { code: '0.0000', align: 'right' },
  /** A figure that a replacement stands in, or that lacks a part: the letter is no part of the value. */
  'replaced-0': { code: '#,##0\\ &quot;З&quot;', align: 'right' },
  'replaced-1': { code: '#,##0.0\\ &quot;З&quot;', align: 'right' },
  'replaced-2': { code: '#,##0.00\\ &quot;З&quot;', align: 'right' },
  'replaced-3': { code: '#,##0.000\\ &quot;З&quot;', align: 'right' },
  'incomplete-0': { code: '#,##0\\ &quot;Н&quot;', align: 'right' },
  'incomplete-1': { code: '#,##0.0\\ &quot;Н&quot;', align: 'right' },
  'incomplete-2': { code: '#,##0.00\\ &quot;Н&quot;', align: 'right' },
  'incomplete-3': { code: '#,##0.000\\ &quot;Н&quot;', align: 'right' },
  'percent-1': { code: '0.0%', align: 'right' },
  date: { code: 'dd\\.mm\\.yyyy', align: 'center' },
  month: { code: 'mm\\.yyyy', align: 'center' },
  moment: { code: 'dd\\.mm\\.yyyy\\ hh:mm:ss', align: 'center' },
  /** Hours and minutes of a moment. */
  time: { code: 'hh:mm', align: 'center' },
} as const satisfies Record<string, Format>;

/** What a cell is in its document. Those of a table have a border. */
const LOOKS = {
  plain: { font: 'regular' },
  title: { font: 'title' },
  subtitle: { font: 'bold' },
  muted: { font: 'grey' },
  heading: { font: 'bold', fill: 'head', isBordered: true },
  cell: { font: 'regular', isBordered: true },
  group: { font: 'bold', fill: 'group', isBordered: true },
  total: { font: 'bold', fill: 'head', isBordered: true },
  replaced: { font: 'italic', fill: 'replaced', isBordered: true },
  incomplete: { font: 'italic', fill: 'missing', isBordered: true },
  missing: { font: 'grey', fill: 'missing', isBordered: true },
} as const satisfies Record<string, Look>;

interface Format {
  readonly code: string;
  readonly align: 'left' | 'center' | 'right';
  readonly isWrapped?: true;
}

interface Look {
  readonly font: keyof typeof FONTS;
  readonly fill?: keyof typeof FILLS;
  readonly isBordered?: true;
}

const FONTS = {
  regular: '<font><sz val="10"/><color rgb="FF1A1A1A"/><name val="Arial"/><family val="2"/></font>',
  bold: '<font><b/><sz val="10"/><color rgb="FF1A1A1A"/><name val="Arial"/><family val="2"/></font>',
  italic: '<font><i/><sz val="10"/><color rgb="FF1A1A1A"/><name val="Arial"/><family val="2"/></font>',
  grey: '<font><sz val="10"/><color rgb="FF6B6B6B"/><name val="Arial"/><family val="2"/></font>',
  title: '<font><b/><sz val="14"/><color rgb="FF1A1A1A"/><name val="Arial"/><family val="2"/></font>',
} as const;

const FILLS = { head: 'FFE9EDF2', group: 'FFF4F6F8', replaced: 'FFFFF4CC', missing: 'FFF3E3E3' } as const;

export type XlsxFormat = keyof typeof FORMATS;
export type XlsxLook = keyof typeof LOOKS;
/** `cell number-3`, `total text`, `title text` ... */
export type XlsxStyle = `${XlsxLook} ${XlsxFormat}`;

const formats = Object.entries<Format>(FORMATS);
const looks = Object.entries<Look>(LOOKS);
const fonts = Object.keys(FONTS);
const fills = Object.keys(FILLS);

/** Office knows two fills by itself, and numbers from 164 on are free for number formats of a file. */
const OWN_FILLS = 2;
const OWN_FORMATS = 164;

/** Number of each style in the file; 0 is what a cell without a style has. */
export const STYLE_NUMBERS: ReadonlyMap<string, number> = new Map(
  looks.flatMap(([look], row) => formats.map(([format], column) => [`${look} ${format}`, 1 + row * formats.length + column])),
);

/** The part `xl/styles.xml`: elements in the order of the schema (ECMA-376 part 1, 18.8.39). */
export function stylesXml(): string {
  const styles = looks.flatMap(([, look]) => formats.map((entry, index) => styleXml(look, entry[1], index)));
  const edge = (side: string) => `<${side} style="thin"><color rgb="FFB5BCC4"/></${side}>`;
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    list(
      'numFmts',
      formats.map(([, { code }], index) => `<numFmt numFmtId="${OWN_FORMATS + index}" formatCode="${code}"/>`),
    ),
    list('fonts', Object.values(FONTS)),
    list('fills', [
      '<fill><patternFill patternType="none"/></fill>',
      '<fill><patternFill patternType="gray125"/></fill>',
      ...Object.values(FILLS).map(
        (rgb) => `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/><bgColor indexed="64"/></patternFill></fill>`,
      ),
    ]),
    list('borders', [
      '<border><left/><right/><top/><bottom/><diagonal/></border>',
      `<border>${['left', 'right', 'top', 'bottom'].map(edge).join('')}<diagonal/></border>`,
    ]),
    list('cellStyleXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']),
    list('cellXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>', ...styles]),
    list('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
    '</styleSheet>',
  ].join('');
}

function styleXml(look: Look, format: Format, index: number): string {
  const fill = look.fill === undefined ? 0 : OWN_FILLS + fills.indexOf(look.fill);
  const wrap = format.isWrapped === true ? ' wrapText="1"' : '';
  const vertical = format.isWrapped === true && format.align === 'left' ? 'top' : 'center';
  return (
    `<xf numFmtId="${OWN_FORMATS + index}" fontId="${fonts.indexOf(look.font)}" fillId="${fill}" borderId="${look.isBordered ? 1 : 0}" xfId="0"` +
    ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">' +
    `<alignment horizontal="${format.align}" vertical="${vertical}"${wrap}/></xf>`
  );
}

function list(name: string, items: readonly string[]): string {
  return `<${name} count="${items.length}">${items.join('')}</${name}>`;
}
