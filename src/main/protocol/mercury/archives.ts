/** Energy by quadrants, archives by date, monthly maxima: 15, 18, 17 (mercury.md 5). */
import { CHANNELS, type PerChannel } from '../../../shared/domain/channel.ts';
import { isDate } from './clock.ts';
import type { Command } from './command.ts';
import { type ChannelEnergy, type EnergyArray, energyArrayOf, parseChannels } from './energy.ts';
import { type DataField, countText, energyFields, field, twoDigits } from './fields.ts';
import { bcdByte, bcdDigits, byteAt, parseE4, parseW2 } from './formats.ts';

/** R1..R4, varh. */
export type QuadrantEnergy = readonly [number | null, number | null, number | null, number | null];

/** A day of the calendar. */
export interface ArchiveDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What 18 reads: the reading at the start of a day or of its month, by channels or by quadrants. */
export const ARCHIVE_KINDS = { dayStart: 0, monthStart: 1, dayStartQuadrants: 2, monthStartQuadrants: 3 } as const;
export type ArchiveKind = (typeof ARCHIVE_KINDS)[keyof typeof ARCHIVE_KINDS];

/** The largest average power of a month in one channel, in counts of the profile (mercury.md 8.4). */
export interface Maximum {
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly count: number;
}

/** Reactive energy by quadrants; arrays as in 05, of which the documents show array 0. */
export function quadrantsCommand(array: Exclude<EnergyArray, 6>, month: number, tariff: number): Command<QuadrantEnergy> {
  const name = `quadrants array ${array.toString(16).toUpperCase()}${month === 0 ? '' : ` month ${month}`} tariff ${tariff}`;
  return {
    name: 'quadrants',
    capability: `quadrants-${array.toString(16).toUpperCase()}-${tariff}`,
    label: name,
    body: Uint8Array.of(0x15, (array << 4) | (month & 0x0f), tariff),
    replyLengths: [19],
    parse: (data) => parseQuadrants(data),
  };
}

/** Readings of a day of the last 123 or a month of the last 36; only where variant byte 6 bit 6 is set. */
export function archiveCommand(kind: ArchiveKind, date: ArchiveDate, tariff: number): Command<ChannelEnergy | QuadrantEnergy> {
  const { year, month, day } = date;
  return {
    name: 'archive',
    capability: `archive-${kind}`,
    label: `archive ${kind} of ${year}-${twoDigits(month)}-${twoDigits(day)} tariff ${tariff}`,
    body: Uint8Array.of(0x18, kind, bcdByte(day), bcdByte(month), bcdByte(year % 100), tariff),
    replyLengths: [19],
    parse: (data) => (kind < ARCHIVE_KINDS.dayStartQuadrants ? parseChannels(data, 0) : parseQuadrants(data)),
  };
}

/** Reading at the start of a day, by channels. */
export function dayStartArchiveCommand(date: ArchiveDate, tariff: number): Command<ChannelEnergy> {
  return { ...archiveCommand(ARCHIVE_KINDS.dayStart, date, tariff), parse: (data) => parseChannels(data, 0) };
}

/** Maxima of a month by channel; level 2. `null` = not kept, or none yet. */
export function maximaCommand(month: number, tariff: number): Command<PerChannel<Maximum | null>> {
  return {
    name: 'month-maxima',
    label: `maxima of month ${month} tariff ${tariff}`,
    body: Uint8Array.of(0x17, 0x30 | month, tariff),
    replyLengths: [19],
    parse: (data) => ({
      'A+': maximumAt(data, 0),
      'A-': maximumAt(data, 4),
      'R+': maximumAt(data, 8),
      'R-': maximumAt(data, 12),
    }),
  };
}

/** Command of a request body that begins with 15, 17 or 18; `null` for what does not exist. */
export function archiveCommandOf(body: Uint8Array): Command<unknown> | null {
  const [code, first = 0, second = 0] = body;
  if (code === 0x15 && body.length === 3) {
    const array = energyArrayOf(first >> 4);
    return array === null || array === 6 || second > 5 ? null : quadrantsCommand(array, first & 0x0f, second);
  }
  if (code === 0x17 && body.length === 3) {
    const month = first & 0x0f;
    return first >> 4 === 3 && month >= 1 && month <= 12 && second <= 5 ? maximaCommand(month, second) : null;
  }
  if (code !== 0x18 || body.length !== 6) return null;
  const kind = Object.values(ARCHIVE_KINDS).find((candidate) => candidate === first);
  const date = dateOf(body);
  const tariff = body[5] ?? 0xff;
  return kind === undefined || date === null || tariff > 5 ? null : archiveCommand(kind, date, tariff);
}

/** Fields of a reply to 15, 17 or 18. */
export function archiveFields(command: Command<unknown>, data: Uint8Array): DataField[] {
  const [code, kind = 0] = command.body;
  if (code === 0x17) return maximaFields(data);
  const hasQuadrants = code === 0x15 || kind >= ARCHIVE_KINDS.dayStartQuadrants;
  return hasQuadrants
    ? [1, 2, 3, 4].map((quadrant, index) => field(`energy.R${quadrant}`, countText(parseE4(data, index * 4), 0), 'varh', index * 4, 4))
    : energyFields(data, 0, '');
}

/** Places of a request's parameters. */
export function archiveRequestFields(body: Uint8Array): DataField[] {
  const [code, first = 0, second = 0] = body;
  if (code !== 0x18) {
    return [
      field('array', (first >> 4).toString(16).toUpperCase(), null, 1, 1),
      field('month', String(first & 0x0f), null, 1, 1),
      field('tariff', String(second), null, 2, 1),
    ];
  }
  const date = dateOf(body);
  return [
    field('archive_kind', String(first), null, 1, 1),
    field('date', date === null ? null : `${date.year}-${twoDigits(date.month)}-${twoDigits(date.day)}`, null, 2, 3),
    field('tariff', String(byteAt(body, 5)), null, 5, 1),
  ];
}

function maximaFields(data: Uint8Array): DataField[] {
  return CHANNELS.flatMap((channel, index) => {
    const offset = index * 4;
    const maximum = maximumAt(data, offset);
    const time = maximum === null ? null : `${twoDigits(maximum.day)} ${twoDigits(maximum.hour)}:${twoDigits(maximum.minute)}`;
    return [
      field(`maximum.${channel}.time`, time, null, offset, 2),
      field(`maximum.${channel}.count`, maximum === null ? null : String(maximum.count), 'count', offset + 2, 2),
    ];
  });
}

/** Packed time: bits 0-5 minute, 6-10 hour, 11-15 day; day 0 = no maximum yet. */
function maximumAt(data: Uint8Array, offset: number): Maximum | null {
  const count = parseW2(data, offset + 2);
  const packed = (byteAt(data, offset + 1) << 8) | byteAt(data, offset);
  const [day, hour, minute] = [packed >> 11, (packed >> 6) & 0x1f, packed & 0x3f];
  return count === null || day === 0 || hour > 23 || minute > 59 ? null : { day, hour, minute, count };
}

function parseQuadrants(data: Uint8Array): QuadrantEnergy {
  return [parseE4(data, 0), parseE4(data, 4), parseE4(data, 8), parseE4(data, 12)];
}

function dateOf(body: Uint8Array): ArchiveDate | null {
  const [, , dayByte = 0, monthByte = 0, yearByte = 0xff] = body;
  const [day, month, year] = [bcdDigits(dayByte), bcdDigits(monthByte), bcdDigits(yearByte)];
  return year >= 0 && isDate(2000 + year, month, day) ? { year: 2000 + year, month, day } : null;
}
