/** Rules over the points of a file, their channels, half-hours and values. */
import iconv from 'iconv-lite';
import { compare, parseDecimal, type Rational, ZERO } from '../../metering/energy.ts';
import type { CheckOptions, RuleBook } from './check-rules.ts';
import { type MarketDay, possibleDays } from './day.ts';
import { dayOfCompact, type MarketArea, type MarketChannel, type MarketDocument, type MarketPeriod, type MarketPoint } from './document.ts';

export function bodyRules(book: RuleBook, document: MarketDocument, options: CheckOptions): void {
  checkLetters(book, 'message/sender', null, document.sender.name);
  for (const area of document.areas) {
    const path = `message/area ${area.inn}`;
    checkLetters(book, path, area, area.name);
    const days = daysOf(document, area, options);
    if (area === document.areas[0]) checkSeason(book, document, days);
    const seen = new Set<string>();
    for (const point of area.points) {
      const pointPath = `${path}/measuringpoint ${point.code}`;
      checkPointCode(book, point, pointPath, seen);
      checkLetters(book, pointPath, point, point.name);
      checkChannelCodes(book, point, pointPath);
      for (const channel of point.channels) {
        const channelPath = `${pointPath}/measuringchannel ${channel.code}`;
        checkLetters(book, channelPath, channel, channel.description);
        checkPeriods(book, channel, channelPath, document, days);
        checkValues(book, channel, channelPath, options.decimals, options.limitOf(point.code));
      }
      checkDirections(book, point, pointPath);
    }
  }
}

/** Days that the half-hours of an area may be laid out by; empty when the day is none. */
function daysOf({ day }: MarketDocument, { timeZone }: MarketArea, { zone }: CheckOptions): readonly MarketDay[] {
  const date = dayOfCompact(day);
  if (date === null) return [];
  return possibleDays(date, zone === null ? { kind: 'market', zone: timeZone === '3' ? 3 : 1 } : { kind: 'local', zone });
}

/** 0 and 1 both occur on ordinary days, whatever the season. */
function checkSeason(book: RuleBook, { daylightSaving }: MarketDocument, days: readonly MarketDay[]): void {
  if (daylightSaving !== '2' || days.length === 0 || days.some(({ isTransition }) => isTransition)) return;
  book.fault('summer', 'message/datetime', null, 'daylightsavingtime is 2, and the clock did not change on this day');
}

function checkPointCode(book: RuleBook, point: MarketPoint, path: string, seen: Set<string>): void {
  if (!/^[\p{L}\p{N}_.-]{1,21}$/u.test(point.code))
    book.fault('point-code', path, point, `code is "${point.code}", expected 1 to 21 letters and digits`, point.code);
  else if (!/^\d{15}$/.test(point.code)) book.warning('point-code', path, point, `code is ${point.code}, usual are 15 digits`, point.code);
  if (seen.has(point.code)) book.fault('point-repeated', path, point, 'the point stands here a second time');
  seen.add(point.code);
}

function checkChannelCodes(book: RuleBook, point: MarketPoint, path: string): void {
  if (point.channels.length === 0 || point.channels.length > 4) {
    book.fault('channel-code', path, point, `the point has ${point.channels.length} channels, expected 1 to 4`);
  }
  const seen = new Set<string>();
  for (const channel of point.channels) {
    const code = channel.code.padStart(2, '0');
    if (!/^0[1-4]$/.test(channel.code))
      book.fault('channel-code', path, channel, `code is "${channel.code}", expected 01 to 04`, channel.code);
    if (seen.has(code)) book.fault('channel-repeated', path, channel, `channel ${channel.code} stands here a second time`);
    seen.add(code);
  }
}

function checkPeriods(
  book: RuleBook,
  channel: MarketChannel,
  path: string,
  { daylightSaving }: MarketDocument,
  days: readonly MarketDay[],
): void {
  const { periods } = channel;
  const day = days.find(({ halfHours }) => halfHours.length === periods.length);
  if (day === undefined) {
    const expected = days.map(({ halfHours }) => halfHours.length).join(' or ');
    book.fault(
      'period-count',
      path,
      channel,
      `${periods.length} half-hours, expected ${expected === '' ? '46 to 52' : expected}`,
      String(periods.length),
    );
    checkSequence(book, periods, path);
    return;
  }
  const wrong = periods.findIndex(({ start, end }, index) => start !== day.halfHours[index]?.start || end !== day.halfHours[index]?.end);
  const found = periods[wrong];
  const expected = day.halfHours[wrong];
  if (found !== undefined && expected !== undefined) {
    book.fault(
      'period-order',
      path,
      found,
      `${found.start}–${found.end}, expected ${expected.start}–${expected.end}`,
      `${found.start}–${found.end}`,
    );
  }
  if (day.isTransition && daylightSaving !== '2') {
    book.fault('summer', path, channel, `the clock changed on this day, and daylightsavingtime is ${daylightSaving}: expected 2`);
  }
  checkSummer(book, periods, path, day);
}

