import type { ErrorCode } from '../../shared/api/errors.ts';

/** What a line has done since it was made; grows for ever, through reopening too. */
export interface BusCounters {
  readonly exchanges: number;
  readonly failures: number;
  readonly failuresByCode: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Both directions, stray bytes included. */
  readonly bytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes that nobody was waiting for: late replies, noise, another master. */
  readonly strayBytes: number;
  /** From the first request byte to the last response byte or the time-out, summed, milliseconds. */
  readonly busyMs: number;
  /** PC clock, milliseconds since 1970; `null` before the first exchange. */
  readonly lastExchangeAtMs: number | null;
}

/** Counts for one line; the bus adds as bytes go and come. */
export class Counts {
  bytesIn = 0;
  bytesOut = 0;
  strayBytes = 0;
  #exchanges = 0;
  #failures = 0;
  readonly #failuresByCode: Partial<Record<ErrorCode, number>> = {};
  #busyMs = 0;
  #lastExchangeAtMs: number | null = null;

  /** One more exchange is over; `code` is that of its failure. */
  ended(code: ErrorCode | null, durationMs: number, nowMs: number): void {
    this.#exchanges += 1;
    this.#busyMs += durationMs;
    this.#lastExchangeAtMs = nowMs;
    if (code === null) return;
    this.#failures += 1;
    this.#failuresByCode[code] = (this.#failuresByCode[code] ?? 0) + 1;
  }

  snapshot(): BusCounters {
    return {
      exchanges: this.#exchanges,
      failures: this.#failures,
      failuresByCode: { ...this.#failuresByCode },
      bytes: this.bytesIn + this.bytesOut,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      strayBytes: this.strayBytes,
      busyMs: this.#busyMs,
      lastExchangeAtMs: this.#lastExchangeAtMs,
    };
  }
}
