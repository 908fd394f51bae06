import { AppError } from '../../src/shared/api/errors.ts';
import type { Port } from '../../src/main/line/port.ts';
import { bytesOf, loadVectors, type Vector } from '../unit/protocol/mercury/vectors.ts';
import { loadVectors200 } from '../unit/protocol/mercury-200/vectors.ts';

/** One published request with what came back. */
export interface RecordedExchange {
  readonly id: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/** Published exchanges of one meter: one source, one address. Exchanges without a request or a response cannot be replayed. */
export interface RecordedMeter {
  readonly source: string;
  readonly address: number;
  readonly exchanges: readonly RecordedExchange[];
}

/** All published exchanges of the 23x family, by source and address. */
export function recordedMeters(): readonly RecordedMeter[] {
  return byMeter(loadVectors(), (request) => request[0] ?? 0);
}

/** All published exchanges of the 200 family, by source and address. */
export function recordedMeters200(): readonly RecordedMeter[] {
  return byMeter(loadVectors200(), (request) => Buffer.from(request).readUInt32BE(0));
}

function byMeter(vectors: readonly Vector[], addressOf: (request: Uint8Array) => number): readonly RecordedMeter[] {
  const meters = new Map<string, { source: string; address: number; exchanges: RecordedExchange[] }>();
  for (const { id, source, request_hex, response_hex } of vectors) {
    if (request_hex === null || response_hex === null) continue;
    const request = bytesOf(request_hex);
    const address = addressOf(request);
    const key = `${source} ${address}`;
    const meter = meters.get(key) ?? { source, address, exchanges: [] };
    meter.exchanges.push({ id, request, response: bytesOf(response_hex) });
    meters.set(key, meter);
  }
  return [...meters.values()];
}

/**
 * A port with one recorded meter behind it: it answers the published requests byte for byte and is silent to all others.
 * Where one request was published with several responses they come in turn, the last one again and again.
 */
export class RecordedPort implements Port {
  readonly description: string;
  readonly kind = 'memory';
  /** Ids of the exchanges that were replayed, and hex of the requests that nobody answered. */
  readonly replayed: string[] = [];
  readonly unanswered: string[] = [];
  readonly #exchanges: readonly RecordedExchange[];
  readonly #echoes: boolean;
  readonly #listeners = new Set<(segment: Uint8Array) => void>();
  readonly #closeListeners = new Set<(lost: AppError | null) => void>();
  #isOpen = false;

  /** `echoes`: every request comes back before the reply, as adapters that hear themselves do. */
  constructor(meter: RecordedMeter, options: { readonly echoes?: boolean } = {}) {
    this.description = `recorded:${meter.source}:${meter.address}`;
    this.#exchanges = meter.exchanges;
    this.#echoes = options.echoes ?? false;
  }

  open(): Promise<void> {
    this.#isOpen = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#isOpen = false;
    for (const listener of this.#closeListeners) listener(null);
    return Promise.resolve();
  }

  /** The reply comes in two segments: nothing may hang on where a converter cuts. */
  write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) return Promise.reject(new AppError('line/lost', `${this.description} is not open`));
    if (this.#echoes) this.#emit(bytes);
    const exchange = this.#next(bytes);
    if (exchange === null) {
      this.unanswered.push(Buffer.from(bytes).toString('hex').toUpperCase());
      return Promise.resolve();
    }
    this.replayed.push(exchange.id);
    const half = exchange.response.length >> 1;
    this.#emit(exchange.response.subarray(0, half));
    this.#emit(exchange.response.subarray(half));
    return Promise.resolve();
  }

  discardInput(): Promise<void> {
    return Promise.resolve();
  }

  onData(listener: (segment: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onClose(listener: (lost: AppError | null) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  #next(request: Uint8Array): RecordedExchange | null {
    const published = this.#exchanges.filter((exchange) => Buffer.compare(exchange.request, request) === 0);
    return published.find(({ id }) => !this.replayed.includes(id)) ?? published.at(-1) ?? null;
  }

  #emit(segment: Uint8Array): void {
    for (const listener of this.#listeners) listener(segment);
  }
}
