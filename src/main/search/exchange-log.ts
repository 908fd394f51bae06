import type { LogEntry } from '../../shared/api/search.ts';
import { overheardPasswords } from '../drivers/mercury-frames.ts';
import { hexText } from '../line/exchange-text.ts';

/** Twenty minutes of a search without a pause. */
const ENTRIES_KEPT = 20_000;

/** The raw exchanges of one search in their order; the oldest make room for the newest. */
export class ExchangeLog {
  readonly #entries: LogEntry[] = [];
  readonly #onEntry: ((entry: LogEntry) => void) | null;
  #last = 0;

  constructor(onEntry: ((entry: LogEntry) => void) | null) {
    this.#onEntry = onEntry;
  }

  /** Sequence of the newest entry, 0 before the first. */
  get last(): number {
    return this.#last;
  }

  add(entry: Omit<LogEntry, 'sequence'>): void {
    this.#last += 1;
    const numbered = { sequence: this.#last, ...entry };
    this.#entries[(this.#last - 1) % ENTRIES_KEPT] = numbered;
    this.#onEntry?.(numbered);
  }

  /** Entries after a sequence number, oldest first. */
  after(sequence: number, limit: number): LogEntry[] {
    const first = Math.max(sequence + 1, this.#last - ENTRIES_KEPT + 1);
    const count = Math.max(0, Math.min(limit, this.#last - first + 1));
    return Array.from({ length: count }, (_, index) => this.#entries[(first + index - 1) % ENTRIES_KEPT] ?? []).flat();
  }
}

/** Everything that came; what another master sends may hold a password, and no password reaches a log or a finding. */
export function shownHex(received: Uint8Array): string {
  return hexText(received, false, overheardPasswords(received));
}
