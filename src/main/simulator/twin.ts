import type { MeterSpec } from './assembly.ts';
import { hash, pick } from './hash.ts';

const CHANCE = { seed: 71, latency: 72, date: 73 };
/** No meter of the plant has a serial that begins with a figure from here on. */
const HEADS = 50_000;
/** Has no divisor in common with the number of heads, so that no two meters get the same twin. */
const STRIDE = 7919;

/** A second meter at the address of a first: another serial with the same ending, another load, its own time to answer. */
export function twinOf(spec: MeterSpec, [least, most]: readonly [min: number, max: number]): MeterSpec {
  const seed = hash(spec.seed, CHANCE.seed);
  const head = HEADS + ((Number(spec.serial.slice(0, 5)) * STRIDE) % HEADS);
  const date = hash(seed, CHANCE.date);
  return {
    ...spec,
    seed,
    serial: `${head}${spec.serial.slice(5)}`,
    manufactured: [pick(date, 1, 28), pick(date >>> 8, 1, 12), pick(date >>> 16, 12, 24)],
    latencyMs: pick(hash(seed, CHANCE.latency), least, most - spec.jitterMs),
  };
}
