/** The gap ledger of one meter in memory: which intervals are open, why, and what of them to read next. */
import type { Gap } from '../../shared/domain/gap.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { clipRanges, mergeRanges, type Range, subtractRanges } from './ranges.ts';

/** Gaps whose oldest interval is overwritten within this time are filled oldest first. */
const URGENT_S = 3 * 86_400;

export class MeterLedger {
  #window: Range | null = null;
  #open: Range[] = [];
  /** What a person wants read again, stored or not; without a window it waits for one. */
  #asked: Range[] = [];
  /** Intervals whose bytes made no sense, with the moment before which they are not asked again. */
  readonly #postponed = new Map<UtcSeconds, UtcSeconds>();
  /** Intervals that are looked for in their turn, however near their end: they were not where they should be. */
  readonly #elusive = new Set<UtcSeconds>();
  #reason: AbsenceReason = 'not-read';
  #sinceUtc: UtcSeconds | null = null;
  #tries = 0;

  /** Intervals that should exist: everything in the window that is not covered is open from now on. */
  open(window: Range, covered: readonly Range[]): void {
    this.#window = window;
    this.#open = mergeRanges([...subtractRanges([window], mergeRanges(covered)), ...clipRanges(this.#asked, window)]);
  }

  /** These intervals are open again until the meter has answered, whatever is stored of them. */
  ask(range: Range): void {
    this.#asked = mergeRanges([...this.#asked, range]);
    this.reopen([range]);
  }

  /** What of the range is still to be read. */
  openIn(range: Range): readonly Range[] {
    return clipRanges(this.#window === null ? this.#asked : this.#open, range);
  }

  get window(): Range | null {
    return this.#window;
  }

  get isComplete(): boolean {
    return this.#window !== null && this.#open.length === 0;
  }

  get openRanges(): readonly Range[] {
    return this.#open;
  }

  /** New intervals have ended: they are expected, so they are open. */
  extendTo(toUtc: UtcSeconds): boolean {
    if (this.#window === null || toUtc <= this.#window.toUtc) return false;
    this.#open = mergeRanges([...this.#open, { fromUtc: this.#window.toUtc, toUtc }]);
    this.#window = { fromUtc: this.#window.fromUtc, toUtc };
    return true;
  }

  /** These intervals are stored, or proven absent. */
  close(ranges: readonly Range[]): void {
    const closed = mergeRanges(ranges);
    this.#open = subtractRanges(this.#open, closed);
    this.#asked = subtractRanges(this.#asked, closed);
  }

  /** What was closed turned out not to be stored: open it again. */
  reopen(ranges: readonly Range[]): void {
    if (this.#window === null) return;
    this.#open = mergeRanges([...this.#open, ...clipRanges(ranges, this.#window)]);
  }

  /** These intervals wait for their turn among the others from now on. */
  calmDown({ fromUtc, toUtc }: Range, periodS: number): void {
    for (let start = fromUtc; start < toUtc; start += periodS) this.#elusive.add(start);
  }

  postpone(startUtc: UtcSeconds, untilUtc: UtcSeconds): void {
    this.#postponed.set(startUtc, untilUtc);
  }

  /**
   * What to read next, newest day first, except that what the ring is about to overwrite goes before everything.
   * Returns the newest open interval of the chosen run: one read brings it and its older neighbours.
   */
  next(nowUtc: UtcSeconds, periodS: number, deadlineOf: (startUtc: UtcSeconds) => UtcSeconds | null): NextRead | null {
    const urgent = this.#mostUrgent(nowUtc, periodS, deadlineOf);
    if (urgent !== null) return urgent;
    for (let index = this.#open.length - 1; index >= 0; index -= 1) {
      const range = this.#open[index];
      if (range === undefined) continue;
      for (let end = range.toUtc; end > range.fromUtc; end -= periodS) {
        if ((this.#postponed.get(end - periodS) ?? 0) > nowUtc) continue;
        return { range: { fromUtc: range.fromUtc, toUtc: end }, deadlineUtc: deadlineOf(end - periodS), isUrgent: false };
      }
    }
    return null;
  }

  /** Remembers why what is open is open. Returns true when that is news worth storing. */
  blame(reason: AbsenceReason, nowUtc: UtcSeconds, isNewTry: boolean): boolean {
    const isNews = reason !== this.#reason;
    if (isNews) this.#sinceUtc = nowUtc;
    this.#reason = reason;
    if (isNewTry) this.#tries += 1;
    return isNews;
  }

  get reason(): AbsenceReason {
    return this.#reason;
  }

  /** Open ranges as rows of the ledger. */
  rows(nowUtc: UtcSeconds, nextTryUtc: UtcSeconds | null, deadlineOf: (startUtc: UtcSeconds) => UtcSeconds | null): Omit<Gap, 'meterId'>[] {
    return this.#open.map((range) => ({
      ...range,
      reason: this.#reason,
      sinceUtc: this.#sinceUtc ?? nowUtc,
      tries: this.#tries,
      nextTryUtc,
      deadlineUtc: deadlineOf(range.fromUtc),
      state: 'open',
    }));
  }

  /** The oldest of what is overwritten soon, with its newer neighbours. */
  #mostUrgent(nowUtc: UtcSeconds, periodS: number, deadlineOf: (startUtc: UtcSeconds) => UtcSeconds | null): NextRead | null {
    for (const range of this.#open) {
      for (let start = range.fromUtc; start < range.toUtc; start += periodS) {
        const deadlineUtc = deadlineOf(start);
        if (deadlineUtc === null || deadlineUtc - nowUtc >= URGENT_S) return null;
        if (deadlineUtc <= nowUtc || this.#elusive.has(start) || (this.#postponed.get(start) ?? 0) > nowUtc) continue;
        return { range: { fromUtc: start, toUtc: Math.min(range.toUtc, start + 17 * periodS) }, deadlineUtc, isUrgent: true };
      }
    }
    return null;
  }
}

export interface NextRead {
  readonly range: Range;
  readonly deadlineUtc: UtcSeconds | null;
  readonly isUrgent: boolean;
}

/** A range that no meter can give any more, as a row of the ledger. */
export function provenRow(range: Range, reason: AbsenceReason, nowUtc: UtcSeconds): Omit<Gap, 'meterId'> {
  return { ...range, reason, sinceUtc: nowUtc, tries: 1, nextTryUtc: null, deadlineUtc: null, state: 'proven-absent' };
}
