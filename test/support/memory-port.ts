import type { AppError } from '../../src/shared/api/errors.ts';
import type { Port } from '../../src/main/line/port.ts';
import { PortListeners } from '../../src/main/line/port-listeners.ts';
import type { Clock } from '../../src/main/platform/clock.ts';

/** A piece of what comes back; `afterMs` counts from the write of the request. */
export interface ScriptedSegment {
  readonly afterMs: number;
  readonly bytes: Uint8Array;
}

/** What the far end does with a request: segments at their times, nothing, or a torn line. */
export type Responder = (request: Uint8Array, index: number) => readonly ScriptedSegment[];

/** A port without an operating system: what is written goes to a responder, its segments come back by the clock that the test moves. */
export class MemoryPort implements Port {
  readonly kind = 'memory';
  readonly description = 'memory:test';
  /** Every request, with the moment of its write by the monotonic clock. */
  readonly written: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  /** How many times unread input was thrown away. */
  discards = 0;
  /** How many times it was opened. */
  opens = 0;
  /** When set, `open` rejects with it. */
  openFault: AppError | null = null;
  /** When set, `write` gives this instead of succeeding at once. */
  writeResult: (() => Promise<void>) | null = null;
  readonly #clock: Clock;
  readonly #respond: Responder;
  readonly #listeners = new PortListeners();
  #isOpen = false;

  constructor(clock: Clock, respond: Responder) {
    this.#clock = clock;
    this.#respond = respond;
  }

  open(): Promise<void> {
    if (this.openFault !== null) return Promise.reject(this.openFault);
    this.#isOpen = true;
    this.opens += 1;
    return Promise.resolve();
  }

  write(bytes: Uint8Array): Promise<void> {
    this.written.push({ atMs: this.#clock.monotonic(), bytes });
    for (const segment of this.#respond(bytes, this.written.length - 1)) this.receiveAfter(segment.afterMs, segment.bytes);
    return this.writeResult?.() ?? Promise.resolve();
  }

  discardInput(): Promise<void> {
    this.discards += 1;
    return Promise.resolve();
  }

  onData(listener: (segment: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener);
  }

  onClose(listener: (lost: AppError | null) => void): () => void {
    return this.#listeners.onClose(listener);
  }

  close(): Promise<void> {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#listeners.closed(null);
    }
    return Promise.resolve();
  }

  /** Bytes come in, asked for or not. */
  receiveAfter(ms: number, bytes: Uint8Array): void {
    this.#clock.after(ms, () => {
      if (this.#isOpen) this.#listeners.data(bytes);
    });
  }

  /** The line is torn away. */
  lose(error: AppError): void {
    this.#isOpen = false;
    this.#listeners.closed(error);
  }
}
