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

  /** One step of the round. A journal that the meter refuses is left until the next round; the refusal is thrown unless it is its nature. */
  async read(session: MeterSession): Promise<void> {
    const places = this.#places;
    if (places === null) {
      this.#places = (await session.journals()).map((journal) => ({ journal, step: 0 }));
      this.#endIfDone();
      return;
    }
    const place = places[0];
    try {
      if (place === undefined) return;
      const { value, exchanges } = await session.readJournal(place.journal, place.step);
      if (value.events.length > 0) this.#deps.save({ exchanges, events: value.events });
      places.splice(0, 1, ...(value.next === null ? [] : [{ journal: place.journal, step: value.next }]));
    } catch (thrown) {
      const error = asAppError(thrown);
      // After silence the same step is worth another try.
      if (!isRefusal(error)) throw error;
      places.shift();
      if (error.code !== 'meter/unsupported') throw error;
    } finally {
      this.#endIfDone();
    }
  }

  #endIfDone(): void {
    if (this.#places === null || this.#places.length > 0) return;
    this.#places = null;
    this.#dueAt = this.#deps.clock.monotonic() + (this.#deps.periodS ?? 0) * 1000;
  }
}
