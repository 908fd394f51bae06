import type { Clock } from '../platform/clock.ts';
import { isWhole } from './wire.ts';

/** Cuts what a client sends into requests: a request is whole when its checksum is good; after a silence the rest is dropped. */
export class RequestFramer {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #onRequest: (request: Uint8Array) => void;
  #received = new Uint8Array();
  #forget: () => void = () => {};

  constructor(clock: Clock, silenceMs: number, onRequest: (request: Uint8Array) => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onRequest = onRequest;
  }

  add(segment: Uint8Array): void {
    this.#forget();
    const bytes = new Uint8Array(this.#received.length + segment.length);
    bytes.set(this.#received);
    bytes.set(segment, this.#received.length);
    if (isWhole(bytes)) {
      this.#received = new Uint8Array();
      this.#onRequest(bytes);
      return;
    }
    this.#received = bytes;
    // The rest may be on its way; after the silence the meters drop what they have.
    this.#forget = this.#clock.after(this.#silenceMs, () => this.clear());
  }

  clear(): void {
    this.#forget();
    this.#received = new Uint8Array();
  }
}
