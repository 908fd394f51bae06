import type { Ratio } from '../../shared/domain/point.ts';
import type { Clock } from '../platform/clock.ts';
import { is200, is23x, replacementOf, type MeterSpec } from './assembly.ts';
import type { InstalledMeter } from './installed-meter.ts';
import { SimulatedMeter200 } from './meter-200.ts';
import { SimulatedMeter } from './meter.ts';

/** A place on a line with the meter that stands there now: the one of the papers, or another that somebody put in its stead. */
export class MeterPlace {
  /** What the papers say stands here; also what the line's latencies and faults go by. */
  readonly spec: MeterSpec;
  readonly original: InstalledMeter;
  /** Current ratio of the papers: the import file shows it, right or wrong. */
  ctOnPaper: Ratio;
  readonly #clock: Clock;
  #standing: InstalledMeter;
  #replacement: InstalledMeter | null = null;

  constructor(spec: MeterSpec, clock: Clock, historyDays: number) {
    this.spec = spec;
    this.ctOnPaper = spec.row.ct;
    this.#clock = clock;
    this.original = meterOf(spec, clock, historyDays);
    this.#standing = this.original;
  }

  get standing(): InstalledMeter {
    return this.#standing;
  }

  get meters(): readonly InstalledMeter[] {
    return this.#replacement === null ? [this.original] : [this.original, this.#replacement];
  }

  /** The address that the standing meter listens to. */
  get address(): number {
    return this.#standing.address;
  }

  hears(request: Uint8Array): boolean {
    return this.#standing.hears(request);
  }

  reply(request: Uint8Array): Uint8Array | null {
    return this.#standing.reply(request);
  }

  obey(body: Uint8Array): void {
    this.#standing.obey(body);
  }

  /** Another meter, its memory empty, takes the place and the address. */
  replace(): void {
    if (this.#standing !== this.original) return;
    this.original.cutSupply();
    if (this.#replacement === null) this.#replacement = meterOf(replacementOf(this.spec), this.#clock, 0);
    else this.#replacement.restoreSupply();
    this.#standing = this.#replacement;
  }

  bringBack(): void {
    if (this.#standing === this.original) return;
    this.#standing.cutSupply();
    this.original.restoreSupply();
    this.#standing = this.original;
  }
}

/** A meter of the protocol that its family speaks. */
export function meterOf(spec: MeterSpec, clock: Clock, historyDays: number): InstalledMeter {
  if (is23x(spec)) return new SimulatedMeter(spec, clock, historyDays);
  if (is200(spec)) return new SimulatedMeter200(spec, clock, historyDays);
  throw new TypeError(`No meter speaks the protocol of ${spec.serial}`);
}
