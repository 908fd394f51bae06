import { CHANNELS } from '../../shared/domain/channel.ts';
import type { MeterSpec23x } from './assembly.ts';
import { wallFields, type EnergyLedger, type WallSeconds } from './energy.ts';
import type { SlotCounts } from './load.ts';
import type { MeterClock, RunSeconds } from './meter-clock.ts';
import { bcd, w2 } from './wire.ts';

/** Bytes that a record takes in the memory, and how many of them are used (mercury.md 8.2). */
const RECORD_BYTES = 16;
const USED_BYTES = 15;
const RECORDS_AT_ONCE = 17;
const STATUS = { overflowed: 0x01, incomplete: 0x02, initialising: 0x04, winter: 0x08, second: 0x10 };
/** How long the wiping of the memory takes. */
const WIPE_S = 120;

/** Answer to a read of a profile memory: bytes, or why there are none. */
export type MemoryRead =
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'misfit' }
  | { readonly kind: 'unknown' };

/** A record: it closes the interval that begins at `startWall`, or a part of it. */
interface ProfileRecord {
  /** From 1 since the memory was initialised, skipped places counted; it lies at 16 x this, modulo the ring. */
  readonly number: number;
  readonly startWall: WallSeconds;
  readonly stamp: WallSeconds;
  readonly periodS: number;
  readonly from: RunSeconds;
  readonly to: RunSeconds;
  readonly isIncomplete: boolean;
}

/** The interval that is running. */
interface Running {
  readonly startWall: WallSeconds;
  readonly from: RunSeconds;
  readonly isIncomplete: boolean;
  /** The clock was set before it: the order of places and times is broken here (8.3). */
  readonly isAfterSet: boolean;
}

export interface ProfileOptions {
  readonly memory: 'main' | 'second';
  readonly periodS: number;
  readonly ringBytes: 65536 | 131072;
  /** When the memory was initialised: the start of an interval. */
  readonly from: RunSeconds;
}

/**
 * A profile memory of a meter: a ring of records (mercury.md 8). As long as nothing has disturbed clock or supply, record
 * k closes interval k - 1 after the first one, and nothing is kept here: everything follows from the ledger. From the
 * first disturbance on each record is kept as it was closed.
 */
export class ProfileMemory {
  readonly #spec: MeterSpec23x;
  readonly #ledger: EnergyLedger;
  readonly #clock: MeterClock;
  readonly #isSecond: boolean;
  readonly #ringBytes: number;
  #periodS: number;
  #from: RunSeconds;
  /** Period of the regular records, and how many there are; `null` = still undisturbed. */
  #regular: { readonly periodS: number; readonly count: number | null };
  readonly #kept = new Map<number, ProfileRecord>();
  #last: { readonly number: number; readonly startWall: WallSeconds } | null = null;
  /** `null` without supply. */
  #running: Running | null = null;
  #wipedUntil = -Infinity;

  constructor(spec: MeterSpec23x, ledger: EnergyLedger, clock: MeterClock, { memory, periodS, ringBytes, from }: ProfileOptions) {
    this.#spec = spec;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#isSecond = memory === 'second';
    this.#periodS = periodS;
    this.#ringBytes = ringBytes;
    this.#from = from;
    this.#regular = { periodS, count: null };
  }

  get ringSlots(): number {
    return this.#ringBytes / RECORD_BYTES;
  }

  get periodS(): number {
    return this.#periodS;
  }

