/** Reads the profile of one meter into the ledger: one exchange a step, and settles what is certain by then (docs/profile-rules.md). */
import type { CompletedExchange } from '../../shared/domain/exchange.ts';
import type { AbsenceReason, MeterInterval, SourcedInterval } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSession, ProfileHead, ProfileSlot } from '../drivers/driver.ts';
import { type MeterLedger, provenRow } from './ledger.ts';
import type { Batch } from './ledger-keeper.ts';
import { assembleIntervals } from './profile-fill.ts';
import { clipRanges, mergeRanges, type Range } from './ranges.ts';
import { type NextPlace, RingMap } from './ring-map.ts';

/** Bytes that made no sense twice are left alone for this long. */
const IMPLAUSIBLE_PAUSE_S = 3600;
/** So many reads for one interval that is about to be overwritten; then the newer ones have their turn. */
const MOST_URGENT_READS = 6;
/** A record that the meter has not closed yet is asked for again after this. */
const NOT_CLOSED_PAUSE_S = 20;

export interface ProfileReaderDeps {
  readonly ledger: MeterLedger;
  /** Seconds since 1970 by the meter's clock. */
  readonly nowUtc: () => UtcSeconds;
  /** Stores the batch; the ranges are closed in the ledger on the strength of it. */
  readonly save: (batch: Batch, closed: readonly Range[]) => void;
}

export class ProfileReader {
  readonly #deps: ProfileReaderDeps;
  readonly #ring = new RingMap();
  /** False after the session was lost: the ring is known as it was, and may have gone on. */
  #isHeadFresh = false;
  /** Reads that brought nothing new, by the interval that they were for. */
  readonly #fruitless = new Map<UtcSeconds, number>();
  /** The interval that was looked for last, and was not where it was expected. */
  #searchedUtc: UtcSeconds | null = null;
  #searches = 0;

  constructor(deps: ProfileReaderDeps) {
    this.#deps = deps;
  }

  get head(): ProfileHead | null {
    return this.#isHeadFresh ? this.#ring.head : null;
  }

  useHead(head: ProfileHead): void {
    this.#isHeadFresh = true;
    const again = this.#ring.useHead(head);
    if (again !== null) this.#deps.ledger.reopen([again]);
  }

  forgetHead(): void {
    this.#isHeadFresh = false;
  }

