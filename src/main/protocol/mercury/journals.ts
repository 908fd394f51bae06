/** Journals: 04 with a journal and a slot (mercury.md 4). Slots are not sorted; a slot of zeros is empty. */
import type { WallTime } from '../../../shared/domain/time.ts';
import { AppError } from '../../../shared/api/errors.ts';
import { parseWall } from './clock.ts';
import type { Command } from './command.ts';
import { bcdDigits, byteAt, parseW2 } from './formats.ts';
import { parseStatusWord, type StatusWord, STATUS_WORD_LENGTH } from './status-word.ts';

/** What a record of a journal holds. */
export type JournalLayout = 'two-times' | 'one-time' | 'reprogramming' | 'status-word' | 'dip' | 'load-control';

/** One record as its bytes say; a time that is no date is `null`, so that it hides nothing else of the record. */
export type JournalRecord =
  | { readonly kind: 'empty' }
  | { readonly kind: 'two-times'; readonly first: WallTime | null; readonly second: WallTime | null }
  | { readonly kind: 'one-time'; readonly at: WallTime | null }
  | {
      readonly kind: 'reprogramming';
      /** Midnight of the day: the journal keeps dates only. */
      readonly day: WallTime | null;
      readonly count: number;
      /** Codes of 03 that were used that day, ascending. */
      readonly codes: readonly number[];
      /** Byte of its own for code 07. */
      readonly code07: number;
    }
  | { readonly kind: 'status-word'; readonly at: WallTime | null; readonly word: StatusWord }
  | {
      readonly kind: 'dip';
      readonly at: WallTime | null;
      /** Hundredths of the second. */
      readonly hundredths: number;
      /** Hundredths of a second; `null` = not kept. */
      readonly duration: number | null;
      readonly isDip: boolean;
      /** Hundredths of a percent of the nominal voltage; `null` = not kept. */
      readonly depth: number | null;
    }
  | { readonly kind: 'load-control'; readonly at: WallTime | null; readonly code: Uint8Array };

/** Records of one reply in the order sent. */
export interface JournalReply {
  readonly records: readonly JournalRecord[];
  /** Slot of the record: the trailing byte of the reply to FF; `null` otherwise. */
  readonly slot: number | null;
}

/** Reads the last written record; the reply names its slot. */
export const LAST_RECORD = 0xff;
/** Reads all ten records, or the first block of a quality journal; later blocks count down from it. */
export const ALL_RECORDS = 0xfe;
/** Records of most journals. */
export const JOURNAL_SLOTS = 10;
/** Records of a quality journal, read in blocks of 20. */
export const QUALITY_SLOTS = 100;
export const QUALITY_BLOCK = 20;
/** Reads statistics of dips by band. */
const DIP_STATISTICS = 0xf9;
const LAST_BAND = 7;

const CASE_JOURNAL = 0x12;
const FIRST_QUALITY = 0x20;
const FIRST_DIPS = 0x30;
const LAST_DIPS = 0x32;

const ONE_TIME: ReadonlySet<number> = new Set([0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x15, 0x16]);
const TWO_TIMES: ReadonlySet<number> = new Set([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, CASE_JOURNAL, 0x17, 0x18, 0x19, 0x1a]);

/** Layout of a journal's records; `null` = no such journal. */
export function journalLayout(journal: number): JournalLayout | null {
  if (ONE_TIME.has(journal)) return 'one-time';
  if (TWO_TIMES.has(journal) || (journal >= FIRST_QUALITY && journal < FIRST_DIPS) || (journal >= 0x80 && journal <= 0x86)) {
    return 'two-times';
  }
  if (journal >= FIRST_DIPS && journal <= LAST_DIPS) return 'dip';
  if (journal === 0x13) return 'reprogramming';
  if (journal === 0x14) return 'status-word';
  return journal === 0x87 ? 'load-control' : null;
}

/** Voltage, frequency and dips: 100 slots instead of ten. That dips share the blocks is inferred from their statistics' code. */
export function isQualityJournal(journal: number): boolean {
  return journal >= FIRST_QUALITY && journal <= LAST_DIPS;
}

/** What 20..2F watch: phases 1, 2, 3 and then the frequency, four limits each; `null` for any other journal. */
export function qualityOf(journal: number): { readonly phase: 1 | 2 | 3 | null; readonly limit: string } | null {
  if (journal < FIRST_QUALITY || journal >= FIRST_DIPS) return null;
  const index = journal - FIRST_QUALITY;
  return { phase: ([1, 2, 3, null] as const)[index >> 2] ?? null, limit: LIMITS[index & 3] ?? '' };
}
const LIMITS = ['min-limit', 'min-normal', 'max-normal', 'max-limit'];

/** Bytes of one record. */
export function recordLength(layout: JournalLayout): 6 | 12 {
  return layout === 'one-time' ? 6 : 12;
}

/** Slots of a request's last byte, `null` when this journal has no such byte. */
export function slotsOf(journal: number, selector: number): { readonly first: number; readonly count: number } | null {
  if (journalLayout(journal) === null) return null;
  if (selector === LAST_RECORD) return { first: 0, count: 1 };
  if (!isQualityJournal(journal)) {
    if (selector === ALL_RECORDS) return { first: 0, count: JOURNAL_SLOTS };
    return selector < JOURNAL_SLOTS ? { first: selector, count: 1 } : null;
  }
  const block = ALL_RECORDS - selector;
  if (block >= 0 && block < QUALITY_SLOTS / QUALITY_BLOCK) return { first: block * QUALITY_BLOCK, count: QUALITY_BLOCK };
  return selector < QUALITY_SLOTS ? { first: selector, count: 1 } : null;
}

