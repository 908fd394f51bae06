import { z } from 'zod';
import { AppError } from '../../shared/api/errors.ts';
import type { MeterSpec } from './assembly.ts';
import { hash, pick } from './hash.ts';
import { isWhole } from './wire.ts';

/** When a fault begins after the start of the plant and how long it lasts; without `for_s` it stays. */
const span = { after_s: z.number().nonnegative().optional(), for_s: z.number().positive().optional() };
const oneMeter = { serial: z.string().optional(), point: z.string().optional() };
const namesOneMeter = ({ serial, point }: { serial?: string | undefined; point?: string | undefined }) =>
  (serial === undefined) !== (point === undefined);
const ONE_METER = 'exactly one of "serial" and "point"';

/** One fault of the plant; the table in README.md says what each does. */
export const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dead-meter'), ...oneMeter, ...span }).refine(namesOneMeter, ONE_METER),
  z
    .strictObject({
      kind: z.literal('lost-phase'),
      ...oneMeter,
      phases: z
        .array(z.literal([1, 2, 3]))
        .min(1)
        .max(3),
      ...span,
    })
    .refine(namesOneMeter, ONE_METER),
  z.strictObject({ kind: z.literal('drop-line'), line: z.string(), ...span }),
  z.strictObject({ kind: z.literal('corrupt'), line: z.string().optional(), rate: z.number().min(0).max(1), ...span }),
  z.strictObject({ kind: z.literal('segments'), line: z.string().optional(), bytes: z.number().int().min(1).max(1024), ...span }),
]);
export type Fault = z.infer<typeof fault>;

/** Faults from a parsed JSON file; `api/invalid-argument` names the first thing that is wrong with it. */
export function parseFaults(json: unknown): Fault[] {
  const parsed = z.array(fault).safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('api/invalid-argument', `Faults: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, {
    context: { path: issue?.path.map(String) ?? [] },
    hint: 'src/main/simulator/README.md describes the file.',
  });
}

/** A fault is one of a kind for its meter, line or, without either, the plant: another of the same takes its place. */
export function faultKey(given: Fault): string {
  const target = 'line' in given ? (given.line ?? '') : 'serial' in given ? (given.serial ?? '') : '';
  return `${given.kind} ${target}`;
}

/** The faults in force, by what they ask of the rest of the plant. Meters are named by serial here. */
export class FaultBoard {
  readonly #faults = new Map<string, Fault>();

  put(given: Fault): void {
    this.#faults.set(faultKey(given), given);
  }

  remove(given: Fault): void {
    this.#faults.delete(faultKey(given));
  }

  isDead(meter: MeterSpec): boolean {
    return this.#faults.has(`dead-meter ${meter.serial}`);
  }

  /** Share of replies that arrive damaged on a line, 0..1. */
  corruptRate(line: string): number {
    const found = this.#faults.get(`corrupt ${line}`) ?? this.#faults.get('corrupt ');
    return found?.kind === 'corrupt' ? found.rate : 0;
  }

  /** Bytes of one TCP segment on a line; `null` = as the gateway likes. */
  segmentBytes(line: string): number | null {
    const found = this.#faults.get(`segments ${line}`) ?? this.#faults.get('segments ');
    return found?.kind === 'segments' ? found.bytes : null;
  }
}

const CHANCE = { whether: 31, shape: 32, place: 33, bits: 34 };

/**
 * The reply as a bad line brings it: with the chance of `rate` one burst of 1..16 bits, or cut short by some bytes.
 * Neither leaves a good checksum: CRC-16 finds every such burst. `exchange` counts the replies of the line.
 */
export function damage(reply: Uint8Array, rate: number, seed: number, exchange: number): Uint8Array {
  if (hash(seed, CHANCE.whether, exchange) >= rate * 2 ** 32) return reply;
  const place = hash(seed, CHANCE.place, exchange);
  if (hash(seed, CHANCE.shape, exchange) % 2 === 0) {
    let length = pick(place, 1, reply.length - 1);
    while (length > 0 && isWhole(reply.subarray(0, length))) length -= 1;
    return reply.slice(0, length);
  }
  const bits = pick(hash(seed, CHANCE.bits, exchange), 1, 16);
  const start = pick(place, 0, reply.length * 8 - bits);
  const damaged = reply.slice();
  for (let bit = 0; bit < bits; bit += 1) {
    // A burst is as long as the distance between its first and last wrong bit.
    const isEdge = bit === 0 || bit === bits - 1;
    if (!isEdge && hash(seed, CHANCE.bits, exchange, bit) % 2 === 0) continue;
    const at = start + bit;
    // Bits in the order of the wire: least significant first.
    damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
  }
  return damaged;
}
