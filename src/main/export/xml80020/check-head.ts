/** Rules over the name of a file, its form and its header. */
import { aiisCodeOf, dayOfCompact, type MarketDocument, type Organisation } from './document.ts';
import type { CheckOptions, RuleBook } from './check-rules.ts';
import { nameFieldsOf, NAME_FIELDS, parseMarketFileName } from './name.ts';
import { isSameEncoding, type ReadMarketFile } from './read.ts';

export function headRules(book: RuleBook, fileName: string, { document, xml }: ReadMarketFile, options: CheckOptions): void {
  checkName(book, fileName, document, options);
  checkEncoding(book, xml);
  for (const { line, message } of xml.schemaFaults) book.fault('schema', 'message', line, message);
  checkHeader(book, document);
  checkNumber(book, document, options);
  checkDay(book, document);
  checkSender(book, document.sender);
  checkAreas(book, document);
}

function checkName(book: RuleBook, fileName: string, document: MarketDocument, { nameTemplate }: CheckOptions): void {
  const name = parseMarketFileName(nameTemplate, fileName);
  if (name === null) {
    book.fault('file-name', fileName, null, `the name is not of the form ${nameTemplate}.xml`);
    return;
  }
  const contents = nameFieldsOf(document);
  for (const field of NAME_FIELDS) {
    if (name[field] === null || name[field] === contents[field]) continue;
    book.fault('file-name', fileName, null, `${field} is ${name[field]} in the name and ${contents[field] ?? 'nothing'} in the file`);
  }
}

const PROLOG = '<?xml version="1.0" encoding="windows-1251"?>';

function checkEncoding(book: RuleBook, xml: ReadMarketFile['xml']): void {
  if (xml.hasByteOrderMark) book.fault('encoding', 'prolog', 1, 'the file begins with a byte order mark');
  if (!isSameEncoding(xml)) {
    book.fault(
      'encoding',
      'prolog',
      1,
      `the prolog says ${xml.declaredEncoding ?? 'UTF-8 by default'} and the letters are in ${xml.encoding}`,
    );
  } else if (xml.encoding !== 'windows-1251') {
    book.fault('encoding', 'prolog', 1, `the file is in ${xml.encoding}, expected windows-1251`);
  } else if (xml.prolog !== PROLOG) {
    book.warning('encoding', 'prolog', 1, `the prolog is ${xml.prolog}, expected ${PROLOG}`);
  }
}

function checkHeader(book: RuleBook, { version, timestamp, daylightSaving }: MarketDocument): void {
  if (version !== '2') book.fault('header', 'message', null, `version is "${version}", expected 2`, version);
  if (momentDay(timestamp) === null)
    book.fault('header', 'message/datetime', null, `timestamp is "${timestamp}", expected yyyyMMddHHmmss`, timestamp);
  if (!/^[012]$/.test(daylightSaving))
    book.fault('header', 'message/datetime', null, `daylightsavingtime is "${daylightSaving}", expected 0, 1 or 2`, daylightSaving);
}

function checkNumber(book: RuleBook, { number }: MarketDocument, { highestEarlierNumber }: CheckOptions): void {
  if (!/^\d{1,15}$/.test(number)) {
    book.fault('number', 'message', null, `number is "${number}", expected a whole number`, number);
  } else if (highestEarlierNumber !== null && Number(number) <= highestEarlierNumber) {
    book.fault('number', 'message', null, `number is ${number}, and ${highestEarlierNumber} was sent before for this day`, number);
  }
}

function checkDay(book: RuleBook, { day, timestamp }: MarketDocument): void {
  if (dayOfCompact(day) === null) {
    book.fault('day', 'message/datetime', null, `day is "${day}", expected yyyyMMdd of the calendar`, day);
    return;
  }
  const made = momentDay(timestamp);
  if (made !== null && made <= day)
    book.warning('day', 'message/datetime', null, `the file was made at ${timestamp}, before the day ${day} was over`, timestamp);
}

/** Day `yyyyMMdd` of a moment `yyyyMMddHHmmss`; null for what is none. */
function momentDay(timestamp: string): string | null {
  const [, day = '', hour = '', minute = '', second = ''] = /^(\d{8})(\d{2})(\d{2})(\d{2})$/.exec(timestamp) ?? [];
  return dayOfCompact(day) !== null && hour < '24' && minute < '60' && second < '60' ? day : null;
}

function checkSender(book: RuleBook, { inn }: Organisation): void {
  if (!/^(\d{10}|\d{12})$/.test(inn)) book.fault('sender', 'message/sender', null, `inn is "${inn}", expected 10 or 12 digits`, inn);
  else if (!hasRightCheckDigits(inn)) book.warning('sender', 'message/sender', null, `inn ${inn} has a wrong check digit`, inn);
}

/** Weights of the digits of a Russian tax number; of one of 12 digits the last two are check digits. */
const TAX_WEIGHTS = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

function hasRightCheckDigits(inn: string): boolean {
  const digits = Array.from(inn, Number);
  const isRight = (length: number) => {
    const weights = TAX_WEIGHTS.slice(TAX_WEIGHTS.length - length);
    const sum = weights.reduce((total, weight, index) => total + weight * (digits[index] ?? 0), 0);
    return (sum % 11) % 10 === digits[length];
  };
  return inn.length === 10 ? isRight(9) : isRight(10) && isRight(11);
}

function checkAreas(book: RuleBook, { areas }: MarketDocument): void {
  const aiis = areas[0] === undefined ? '' : aiisCodeOf(areas[0].inn);
  const seen = new Set<string>();
  for (const area of areas) {
    const path = `message/area ${area.inn}`;
    if (area.timeZone !== null && area.timeZone !== '1' && area.timeZone !== '3') {
      book.fault('time-zone', path, area, `timezone is "${area.timeZone}", expected 1 or 3`, area.timeZone);
    }
    if (!/^\d{10}$/.test(area.inn)) book.fault('area-code', path, area, `code is "${area.inn}", expected 10 digits`, area.inn);
    else if (aiisCodeOf(area.inn) !== aiis)
      book.fault('area-code', path, area, `the area is of AIIS ${aiisCodeOf(area.inn)}, the first one of ${aiis}`);
    if (seen.has(area.inn)) book.fault('area-repeated', path, area, 'the area stands here a second time');
    seen.add(area.inn);
  }
}
