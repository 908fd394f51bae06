import type { Clock } from '../platform/clock.ts';
import { assemble, type MeterSpec } from './assembly.ts';
import { SimulatedBus } from './bus.ts';
import { FAMILIES } from './families.ts';
import { FaultBoard, type LineFault } from './faults.ts';
import { hash, pick } from './hash.ts';
import { TRAINING_PLANT } from './layout.ts';
import { meterOf } from './meter-place.ts';
import { SimulatedAdapter, type SimulatedSerialPort } from './serial-bus.ts';
import { twinOf } from './twin.ts';
import type { WireSettings } from './uart.ts';

const NAME = 'bus';
const LAST_ADDRESS = 240;
const CHANCE = { settings: 81, meters: 82, moved: 83, address: 84, fate: 85, echo: 86, noise: 87, bus: 88 };
const SPEEDS = [2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200] as const;
const FORMATS = ['8N1', '8E1', '8O1'] as const;

export interface RandomBusOptions {
  readonly clock: Clock;
  /** How many different addresses are taken, 1..240. Default: 1 to 40, by the seed. */
  readonly meters?: number;
  /** From the end of a request to the first byte of the reply. Default 5 to 50. */
  readonly latencyMs?: readonly [min: number, max: number];
  /** Default true. */
  readonly hasWireTime?: boolean;
  /** Default: by the seed, 2400 and faster; half of all buses have 9600 8N1. */
  readonly settings?: WireSettings;
  /** Nobody dead, no shared address, no echo, no noise. Default false. */
  readonly isHealthy?: boolean;
}

/** A meter where it is. */
export interface Placed {
  readonly serial: string;
  readonly address: number;
}

/** What a search of the bus must and may say. Serials that stand nowhere here are phantoms. */
export interface RandomBusTruth {
  readonly settings: WireSettings;
  /** Alive and alone at their address: a thorough search finds each. */
  readonly findable: readonly Placed[];
  /** Two meters at one address: the collision must be named; either serial may be read by luck, and then it is true. */
  readonly shared: readonly { readonly address: number; readonly serials: readonly [string, string] }[];
  /** Alive, but they answer to address 0 only, where they collide with all others: not to be found unless alone. */
  readonly zeroOnly: readonly string[];
  /** Not to be found. `address` is where they are silent. */
  readonly dead: readonly Placed[];
  readonly hasEcho: boolean;
  /** Share of the exchanges with stray bytes, 0..1. */
  readonly noiseRate: number;
}

export interface RandomBus {
  readonly truth: RandomBusTruth;
  /** A closed port on the bus; its meters answer when the settings are theirs. One port at a time is open. */
  port(settings: WireSettings): SimulatedSerialPort;
}

/**
 * A bus of meters at addresses of chance, for properties that must hold on any bus: some meters dead, some twice at one address,
 * some answering to 0 only, an echoing adapter, noise. Without history and without sockets, so that hundreds of buses cost little and
 * run in simulated time. All of it follows from the seed.
 */
export function randomBus(seed: number, options: RandomBusOptions): RandomBus {
  const { clock, latencyMs = [5, 50], hasWireTime = true, isHealthy = false } = options;
  const settings = options.settings ?? settingsOf(seed);
  const faults = new FaultBoard(clock);
  const findable: Placed[] = [];
  const shared: { address: number; serials: readonly [string, string] }[] = [];
  const zeroOnly: string[] = [];
  const dead: Placed[] = [];
  const meters: MeterSpec[] = [];
  const count = options.meters ?? pick(hash(seed, CHANCE.meters), 1, 40);
  for (const spec of scattered(seed, count, latencyMs)) {
    const { serial, address } = spec;
    const fate = isHealthy ? Infinity : hash(spec.seed, CHANCE.fate) % 100;
    meters.push(spec);
    if (fate < 8) {
      dead.push({ serial, address });
      faults.put({ kind: 'dead-meter', serial });
    } else if (fate < 16) {
      const twin = twinOf(spec, latencyMs);
      meters.push(twin);
      shared.push({ address, serials: [serial, twin.serial] });
    } else if (fate < 19) {
      zeroOnly.push(serial);
      faults.put({ kind: 'zero-only', serial });
    } else findable.push({ serial, address });
  }
  const hasEcho = !isHealthy && hash(seed, CHANCE.echo) % 6 === 0;
  const noiseRate = isHealthy || hash(seed, CHANCE.noise) % 3 !== 0 ? 0 : pick(hash(seed, CHANCE.noise, 1), 1, 10) / 100;
  for (const fault of lineFaults(hasEcho, noiseRate)) faults.put(fault);
  const bus = new SimulatedBus({
    name: NAME,
    meters: meters.map((spec) => meterOf(spec, clock, 0)),
    clock,
    faults,
    seed: hash(seed, CHANCE.bus),
    hasWireTime,
    settings,
  });
  const adapter = new SimulatedAdapter({ name: NAME, bus, clock, faults });
  return {
    truth: { settings, findable, shared, zeroOnly, dead, hasEcho, noiseRate },
    port: (given) => adapter.port(given),
  };
}

function settingsOf(seed: number): WireSettings {
  const chance = hash(seed, CHANCE.settings);
  if (chance % 2 === 0) return { baudRate: 9600, format: '8N1' };
  const baudRate = SPEEDS[hash(seed, CHANCE.settings, 1) % SPEEDS.length] ?? 9600;
  return { baudRate, format: FORMATS[hash(seed, CHANCE.settings, 2) % FORMATS.length] ?? '8N1' };
}

function lineFaults(hasEcho: boolean, noiseRate: number): LineFault[] {
  return [...(hasEcho ? [{ kind: 'echo' as const }] : []), ...(noiseRate > 0 ? [{ kind: 'noise' as const, rate: noiseRate }] : [])];
}

/** Meters of the training plant's kinds that have addresses of one byte; two of three stand where their serial says (mercury.md 1.4), the others anywhere from 1 to 240. */
function scattered(seed: number, count: number, latencyMs: readonly [number, number]): MeterSpec[] {
  const [substation] = TRAINING_PLANT;
  if (substation === undefined) throw new RangeError('The training plant has no substation');
  const kinds = substation.points.filter(({ family }) => FAMILIES[family].protocol === '23x');
  const points = Array.from({ length: count }, (_, at) => kinds[at % kinds.length] ?? []).flat();
  const specs = assemble([{ ...substation, points }], { seed, latencyMs, deviationS: [0, 0] });
  const taken = new Set(specs.map(({ address }) => address));
  return specs.map((spec) => {
    if (hash(spec.seed, CHANCE.moved) % 3 !== 0) return spec;
    const wanted = pick(hash(spec.seed, CHANCE.address), 1, LAST_ADDRESS);
    if (taken.has(wanted)) return spec;
    taken.add(wanted);
    return { ...spec, address: wanted };
  });
}
