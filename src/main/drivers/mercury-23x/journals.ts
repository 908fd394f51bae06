/** Which journals a meter keeps, how they are read, and what their records become (mercury.md 4). */
import { AppError } from '../../../shared/api/errors.ts';
import type { MeterEvent, MeterEventKind } from '../../../shared/domain/meter-event.ts';
import { scaledText } from '../../../shared/domain/quantity.ts';
import type { ClockBasis, WallTime } from '../../../shared/domain/time.ts';
import { frameData } from '../../protocol/mercury/frame.ts';
import { hexOf } from '../../protocol/mercury/formats.ts';
import {
  ALL_RECORDS,
  isQualityJournal,
  JOURNAL_SLOTS,
  journalCommand,
  type JournalRecord,
  LAST_RECORD,
  qualityOf,
  QUALITY_BLOCK,
  QUALITY_SLOTS,
  slotsOf,
} from '../../protocol/mercury/journals.ts';
import type { JournalStep, Reading } from '../driver.ts';
import { stampUtc } from '../wall-clock.ts';
import type { Conversation } from './conversation.ts';
import { type Execution, isAtLeast } from './execution.ts';
import { BATCH_SINCE, NEWER_SINCE, NEWEST_RECORD_SINCE } from './table.ts';

type Kinds = readonly [first: MeterEventKind, second: MeterEventKind];
type Details = MeterEvent['details'];

/** Kinds of the events of a record: its first and second time, or its only one; details that the journal's number tells. */
interface Journal {
  readonly kinds: Kinds | readonly [MeterEventKind];
  readonly details?: Details;
}

/** Steps below are blocks of records; from here on they are single slots: what firmware without blocks is read by. */
const FIRST_SINGLE = 0x100;
const BLOCKS = QUALITY_SLOTS / QUALITY_BLOCK;
/** Two seals share this journal, and the last record is told of one of them alone. */
const CASE_JOURNAL = 0x12;
const SECOND_SEAL_SLOT = 5;

const phases = (first: number, kinds: Kinds): (readonly [number, Journal])[] =>
  [1, 2, 3].map((phase) => [first + phase - 1, { kinds, details: { phase } }] as const);

const JOURNALS: ReadonlyMap<number, Journal> = new Map<number, Journal>([
  [0x01, { kinds: ['power-on', 'power-off'] }],
  [0x02, { kinds: ['clock-before-correction', 'clock-after-correction'] }],
  ...phases(0x03, ['phase-on', 'phase-off']),
  [0x06, { kinds: ['power-limit-begin', 'power-limit-end'] }],
  [0x07, { kinds: ['tariff-schedule-changed'] }],
  [0x08, { kinds: ['holidays-changed'] }],
  [0x09, { kinds: ['registers-reset'] }],
  [0x0a, { kinds: ['profile-initialised'] }],
  ...[1, 2, 3, 4].map((tariff): readonly [number, Journal] => [0x0a + tariff, { kinds: ['energy-limit-exceeded'], details: { tariff } }]),
  [0x0f, { kinds: ['power-limit-changed'] }],
  [0x10, { kinds: ['energy-limit-changed'] }],
  [0x11, { kinds: ['losses-changed'] }],
  [CASE_JOURNAL, { kinds: ['case-opened', 'case-closed'] }],
  [0x13, { kinds: ['reprogrammed'] }],
  [0x14, { kinds: ['status-changed'] }],
  [0x15, { kinds: ['maxima-schedule-changed'] }],
  [0x16, { kinds: ['maxima-reset'] }],
  ...phases(0x17, ['current-on', 'current-off']),
  [0x1a, { kinds: ['magnet-begin', 'magnet-end'] }],
  ...Array.from({ length: 16 }, (_, index): readonly [number, Journal] => {
    const quality = qualityOf(0x20 + index);
    const phase = quality?.phase ?? null;
    const details = { quantity: phase === null ? 'F' : 'U', phase, limit: quality?.limit ?? null };
    return [0x20 + index, { kinds: ['quality-left', 'quality-returned'], details }];
  }),
  ...phases(0x30, ['voltage-dip', 'voltage-swell']),
  ...phases(0x80, ['reverse-current-begin', 'reverse-current-end']),
  ...phases(0x83, ['current-without-voltage-begin', 'current-without-voltage-end']),
  [0x86, { kinds: ['phase-sequence-begin', 'phase-sequence-end'] }],
  [0x87, { kinds: ['load-control'] }],
]);

/** Journals of 234 and 236 that the 230 does not know. */
const NEWER: ReadonlySet<number> = new Set([0x17, 0x18, 0x19, 0x1a, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86]);
/** Of three phases alone. */
const THREE_PHASE: ReadonlySet<number> = new Set([0x86]);

/** Journals to ask for, ascending: those of this variant and firmware that are not known to be missing. */
export function keptJournals({ variant, more, firmware }: Execution, conversation: Conversation): number[] {
  const isNewer = isAtLeast(firmware, NEWER_SINCE);
  const isKept = (journal: number, { details }: Journal): boolean => {
    if (NEWER.has(journal) && !isNewer) return false;
    const phase = details?.['phase'];
    if (variant?.phases === 1 && (THREE_PHASE.has(journal) || (typeof phase === 'number' && phase > 1))) return false;
    if (qualityOf(journal) !== null) return variant?.hasQualityControl === true;
    if (isQualityJournal(journal)) return more?.hasDipsJournal === true;
    if (journal === CASE_JOURNAL) return variant === null || variant.hasTopCoverSeal || variant.hasProtectiveCoverSeal;
    if (journal === 0x87) return isNewer && (variant?.hasRelay === true || variant?.hasExternalRelay === true);
    return true;
  };
  return [...JOURNALS]
    .filter(([journal, description]) => isKept(journal, description) && !conversation.isUnsupported(journalCommand(journal, 0)))
    .map(([journal]) => journal)
    .sort((a, b) => a - b);
}

