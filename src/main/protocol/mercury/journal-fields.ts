/** Records of the journals field by field. */
import type { WallTime } from '../../../shared/domain/time.ts';
import type { Command } from './command.ts';
import { countText, type DataField, field, hexField, minuteText, secondText, twoDigits } from './fields.ts';
import { byteAt, parseW2 } from './formats.ts';
import { type JournalRecord, journalCommandOf, journalLayout, recordLength, slotsOf } from './journals.ts';
import { STATUS_WORD_LENGTH, statusWordFields } from './status-word.ts';

/** Names of the two times of a record: what begins and what ends, in the order in which the meter sends them. */
const POWER = ['on', 'off'] as const;
const CORRECTION = ['before', 'after'] as const;
const CASE = ['opened', 'closed'] as const;
const QUALITY = ['left', 'returned'] as const;
const SPAN = ['begin', 'end'] as const;

/** What the two times of a journal are called. */
function timeNames(journal: number): readonly [string, string] {
  if (journal === 0x01 || (journal >= 0x03 && journal <= 0x05) || (journal >= 0x17 && journal <= 0x19)) return POWER;
  if (journal === 0x02) return CORRECTION;
  if (journal === 0x12) return CASE;
  return journal >= 0x20 && journal < 0x30 ? QUALITY : SPAN;
}

/** Fields of a reply to a request of records; several records are `event.0.` and so on by slot. */
export function journalFields(command: Command<unknown>, data: Uint8Array): DataField[] {
  const [, journal = 0, selector = 0] = command.body;
  const layout = journalLayout(journal);
  const slots = slotsOf(journal, selector);
  if (layout === null || slots === null) return [];
  const length = recordLength(layout);
  const { records, slot } = command.parse(data) as ReturnType<Command<{ records: readonly JournalRecord[]; slot: number | null }>['parse']>;
  return [
    ...records.flatMap((record, index) =>
      recordFields(journal, record, data, index * length, length, slots.count === 1 ? 'event' : `event.${slots.first + index}`),
    ),
    ...(slot === null ? [] : [field('event.slot', String(slot), null, length, 1)]),
  ];
}

/** Eight counters of one band: `dips.0` .. `dips.7`. */
export function dipStatisticsFields(data: Uint8Array): DataField[] {
  return Array.from({ length: 8 }, (_, index) => field(`dips.${index}`, countText(parseW2(data, index * 2), 0), 'count', index * 2, 2));
}

/** Request: journal and record, or the band of the statistics of dips. */
export function journalRequestFields(body: Uint8Array): DataField[] {
  if (journalCommandOf(body) === null) return [];
  const journal = hexField('journal', body, 1, 1);
  return body.length === 4 ? [journal, field('band', String(byteAt(body, 3)), null, 3, 1)] : [journal, hexField('slot', body, 2, 1)];
}

function recordFields(
  journal: number,
  record: JournalRecord,
  data: Uint8Array,
  offset: number,
  length: number,
  prefix: string,
): DataField[] {
  const time = (name: string, wall: WallTime | null, at: number) =>
    // The bytes of a time that makes no sense are shown beside it: published examples have such.
    wall === null
      ? [field(`${prefix}.${name}`, null, null, offset + at, 6), hexField(`${prefix}.${name}.data`, data, offset + at, 6)]
      : [field(`${prefix}.${name}`, secondText(wall), null, offset + at, 6)];
  switch (record.kind) {
    case 'empty':
      return [field(prefix, null, null, offset, length)];
    case 'two-times': {
      const [first, second] = timeNames(journal);
      return [...time(first, record.first, 0), ...time(second, record.second, 6)];
    }
    case 'one-time':
      return time('time', record.at, 0);
    case 'reprogramming':
      return [
        field(`${prefix}.date`, record.day === null ? null : minuteText(record.day).slice(0, 10), null, offset, 3),
        field(`${prefix}.count`, String(record.count), 'count', offset + 3, 1),
        field(`${prefix}.codes`, record.codes.map(codeText).join(' '), null, offset + 4, 7),
        hexField(`${prefix}.code07`, data, offset + 11, 1),
      ];
    case 'status-word':
      return [...time('time', record.at, 0), ...statusWordFields(data, offset + 6, STATUS_WORD_LENGTH, `${prefix}.status_word`)];
    case 'dip':
      return [
        field(`${prefix}.time`, record.at === null ? null : `${secondText(record.at)}.${twoDigits(record.hundredths)}`, null, offset, 7),
        field(`${prefix}.duration`, countText(record.duration, -2), 's', offset + 7, 2),
        field(`${prefix}.kind`, record.isDip ? 'dip' : 'swell', null, offset + 9, 1),
        field(`${prefix}.depth`, countText(record.depth, -2), 'percent', offset + 10, 2),
      ];
    case 'load-control':
      return [...time('time', record.at, 0), hexField(`${prefix}.code`, data, offset + 6, 6)];
  }
}

/** A code of 03 as two hex digits. */
export function codeText(code: number): string {
  return code.toString(16).padStart(2, '0').toUpperCase();
}
