import type { Clock } from '../platform/clock.ts';
import { SimulatedBus, type LineTraffic, type MeterOnLine } from './bus.ts';
import type { FaultBoard } from './faults.ts';
import { ForeignMaster } from './foreign-master.ts';
import { SimulatedGateway } from './gateway.ts';
import { SimulatedAdapter, type SimulatedSerialPort } from './serial-bus.ts';
import type { WireSettings } from './uart.ts';

const FOREIGN_PERIOD_MS = 700;

export interface LineOptions {
  readonly name: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly meters: readonly MeterOnLine[];
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly seed: number;
  /** Bytes take their time. */
  readonly hasWireTime: boolean;
  /** Speed and character format of the bus. */
  readonly settings: WireSettings;
}

/** A bus of meters and the ways to it: a TCP gateway, and an adapter with a serial port inside this process. */
export class SimulatedLine {
  readonly name: string;
  readonly #faults: FaultBoard;
  readonly #bus: SimulatedBus;
  readonly #gateway: SimulatedGateway;
  readonly #adapter: SimulatedAdapter;
  readonly #foreign: ForeignMaster;
  #isDropped = false;

  constructor(options: LineOptions) {
    this.name = options.name;
    this.#faults = options.faults;
    this.#bus = new SimulatedBus(options);
    this.#gateway = new SimulatedGateway({ ...options, bus: this.#bus });
    this.#adapter = new SimulatedAdapter({ ...options, bus: this.#bus });
    this.#foreign = new ForeignMaster(this.#bus, options.clock);
  }

  /** The TCP port listened on; known once `open` has resolved. */
  get port(): number {
    return this.#gateway.port;
  }

  get traffic(): LineTraffic {
    return this.#bus.traffic;
  }

  /** The gateway listens; rejects with `line/open-failed`. */
  open(): Promise<void> {
    return this.#gateway.open();
  }

  /** Ends all connections and everything that is on its way. */
  async close(): Promise<void> {
    this.#foreign.stop();
    this.#bus.clear();
    this.#adapter.unplug();
    await this.#gateway.close();
  }

  /** A closed port; its meters answer when the settings are those of the bus. */
  serialPort(settings: WireSettings): SimulatedSerialPort {
    return this.#adapter.port(settings);
  }

  addMeter(meter: MeterOnLine): void {
    this.#bus.addMeter(meter);
  }

  removeMeter(meter: MeterOnLine): void {
    this.#bus.removeMeter(meter);
  }

  /** Does what the faults in force ask for beyond single exchanges; to be called whenever they have changed. */
  followFaults(): void {
    const foreign = this.#faults.onLine('foreign-master', this.name);
    if (foreign === null) this.#foreign.stop();
    else this.#foreign.start(foreign.period_ms ?? FOREIGN_PERIOD_MS);
    if (this.#faults.onLine('one-client', this.name) !== null) this.#gateway.keepOneClient();
    const isDropped = this.#faults.onLine('drop-line', this.name) !== null;
    if (isDropped === this.#isDropped) return;
    this.#isDropped = isDropped;
    if (!isDropped) {
      this.#gateway.reopen();
      return;
    }
    this.#bus.clear();
    this.#adapter.unplug();
    void this.#gateway.close();
  }
}
