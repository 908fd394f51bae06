/** A profile ring as mercury.md 8 describes it, with a history of outages, clock sets and period changes that a test writes. */
import type { MeterSession, ProfileHead, ProfileSlot } from '../../src/main/drivers/driver.ts';
import type { IntervalFlag } from '../../src/shared/domain/interval.ts';

export interface ModelRecord {
  readonly startUtc: number;
  readonly lengthS: number;
  /** When the running part began and ended, by the meter's clock of that moment. */
  readonly fromUtc: number;
  readonly toUtc: number;
  readonly count: number;
  readonly isPart: boolean;
}

const BATCH = 17;
const LEAST_BATCH = 4;

/** Every record has a count of its own, so that no sum can be right by chance. */
export class RingModel {
  readonly ringSlots: number;
  readonly slots: (ModelRecord | null)[];
  /** All records that were ever closed, in order. */
  readonly closed: ModelRecord[] = [];
  readonly isBatching: boolean;
  now: number;
  periodS = 1800;
  reads = 0;
  #hasOverflowed = false;
  #place = 0;
  #from: number;
  #isAfterSet = true;
  #lastStart: number | null = null;

  constructor(now: number, ringSlots = 256, isBatching = true) {
    this.now = now;
    this.#from = now;
    this.ringSlots = ringSlots;
    this.isBatching = isBatching;
    this.slots = Array.from({ length: ringSlots }, () => null);
  }

  /** The meter counts on for this long. */
  run(seconds: number): void {
    const until = this.now + seconds;
    for (let end = this.#boundary(); end <= until; end = this.#boundary()) {
      this.now = end;
      this.#close(end - this.periodS);
      this.#from = end;
    }
    this.now = until;
  }

  /** No supply for this long. */
  outage(seconds: number): void {
    this.#closeEarly();
    this.now += seconds;
    this.#from = this.now;
  }

  moveClock(seconds: number): void {
    this.#closeEarly();
    this.now += seconds;
    this.#from = this.now;
    this.#isAfterSet = true;
  }

  changePeriod(seconds: number): void {
    this.#closeEarly();
    this.periodS = seconds;
    this.#from = this.now;
    this.#isAfterSet = true;
  }

  initialise(): void {
    this.slots.fill(null);
    this.#place = 0;
    this.#hasOverflowed = false;
    this.#lastStart = null;
    this.#from = this.now;
    this.#isAfterSet = true;
  }

  head(): ProfileHead {
    const newestStartUtc = this.slots[this.#place]?.startUtc ?? null;
    const place = this.#place;
    return {
      newestStartUtc,
      periodMin: this.periodS / 60,
      ringSlots: this.ringSlots,
      place,
      hasOverflowed: this.#hasOverflowed,
      isCalendar: false,
      maxBatch: this.isBatching ? BATCH : 1,
      position: place,
    };
  }

  session(): MeterSession {
    const readProfile = ({ position }: ProfileHead, slotsBack: number, count: number) => {
      this.reads += 1;
      const records = !this.isBatching || count < LEAST_BATCH ? 1 : Math.min(BATCH, count, this.ringSlots - slotsBack);
      const value: ProfileSlot[] = [];
      for (let back = slotsBack + records - 1; back >= slotsBack; back -= 1) value.push(this.#slot(Number(position), back));
      return Promise.resolve({ value, exchanges: [] });
    };
    return { readProfile } as unknown as MeterSession;
  }

  #slot(newest: number, slotsBack: number): ProfileSlot {
    const record = this.slots[(newest - slotsBack + this.ringSlots) % this.ringSlots] ?? null;
    if (record === null) return { slotsBack, kind: 'never-written' };
    const { startUtc, lengthS, count, isPart, toUtc } = record;
    const isCut = toUtc % lengthS !== 0;
    const flags: IntervalFlag[] = isPart ? ['incomplete'] : [];
    const counts = { 'A+': count, 'A-': null, 'R+': null, 'R-': null };
    const stamp = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    return { slotsBack, kind: 'interval', isCut, stamp, interval: { startUtc, lengthS, counts, flags } };
  }

  #boundary(): number {
    return Math.floor(this.#from / this.periodS) * this.periodS + this.periodS;
  }

  #closeEarly(): void {
    if (this.now > this.#from) this.#close(Math.floor(this.#from / this.periodS) * this.periodS);
  }

  #close(startUtc: number): void {
    const isOrdered = this.#lastStart !== null && !this.#isAfterSet;
    const moved = isOrdered ? Math.max(1, Math.floor((startUtc - (this.#lastStart ?? 0)) / this.periodS)) : 1;
    this.#hasOverflowed ||= this.#place + moved >= this.ringSlots;
    this.#place = (this.#place + moved) % this.ringSlots;
    const isPart = this.#from > startUtc || this.now < startUtc + this.periodS;
    const record = {
      startUtc,
      lengthS: this.periodS,
      fromUtc: this.#from,
      toUtc: this.now,
      count: 2 ** (this.closed.length % 12) + this.closed.length * 4096,
      isPart,
    };
    this.closed.push(record);
    this.slots[this.#place] = record;
    this.#lastStart = startUtc;
    this.#isAfterSet = false;
  }
}
