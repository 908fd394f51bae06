import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { CONNECTIONS, FAMILIES, type Connection, type Family200, type Family23x, type MeterFamily } from './families.ts';
import { hash, pick } from './hash.ts';
import type { PointRow, SubstationRow } from './layout.ts';
import { LOAD_KINDS, type LoadKind } from './load.ts';

/** A meter as it was built and installed: nothing here changes while the plant runs. */
export interface MeterSpec<F extends MeterFamily = MeterFamily> {
  /** 8 digits. */
  readonly serial: string;
  /** Day, month, year of the century. */
  readonly manufactured: readonly [number, number, number];
  readonly address: number;
  readonly pointCode: string;
  readonly substation: string;
  readonly line: string;
  readonly row: PointRow;
  readonly family: F;
  readonly connection: Connection;
  readonly load: LoadKind;
  /** Count of a half-hour at the point's own full load. */
  readonly fullCounts: number;
  /** Kinds of energy that the meter keeps. */
  readonly channels: readonly Channel[];
  /** Everything of chance in this meter. */
  readonly seed: number;
  /** Meter clock minus the true time. */
  readonly deviationS: number;
  /** What the meter takes before its first byte; a reply adds `jitterMs` at most. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Parts of the load in phases 1, 2, 3, permille; 1000 in all. */
  readonly phaseShares: readonly [number, number, number];
}
export type MeterSpec23x = MeterSpec<Family23x>;
export type MeterSpec200 = MeterSpec<Family200>;

export function is23x(spec: MeterSpec): spec is MeterSpec23x {
  return spec.family.protocol === '23x';
}

export function is200(spec: MeterSpec): spec is MeterSpec200 {
  return spec.family.protocol === '200';
}

export interface AssemblyOptions {
  readonly seed: number;
  readonly latencyMs: readonly [min: number, max: number];
  readonly deviationS: readonly [min: number, max: number];
}

const ONE_WAY: readonly Channel[] = ['A+', 'R+'];
const CHANCE = { meter: 1, address: 2, serial: 3, date: 4, deviation: 5, latency: 6, phases: 7, replacement: 8 };
/** A long address of the second protocol begins with one of these: on one line they are nobody's short address. */
const LONG_ADDRESS_HEADS = [1, 2, 3, 4, 5];

/** Builds the meters of a layout; the same seed builds the same ones. Serials are unique in the plant, addresses on a line. */
export function assemble(layout: readonly SubstationRow[], options: AssemblyOptions): MeterSpec[] {
  const meters: MeterSpec[] = [];
  for (const substation of layout) {
    const isMixed = substation.points.some(({ family }) => FAMILIES[family].protocol === '200');
    const addresses = new Set<number>(isMixed ? LONG_ADDRESS_HEADS : []);
    substation.points.forEach((row, place) => {
      const family = FAMILIES[row.family];
      const seed = hash(options.seed, CHANCE.meter, meters.length);
      const head = serialHead(options.seed, meters.length);
      const { address, ending } = freeAddress(family, head, addresses, seed);
      const connection = CONNECTIONS[row.connection];
      meters.push({
        ...character(seed, connection, options),
        seed,
        address,
        serial: `${head}${ending}`,
        pointCode: `${substation.code}-${String(place + 1).padStart(2, '0')}`,
        substation: substation.name,
        line: substation.line,
        row,
        family,
        connection,
        load: LOAD_KINDS[row.load],
        fullCounts: Math.floor((connection.fullCounts * row.share) / 1000),
        channels: channelsOf(row, family),
      });
    });
  }
  return meters;
}

/** Another meter of the same type in the place of this one: its own serial, registers and clock, the same address. */
export function replacementOf(spec: MeterSpec): MeterSpec {
  const seed = hash(spec.seed, CHANCE.replacement);
  const digits = String(50_000_000 + (seed % 49_999_999)).padStart(8, '0');
  return { ...spec, seed, serial: digits, row: { ...spec.row, outages: [] } };
}

function channelsOf({ isTwoWay }: PointRow, family: MeterFamily): readonly Channel[] {
  if (family.protocol === '200' && !family.hasReactive) return ['A+'];
  return isTwoWay ? CHANNELS : ONE_WAY;
}

/** Address that the makers derive from a serial (mercury.md 1.4). */
export function addressOf(serial: string, rule: Family23x['addressRule']): number {
  const three = Number(serial.slice(-3));
  const two = Number(serial.slice(-2));
  if (rule === 'plain') return (three > 239 ? two : three) || 1;
  let address = three > 124 ? two : three;
  while (address < 17) address += 10;
  return address;
}

/** The first serial ending, from a starting place of chance, whose address is still free on the line. */
function freeAddress(family: MeterFamily, head: string, taken: Set<number>, seed: number): { address: number; ending: string } {
  for (let step = 0; step < 1000; step += 1) {
    const ending = String((hash(seed, CHANCE.address) + step * 37) % 1000).padStart(3, '0');
    const address =
      family.protocol === '23x' ? addressOf(ending, family.addressRule) : Number(`${head}${ending}`.slice(-family.addressDigits));
    if (taken.has(address)) continue;
    taken.add(address);
    return { address, ending };
  }
  throw new RangeError('More meters than addresses on one line');
}

/** Five digits that no other meter of the plant has; some begin with a zero, as real ones do. */
function serialHead(seed: number, index: number): string {
  return String((hash(seed, CHANCE.serial) + index * 1409) % 50000).padStart(5, '0');
}

function character(seed: number, { phases }: Connection, { latencyMs: [least, most], deviationS }: AssemblyOptions) {
  const date = hash(seed, CHANCE.date);
  const first = pick(hash(seed, CHANCE.phases, 1), 290, 380);
  const second = pick(hash(seed, CHANCE.phases, 2), 290, 380);
  const jitterMs = Math.floor((most - least) / 5);
  return {
    manufactured: [pick(date, 1, 28), pick(date >>> 8, 1, 12), pick(date >>> 16, 12, 24)] as const,
    deviationS: pick(hash(seed, CHANCE.deviation), deviationS[0], deviationS[1]),
    latencyMs: pick(hash(seed, CHANCE.latency), least, most - jitterMs),
    jitterMs,
    phaseShares: phases === 1 ? ([1000, 0, 0] as const) : ([first, second, 1000 - first - second] as const),
  };
}
