/** Reads the journals of one meter from end to end, one exchange at a time, once after the start and then once in a period. */
import { asAppError } from '../../shared/api/errors.ts';
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Batch } from './ledger-keeper.ts';
import { isRefusal } from './refusals.ts';

export interface JournalReaderDeps {
  readonly clock: Clock;
  /** Seconds from one round to the next; null = journals are not read. */
  readonly periodS: number | null;
  readonly save: (batch: Batch) => void;
}

interface Place {
  readonly journal: number;
  readonly step: number;
}

export class JournalReader {
  readonly #deps: JournalReaderDeps;
  #dueAt = 0;
  /** What is left of the running round; null between rounds. */
  #places: Place[] | null = null;

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
      if (place === null) this.#places = (await session.journals()).map((journal) => ({ journal, step: 0 }));
      else await this.#readStep(session, place);
    } catch (thrown) {
      const error = asAppError(thrown);
      // After silence the same step is worth another try.
      if (!isRefusal(error)) throw error;
      this.#places = this.#places?.slice(1) ?? [];
      if (error.code !== 'meter/unsupported') throw error;
    } finally {
      this.#endIfDone();
    }
  }

  async #readStep(session: MeterSession, { journal, step }: Place): Promise<void> {
    const { value, exchanges } = await session.readJournal(journal, step);
    if (value.events.length > 0) this.#deps.save({ exchanges, events: value.events });
    const next = value.next === null ? [] : [{ journal, step: value.next }];
    this.#places = [...next, ...(this.#places?.slice(1) ?? [])];
  }

  #endIfDone(): void {
    if (this.#places === null || this.#places.length > 0) return;
    this.#places = null;
    this.#dueAt = this.#deps.clock.monotonic() + (this.#deps.periodS ?? 0) * 1000;
  }
}