  /** Starts of the intervals within [from, to) of wall time that the memory holds, ascending. */
  heldStarts(from: WallSeconds, to: WallSeconds): WallSeconds[] {
    this.#closeDue();
    const newest = this.#newestRegular();
    const { periodS } = this.#regular;
    const starts = new Set<WallSeconds>();
    const first = Math.max(1, newest - this.ringSlots + 1, Math.ceil((from - this.#from) / periodS) + 1);
    const last = Math.min(newest, Math.ceil((to - this.#from) / periodS));
    for (let number = first; number <= last; number += 1) {
      if (this.#isHeld(number)) starts.add(this.#from + (number - 1) * periodS);
    }
    for (const { startWall } of this.#kept.values()) if (startWall >= from && startWall < to) starts.add(startWall);
    return [...starts].toSorted((a, b) => a - b);
  }

  /**
   * Counts of the interval that begins at `startWall`: the sum of its parts; of whole records the one recorded last, since the clock was
   * set back over the others. `null` when the memory holds none.
   */
  held(startWall: WallSeconds): SlotCounts | null {
    this.#closeDue();
    const { periodS } = this.#regular;
    let parts: SlotCounts[] = [];
    const number = (startWall - this.#from) / periodS + 1;
    const newest = this.#newestRegular();
    if (Number.isInteger(number) && number >= 1 && number <= newest && number > newest - this.ringSlots && this.#isHeld(number)) {
      parts.push(this.#ledger.between(startWall, startWall + periodS));
    }
    let hasWhole = parts.length > 0;
    const kept = [...this.#kept.values()].filter((record) => record.startWall === startWall).toSorted((a, b) => a.number - b.number);
    for (const record of kept) {
      if (hasWhole && !record.isIncomplete) parts = [];
      parts.push(this.#ledger.between(record.from, record.to));
      hasWhole ||= !record.isIncomplete;
    }
    if (parts.length === 0) return null;
    const sum = (channel: 0 | 1 | 2 | 3) => parts.reduce((total, part) => total + part[channel], 0);
    return [sum(0), sum(1), sum(2), sum(3)];
  }

  /** Data of 08 13 and 08 15: where the last record lies and its stamp (8.1). All zero in place of a stamp when nothing was recorded yet. */
  descriptor(): readonly number[] {
    const number = this.#lastNumber();
    const address = (number * RECORD_BYTES) % this.#ringBytes;
    const isRecords = this.#spec.family.profileAddressing === 'records';
    const field = isRecords ? address / RECORD_BYTES : address & 0xffff;
    // In byte addressing the status lends its bit 4 to the 17th bit of the address.
    const extra = !isRecords && address > 0xffff ? 0x10 : 0;
    const record = this.#newestAt(number % this.ringSlots);
    const [status = 0, ...stamp] = record === null || number === 0 ? [0, 0, 0, 0, 0, 0, this.#periodS / 60] : this.#head(record);
    const wiping = this.#clock.run() < this.#wipedUntil ? STATUS.initialising : 0;
    return [field >>> 8, field & 0xff, status | extra | wiping, ...stamp];
  }

  /** Data of 06, kinds 0 (whole records: count 0F is one, FF is 17 in ascending order) and 1..4 (averages of one channel) (8.2). */
  read(kind: number, address: number, count: number): MemoryRead {
    const first = (address % this.#ringBytes) / RECORD_BYTES;
    if (!Number.isInteger(first) || kind > 4) return { kind: 'misfit' };
    if (kind > 0) return this.#readAverages(kind - 1, first, count);
    const records = count === USED_BYTES ? 1 : count === 0xff ? RECORDS_AT_ONCE : 0;
    if (records === RECORDS_AT_ONCE && !this.#spec.family.readsSeventeen) return { kind: 'unknown' };
    if (records === 0 || first + records > this.ringSlots) return { kind: 'misfit' };
    return { kind: 'bytes', bytes: this.#placesFrom(first, records).flatMap((place) => this.#bytes(this.#newestAt(place))) };
  }

  /** Data of 16: `count` records, oldest first, the last of them `offset` records behind the newest (8.5). */
  readBack(offset: number, count: number): MemoryRead {
    if (count < 1 || count > RECORDS_AT_ONCE || offset + count > this.ringSlots) return { kind: 'misfit' };
    const first = this.#lastNumber() - offset - count + 1 + this.ringSlots;
    return {
      kind: 'bytes',
      bytes: this.#placesFrom(first, count).flatMap((place) => this.#bytes(this.#newestAt(place % this.ringSlots))),
    };
  }

  /** Call before anything is done to the clock: what was closed until now is closed by the clock as it was. */
  settle(now: RunSeconds = this.#clock.run()): void {
    if (this.#regular.count === null) {
      const { periodS } = this.#regular;
      const count = this.#newestRegular(now);
      this.#regular = { periodS, count };
      const startWall = this.#from + count * periodS;
      this.#last = count === 0 ? null : { number: count, startWall: startWall - periodS };
      this.#running = { startWall, from: startWall, isIncomplete: false, isAfterSet: false };
    }
    this.#closeDue(now);
  }

  cutSupply(now: RunSeconds): void {
    this.settle(now);
    this.#closeEarly(now);
    this.#running = null;
  }

  restoreSupply(now: RunSeconds): void {
    this.#beginPart(now, false);
  }

  /** After `settle` and `closeForSet`: the clock has been set. */
  resumeAfterSet(): void {
    this.#beginPart(this.#clock.run(), true);
  }

  /** Before the clock is set: the running interval is closed by the old time. */
  closeForSet(): void {
    this.settle();
    this.#closeEarly(this.#clock.run());
  }

  /** 03 00, 03 06: another period from now on, with or without wiping. */
  setPeriod(periodMin: number, isWiping: boolean): void {
    this.closeForSet();
    this.#periodS = periodMin * 60;
    if (isWiping) {
      this.#kept.clear();
      this.#last = null;
      this.#regular = { periodS: this.#periodS, count: 0 };
      this.#wipedUntil = this.#clock.run() + WIPE_S;
    }
    this.#beginPart(this.#clock.run(), true);
  }

  /** Closes what is due of the kept records; an undisturbed memory has nothing to close. */
  #closeDue(now: RunSeconds = this.#clock.run()): void {
    while (this.#running !== null) {
      const end = this.#running.startWall + this.#periodS;
      const at = this.#clock.runAt(end);
      if (at > now) return;
      const { isIncomplete } = this.#running;
      this.#keep(this.#running, end, at, isIncomplete || this.#clock.isCorrecting(at));
      this.#running = { startWall: end, from: at, isIncomplete: false, isAfterSet: false };
    }
  }

  /** The running interval ends here, in the middle: its stamp is the minute that has begun. */
  #closeEarly(now: RunSeconds): void {
    if (this.#running === null || now <= this.#running.from) return;
    const stamp = Math.min(Math.ceil(this.#clock.wall(now) / 60) * 60, this.#running.startWall + this.#periodS);
    this.#keep(this.#running, stamp, now, true);
  }

  #beginPart(now: RunSeconds, isAfterSet: boolean): void {
    const wall = this.#clock.wall(now);
    const startWall = wall - (wall % this.#periodS);
    this.#running = { startWall, from: now, isIncomplete: wall !== startWall, isAfterSet };
  }

  #keep(running: Running, stamp: WallSeconds, to: RunSeconds, isIncomplete: boolean): void {
    const { startWall, from, isAfterSet } = running;
    // The pointer goes on without supply too: places of whole intervals between are skipped and keep what they held (8.3).
    const passed = this.#last === null || isAfterSet ? 1 : Math.max(1, Math.floor((startWall - this.#last.startWall) / this.#periodS));
    const number = (this.#last?.number ?? 0) + passed;
    this.#kept.set(number % this.ringSlots, { number, startWall, stamp, periodS: this.#periodS, from, to, isIncomplete });
    this.#last = { number, startWall };
  }

  #newestRegular(now: RunSeconds = this.#clock.run()): number {
    const { periodS, count } = this.#regular;
    return count ?? Math.max(0, Math.floor((now - this.#from) / periodS));
  }

  #lastNumber(): number {
    this.#closeDue();
    return this.#last?.number ?? this.#newestRegular();
  }

  /** A regular record whose place no kept one has taken. */
  #isHeld(number: number): boolean {
    return !this.#kept.has(number % this.ringSlots);
  }

  /** The newest record written at a place of the ring; `null` = never written. */
  #newestAt(place: number): ProfileRecord | null {
    this.#closeDue();
    const kept = this.#kept.get(place);
    if (kept !== undefined) return kept;
    const newest = this.#newestRegular();
    const number = newest - ((((newest - place) % this.ringSlots) + this.ringSlots) % this.ringSlots);
    if (number < 1) return null;
    const { periodS } = this.#regular;
    const startWall = this.#from + (number - 1) * periodS;
    const stamp = startWall + periodS;
    return { number, startWall, stamp, periodS, from: startWall, to: stamp, isIncomplete: false };
  }

  #placesFrom(first: number, count: number): number[] {
    return Array.from({ length: count }, (_, index) => first + index);
  }

  #readAverages(channel: number, first: number, count: number): MemoryRead {
    if (count < 2 || count > 16 || count % 2 !== 0) return { kind: 'misfit' };
    const places = this.#placesFrom(first, count / 2);
    return {
      kind: 'bytes',
      bytes: places.flatMap((place) => this.#bytes(this.#newestAt(place % this.ringSlots)).slice(7 + channel * 2, 9 + channel * 2)),
    };
  }

  #bytes(record: ProfileRecord | null): readonly number[] {
    if (record === null) return Array.from({ length: USED_BYTES }, () => 0);
    const counts = this.#ledger.between(record.from, record.to);
    return [
      ...this.#head(record),
      ...CHANNELS.flatMap((channel, index) => w2(this.#spec.channels.includes(channel) ? (counts[index] ?? 0) : null)),
    ];
  }

  /** Status, stamp and period. The stamp is the END of the interval by the meter's wall clock. */
  #head({ number, startWall, stamp, periodS, isIncomplete }: ProfileRecord): readonly number[] {
    const end = wallFields(stamp);
    const { hour } = wallFields(startWall);
    const { family, row } = this.#spec;
    const tariff = family.marksTariff && (hour < 7 || hour >= 23) ? 1 : 0;
    const status =
      (row.season === 'winter' ? STATUS.winter : 0) |
      (number >= this.ringSlots ? STATUS.overflowed : 0) |
      (isIncomplete ? STATUS.incomplete : 0) |
      (this.#isSecond ? STATUS.second : 0) |
      (tariff << 5);
    return [status, bcd(end.hour), bcd(end.minute), bcd(end.day), bcd(end.month), bcd(end.year % 100), periodS / 60];
  }
}
