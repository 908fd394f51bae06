/** A document as the bytes of its file: windows-1251, CRLF, the prolog to the letter, nothing that the day does not bring (xml-80020.md 2). */
import iconv from 'iconv-lite';
import type { MarketArea, MarketChannel, MarketDocument, MarketPeriod, MarketPoint, Organisation } from './document.ts';

/** A letter of a name that the code page does not have, and what stands in the file instead. */
export interface LetterReplacement {
  /** Where the name is: `sender`, `area 5600010901`, `point 562080073213101` ... */
  readonly place: string;
  readonly letter: string;
  readonly replacement: string;
}

export interface WrittenFile {
  readonly bytes: Uint8Array;
  /** Names are changed by these; codes never are. */
  readonly replacements: readonly LetterReplacement[];
}

const PROLOG = '<?xml version="1.0" encoding="windows-1251"?>';

/** Letters that windows-1251 lacks and names have; every other one becomes a question mark. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  '²': '2',
  '³': '3',
  '¹': '1',
  '⁰': '0',
  '₀': '0',
  '₁': '1',
  '₂': '2',
  '₃': '3',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '×': 'x',
  '÷': '/',
  '≈': '~',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '−': '-',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '―': '—',
  '″': '"',
  '′': "'",
  ʹ: "'",
  ø: 'о',
  Ø: 'О',
  '⌀': 'О',
  Ω: 'Ом',
  φ: 'ф',
  Δ: 'Д',
  λ: 'л',
  π: 'п',
  '→': '->',
  '←': '<-',
  '₽': 'руб.',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u200b': '',
  '\u200e': '',
  '\ufeff': '',
};

/** The same document always gives the same bytes. */
export function writeMarketFile(document: MarketDocument): WrittenFile {
  const replacements: LetterReplacement[] = [];
  const name = (text: string, place: string): string => escaped(cleaned(text, place, replacements));
  const lines = [
    PROLOG,
    `<message class="${document.messageClass}" version="${escaped(document.version)}" number="${escaped(document.number)}">`,
    ` <datetime><timestamp>${escaped(document.timestamp)}</timestamp><daylightsavingtime>${escaped(document.daylightSaving)}</daylightsavingtime><day>${escaped(document.day)}</day></datetime>`,
    ` <sender>${organisation(document.sender, 'sender', name)}</sender>`,
    ...document.areas.flatMap((area) => areaLines(area, name)),
    '</message>',
  ];
  return { bytes: iconv.encode(lines.map((line) => `${line}\r\n`).join(''), 'win1251'), replacements };
}

type Name = (text: string, place: string) => string;

function organisation({ inn, name }: Organisation, place: string, clean: Name): string {
  return `<inn>${escaped(inn)}</inn><name>${clean(name, place)}</name>`;
}

function areaLines(area: MarketArea, name: Name): string[] {
  return [
    ` <area${attribute('timezone', area.timeZone)}>${organisation(area, `area ${area.inn}`, name)}`,
    ...area.points.flatMap((point) => pointLines(point, name)),
    ' </area>',
  ];
}

function pointLines(point: MarketPoint, name: Name): string[] {
  const place = `point ${point.code}`;
  return [
    `  <measuringpoint${attribute('code', point.code)} name="${name(point.name, place)}">`,
    ...point.channels.flatMap((channel) => channelLines(channel, place, name)),
    '  </measuringpoint>',
  ];
}

function channelLines(channel: MarketChannel, place: string, name: Name): string[] {
  return [
    `   <measuringchannel${attribute('code', channel.code)} desc="${name(channel.description, `${place} channel ${channel.code}`)}">`,
    ...channel.periods.map(periodLine),
    '   </measuringchannel>',
  ];
}

function periodLine({ start, end, isSummer, value, status, extendedStatus, param1 }: MarketPeriod): string {
  const of = `${attribute('status', status)}${attribute('extendedstatus', extendedStatus)}${attribute('param1', param1)}`;
  const when = `${attribute('start', start)}${attribute('end', end)}${attribute('summer', isSummer ? '1' : null)}`;
  return `    <period${when}><value${of}>${escaped(value ?? '')}</value></period>`;
}

function attribute(name: string, value: string | null): string {
  return value === null ? '' : ` ${name}="${escaped(value)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A name of one line in letters of windows-1251. */
function cleaned(text: string, place: string, replacements: LetterReplacement[]): string {
  const oneLine = text.normalize('NFC').replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return Array.from(oneLine)
    .map((letter) => {
      if (iconv.decode(iconv.encode(letter, 'win1251'), 'win1251') === letter) return letter;
      const replacement = REPLACEMENTS[letter] ?? '?';
      replacements.push({ place, letter, replacement });
      return replacement;
    })
    .join('')
    .trim();
}