/**
 * The last written record with its slot, as hex. A record with two times that is completed changes it too, and slots do not have to be
 * in any order for it. `null` where the firmware does not tell it, and for the journal of the case.
 */
export async function readNewestRecord(
  conversation: Conversation,
  { firmware }: Execution,
  journal: number,
): Promise<Reading<string | null>> {
  if (journal === CASE_JOURNAL || !isAtLeast(firmware, NEWEST_RECORD_SINCE)) return { value: null, exchanges: [] };
  const answer = await conversation.askOptional(journalCommand(journal, LAST_RECORD), { isRefusal: true });
  return answer === null ? { value: null, exchanges: [] } : { value: hexOf(frameData(answer.frame)), exchanges: [answer.exchange] };
}

/**
 * One exchange of a journal. Step 0 asks for all its records, or the first block of them, where the firmware may be asked;
 * otherwise, or once that is known to be missing, slot by slot. Throws `meter/unsupported` for a journal that is not kept.
 */
export async function readJournalStep(
  conversation: Conversation,
  { firmware }: Execution,
  basis: ClockBasis,
  journal: number,
  step: number,
): Promise<Reading<JournalStep>> {
  const isBlock = step < FIRST_SINGLE;
  const blockSelector = ALL_RECORDS - step;
  const slot = isBlock ? 0 : step - FIRST_SINGLE;
  if (slotsOf(journal, isBlock ? blockSelector : slot) === null) {
    throw new AppError('api/invalid-argument', `Journal ${journal} has no step ${step}`, { context: { journal, step } });
  }
  const canBlock = isBlock && isAtLeast(firmware, BATCH_SINCE);
  const block = canBlock ? await conversation.askOptional(journalCommand(journal, blockSelector), { isRefusal: true }) : null;
  const selector = block === null ? slot : blockSelector;
  const answer = block ?? (await conversation.askOptional(journalCommand(journal, selector)));
  if (answer === null) {
    throw new AppError('meter/unsupported', `The meter keeps no journal ${hexOf(Uint8Array.of(journal))}`, { context: { journal } });
  }
  const first = slotsOf(journal, selector)?.first ?? 0;
  const { records } = answer.value;
  const events = records.flatMap((record, index) => eventsOf(journal, record, first + index, basis));
  // A quality journal is filled from slot 0 up: behind an empty slot there is nothing. Case slots belong to two seals.
  const isEnd = isQualityJournal(journal) && records.some(({ kind }) => kind === 'empty');
  return {
    value: {
      events: events.sort((a, b) => a.atUtc - b.atUtc),
      next: isEnd ? null : nextStep(journal, block === null, selector, step),
    },
    exchanges: [answer.exchange],
  };
}

function nextStep(journal: number, isSingle: boolean, slot: number, step: number): number | null {
  const isQuality = isQualityJournal(journal);
  if (!isSingle) return isQuality && step + 1 < BLOCKS ? step + 1 : null;
  return slot + 1 < (isQuality ? QUALITY_SLOTS : JOURNAL_SLOTS) ? FIRST_SINGLE + slot + 1 : null;
}

/** Events of one record; a time of zeros or without sense gives none. */
export function eventsOf(journal: number, record: JournalRecord, slot: number, basis: ClockBasis): MeterEvent[] {
  const description = JOURNALS.get(journal);
  if (description === undefined || record.kind === 'empty') return [];
  const [firstKind, secondKind = firstKind] = description.kinds;
  const event = (kind: MeterEventKind, wall: WallTime | null, details: Details = {}): MeterEvent[] =>
    wall === null ? [] : [{ journal, kind, atUtc: stampUtc(wall, basis), details: { ...description.details, ...details } }];
  switch (record.kind) {
    case 'two-times': {
      const details = twoTimesDetails(journal, record, slot, basis);
      return [...event(firstKind, record.first, details), ...event(secondKind, record.second, details)];
    }
    case 'one-time':
      return event(firstKind, record.at);
    case 'reprogramming':
      return event(firstKind, record.day, { count: record.count, codes: record.codes.map((code) => hexOf(Uint8Array.of(code))) });
    case 'status-word':
      return event(firstKind, record.at, { faults: record.word.faults, flags: record.word.flags });
    case 'dip':
      return event(record.isDip ? firstKind : secondKind, record.at, {
        durationMs: record.duration === null ? null : record.duration * 10,
        percent: record.depth === null ? null : scaledText(BigInt(record.depth), -2),
      });
    case 'load-control':
      return event(firstKind, record.at, { code: hexOf(record.code) });
  }
}

/** Which seal, or by how much the clock was moved: its two times are before and after. */
function twoTimesDetails(
  journal: number,
  { first, second }: Extract<JournalRecord, { kind: 'two-times' }>,
  slot: number,
  basis: ClockBasis,
): Details {
  if (journal === CASE_JOURNAL) return { seal: slot < SECOND_SEAL_SLOT ? 'protective-cover' : 'top-cover' };
  if (journal !== 0x02 || first === null || second === null) return {};
  return { movedS: stampUtc(second, basis) - stampUtc(first, basis) };
}
