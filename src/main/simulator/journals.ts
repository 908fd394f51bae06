import type { Family23x } from './families.ts';
import { wallFields, type WallSeconds } from './energy.ts';
import type { PlantEvent } from './installed-meter.ts';
import { bcd, w2 } from './wire.ts';

/** Journals by their numbers (mercury.md 4). Those of phases count on from phase 1. */
const JOURNAL = {
  power: 0x01,
  clock: 0x02,
  voltage: 0x03,
  tariffSchedule: 0x07,
  holidays: 0x08,
  registersReset: 0x09,
  profileInitialised: 0x0a,
  powerLimit: 0x0f,
  energyLimit: 0x10,
  cover: 0x12,
  reprogramming: 0x13,
  statusWord: 0x14,
  maximaSchedule: 0x15,
  current: 0x17,
  lowVoltage: 0x20,
  dips: 0x30,
  reverse: 0x80,
  phaseOrder: 0x86,
};
/** Journals of one time each; the rest has 12 bytes. */
const ONE_TIME = [0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x15, 0x16];
/** Writes that have a journal of their own: code after 03, journal. */
const WRITE_JOURNALS: Readonly<Record<number, number>> = {
  0x1d: JOURNAL.tariffSchedule,
  0x1e: JOURNAL.holidays,
  0x21: JOURNAL.registersReset,
  0x2c: JOURNAL.powerLimit,
  0x2e: JOURNAL.energyLimit,
};
const SLOTS = 10;
const QUALITY_SLOTS = 100;
const BLOCK_SLOTS = 20;
/** A phase that comes back sooner has dipped. */
const LONGEST_DIP_S = 60;

/** Answer to 04: bytes, or why there are none. */
export type JournalRead = { readonly kind: 'bytes'; readonly bytes: readonly number[] } | { readonly kind: 'refused' };

/** The journals of a meter: rings of records as 04 gives them. */
export class Journals {
  readonly #family: Family23x;
  readonly #entries = new Map<number, number[][]>();
  readonly #lostAt = new Map<number, WallSeconds>();

  constructor(family: Family23x) {
    this.#family = family;
  }

  /** Writes what happened into the journals that tell of it. */
  write(event: PlantEvent): void {
    const at = event.meterTime;
    switch (event.kind) {
      case 'power-on':
        return this.#begin(JOURNAL.power, at);
      case 'power-off':
        return this.#end(JOURNAL.power, at);
      case 'clock-set':
      case 'clock-corrected':
        return this.#add(JOURNAL.clock, [...timeOf(event.before), ...timeOf(event.after)]);
      case 'phase-lost':
        return this.#phaseLost(event.phase, at);
      case 'phase-returned':
        return this.#phaseReturned(event.phase, at);
      case 'phase-reversed':
        return this.#begin(JOURNAL.reverse + event.phase - 1, at);
      case 'phase-righted':
        return this.#end(JOURNAL.reverse + event.phase - 1, at);
      case 'phases-crossed':
        return this.#begin(JOURNAL.phaseOrder, at);
      case 'phases-uncrossed':
        return this.#end(JOURNAL.phaseOrder, at);
      case 'profile-initialised':
        return this.#add(JOURNAL.profileInitialised, timeOf(at));
      case 'cover-opened':
        return this.#begin(JOURNAL.cover, at);
      case 'cover-closed':
        return this.#end(JOURNAL.cover, at);
      case 'reprogrammed':
        return this.#reprogrammed(event.code, at);
      case 'status-changed':
        return this.#add(JOURNAL.statusWord, [...timeOf(at), ...event.word]);
    }
  }

  /** Phases whose voltage is there when the meter is switched on for the first time. */
  beginVoltage(phases: readonly number[], at: WallSeconds): void {
    for (const phase of phases) {
      this.#begin(JOURNAL.voltage + phase - 1, at);
      this.#begin(JOURNAL.current + phase - 1, at);
    }
  }

