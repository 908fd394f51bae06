/** Half-hours of a meter without a profile: what its registers counted between two freezes in a row (mercury.md 13.10a, docs/adr/0009). */
import { asAppError, hasCode } from '../../shared/api/errors.ts';
import { CHANNELS, type PerChannel } from '../../shared/domain/channel.ts';
import type { CompletedExchange } from '../../shared/domain/exchange.ts';
import type { SourcedInterval } from '../../shared/domain/interval.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../shared/domain/time.ts';
import type { FrozenRegisters, MeterSession, Reading } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';
import type { PcClock } from './pc-clock.ts';
import { isRefusal } from './refusals.ts';

/** A freeze may be late by this: 0.2 % of a half-hour, a fifth of what a meter of class 1 may be off by. */
export const FREEZE_TOLERANCE_S = 3;
/** A read at the boundary instead of a freeze may be late by this: one line has time for some fifty meters, and 0.9 % is within class 1. */
export const TIMED_TOLERANCE_S = 15;
/** The meter tells whole seconds, and its deviation was measured up to an hour before. */
const STAMP_TOLERANCE_MS = 3000;

/** A broadcast that froze the registers. */
export interface Freeze {
  /** PC clock, milliseconds since 1970. */
  readonly sentAtMs: number;
  readonly monotonicMs: number;
}

/** Registers at a boundary, good for one end of an interval. */
interface BoundaryReading {
  readonly boundaryUtc: UtcSeconds;
  readonly monotonicMs: number;
  readonly toleranceS: number;
  readonly energy: PerChannel<number | null>;
  readonly exchanges: readonly CompletedExchange[];
  /** An interval that ends here was stored with these exchanges. */
  readonly isStored: boolean;
}

export interface FrozenReaderDeps {
  readonly keeper: LedgerKeeper;
  readonly clock: Clock;
  readonly pcClock: PcClock;
  /** Meter minus PC as last measured, milliseconds; null while it is not known. */
  readonly deviationMs: () => number | null;
  /** Measures it anew. */
  readonly readClock: (session: MeterSession) => Promise<void>;
}

export class FrozenReader {
  readonly #deps: FrozenReaderDeps;
  /** Start of the first interval that could be had; null = none yet. */
  #firstUtc: UtcSeconds | null = null;
  #wanted: { readonly boundaryUtc: UtcSeconds; readonly freeze: Freeze | null } | null = null;
  #last: BoundaryReading | null = null;
  #method: FrozenRegisters['method'] | null = null;
  #isUnsupported = false;

  constructor(deps: FrozenReaderDeps) {
    this.#deps = deps;
  }

  /** False once the meter has refused both ways. */
  get isUsable(): boolean {
    return !this.#isUnsupported;
  }

  /** Registers of the last boundary wait to be read. */
  get isDue(): boolean {
    return this.#wanted !== null;
  }

  /** Frozen registers keep until the next boundary; the others must be read at once. */
  get isHurried(): boolean {
    return this.#method !== 'freeze';
  }

  /** What lies before now cannot be had any more. */
  settlePast(): void {
    const { keeper } = this.#deps;
    this.#firstUtc ??= keeper.firstStoredUtc();
    this.#prove(keeper.ledger.window?.toUtc ?? 0);
  }

