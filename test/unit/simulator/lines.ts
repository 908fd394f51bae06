import type { Fault } from '../../../src/main/simulator/faults.ts';
import { createPlant, type PlantOptions } from '../../../src/main/simulator/plant.ts';
import type { SimulatedSerialPort } from '../../../src/main/simulator/serial-bus.ts';
import type { WireSettings } from '../../../src/main/simulator/uart.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { request } from './readers.ts';

export const LINE = 'ТП-1';
export const STANDARD: WireSettings = { baudRate: 9600, format: '8N1' };
export const SERIAL_READ = [0x08, 0x00] as const;

/** What came over a port, and when after the last request. */
export class Listener {
  readonly port: SimulatedSerialPort;
  readonly #clock: FakeClock;
  segments: { readonly ms: number; readonly bytes: Uint8Array }[] = [];
  #sentAtMs = 0;

  constructor(port: SimulatedSerialPort, clock: FakeClock) {
    this.port = port;
    this.#clock = clock;
    port.onData((bytes) => this.segments.push({ ms: clock.monotonic() - this.#sentAtMs, bytes }));
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.segments.flatMap(({ bytes }) => [...bytes]));
  }

  /** Everything that comes within `waitMs` after a request; 5 ms of silence stand before it. */
  async ask(address: number, body: readonly number[], waitMs = 200): Promise<Uint8Array> {
    await this.#clock.advance(5);
    this.segments = [];
    this.#sentAtMs = this.#clock.monotonic();
    await this.port.write(request(address, ...body));
    await this.#clock.advance(waitMs);
    return this.bytes;
  }
}

/** A plant whose first line has an open serial port: no sockets, simulated time. All meters take 20 ms unless told otherwise. */
export async function serialPlant(faults: readonly Fault[] = [], options: Partial<PlantOptions> = {}, settings: WireSettings = STANDARD) {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const plant = createPlant({ clock, historyDays: 0, latencyMs: [20, 20], ...options });
  for (const fault of faults) plant.setFault(fault);
  const port = plant.serialPort(LINE, settings);
  await port.open();
  const meters = plant.truth.meters.filter(({ line }) => line === LINE);
  const [meter] = meters;
  if (meter === undefined) throw new Error('the line has no meter');
  return { clock, plant, meter, meters, listener: new Listener(port, clock) };
}

/** Serial of a reply to 08 00: two decimal digits a byte. */
export function serialOf(data: readonly number[]): string {
  return data
    .slice(0, 4)
    .map((byte) => String(byte).padStart(2, '0'))
    .join('');
}