  /** 04 jj rr: one slot, FF the last record, FE the whole ring, of the journals of quality FE FD FC FB FA a fifth of it each. */
  read(journal: number, slot: number): JournalRead {
    const { journalReads } = this.#family;
    if (!this.#isKept(journal)) return { kind: 'refused' };
    const size = isQuality(journal) ? QUALITY_SLOTS : SLOTS;
    if (slot < size) return { kind: 'bytes', bytes: this.#slot(journal, slot) };
    if (slot === 0xff && journalReads !== 'one') {
      const count = this.#entries.get(journal)?.length ?? 0;
      const last = count === 0 ? 0 : placeOf(journal, count - 1);
      return { kind: 'bytes', bytes: [...this.#slot(journal, last), last] };
    }
    const block = 0xfe - slot;
    const slots = isQuality(journal) ? BLOCK_SLOTS : SLOTS;
    if (journalReads !== 'all' || block < 0 || block >= size / slots) return { kind: 'refused' };
    return { kind: 'bytes', bytes: Array.from({ length: slots }, (_, index) => this.#slot(journal, block * slots + index)).flat() };
  }

  /** 04 30..32 F9: how many dips of a depth there were, by duration; the plant's are all of the deepest band and the first kind. */
  dipStatistics(journal: number, band: number): JournalRead {
    if (!this.#isKept(journal) || journal < JOURNAL.dips || journal > JOURNAL.dips + 2 || band > 7) return { kind: 'refused' };
    const count = band === 7 ? (this.#entries.get(journal)?.length ?? 0) : 0;
    return { kind: 'bytes', bytes: [...w2(count), ...Array.from({ length: 14 }, () => 0)] };
  }

  #isKept(journal: number): boolean {
    const { hasMaxima, hasQuality, hasDips, isRecent, hasRelay } = this.#family;
    if (journal >= 0x01 && journal <= 0x14) return true;
    if (journal === 0x15 || journal === 0x16) return hasMaxima;
    if (journal >= 0x17 && journal <= 0x1a) return isRecent;
    if (journal >= 0x20 && journal <= 0x2f) return hasQuality;
    if (journal >= 0x30 && journal <= 0x32) return hasDips;
    if (journal >= 0x80 && journal <= 0x86) return isRecent;
    return journal === 0x87 && hasRelay;
  }

  #slot(journal: number, slot: number): readonly number[] {
    const entries = this.#entries.get(journal) ?? [];
    const newest = entries.findLastIndex((_, index) => placeOf(journal, index) === slot);
    return entries[newest] ?? Array.from({ length: ONE_TIME.includes(journal) ? 6 : 12 }, () => 0);
  }

  #add(journal: number, bytes: readonly number[]): void {
    const entries = this.#entries.get(journal) ?? [];
    this.#entries.set(journal, [...entries, [...bytes]]);
  }

  /** First of two times; the second comes when it is over. */
  #begin(journal: number, at: WallSeconds): void {
    this.#add(journal, [...timeOf(at), 0, 0, 0, 0, 0, 0]);
  }

  #end(journal: number, at: WallSeconds): void {
    const last = this.#entries.get(journal)?.at(-1);
    if (last === undefined) return;
    last.splice(6, 6, ...timeOf(at));
  }

  #phaseLost(phase: number, at: WallSeconds): void {
    this.#lostAt.set(phase, at);
    this.#end(JOURNAL.voltage + phase - 1, at);
    this.#end(JOURNAL.current + phase - 1, at);
    // The lower limit and the lower normal value are left at once; the journals of a phase are four.
    for (const limit of [0, 1]) this.#begin(JOURNAL.lowVoltage + (phase - 1) * 4 + limit, at);
  }

  #phaseReturned(phase: number, at: WallSeconds): void {
    this.beginVoltage([phase], at);
    for (const limit of [0, 1]) this.#end(JOURNAL.lowVoltage + (phase - 1) * 4 + limit, at);
    const lostAt = this.#lostAt.get(phase);
    this.#lostAt.delete(phase);
    if (lostAt === undefined || at - lostAt > LONGEST_DIP_S) return;
    // Hundredths, time, W2 duration in 1/100 s, kind 1 = dip, W2 depth in 1/100 %.
    this.#add(JOURNAL.dips + phase - 1, [0, ...timeOf(lostAt), ...w2((at - lostAt) * 100), 1, ...w2(9900)]);
  }

  /** One record a day: BCD date, how many writes, which ones; the last byte is for code 07. */
  #reprogrammed(code: number, at: WallSeconds): void {
    const { day, month, year } = wallFields(at);
    const date = [bcd(day), bcd(month), bcd(year % 100)];
    const last = this.#entries.get(JOURNAL.reprogramming)?.at(-1);
    const isSameDay = last !== undefined && date.every((byte, index) => byte === last[index]);
    const record = isSameDay ? last : [...date, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    record[3] = Math.min(0xff, (record[3] ?? 0) + 1);
    const place = 4 + (code >>> 3);
    if (place < 11) record[place] = (record[place] ?? 0) | (1 << (code & 7));
    if (!isSameDay) this.#add(JOURNAL.reprogramming, record);
    const own = WRITE_JOURNALS[code];
    if (own !== undefined) this.#add(own, timeOf(at));
  }
}

function isQuality(journal: number): boolean {
  return journal >= JOURNAL.lowVoltage && journal <= JOURNAL.dips + 2;
}

/** Slot of the nth record. Covers share a journal: slots 0-4 are the protective cover's, which the plant never opens, 5-9 the case's. */
function placeOf(journal: number, index: number): number {
  if (journal === JOURNAL.cover) return 5 + (index % 5);
  return index % (isQuality(journal) ? QUALITY_SLOTS : SLOTS);
}

/** ss mm hh dd MM yy in BCD. */
export function timeOf(at: WallSeconds): number[] {
  const { second, minute, hour, day, month, year } = wallFields(at);
  return [second, minute, hour, day, month, year % 100].map(bcd);
}
