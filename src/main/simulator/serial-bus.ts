import { AppError } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Master, SimulatedBus } from './bus.ts';
import type { FaultBoard } from './faults.ts';
import { RequestFramer } from './framer.ts';
import { silenceMs, type WireSettings } from './uart.ts';

export interface SerialBusOptions {
  /** Name of the line. */
  readonly name: string;
  readonly bus: SimulatedBus;
  readonly clock: Clock;
  readonly faults: FaultBoard;
}

/** The adapter on a bus, without an operating system between: its port can be opened by one at a time. */
export class SimulatedAdapter {
  readonly options: SerialBusOptions;
  #user: SimulatedSerialPort | null = null;

  constructor(options: SerialBusOptions) {
    this.options = options;
  }

  /** A closed port with these settings; only with those of the bus do its meters answer. */
  port(settings: WireSettings): SimulatedSerialPort {
    return new SimulatedSerialPort(this, settings);
  }

  /** Rejects as a port of the computer does. */
  take(user: SimulatedSerialPort): void {
    const { name, bus, faults } = this.options;
    if (faults.onLine('drop-line', name) !== null) throw new AppError('line/open-failed', `${name}: the adapter is not there`);
    if (this.#user !== null) throw new AppError('line/in-use', `${name} is open already`);
    this.#user = user;
    bus.join(user);
  }

  release(user: SimulatedSerialPort): void {
    if (this.#user !== user) return;
    this.#user = null;
    this.options.bus.leave(user);
  }

  /** The adapter is pulled out. */
  unplug(): void {
    this.#user?.lose();
  }
}

/** Shaped as the port of a line (`Port` in `src/main/line`), which this layer does not know. */
export class SimulatedSerialPort implements Master {
  readonly kind = 'serial';
  readonly description: string;
  readonly settings: WireSettings;
  readonly #adapter: SimulatedAdapter;
  readonly #framer: RequestFramer;
  readonly #dataListeners = new Set<(segment: Uint8Array) => void>();
  readonly #closeListeners = new Set<(lost: AppError | null) => void>();
  #isOpen = false;

  constructor(adapter: SimulatedAdapter, settings: WireSettings) {
    const { name, bus, clock } = adapter.options;
    this.description = `serial:${name}`;
    this.settings = settings;
    this.#adapter = adapter;
    this.#framer = new RequestFramer(clock, silenceMs(settings), (request) => bus.request(request, this));
  }

  /** Rejects with `line/open-failed` when the line is dropped and `line/in-use` while another port of the line is open. */
  async open(): Promise<void> {
    this.#adapter.take(this);
    this.#isOpen = true;
  }

  /** Resolves at once; the bytes take their time on the wire all the same. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new AppError('line/lost', `${this.description} is not open`);
    this.#framer.add(bytes);
  }

  /** Nothing waits unread: what comes is handed over at once. */
  async discardInput(): Promise<void> {}

  onData(listener: (segment: Uint8Array) => void): () => void {
    this.#dataListeners.add(listener);
    return () => this.#dataListeners.delete(listener);
  }

  onClose(listener: (lost: AppError | null) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#down(null);
  }

  hear(bytes: Uint8Array): void {
    if (this.#isOpen) for (const listener of this.#dataListeners) listener(bytes);
  }

  lose(): void {
    this.#down(new AppError('line/lost', `${this.description}: the adapter went away`));
  }

  #down(lost: AppError | null): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#framer.clear();
    this.#adapter.release(this);
    for (const listener of this.#closeListeners) listener(lost);
  }
}
