/** Journals of the 200 family as events. */
import { AppError } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { MeterEvent, MeterEventKind } from '../../../shared/domain/meter-event.ts';
import { type ClockBasis, wallAsUtc, type WallTime } from '../../../shared/domain/time.ts';
import { type MomentCode, momentCommand } from '../../protocol/mercury-200/clock.ts';
import type { Command200 } from '../../protocol/mercury-200/command.ts';
import { JOURNAL_RECORDS, type JournalCode, journalCommand } from '../../protocol/mercury-200/journals.ts';
import { wallToUtc } from '../../protocol/mercury/clock.ts';
import type { JournalStep, Reading } from '../driver.ts';
import { type Conversation, requireAnswer } from './conversation.ts';

/** Moments that the meter remembers: journals of one record. */
const MOMENT_EVENTS: Readonly<Record<MomentCode, MeterEventKind>> = {
  0x2b: 'power-off',
  0x2c: 'power-on',
  0x61: 'case-opened',
  0x62: 'case-closed',
};
/** Journals whose records tell two events apart by their first byte, with the moments that prove which is which. */
const PAIRED: Readonly<Partial<Record<JournalCode, readonly [MomentCode, MomentCode]>>> = { 0x34: [0x2b, 0x2c], 0x35: [0x61, 0x62] };
/** Where a moment is filed: it is the newest record of its journal told once more, and one event must have one key. */
const JOURNAL_OF: Readonly<Record<MomentCode, JournalCode>> = { 0x2b: 0x34, 0x2c: 0x34, 0x61: 0x35, 0x62: 0x35 };
const PARAMETERS = 0x36;
/** The newest records of a paired journal: one of either kind as a rule. */
const PROVING_RECORDS = 2;

/** Journals that become events. Those of the relay (3A) do not: nothing proves which of its records is "on". */
export const EVENT_JOURNALS: readonly number[] = [0x2b, 0x2c, 0x34, 0x35, PARAMETERS, 0x61, 0x62];

/** Reads journals of one meter; keeps what the first byte of a record has been proved to mean. */
export class EventReader {
  readonly #conversation: Conversation;
  readonly #basis: ClockBasis;
  readonly #meanings = new Map<number, ReadonlyMap<number, MeterEventKind>>();

  constructor(conversation: Conversation, basis: ClockBasis) {
    this.#conversation = conversation;
    this.#basis = basis;
  }

  /** Record 0 is the newest. A moment is all that its journal holds: reading it costs no more than comparing it. */
  async readNewest(journal: number): Promise<Reading<string | null>> {
    if (!isRecords(journal)) return { value: null, exchanges: [] };
    const exchanges: CompletedExchange[] = [];
    return { value: JSON.stringify(await this.#ask(journalCommand(journal, 0), exchanges)), exchanges };
  }

  /** One record of a journal; `step` is its number, 0 = the newest. An empty record ends the journal. */
  async readStep(journal: number, step: number): Promise<Reading<JournalStep>> {
    const exchanges: CompletedExchange[] = [];
    if (isMoment(journal)) {
      const stamp = await this.#ask(momentCommand(journal), exchanges);
      const events = stamp === null ? [] : [this.#event(JOURNAL_OF[journal], MOMENT_EVENTS[journal], stamp.wall, {})];
      return { value: { events, next: null }, exchanges };
    }
    if (!isRecords(journal)) {
      throw new AppError('meter/unsupported', `Journal ${journal} is not read as events`);
    }
    const { wall, code, extra } = await this.#ask(journalCommand(journal, step), exchanges);
    if (wall === null) return { value: { events: [], next: null }, exchanges };
    const kind = journal === PARAMETERS ? 'parameter-changed' : (await this.#meaningOf(journal, exchanges)).get(code);
    if (kind === undefined) {
      throw new AppError('meter/unsupported', `Nothing proves what a record with code ${code} of journal ${journal} means`);
    }
    const details = journal === PARAMETERS ? { code, parameter: extra } : {};
    const next = step + 1 < JOURNAL_RECORDS ? step + 1 : null;
    return { value: { events: [this.#event(journal, kind, wall, details)], next }, exchanges };
  }

  /**
   * What the first byte of a record means: no document prints it, so the meter itself has to tell. A record whose moment is
   * that of the last such event proves its code. A code that is proved for both means neither.
   */
  async #meaningOf(journal: 0x34 | 0x35, exchanges: CompletedExchange[]): Promise<ReadonlyMap<number, MeterEventKind>> {
    const known = this.#meanings.get(journal);
    if (known !== undefined) return known;
    const moments: [MomentCode, WallTime][] = [];
    for (const code of PAIRED[journal] ?? []) {
      const stamp = await this.#ask(momentCommand(code), exchanges);
      if (stamp !== null) moments.push([code, stamp.wall]);
    }
    const meaning = new Map<number, MeterEventKind>();
    const doubtful = new Set<number>();
    for (let index = 0; index < PROVING_RECORDS; index += 1) {
      const { wall, code } = await this.#ask(journalCommand(journal, index), exchanges);
      for (const [moment, at] of moments) {
        if (wall === null || wallAsUtc(wall) !== wallAsUtc(at)) continue;
        const kind = MOMENT_EVENTS[moment];
        if ((meaning.get(code) ?? kind) !== kind) doubtful.add(code);
        meaning.set(code, kind);
      }
    }
    for (const code of doubtful) meaning.delete(code);
    this.#meanings.set(journal, meaning);
    return meaning;
  }

  async #ask<T>(command: Command200<T>, exchanges: CompletedExchange[]): Promise<T> {
    const { value, exchange } = requireAnswer(await this.#conversation.askUnlessSilent(command), command.label);
    exchanges.push(exchange);
    return value;
  }

  #event(journal: number, kind: MeterEventKind, wall: WallTime, details: MeterEvent['details']): MeterEvent {
    return { journal, kind, atUtc: wallToUtc(wall, false, this.#basis), details };
  }
}

/** Journals of records that become events. */
function isRecords(journal: number): journal is typeof PARAMETERS | 0x34 | 0x35 {
  return journal === PARAMETERS || journal === 0x34 || journal === 0x35;
}

function isMoment(journal: number): journal is MomentCode {
  return Object.hasOwn(MOMENT_EVENTS, journal);
}
