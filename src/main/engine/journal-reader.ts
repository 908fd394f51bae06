/**
 * Reads the journals of one meter, one exchange at a time, after the start and then once in a period. A journal is passed over only on
 * proof: it was read to its end and stored, in this run or an earlier one, and the meter has written nothing into it since.
 */
import { asAppError, hasCode } from '../../shared/api/errors.ts';
import type { JournalRead, MeterEvent } from '../../shared/domain/meter-event.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSession } from '../drivers/driver.ts';
import { MOST_CORRECTION_MS } from '../metering/clock-policy.ts';
import type { Clock } from '../platform/clock.ts';
import type { Batch } from './ledger-keeper.ts';
import type { EngineStore } from './ports.ts';
import type { Range } from './ranges.ts';
import { isRefusal } from './refusals.ts';

/** Records do not stand in the order of their numbers, so a journal is read whole or not at all; after so long in any case. */
const PROOF_HOLDS_S = 30 * 86_400;
/** Events stand in the meter's time, reads in that of the PC. */
const LARGEST_DEVIATION_S = 2 * 86_400;

export interface JournalReaderDeps {
  readonly clock: Clock;
  /** Seconds from one round to the next; null = journals are not read. */
  readonly periodS: number | null;
  readonly meterId: number;
  readonly store: Pick<EngineStore, 'commit' | 'journalReads'>;
  readonly onStoreFault: (error: unknown) => void;
  /** The clock was set back from the end of the range to its beginning, and the meter has recorded these times anew. */
  readonly onClockSetBack: (range: Range) => void;
}

interface Place {
  readonly journal: number;
  /** What comes next; null = the newest record, to be compared. */
  readonly step: number | null;
  /** The newest record when the journal was begun. */
  readonly newest: string | null;
  /** Events on their way to the store. */
  readonly saves: readonly Promise<boolean>[];
}

export class JournalReader {
  readonly #deps: JournalReaderDeps;
  #dueAt = 0;
  /** When the running round began: all of its journals fall due together. */
  #roundUtc: UtcSeconds = 0;
  /** By number of the journal; null until the first round. */
  #reads: Map<number, JournalRead> | null = null;
  /** What is left of the running round; null between rounds. */
  #places: readonly Place[] | null = null;

  constructor(deps: JournalReaderDeps) {
    this.#deps = deps;
  }

  /** Monotonic moment at which there is something to read. */
  get dueAt(): number {
    return this.#deps.periodS === null ? Number.POSITIVE_INFINITY : this.#dueAt;
  }

  /** One step of the round. What the meter refuses is left until the next round; the refusal is thrown unless it is the meter's nature. */
  async read(session: MeterSession): Promise<void> {
    const place = this.#places?.[0] ?? null;
    try {
      if (place === null) await this.#beginRound(session);
      else if (place.step === null) await this.#compare(session, place);
      else await this.#readStep(session, place, place.step);
    } catch (thrown) {
      const error = asAppError(thrown);
      // After silence the same step is worth another try.
      if (!isRefusal(error)) throw error;
      this.#goOn(null);
      if (error.code !== 'meter/unsupported') throw error;
    } finally {
      this.#endIfDone();
    }
  }

  /** A journal whose newest record the meter does not tell is read once in a period, whenever the program was started. */
  async #beginRound(session: MeterSession): Promise<void> {
    const { store, meterId } = this.#deps;
    this.#roundUtc = this.#nowUtc();
    this.#reads ??= new Map(store.journalReads(meterId).map((read) => [read.journal, read]));
    const due = (await session.journals()).filter((journal) => this.#restS(this.#reads?.get(journal)) <= 0);
    this.#places = due.map((journal) => ({ journal, step: null, newest: null, saves: [] }));
  }

  async #compare(session: MeterSession, place: Place): Promise<void> {
    const { value: newest } = await session.readNewestRecord(place.journal);
    const read = this.#reads?.get(place.journal);
    const isProven = newest !== null && read?.newest === newest && this.#ageS(read) < PROOF_HOLDS_S;
    this.#goOn(isProven ? null : { ...place, step: 0, newest });
  }

  async #readStep(session: MeterSession, place: Place, step: number): Promise<void> {
    const { value, exchanges } = await session.readJournal(place.journal, step);
    this.#noteSets(place.journal, value.events);
    const saves = value.events.length === 0 ? place.saves : [...place.saves, this.#save({ exchanges, events: value.events })];
    if (value.next === null) this.#finish(place.journal, place.newest, saves);
    this.#goOn(value.next === null ? null : { ...place, step: value.next, saves });
  }

  /** Sets that are new since the last read; smaller ones are corrections, within which nothing is recorded twice. */
  #noteSets(journal: number, events: readonly MeterEvent[]): void {
    const sinceUtc = (this.#reads?.get(journal)?.atUtc ?? Number.NEGATIVE_INFINITY) - LARGEST_DEVIATION_S;
    for (const { kind, atUtc, details } of events) {
      const movedS = typeof details.movedS === 'number' ? details.movedS : 0;
      if (kind !== 'clock-before-correction' || movedS * -1000 <= MOST_CORRECTION_MS || atUtc < sinceUtc) continue;
      this.#deps.onClockSetBack({ fromUtc: atUtc + movedS, toUtc: atUtc });
    }
  }

  /** What was written while the journal was being read comes after `newest`, and is found by the next round. */
  #finish(journal: number, newest: string | null, saves: readonly Promise<boolean>[]): void {
    const atUtc = this.#roundUtc;
    void Promise.all(saves).then((areDurable) => {
      if (areDurable.includes(false)) return;
      const journalRead = { journal, newest, atUtc };
      this.#reads?.set(journal, journalRead);
      void this.#save({ journalRead });
    });
  }

  /** Resolves with whether the batch is durable. */
  #save(batch: Batch): Promise<boolean> {
    const { store, meterId, onStoreFault } = this.#deps;
    return store.commit({ meterId, atUtc: this.#nowUtc(), ...batch }).then(
      () => true,
      (error: unknown) => {
        // The end of the program: the next run reads the journal again.
        if (!hasCode(error, 'api/cancelled')) onStoreFault(error);
        return false;
      },
    );
  }

  /** The first place of the round becomes another, or is done with. */
  #goOn(place: Place | null): void {
    this.#places = [...(place === null ? [] : [place]), ...(this.#places?.slice(1) ?? [])];
  }

  #endIfDone(): void {
    if (this.#places === null || this.#places.length > 0) return;
    this.#places = null;
    const { clock, periodS } = this.#deps;
    const rests = [...(this.#reads?.values() ?? [])].map((read) => this.#restS(read)).filter((restS) => restS > 0);
    this.#dueAt = clock.monotonic() + Math.min(periodS ?? 0, ...rests) * 1000;
  }

  /** Seconds until a journal has to be asked about again; 0 for one whose newest record can be compared. */
  #restS(read: JournalRead | undefined): number {
    return read === undefined || read.newest !== null ? 0 : (this.#deps.periodS ?? 0) - this.#ageS(read);
  }

  /** A read in the future of the PC's clock proves nothing. */
  #ageS({ atUtc }: JournalRead): number {
    const ageS = this.#nowUtc() - atUtc;
    return ageS < 0 ? Number.POSITIVE_INFINITY : ageS;
  }

  #nowUtc(): UtcSeconds {
    return Math.floor(this.#deps.clock.now() / 1000);
  }
}
