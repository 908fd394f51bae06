/** Keeps the gap ledger of one meter in step with the store: what must exist, why it does not, and batches on their way. */
import type { MeterBatch } from '../../shared/domain/batch.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { MeterFacts } from '../../shared/domain/meter.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Clock } from '../platform/clock.ts';
import { MeterLedger, type NextRead, provenRow } from './ledger.ts';
import type { EngineStore } from './ports.ts';
import { clipRanges, mergeRanges, type Range, subtractRanges } from './ranges.ts';
import type { PollPlan } from './work.ts';

/** Without a described ring: the smallest one that a Mercury has, 4096 half-hours. */
const SMALLEST_RING_S = 4096 * 1800;
const DEFAULT_PERIOD_MIN = 30;

export type Batch = Omit<MeterBatch, 'meterId' | 'atUtc'>;

export interface LedgerKeeperDeps {
  readonly meterId: number;
  readonly store: EngineStore;
  readonly clock: Clock;
  readonly plan: PollPlan;
  readonly facts: () => MeterFacts;
  /** Meter minus PC, milliseconds; 0 while it is not known. */
  readonly deviationMs: () => number;
  /** Monotonic moment of the next try; rows of the ledger carry it. */
  readonly nextTryAt: () => number;
  readonly onStored: (intervals: number) => void;
  readonly onStoreFault: (error: unknown) => void;
}

export class LedgerKeeper {
  readonly ledger = new MeterLedger();
  readonly #deps: LedgerKeeperDeps;
  /** `poll` fixes its set when it starts, by the meter's own clock. */
  readonly #startedAtMs: number;

  constructor(deps: LedgerKeeperDeps) {
    this.#deps = deps;
    this.#startedAtMs = deps.clock.now();
  }