/** Repeats and holes where the number of half-hours already says that the day is none. */
function checkSequence(book: RuleBook, periods: readonly MarketPeriod[], path: string): void {
  for (const [index, period] of periods.entries()) {
    const before = periods[index - 1];
    const expected = before === undefined ? '0000' : before.end;
    if (period.start !== expected) {
      book.fault(
        'period-order',
        path,
        period,
        `${period.start}–${period.end}, expected a start at ${expected}`,
        `${period.start}–${period.end}`,
      );
      return;
    }
  }
}

/** One mark that is missing or too many names the channel: the rest follows from it. */
function checkSummer(book: RuleBook, periods: readonly MarketPeriod[], path: string, day: MarketDay): void {
  const wrong = periods.find(({ isSummer }, index) => isSummer !== day.halfHours[index]?.isSummer);
  if (wrong === undefined) return;
  const what = wrong.isSummer ? 'is marked as summer time and is not' : 'is summer time and not marked';
  book.fault('summer', path, wrong, `${wrong.start}–${wrong.end} ${what}`);
}

function checkValues(book: RuleBook, channel: MarketChannel, path: string, decimals: number, limit: Rational | null): void {
  const form = decimals === 0 ? /^\d{1,12}$/ : new RegExp(`^\\d{1,12}(\\.\\d{1,${decimals}})?$`);
  for (const period of channel.periods) {
    const at = `${path}/period ${period.start}`;
    const { value, status, extendedStatus, param1 } = period;
    if (value === null) book.fault('value-empty', at, period, 'there is no value');
    else if (!form.test(value))
      book.fault(
        'value-form',
        at,
        period,
        `value is "${value}", expected ${decimals === 0 ? 'a whole number' : `at most ${decimals} decimals`}`,
        value,
      );
    else if (limit !== null && compare(parseDecimal(value), limit) > 0)
      book.warning('value-limit', at, period, `value ${value} is more than the connection can carry`, value);
    if (status !== null && status !== '0' && status !== '1')
      book.fault('status', at, period, `status is "${status}", expected 0 or 1`, status);
    if (status === '1') book.warning('non-commercial', at, period, 'status 1');
    if (extendedStatus !== null && (status !== '1' || (extendedStatus === '1114' && (param1 ?? '') === ''))) {
      book.fault(
        'status',
        at,
        period,
        `extendedstatus ${extendedStatus} goes with status 1${extendedStatus === '1114' ? ' and the group of points in param1' : ''}`,
      );
    }
  }
}

/** What part of the largest half-hour of a point both directions have to have to look like a mistake of wiring or of channels: a tenth. */
const LIKE_AMOUNT = 10n;

/** Active energy alone: reactive energy does turn round within a half-hour. */
function checkDirections(book: RuleBook, { channels }: MarketPoint, path: string): void {
  const [there, back] = ['01', '02'].map((code) => channels.find((channel) => channel.code === code)?.periods ?? []);
  if (there === undefined || back === undefined) return;
  const largest = [...there, ...back]
    .map(({ value }) => energyOf(value))
    .reduce((most, one) => (compare(one, most) > 0 ? one : most), ZERO);
  const isLarge = (period: MarketPeriod | undefined) => {
    const { numerator, denominator } = energyOf(period?.value ?? null);
    return compare({ numerator: numerator * LIKE_AMOUNT, denominator }, largest) > 0;
  };
  for (const [index, period] of there.entries()) {
    if (!isLarge(period) || !isLarge(back[index])) continue;
    book.warning(
      'both-directions',
      `${path}/period ${period.start}`,
      period,
      `${period.value} in channel 01 and ${back[index]?.value} in channel 02`,
    );
  }
}

function energyOf(value: string | null): Rational {
  return value !== null && /^\d{1,12}(\.\d{1,12})?$/.test(value) ? parseDecimal(value) : ZERO;
}

function checkLetters(book: RuleBook, path: string, at: object | null, text: string): void {
  const strange = Array.from(text).find((letter) => iconv.decode(iconv.encode(letter, 'win1251'), 'win1251') !== letter);
  if (strange === undefined) return;
  const code = (strange.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  book.fault('letters', path, at, `"${strange}" (U+${code}) is not in windows-1251`, strange);
}
