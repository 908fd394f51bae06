import type { MeterSpec } from './assembly.ts';
import { hash, pick } from './hash.ts';

const CHANCE = { seed: 71, latency: 72 };
/** No meter of the plant has a serial that begins with a figure from here on. */
const HEADS = 50_000;

/** A second meter at the address of a first: another serial, another load, its own time to answer. */
export function twinOf(spec: MeterSpec, [least, most]: readonly [min: number, max: number]): MeterSpec {
  const seed = hash(spec.seed, CHANCE.seed);
  const head = HEADS + (Number(spec.serial.slice(0, 5)) % HEADS);
  return {
    ...spec,
    seed,
    serial: `${head}${spec.serial.slice(5)}`,
    latencyMs: pick(hash(seed, CHANCE.latency), least, most - spec.jitterMs),
  };
}
