import { z } from 'zod';
import { AppError } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { ofMeter } from './fault-fields.ts';
import { lineFault } from './line-faults.ts';
import { METER_FAULTS } from './meter-faults.ts';

const FLAPPING = { on_s: 60, off_s: 60 };

/** One fault of the plant; the table in README.md says what each does. */
export const fault = z.discriminatedUnion('kind', [
  ...lineFault.options,
  ofMeter({ kind: z.literal('dead-meter') }),
  ofMeter({ kind: z.literal('flapping'), on_s: z.number().positive().optional(), off_s: z.number().positive().optional() }),
  ofMeter({ kind: z.literal('duplicate-address') }),
  ofMeter({ kind: z.literal('zero-only') }),
  ...METER_FAULTS,
]);
export type Fault = z.infer<typeof fault>;
export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;
export type LineFault = z.infer<typeof lineFault>;
export type MeterFault = Exclude<Fault, LineFault>;

/** A kind of fault as a form for it needs it. */
export interface FaultKind {
  readonly kind: Fault['kind'];
  readonly target: 'line' | 'point';
  /** What it takes besides its target, times included. */
  readonly fields: readonly { readonly name: string; readonly type: 'number' | 'text' | 'phases'; readonly isRequired: boolean }[];
}

const TARGETS = ['kind', 'line', 'serial', 'point'];

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

export function isMeterFault(given: Fault): given is MeterFault {
  return 'serial' in given || 'point' in given;
}

/** Name of the line or code of the point that a fault concerns; empty = every line. */
export function faultTarget(given: Fault): string {
  return (isMeterFault(given) ? given.point : given.line) ?? '';
}

/** All kinds of faults that a plant can be given. */
export function faultKinds(): FaultKind[] {
  return fault.options.map(({ shape }) => ({
    kind: shape.kind.value,
    target: 'point' in shape ? 'point' : 'line',
    fields: Object.entries(shape)
      .filter(([name]) => !TARGETS.includes(name))
      .map(([name, type]) => ({ name, type: fieldType(type), isRequired: !type.safeParse(undefined).success })),
  }));
}

function fieldType(type: z.ZodType): 'number' | 'text' | 'phases' {
  const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
  if (inner instanceof z.ZodNumber) return 'number';
  return inner instanceof z.ZodArray ? 'phases' : 'text';
}

/** A fault is one of a kind for its meter, line or, without either, the plant: another of the same takes its place. */
export function faultKey(given: Fault): string {
  return keyOf(given.kind, (isMeterFault(given) ? given.serial : given.line) ?? '');
}

/** The faults in force, by what they ask of the rest of the plant. Meters are named by serial here. */
export class FaultBoard {
  readonly #clock: Clock;
  readonly #faults = new Map<string, { readonly fault: Fault; readonly sinceMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(given: Fault): void {
    this.#faults.set(faultKey(given), { fault: given, sinceMs: this.#clock.monotonic() });
  }

  remove(given: Fault): void {
    this.#faults.delete(faultKey(given));
  }

  /** The fault of a line: its own, or else the one that every line has. */
  onLine<Kind extends LineFault['kind']>(kind: Kind, line: string): FaultOf<Kind> | null {
    return this.#find(kind, line)?.fault ?? this.#find(kind, '')?.fault ?? null;
  }

  /** Share of the exchanges of a line that such a fault hits, 0..1. */
  rate(kind: 'loss' | 'corrupt' | 'truncate' | 'noise' | 'late-reply', line: string): number {
    return this.onLine(kind, line)?.rate ?? 0;
  }

  isZeroOnly(serial: string): boolean {
    return this.#find('zero-only', serial) !== null;
  }

  /** The meter hears nothing and says nothing now. */
  isDead(serial: string): boolean {
    if (this.#find('dead-meter', serial) !== null) return true;
    const flapping = this.#find('flapping', serial);
    if (flapping === null) return false;
    const { on_s = FLAPPING.on_s, off_s = FLAPPING.off_s } = flapping.fault;
    const passedS = (this.#clock.monotonic() - flapping.sinceMs) / 1000;
    return passedS % (on_s + off_s) >= on_s;
  }

  #find<Kind extends Fault['kind']>(kind: Kind, target: string): { readonly fault: FaultOf<Kind>; readonly sinceMs: number } | null {
    const found = this.#faults.get(keyOf(kind, target));
    return found !== undefined && isOf(found, kind) ? found : null;
  }
}

function keyOf(kind: string, target: string): string {
  return `${kind} ${target}`;
}

function isOf<Kind extends Fault['kind']>(
  found: { readonly fault: Fault; readonly sinceMs: number },
  kind: Kind,
): found is { readonly fault: FaultOf<Kind>; readonly sinceMs: number } {
  return found.fault.kind === kind;
}
