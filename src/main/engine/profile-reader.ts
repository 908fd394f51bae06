/** Reads the profile of one meter into the ledger: chooses the place in the ring, proves it by the stamps, closes what is settled. */
import type { CompletedExchange } from '../../shared/domain/exchange.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSession, ProfileHead, ProfileSlot } from '../drivers/driver.ts';
import { type MeterLedger, provenRow } from './ledger.ts';
import type { Batch } from './ledger-keeper.ts';
import { judgeSlots, slotsBackOf } from './profile-fill.ts';
import { clipRanges, type Range } from './ranges.ts';

/** Bytes that made no sense twice are left alone for this long. */
const IMPLAUSIBLE_PAUSE_S = 3600;
/** Records that a power cut may have made of one interval; more are read one by one at the edges of a batch. */
const MAX_EDGE_READS = 4;

export interface ProfileReaderDeps {
  readonly ledger: MeterLedger;
  /** Seconds since 1970 by the meter's clock. */
  readonly nowUtc: () => UtcSeconds;
  /** Stores the batch; the ranges are closed in the ledger on the strength of it. */
  readonly save: (batch: Batch, closed: readonly Range[]) => void;
}

export class ProfileReader {
  readonly #deps: ProfileReaderDeps;
  #head: ProfileHead | null = null;
  /** Slots by which the ring lies off its expected place where we read last. */
  #shift = 0;
  #fruitless = new Map<UtcSeconds, number>();

  constructor(deps: ProfileReaderDeps) {
    this.#deps = deps;
  }

  get head(): ProfileHead | null {
    return this.#head;
  }

  useHead(head: ProfileHead): void {
    this.#head = head;
    this.#shift = 0;
  }

  forgetHead(): void {
    this.#head = null;
  }

  /** One step of back-fill: the newest part of `wanted` that one exchange can bring. */
  async read(session: MeterSession, wanted: Range): Promise<void> {
    const head = this.#head;
    if (head === null) return;
    const periodS = head.periodMin * 60;
    const newestWanted = wanted.toUtc - periodS;
    if (head.newestStartUtc === null) {
      this.#prove([wanted], 'never-recorded', []);
      return;
    }
    const ideal = slotsBackOf(head, newestWanted) ?? 0;
    if (ideal < 0) {
      // The meter has not closed the record yet, or its clock was set back: ask again a little later.
      this.#deps.ledger.postpone(newestWanted, this.#deps.nowUtc() + 20);
      return;
    }
    const slotsBack = Math.max(0, ideal + this.#shift);
    if (slotsBack >= head.ringSlots) {
      this.#prove([wanted], 'overwritten', []);
      return;
    }
    const count = Math.min(head.maxBatch, Math.round((wanted.toUtc - wanted.fromUtc) / periodS), head.ringSlots - slotsBack);
    const reading = await session.readProfile(head, slotsBack, Math.max(1, count));
    if (reading.value.length === 0) {
      this.#notFound([], 0, newestWanted, periodS);
      return;
    }
    const exchanges = [...reading.exchanges];
    const slots = await this.#completeEdges(session, head, [...reading.value], exchanges);
    this.#settle(head, slots, exchanges, newestWanted);
  }

  /** A cut record at the edge of a batch may have its other part outside: fetch neighbours until the interval is whole. */
  async #completeEdges(
    session: MeterSession,
    head: ProfileHead,
    slots: ProfileSlot[],
    exchanges: CompletedExchange[],
  ): Promise<ProfileSlot[]> {
    for (const step of [1, -1]) {
      for (let reads = 0; reads < MAX_EDGE_READS; reads += 1) {
        const edge = slots.reduce((a, b) => (step * b.slotsBack > step * a.slotsBack ? b : a));
        const neighbour = edge.slotsBack + step;
        if (edge.kind !== 'interval' || !(edge.isCut || edge.interval.flags.includes('incomplete'))) break;
        if (neighbour < 0 || neighbour >= head.ringSlots) break;
        const more = await session.readProfile(head, neighbour, 1);
        exchanges.push(...more.exchanges);
        const slot = more.value[0];
        if (slot === undefined) break;
        slots.push(slot);
        if (slot.kind !== 'interval' || slot.interval.startUtc !== edge.interval.startUtc) break;
      }
    }
    return slots.sort((a, b) => b.slotsBack - a.slotsBack);
  }

  #settle(head: ProfileHead, slots: readonly ProfileSlot[], exchanges: readonly CompletedExchange[], newestWanted: UtcSeconds): void {
    const { ledger, nowUtc, save } = this.#deps;
    const periodS = head.periodMin * 60;
    const judged = judgeSlots(head, slots);
    const isOpen = (startUtc: UtcSeconds) => clipRanges(ledger.openRanges, { fromUtc: startUtc, toUtc: startUtc + periodS }).length > 0;
    const intervals = judged.intervals.filter((interval) => isOpen(interval.startUtc));
    const closed = intervals.map((interval) => ({ fromUtc: interval.startUtc, toUtc: interval.startUtc + interval.lengthS }));
    // Proofs of absence hold only where the ring lies at its expected place.
    const proofs = this.#shift === 0 && judged.shift === 0 ? judged.absent.filter(({ startUtc }) => isOpen(startUtc)) : [];
    const gaps = proofs.map(({ startUtc, reason }) => provenRow({ fromUtc: startUtc, toUtc: startUtc + periodS }, reason, nowUtc()));
    const settled = [...closed, ...gaps];
    ledger.close(settled);
    for (const { startUtc } of judged.implausible) this.#postponeAfterTwo(startUtc);
    if (intervals.length > 0 || gaps.length > 0) {
      save({ exchanges, intervals: intervals.map((interval) => ({ ...interval, source: 'profile' })), gaps }, settled);
    }
    if (!isOpen(newestWanted)) {
      this.#fruitless.delete(newestWanted);
    } else if (!judged.implausible.some(({ startUtc }) => startUtc === newestWanted)) {
      this.#notFound(judged.intervals, judged.shift, newestWanted, periodS);
    }
  }

  /** The record was not where it should be: look where the stamps point, once; if its neighbours stand there alone, it does not exist. */
  #notFound(around: readonly { startUtc: UtcSeconds }[], shift: number, wanted: UtcSeconds, periodS: number): void {
    const tries = (this.#fruitless.get(wanted) ?? 0) + 1;
    this.#fruitless.set(wanted, tries);
    const isBracketed = around.some(({ startUtc }) => startUtc < wanted) && around.some(({ startUtc }) => startUtc > wanted);
    if (isBracketed) {
      this.#prove([{ fromUtc: wanted, toUtc: wanted + periodS }], 'clock-changed', []);
    } else if (tries === 1 && shift !== 0) {
      this.#shift = shift;
    } else {
      this.#shift = 0;
      this.#deps.ledger.postpone(wanted, this.#deps.nowUtc() + IMPLAUSIBLE_PAUSE_S);
    }
  }

  #postponeAfterTwo(startUtc: UtcSeconds): void {
    const tries = (this.#fruitless.get(startUtc) ?? 0) + 1;
    this.#fruitless.set(startUtc, tries);
    if (tries >= 2) this.#deps.ledger.postpone(startUtc, this.#deps.nowUtc() + IMPLAUSIBLE_PAUSE_S);
  }

  #prove(ranges: readonly Range[], reason: AbsenceReason, exchanges: readonly CompletedExchange[]): void {
    const { ledger, nowUtc, save } = this.#deps;
    ledger.close(ranges);
    save({ exchanges, gaps: ranges.map((range) => provenRow(range, reason, nowUtc())) }, ranges);
  }
}
