import type { ApiEvent } from '../../shared/api/dispatch.ts';
import type { EventName, EventPayload } from '../../shared/api/events.ts';
import type { Logger } from '../platform/logger.ts';

type Listener = (event: ApiEvent) => void;

/**
 * Events on their way to the subscribers. Every subscriber sees them in the order of `emit`, also when a listener
 * emits by itself; a listener that throws is logged and keeps nobody else from the event.
 */
export class ApiEvents {
  readonly #logger: Logger;
  readonly #listeners = new Set<Listener>();
  readonly #queue: ApiEvent[] = [];
  #isDelivering = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const event: ApiEvent<N> = { name, payload };
    this.#queue.push(event);
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#deliver(next);
    this.#isDelivering = false;
  }

  /** Whether anybody would receive an event now. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Returns the unsubscribe function. The same function may be subscribed twice and is then called twice. */
  subscribe(listener: Listener): () => void {
    const entry: Listener = (event) => listener(event);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  #deliver(event: ApiEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ event: event.name, error: error instanceof Error ? error.stack : error }, 'A subscriber of events failed');
      }
    }
  }
}