/**
 * Records of a journal: one slot, `LAST_RECORD` (230 from firmware 2.1.0), `ALL_RECORDS` or a block of a quality journal (230
 * from firmware 2.2.2). Throws a bug for a journal or slot that `slotsOf` does not know.
 */
export function journalCommand(journal: number, selector: number): Command<JournalReply> {
  const layout = journalLayout(journal);
  const slots = slotsOf(journal, selector);
  if (layout === null || slots === null) throw new AppError('bug', `Journal ${journal} has no slot ${selector}`);
  const { count } = slots;
  const length = recordLength(layout) * count;
  const hasSlotByte = selector === LAST_RECORD;
  const frame = length + 3 + (hasSlotByte ? 1 : 0);
  const code = hex(journal);
  return {
    name: count === 1 ? 'journal' : 'journal-records',
    capability: `journal-${code}${hasSlotByte ? '-last' : count === 1 ? '' : '-all'}`,
    label: `journal ${code} record ${hex(selector)}`,
    body: Uint8Array.of(0x04, journal, selector),
    // The published example of journal 12 carries a slot number that was not asked for.
    replyLengths: journal === CASE_JOURNAL && selector < JOURNAL_SLOTS ? [frame, frame + 1] : [frame],
    parse: (data) => parseRecords(data, layout, count),
  };
}

/** Counters of dips or swells of one phase (journal 30..32) in one band of depth, by eight classes of duration. */
export function dipStatisticsCommand(journal: number, band: number): Command<readonly (number | null)[]> {
  return {
    name: 'dip-statistics',
    capability: `dip-statistics-${hex(journal)}`,
    label: `dip statistics ${hex(journal)} band ${band}`,
    body: Uint8Array.of(0x04, journal, DIP_STATISTICS, band),
    replyLengths: [19],
    parse: (data) => Array.from({ length: 8 }, (_, index) => parseW2(data, index * 2)),
  };
}

/** Command of a request body that begins with 04 and a journal; `null` for what does not exist. */
export function journalCommandOf(body: Uint8Array): Command<unknown> | null {
  const [, journal = 0, selector = 0, band = 0] = body;
  if (body.length === 4) {
    const isDips = journal >= FIRST_DIPS && journal <= LAST_DIPS;
    return isDips && selector === DIP_STATISTICS && band <= LAST_BAND ? dipStatisticsCommand(journal, band) : null;
  }
  return body.length === 3 && slotsOf(journal, selector) !== null ? journalCommand(journal, selector) : null;
}

function parseRecords(data: Uint8Array, layout: JournalLayout, count: number): JournalReply {
  const length = recordLength(layout);
  const records: JournalRecord[] = [];
  for (let index = 0; index < count; index += 1) records.push(parseRecord(data, index * length, layout));
  return { records, slot: count === 1 && data.length === length + 1 ? byteAt(data, length) : null };
}

function parseRecord(data: Uint8Array, offset: number, layout: JournalLayout): JournalRecord {
  byteAt(data, offset + recordLength(layout) - 1);
  if (isZero(data, offset, recordLength(layout))) return { kind: 'empty' };
  switch (layout) {
    case 'two-times':
      return { kind: 'two-times', first: timeAt(data, offset), second: timeAt(data, offset + 6) };
    case 'one-time':
      return { kind: 'one-time', at: timeAt(data, offset) };
    case 'reprogramming':
      return {
        kind: 'reprogramming',
        day: parseWall(byteAt(data, offset + 2), byteAt(data, offset + 1), byteAt(data, offset), 0, 0, 0),
        count: byteAt(data, offset + 3),
        codes: codesOf(data, offset + 4),
        code07: byteAt(data, offset + 11),
      };
    case 'status-word':
      return { kind: 'status-word', at: timeAt(data, offset), word: parseStatusWord(data, offset + 6, STATUS_WORD_LENGTH) };
    case 'dip':
      return {
        kind: 'dip',
        at: timeAt(data, offset + 1),
        hundredths: Math.max(0, bcdDigits(byteAt(data, offset))),
        duration: parseW2(data, offset + 7),
        isDip: byteAt(data, offset + 9) === 1,
        depth: parseW2(data, offset + 10),
      };
    case 'load-control':
      return { kind: 'load-control', at: timeAt(data, offset), code: data.slice(offset + 6, offset + 12) };
  }
}

/** Seven bytes, eight codes each: bit k of byte n is code 8n + k. */
function codesOf(data: Uint8Array, offset: number): number[] {
  const codes: number[] = [];
  for (let code = 0; code < 56; code += 1) if (((byteAt(data, offset + (code >> 3)) >> (code & 7)) & 1) === 1) codes.push(code);
  return codes;
}

/** `ss mm hh dd MM yy` in BCD; `null` for zeros and for what is no date. */
function timeAt(data: Uint8Array, offset: number): WallTime | null {
  return parseWall(
    byteAt(data, offset + 5),
    byteAt(data, offset + 4),
    byteAt(data, offset + 3),
    byteAt(data, offset + 2),
    byteAt(data, offset + 1),
    byteAt(data, offset),
  );
}

function isZero(data: Uint8Array, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index += 1) if (data[index] !== 0) return false;
  return true;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
