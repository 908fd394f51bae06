import type { Clock } from '../platform/clock.ts';
import type { SimulatedBus } from './bus.ts';
import { frame } from './wire.ts';

/** What it asks of each meter in turn: serial, channel open, energy, channel close - which closes our channel too. */
const REQUESTS = [[0x08, 0x00], [0x01, 0x01, 1, 1, 1, 1, 1, 1], [0x05, 0x00, 0x00], [0x02]] as const;

/** Somebody else's program, wired to the same bus, that polls its meters and waits for nobody. */
export class ForeignMaster {
  readonly #bus: SimulatedBus;
  readonly #clock: Clock;
  #cancel: (() => void) | null = null;
  #periodMs = 0;
  #step = 0;

  constructor(bus: SimulatedBus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Sends a request each `periodMs`; while it runs already, from its next request on. */
  start(periodMs: number): void {
    this.#periodMs = periodMs;
    this.#cancel ??= this.#clock.after(periodMs, () => this.#tick());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #tick(): void {
    this.#cancel = this.#clock.after(this.#periodMs, () => this.#tick());
    this.#ask();
  }

  #ask(): void {
    const { meters } = this.#bus;
    const meter = meters[Math.floor(this.#step / REQUESTS.length) % meters.length];
    const body = REQUESTS[this.#step % REQUESTS.length];
    this.#step += 1;
    if (meter !== undefined && body !== undefined) this.#bus.intrude(frame(meter.address, body));
  }
}