  /** One step of back-fill towards the newest interval of `wanted`: one exchange, or none when it can be settled without. */
  async read(session: MeterSession, wanted: Range, isUrgent = false): Promise<void> {
    const { head } = this;
    if (head === null) return;
    const { ledger, nowUtc } = this.#deps;
    const periodS = head.periodMin * 60;
    if (head.newestStartUtc === null) return this.#prove([wanted], 'never-recorded');
    const newest = { fromUtc: Math.max(wanted.fromUtc, wanted.toUtc - periodS), toUtc: wanted.toUtc };
    const closedUntilUtc = head.newestStartUtc + periodS;
    if (newest.fromUtc >= closedUntilUtc) {
      // The meter has not closed these yet, or its clock was set back and it will close them anew.
      for (let toUtc = wanted.toUtc; toUtc > Math.max(wanted.fromUtc, closedUntilUtc); toUtc -= periodS) {
        ledger.postpone(toUtc - periodS, nowUtc() + NOT_CLOSED_PAUSE_S);
      }
      return;
    }
    const place = this.#ring.nextPlace(newest);
    if (place === null) return this.#settle([newest], closedUntilUtc, periodS);
    const { slotsBack, count } = this.#batchAt(place, head.maxBatch, Math.ceil((newest.toUtc - wanted.fromUtc) / periodS), newest.fromUtc);
    const { value: slots, exchanges } = await session.readProfile(head, slotsBack, count);
    const { isNews, added } = this.#ring.learn(slots, exchanges);
    ledger.reopen(added);
    this.#searches = this.#searchedUtc === newest.fromUtc ? this.#searches + 1 : 1;
    this.#searchedUtc = newest.fromUtc;
    this.#settle([newest, ...slots.flatMap(timesOf)], closedUntilUtc, periodS);
    if (isUrgent && this.#searches >= MOST_URGENT_READS && this.#isOpen(newest)) ledger.calmDown(wanted, periodS);
    if (isNews) this.#fruitless.delete(newest.fromUtc);
    else this.#postponeAfterTwo(newest.fromUtc, wanted.toUtc - periodS);
  }

  /** From the likely place on when the times fit so far; else around it, for the times around it to show the way. */
  #batchAt(place: NextPlace, maxBatch: number, wanted: number, newestUtc: UtcSeconds): { slotsBack: number; count: number } {
    const { likelyBack, newestBack, oldestBack } = place;
    if (this.#searchedUtc !== newestUtc) return { slotsBack: likelyBack, count: Math.min(maxBatch, wanted, oldestBack - likelyBack + 1) };
    const slotsBack = Math.max(newestBack, Math.min(likelyBack - Math.floor(maxBatch / 2), oldestBack - maxBatch + 1));
    return { slotsBack, count: Math.min(maxBatch, oldestBack - slotsBack + 1) };
  }

  /** Stores what is known whole of these times, what came in the same exchanges in one batch, and proves absent what is known not to exist. */
  #settle(times: readonly Range[], closedUntilUtc: UtcSeconds, periodS: number): void {
    const { ledger, save } = this.#deps;
    const batches: { readonly exchanges: readonly CompletedExchange[]; readonly intervals: SourcedInterval[] }[] = [];
    for (const time of times) {
      const group = this.#ring.groupOf(time);
      if (group.toUtc > closedUntilUtc || !this.#isOpen(group) || this.#ring.nextPlace(time) !== null) continue;
      const records = this.#ring.recordsOf(time);
      if (records.length === 0) {
        this.#proveHole(time, periodS);
        continue;
      }
      const intervals = assembleIntervals(records.map(({ slot }) => slot)).map((interval) => ({ ...interval, source: 'profile' as const }));
      ledger.close(intervals.map(rangeOf));
      const exchanges = [...new Set(records.flatMap((record) => record.exchanges))];
      const batch = batches.find(
        (one) => one.exchanges.length === exchanges.length && one.exchanges.every((each) => exchanges.includes(each)),
      );
      if (batch === undefined) batches.push({ exchanges, intervals });
      else batch.intervals.push(...intervals);
    }
    for (const { exchanges, intervals } of batches) {
      intervals.sort((a, b) => a.startUtc - b.startUtc);
      save({ exchanges, intervals }, intervals.map(rangeOf));
    }
    this.#ring.release((range) => this.#isOpen(range));
  }

  /** The interval does not exist; what is open around it may not exist for the same reason. */
  #proveHole(time: Range, periodS: number): void {
    const { reason, hole } = this.#ring.absenceOf(time);
    const proven: Range[] = [];
    for (const range of clipRanges(this.#deps.ledger.openRanges, hole)) {
      for (let toUtc = range.toUtc; toUtc > range.fromUtc; toUtc -= periodS) {
        const piece = { fromUtc: Math.max(range.fromUtc, toUtc - periodS), toUtc };
        if (this.#ring.nextPlace(piece) === null && this.#ring.recordsOf(piece).length === 0) proven.push(piece);
      }
    }
    this.#prove(mergeRanges(proven), reason);
  }

  #isOpen(range: Range): boolean {
    return clipRanges(this.#deps.ledger.openRanges, range).length > 0;
  }

  #postponeAfterTwo(newestUtc: UtcSeconds, startUtc: UtcSeconds): void {
    const tries = (this.#fruitless.get(newestUtc) ?? 0) + 1;
    this.#fruitless.set(newestUtc, tries);
    if (tries >= 2) this.#deps.ledger.postpone(startUtc, this.#deps.nowUtc() + IMPLAUSIBLE_PAUSE_S);
  }

  #prove(ranges: readonly Range[], reason: AbsenceReason): void {
    const { ledger, nowUtc, save } = this.#deps;
    if (ranges.length === 0) return;
    ledger.close(ranges);
    save({ gaps: ranges.map((range) => provenRow(range, reason, nowUtc())) }, ranges);
  }
}

function timesOf(slot: ProfileSlot): Range[] {
  return slot.kind === 'interval' ? [rangeOf(slot.interval)] : [];
}

function rangeOf({ startUtc, lengthS }: MeterInterval): Range {
  return { fromUtc: startUtc, toUtc: startUtc + lengthS };
}
