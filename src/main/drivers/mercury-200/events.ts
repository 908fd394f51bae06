/** Journals of the 200 family as events. */
import { AppError } from '../../../shared/api/errors.ts';
import type { MeterEvent, MeterEventKind } from '../../../shared/domain/meter-event.ts';
import type { ClockBasis, WallTime } from '../../../shared/domain/time.ts';
import { type MomentCode, momentCommand } from '../../protocol/mercury-200/clock.ts';
import { JOURNAL_RECORDS, journalCommand } from '../../protocol/mercury-200/journals.ts';
import { wallToUtc } from '../../protocol/mercury/clock.ts';
import type { JournalStep, Reading } from '../driver.ts';
import type { Conversation } from './conversation.ts';

/** Moments that the meter remembers: journals of one record. */
const MOMENT_EVENTS: Readonly<Record<MomentCode, MeterEventKind>> = {
  0x2b: 'power-off',
  0x2c: 'power-on',
  0x61: 'case-opened',
  0x62: 'case-closed',
};
const PARAMETERS = 0x36;

/**
 * Journals that become events. Records of 34, 35 and 3A are left out: what tells "on" from "off" in them is not printed
 * anywhere, so they are shown as items of the inventory.
 */
export const EVENT_JOURNALS: readonly number[] = [...Object.keys(MOMENT_EVENTS).map(Number), PARAMETERS];

/** One record of a journal; `step` is its number, 0 = the newest. An empty record ends the journal. */
export async function readStep(
  conversation: Conversation,
  journal: number,
  step: number,
  basis: ClockBasis,
): Promise<Reading<JournalStep>> {
  const event = (kind: MeterEventKind, wall: WallTime, details: MeterEvent['details']): MeterEvent => ({
    journal,
    kind,
    atUtc: wallToUtc(wall, false, basis),
    details,
  });
  if (isMoment(journal)) {
    const { value, exchange } = await conversation.askOrRefuse(momentCommand(journal));
    const events = value === null ? [] : [event(MOMENT_EVENTS[journal], value.wall, {})];
    return { value: { events, next: null }, exchanges: [exchange] };
  }
  if (journal !== PARAMETERS) throw new AppError('meter/unsupported', `Journal ${journal} is not read as events`);
  const { value, exchange } = await conversation.askOrRefuse(journalCommand(PARAMETERS, step));
  const { wall, code, extra } = value;
  const events = wall === null ? [] : [event('parameter-changed', wall, { code, parameter: extra })];
  const next = wall === null || step + 1 >= JOURNAL_RECORDS ? null : step + 1;
  return { value: { events, next }, exchanges: [exchange] };
}

function isMoment(journal: number): journal is MomentCode {
  return Object.hasOwn(MOMENT_EVENTS, journal);
}