  /** A half-hour has ended; `freeze` is null when the registers were not frozen in time. */
  halfHourEnded(boundaryUtc: UtcSeconds, freeze: Freeze | null): void {
    const { keeper, pcClock } = this.#deps;
    if (keeper.ledger.window === null) keeper.open();
    this.#firstUtc ??= keeper.firstStoredUtc();
    // Registers that were not read in their half-hour are overwritten, or have moved on.
    if (this.#wanted !== null) this.#last = null;
    const isLate = pcClock.now() > (boundaryUtc + TIMED_TOLERANCE_S) * 1000;
    this.#wanted = this.#isUnsupported || (freeze === null && isLate) ? null : { boundaryUtc, freeze };
    keeper.extendTo(boundaryUtc);
    const canCome = this.#wanted !== null && this.#last?.boundaryUtc === boundaryUtc - HALF_HOUR_S;
    this.#prove(canCome ? boundaryUtc - HALF_HOUR_S : boundaryUtc);
    if (this.#wanted !== null) this.#firstUtc ??= boundaryUtc;
  }

  /** Reads the registers of the last boundary; with those of the one before they make an interval. Throws what the driver throws. */
  async read(session: MeterSession): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === null) return;
    const { keeper } = this.#deps;
    let reading: Reading<FrozenRegisters>;
    try {
      reading = await session.readFrozen(0);
    } catch (error) {
      if (!hasCode(error, 'meter/unsupported')) throw error;
      this.#isUnsupported = true;
      this.#wanted = null;
      this.#firstUtc = keeper.firstStoredUtc();
      this.#prove(wanted.boundaryUtc);
      return;
    }
    this.#method = reading.value.method;
    const end = await this.#judge(session, wanted, reading);
    this.#wanted = null;
    const begin = this.#last;
    const interval = begin === null || end === null ? null : intervalBetween(begin, end);
    if (begin === null || interval === null) {
      this.#last = end;
      this.#prove(wanted.boundaryUtc);
      return;
    }
    const closed = [{ fromUtc: interval.startUtc, toUtc: interval.startUtc + interval.lengthS }];
    keeper.ledger.close(closed);
    keeper.save({ exchanges: [...(begin.isStored ? [] : begin.exchanges), ...reading.exchanges], intervals: [interval] }, closed);
    this.#last = end === null ? null : { ...end, isStored: true };
  }

  /** The registers as those of the boundary; null when they may belong to another moment. */
  async #judge(
    session: MeterSession,
    { boundaryUtc, freeze }: { readonly boundaryUtc: UtcSeconds; readonly freeze: Freeze | null },
    { value, exchanges }: Reading<FrozenRegisters>,
  ): Promise<BoundaryReading | null> {
    const { energy, momentUtc } = value.reading;
    const reading = { boundaryUtc, energy, exchanges, isStored: false };
    if (value.method === 'timed') {
      const lateS = momentUtc + Math.round(this.#deps.pcClock.errorMs / 1000) - boundaryUtc;
      if (lateS < 0 || lateS > TIMED_TOLERANCE_S) return null;
      return { ...reading, monotonicMs: this.#deps.clock.monotonic(), toleranceS: TIMED_TOLERANCE_S };
    }
    // Without the meter's word on the moment a broadcast that it has missed would look like a half-hour without any energy.
    if (freeze === null || value.frozenAtUtc === null || !(await this.#isOurs(session, freeze, value.frozenAtUtc))) return null;
    return { ...reading, monotonicMs: freeze.monotonicMs, toleranceS: FREEZE_TOLERANCE_S };
  }

  /** The meter's own time of the freeze is that of our broadcast; its clock is read anew when it may have been corrected since. */
  async #isOurs(session: MeterSession, { sentAtMs }: Freeze, frozenAtUtc: UtcSeconds): Promise<boolean> {
    const isNear = () => Math.abs(frozenAtUtc * 1000 - (sentAtMs + (this.#deps.deviationMs() ?? 0))) <= STAMP_TOLERANCE_MS;
    if (isNear()) return true;
    try {
      await this.#deps.readClock(session);
    } catch (error) {
      if (!isRefusal(asAppError(error))) throw error;
      return false;
    }
    return isNear();
  }

  #prove(untilUtc: UtcSeconds): void {
    this.#deps.keeper.proveLost(untilUtc, this.#firstUtc);
  }
}

/** Null when the two do not stand half an hour apart, or no register tells how much went through. */
function intervalBetween(begin: BoundaryReading, end: BoundaryReading): SourcedInterval | null {
  if (end.boundaryUtc - begin.boundaryUtc !== HALF_HOUR_S) return null;
  // The PC's clock may have been set between them: then the two boundaries are no half-hour apart.
  const elapsedS = (end.monotonicMs - begin.monotonicMs) / 1000;
  if (Math.abs(elapsedS - HALF_HOUR_S) > begin.toleranceS + end.toleranceS) return null;
  const counts = Object.fromEntries(
    CHANNELS.map((channel) => {
      const [from, to] = [begin.energy[channel], end.energy[channel]];
      return [channel, from === null || to === null ? null : to - from];
    }),
  ) as Record<(typeof CHANNELS)[number], number | null>;
  const figures = Object.values(counts).filter((count) => count !== null);
  if (figures.length === 0 || figures.some((count) => count < 0)) return null;
  return { startUtc: begin.boundaryUtc, lengthS: HALF_HOUR_S, counts, flags: ['frozen'], source: 'frozen-registers' };
}
