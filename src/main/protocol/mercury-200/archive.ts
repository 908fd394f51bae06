/** Archives by date: 37 (mercury.md 12.1). Day and month slices carry their own moment; half-hours stand in six blocks of eight a day. */
import type { WallTime } from '../../../shared/domain/time.ts';
import { crc16 } from '../mercury/crc.ts';
import { hexOf, parseW2 } from '../mercury/formats.ts';
import { implausible } from '../protocol-error.ts';
import { countText, type DataField, field, secondText, twoDigits } from '../mercury/fields.ts';
import type { Command200 } from './command.ts';
import { parseTariffs, TARIFFS_LENGTH, type TariffEnergy, tariffFields } from './energy.ts';
import { bcdByte, isFilled, parseTime } from './formats.ts';

const ARCHIVE = 0x37;
const FIRST_BLOCK = 0x10;
const KIND = 0xe0;
/** Tariffs, moment, checksum. */
const SLICE_LENGTH = 24;
/** Energy and checksum of one half-hour. */
const HALF_HOUR_LENGTH = 4;
/** A meter may answer a date that it does not keep with one FF. */
const NO_DATA_LENGTH = 1;
/** Half-hours in one block, and blocks in a day. */
export const BLOCK_HALF_HOURS = 8;
export const DAY_BLOCKS = 6;
/** Counts of half-hours are 0.2 Wh = 1/(2A) kWh of this A. */
export const HALF_HOUR_CONSTANT = 2500;

/** A calendar day, full year. */
export type CalendarDay = Pick<WallTime, 'year' | 'month' | 'day'>;

/** Readings at a moment that the meter itself tells. */
export interface ArchiveSlice {
  readonly energy: TariffEnergy;
  /** `null` = the bytes are no date and time. */
  readonly takenAt: WallTime | null;
}

/** One half-hour of a block. */
export type HalfHour =
  | { readonly kind: 'counts'; readonly counts: number }
  | { readonly kind: 'no-data' }
  | { readonly kind: 'damaged'; readonly hex: string };

/** Day slice (37 00) or month slice (37 01) of a date; `null` = the meter keeps none. Throws `data/implausible` for a wrong inner checksum. */
export function archiveSliceCommand(kind: 'day' | 'month', date: CalendarDay): Command200<ArchiveSlice | null> {
  return {
    name: `archive-${kind}`,
    label: `${kind} slice ${dateText(date)}`,
    body: Uint8Array.of(ARCHIVE, kind === 'day' ? 0 : 1, ...dateBytes(date)),
    replyData: [SLICE_LENGTH, NO_DATA_LENGTH],
    parse: parseSlice,
    fields: (data) => {
      const slice = parseSlice(data);
      if (slice === null) return [field('archive', null, null, 0, data.length)];
      return [
        ...tariffFields('A', data),
        field('archive.time', slice.takenAt === null ? null : secondText(slice.takenAt), null, TARIFFS_LENGTH, 6),
        field('archive.crc', hexOf(data.subarray(SLICE_LENGTH - 2)), null, SLICE_LENGTH - 2, 2),
      ];
    },
  };
}

/** Half-hours `block` x 8 .. + 7 of a day, in their order: 37 10 .. 15. Counts of 0.2 Wh. A reply of one FF is eight without data. */
export function halfHoursCommand(block: number, date: CalendarDay): Command200<readonly HalfHour[]> {
  return {
    name: 'half-hours',
    label: `half-hours ${dateText(date)} block ${block}`,
    body: Uint8Array.of(ARCHIVE, FIRST_BLOCK + block, ...dateBytes(date)),
    replyData: [BLOCK_HALF_HOURS * HALF_HOUR_LENGTH, NO_DATA_LENGTH],
    parse: parseBlock,
    fields: (data) => (data.length === NO_DATA_LENGTH ? [noData(data)] : parseBlock(data).flatMap(halfHourFields)),
  };
}

/** What the archive of half-hours holds: 37 E0. No document lays the reply out. */
export function archiveKindCommand(): Command200<string> {
  return {
    name: 'archive-kind',
    label: 'kind of archive',
    body: Uint8Array.of(ARCHIVE, KIND),
    replyData: 'any',
    parse: hexOf,
    fields: (data) => [field('archive.kind', hexOf(data), null, 0, data.length)],
  };
}

/** The command of a body that begins with 37; `null` for a date or a number that does not exist. */
export function archiveCommandOf(body: Uint8Array): Command200<unknown> | null {
  const [, number = 0, ...rest] = body;
  if (number === KIND) return body.length === 2 ? archiveKindCommand() : null;
  if (body.length !== 5) return null;
  const time = parseTime(Uint8Array.of(0, 0, 0, ...rest), 0);
  if (time === null) return null;
  if (number <= 1) return archiveSliceCommand(number === 0 ? 'day' : 'month', time);
  const block = number - FIRST_BLOCK;
  return block >= 0 && block < DAY_BLOCKS ? halfHoursCommand(block, time) : null;
}

function parseSlice(data: Uint8Array): ArchiveSlice | null {
  if (data.length === NO_DATA_LENGTH) return requireNoData(data);
  if (isFilled(data, 0, SLICE_LENGTH, 0xff)) return null;
  if (crc16(data, 0, SLICE_LENGTH) !== 0) throw implausible('The checksum inside the slice does not fit', SLICE_LENGTH - 2, 'its CRC16');
  return { energy: parseTariffs(data), takenAt: parseTime(data, TARIFFS_LENGTH) };
}

function parseBlock(data: Uint8Array): HalfHour[] {
  if (data.length === NO_DATA_LENGTH) requireNoData(data);
  return Array.from({ length: BLOCK_HALF_HOURS }, (_, index): HalfHour => {
    if (data.length === NO_DATA_LENGTH) return { kind: 'no-data' };
    const start = index * HALF_HOUR_LENGTH;
    const counts = parseW2(data, start);
    if (counts === null) return { kind: 'no-data' };
    if (crc16(data, start, start + HALF_HOUR_LENGTH) === 0) return { kind: 'counts', counts };
    return { kind: 'damaged', hex: hexOf(data.subarray(start, start + HALF_HOUR_LENGTH)) };
  });
}

function requireNoData(data: Uint8Array): null {
  if (data[0] !== 0xff) throw implausible('One byte is no archive', 0, 'FF');
  return null;
}

function noData(data: Uint8Array): DataField {
  requireNoData(data);
  return field('archive', null, null, 0, data.length);
}

function halfHourFields(halfHour: HalfHour, index: number): DataField[] {
  const start = index * HALF_HOUR_LENGTH;
  const name = `half_hour.${index}`;
  switch (halfHour.kind) {
    case 'no-data':
      return [field(name, null, null, start, HALF_HOUR_LENGTH)];
    case 'damaged':
      return [
        field(`${name}.fault`, 'the checksum does not fit', null, start, HALF_HOUR_LENGTH),
        field(`${name}.data`, halfHour.hex, null, start, HALF_HOUR_LENGTH),
      ];
    case 'counts':
      return [
        field(`${name}.count.A+`, String(halfHour.counts), 'count', start, 2),
        field(`${name}.energy.A+`, countText(halfHour.counts * 2, -1), 'Wh', start, 2),
      ];
  }
}

function dateBytes({ year, month, day }: CalendarDay): number[] {
  return [day, month, year % 100].map(bcdByte);
}

function dateText({ year, month, day }: CalendarDay): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}