  /** Seconds since 1970 by the meter's clock, as far as it is known. */
  meterNow(): UtcSeconds {
    return Math.floor((this.#deps.clock.now() + this.#deps.deviationMs()) / 1000);
  }

  /** Seconds until the running interval ends by the meter's clock. */
  secondsToPeriod(): number {
    return this.periodS - (this.meterNow() % this.periodS);
  }

  get periodS(): number {
    return (this.#deps.facts().profilePeriodMin ?? DEFAULT_PERIOD_MIN) * 60;
  }

  /** Intervals that must exist: from the depth asked for, or all that the ring holds, up to the last one that has ended. */
  open(): void {
    const { plan, store, meterId, facts, deviationMs } = this.#deps;
    const { periodS } = this;
    const nowUtc = plan.mode === 'once' ? Math.floor((this.#startedAtMs + deviationMs()) / 1000) : this.meterNow();
    const toUtc = Math.floor(nowUtc / periodS) * periodS;
    const { ringSlots } = facts();
    const ringS = ringSlots === null ? SMALLEST_RING_S : ringSlots * periodS;
    const depthS = plan.depthDays === null ? ringS : plan.depthDays * 86_400;
    const depthUtc = Math.floor((toUtc - depthS) / periodS) * periodS;
    const gaps = store.gaps(meterId);
    const proven = gaps.filter((gap) => gap.state === 'proven-absent');
    // What was still open when the ring came round has to be proven lost, not forgotten; nothing else is asked for at that depth.
    const left = mergeRanges(gaps.filter((gap) => gap.state === 'open' && plan.mode === 'continuous'));
    const fromUtc = Math.min(depthUtc, left[0]?.fromUtc ?? depthUtc);
    const tooDeep = subtractRanges([{ fromUtc, toUtc: depthUtc }], left);
    this.ledger.open({ fromUtc, toUtc }, [...store.coveredRanges(meterId, fromUtc, toUtc), ...proven, ...tooDeep]);
  }

  /** Opens whole intervals again, stored or proven absent. */
  readAgain(range: Range): void {
    this.ledger.ask(this.#wholeIntervals(range));
    this.saveRows();
  }

  /** Whole intervals that the meter may have recorded anew: what is stored of them is looked at once more. */
  lookAgain(range: Range): void {
    this.ledger.reopen([this.#wholeIntervals(range)]);
  }

  /** How many intervals of the range are still to be read. */
  openIn(range: Range): number {
    return this.ledger.openIn(range).reduce((sum, { fromUtc, toUtc }) => sum + Math.ceil((toUtc - fromUtc) / this.periodS), 0);
  }

  /** Half-hours have ended by the meter's clock: they are expected from now on. */
  extend(): void {
    if (this.#deps.plan.mode === 'continuous') this.extendTo(Math.floor(this.meterNow() / this.periodS) * this.periodS);
  }

  /** Intervals up to this moment are expected from now on. */
  extendTo(toUtc: UtcSeconds): void {
    if (this.ledger.extendTo(toUtc)) this.saveRows();
  }

  /** Start of the first stored interval of the window; null when there is none. */
  firstStoredUtc(): UtcSeconds | null {
    const { window } = this.ledger;
    return window === null ? null : (this.#deps.store.coveredRanges(this.#deps.meterId, window.fromUtc, window.toUtc)[0]?.fromUtc ?? null);
  }

  next(): NextRead | null {
    return this.ledger.next(this.meterNow(), this.periodS, (start) => this.#deadlineOf(start));
  }

  /** Why the open intervals are open from now on; stored when that is news or a try failed. */
  blame(reason: AbsenceReason, isNewTry: boolean): void {
    if (this.ledger.window === null && reason !== 'not-read') this.open();
    if (!this.ledger.blame(reason, this.#nowUtc(), isNewTry) && !isNewTry) return;
    // A meter that cannot be read goes on recording: its half-hours that end meanwhile are missing too.
    if (reason !== 'not-read') this.extend();
    this.saveRows();
  }

  /** Open intervals before `untilUtc` are proven absent: `never-recorded` from `firstUtc` on, `unsupported` before it or without it. */
  proveLost(untilUtc: UtcSeconds, firstUtc: UtcSeconds | null): void {
    const { window, openRanges } = this.ledger;
    if (window === null) return;
    const bound = Math.min(untilUtc, firstUtc ?? untilUtc);
    const unsupported = clipRanges(openRanges, { fromUtc: window.fromUtc, toUtc: bound });
    const neverRecorded = clipRanges(openRanges, { fromUtc: bound, toUtc: untilUtc });
    const closed = [...unsupported, ...neverRecorded];
    if (closed.length === 0) return;
    const gaps = [
      ...unsupported.map((range) => provenRow(range, 'unsupported', this.#nowUtc())),
      ...neverRecorded.map((range) => provenRow(range, 'never-recorded', this.#nowUtc())),
    ];
    this.ledger.close(closed);
    this.save({ gaps }, closed);
  }

  /** Stores the open ranges as rows with their reason, deadline and next try. */
  saveRows(): void {
    const { clock, nextTryAt } = this.#deps;
    const wait = nextTryAt() - clock.monotonic();
    const nextTryUtc = wait > 0 && Number.isFinite(wait) ? this.#nowUtc() + Math.ceil(wait / 1000) : null;
    const rows = this.ledger.rows(this.#nowUtc(), nextTryUtc, (start) => this.#deadlineOf(start));
    if (rows.length > 0) this.save({ gaps: rows });
  }

  /**
   * Hands a batch to the store without waiting: the line must not stand still for the disk. What the ledger closed
   * on the strength of it is opened again when the store refuses.
   */
  save(batch: Batch, closed: readonly Range[] = []): void {
    const { store, meterId, onStored, onStoreFault } = this.#deps;
    store.commit({ meterId, atUtc: this.#nowUtc(), ...batch }).then(
      () => {
        if (batch.intervals !== undefined || batch.registers !== undefined) onStored(batch.intervals?.length ?? 0);
      },
      (error: unknown) => {
        this.ledger.reopen(closed);
        onStoreFault(error);
      },
    );
  }

  #wholeIntervals({ fromUtc, toUtc }: Range): Range {
    const { periodS } = this;
    return { fromUtc: Math.floor(fromUtc / periodS) * periodS, toUtc: Math.ceil(toUtc / periodS) * periodS };
  }

  #nowUtc(): UtcSeconds {
    return Math.floor(this.#deps.clock.now() / 1000);
  }

  /** When the ring overwrites an interval; null while the ring is unknown. */
  #deadlineOf(startUtc: UtcSeconds): UtcSeconds | null {
    const { ringSlots, profilePeriodMin } = this.#deps.facts();
    return ringSlots === null || profilePeriodMin === null ? null : startUtc + (ringSlots + 1) * profilePeriodMin * 60;
  }
}
