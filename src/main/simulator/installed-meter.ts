import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { MeterSpec } from './assembly.ts';
import { DAY_S, EnergyLedger, SLOT_S, wallFields, wallStart, type WallSeconds } from './energy.ts';
import type { SlotCounts } from './load.ts';
import { MeterClock, type RunSeconds } from './meter-clock.ts';
import type { Wiring } from './wiring.ts';

/** Something that happened to a meter and that its journals, if it has them, must tell. */
export type Happening =
  | { readonly kind: 'power-on' | 'power-off' | 'profile-initialised' | 'cover-opened' | 'cover-closed' }
  /** `before` and `after` as the meter's clock showed them. */
  | { readonly kind: 'clock-set' | 'clock-corrected'; readonly before: WallSeconds; readonly after: WallSeconds }
  | { readonly kind: 'phase-lost' | 'phase-returned' | 'phase-reversed' | 'phase-righted'; readonly phase: number }
  | { readonly kind: 'phases-crossed' | 'phases-uncrossed' }
  /** A write that was obeyed; `code` follows 03. */
  | { readonly kind: 'reprogrammed'; readonly code: number }
  | { readonly kind: 'status-changed'; readonly word: readonly number[] };

/** A happening with its moment: by the true time, and by the clock of the meter. */
export type PlantEvent = Happening & { readonly atUtc: UtcSeconds; readonly meterTime: WallSeconds };

/** How long a meter stands open while it is being installed. */
export const INSTALLATION_S = 600;

/** What a memory must know of, before and after it. */
export type Change = 'supply' | 'clock-set' | 'clock-rate';

/** What every meter of the plant has, whatever protocol it speaks: clock, energy, supply, and what happened to it. */
export abstract class InstalledMeter {
  readonly spec: MeterSpec;
  readonly clock: MeterClock;
  readonly ledger: EnergyLedger;
  /** Start of the half-hour with which the history begins. */
  readonly historyFrom: RunSeconds;
  readonly #time: Clock;
  #isPowered = true;
  readonly #events: PlantEvent[] = [];

  constructor(spec: MeterSpec, time: Clock, historyDays: number) {
    this.spec = spec;
    this.#time = time;
    this.clock = new MeterClock(time, spec.row.zoneH * 3600 + spec.deviationS);
    const firstSlot = Math.floor((this.clock.run() - historyDays * DAY_S) / SLOT_S);
    this.historyFrom = firstSlot * SLOT_S;
    const lastYear = wallStart(wallFields(this.clock.run()).year - 1, 1);
    this.ledger = new EnergyLedger(spec, Math.floor(Math.min(lastYear, this.historyFrom) / DAY_S));
  }

  /** The whole reply to a request that came to this meter with a good checksum; `null` = silence. */
  abstract reply(request: Uint8Array): Uint8Array | null;
  /** Executes a broadcast. */
  abstract obey(body: Uint8Array): void;
  /** Counts of the interval that begins at `startWall`; `null` when the meter cannot give it now. */
  abstract held(startWall: WallSeconds): SlotCounts | null;
  /** Starts within [from, to) of wall time of the intervals that the meter can give now, ascending. */
  abstract heldStarts(from: WallSeconds, to: WallSeconds): WallSeconds[];
  /** Is this request addressed to this meter alone? */
  protected abstract isMine(request: Uint8Array): boolean;
  /** Called before clock or supply change, and after. */
  protected abstract beforeChange(what: Change, at: RunSeconds): void;
  protected abstract afterChange(what: Change, at: RunSeconds): void;
  protected abstract writeJournal(event: PlantEvent): void;

  /** Address to which the meter answers now: the one it was built with, until somebody writes another. */
  abstract get address(): number;

  get isPowered(): boolean {
    return this.#isPowered;
  }

  /** What happened since the meter was installed, in order. */
  get events(): readonly PlantEvent[] {
    return this.#events;
  }

  /** Does the meter take this request for its own? Without supply it hears nothing. */
  hears(request: Uint8Array): boolean {
    return this.#isPowered && this.isMine(request);
  }

  /** What the meter's clock shows now. */
  wall(): WallSeconds {
    return this.clock.wall();
  }

  cutSupply(at: RunSeconds = this.clock.run()): void {
    if (!this.#isPowered) return;
    this.happened({ kind: 'power-off' }, at);
    this.beforeChange('supply', at);
    this.ledger.cutSupply(at);
    this.#isPowered = false;
  }

  restoreSupply(at: RunSeconds = this.clock.run()): void {
    if (this.#isPowered) return;
    this.#isPowered = true;
    this.ledger.restoreSupply(at);
    this.afterChange('supply', at);
    this.happened({ kind: 'power-on' }, at);
  }

  setClock(to: WallSeconds): void {
    const before = this.wall();
    this.beforeChange('clock-set', this.clock.run());
    this.clock.set(to);
    this.afterChange('clock-set', this.clock.run());
    this.happened({ kind: 'clock-set', before, after: to });
  }

  driftClock(secondsADay: number): void {
    this.beforeChange('clock-rate', this.clock.run());
    this.clock.drift(secondsADay);
    this.afterChange('clock-rate', this.clock.run());
  }

  correctClock(byS: number): void {
    const before = this.wall();
    this.beforeChange('clock-rate', this.clock.run());
    this.clock.correct(byS);
    this.afterChange('clock-rate', this.clock.run());
    this.happened({ kind: 'clock-corrected', before, after: before + byS });
  }

  /** Power shows it at once, energy from the next half-hour on. */
  wire(change: Partial<Wiring>): void {
    const next = Math.floor(this.clock.run() / SLOT_S) + 1;
    const was = this.ledger.wiring(next);
    this.ledger.wire(change, next);
    const now = this.ledger.wiring(next);
    for (const phase of [1, 2, 3]) {
      if (was.lost.includes(phase) !== now.lost.includes(phase)) {
        this.happened({ kind: now.lost.includes(phase) ? 'phase-lost' : 'phase-returned', phase });
      }
      if (was.reversed.includes(phase) !== now.reversed.includes(phase)) {
        this.happened({ kind: now.reversed.includes(phase) ? 'phase-reversed' : 'phase-righted', phase });
      }
    }
    if (was.crossed.length !== now.crossed.length) this.happened({ kind: now.crossed.length > 0 ? 'phases-crossed' : 'phases-uncrossed' });
  }

  /** The outages that the layout gives the meter; to be called when it has been installed. */
  protected liveThroughOutages(): void {
    for (const { agoMin, forMin } of this.spec.row.outages) {
      const at = this.clock.run() - agoMin * 60;
      if (at <= this.historyFrom) continue;
      this.cutSupply(at);
      this.restoreSupply(at + forMin * 60);
    }
  }

  protected happened(what: Happening, at: RunSeconds = this.clock.run()): void {
    const now = Math.floor(this.#time.now() / 1000);
    const event: PlantEvent = { ...what, atUtc: now + at - this.clock.run(), meterTime: this.clock.wall(at) };
    this.#events.push(event);
    this.writeJournal(event);
  }

  protected monotonic(): number {
    return this.#time.monotonic();
  }
}
