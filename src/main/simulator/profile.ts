import { CHANNELS } from '../../shared/domain/channel.ts';
import type { MeterSpec } from './assembly.ts';
import { SLOT_S, wallFields, type EnergyLedger, type WallSeconds } from './energy.ts';
import { bcd, w2 } from './wire.ts';

/** Bytes that a record takes in memory 3, and how many of them are used (mercury.md 8.2). */
const RECORD_BYTES = 16;
const USED_BYTES = 15;
const PERIOD_MIN = SLOT_S / 60;
const RECORDS_AT_ONCE = 17;
const STATUS = { overflowed: 0x01, winter: 0x08 };

/** Answer to a read of memory 3: bytes, or why there are none. */
export type MemoryRead =
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'misfit' }
  | { readonly kind: 'unknown' };

/**
 * Memory 3 of a meter: a ring of half-hour records (mercury.md 8). Record k, from 1, closes half-hour `firstSlot + k - 1`
 * and lies at byte address 16 k modulo the ring; what the ring no longer holds is gone.
 */
export class ProfileMemory {
  readonly #spec: MeterSpec;
  readonly #ledger: EnergyLedger;
  readonly #firstSlot: number;

  /** `firstSlot` is the half-hour in which the memory was initialised. */
  constructor(spec: MeterSpec, ledger: EnergyLedger, firstSlot: number) {
    this.#spec = spec;
    this.#ledger = ledger;
    this.#firstSlot = firstSlot;
  }

  get ringSlots(): number {
    return this.#spec.family.ringBytes / RECORD_BYTES;
  }

  /** Half-hours that the memory holds now. */
  held(at: WallSeconds): { readonly from: number; readonly to: number } {
    const last = this.#last(at);
    return { from: this.#firstSlot + Math.max(0, last - this.ringSlots), to: this.#firstSlot + last };
  }

  /** Data of 08 13: where the last record lies and its stamp (8.1). All zero in place of a stamp when nothing was recorded yet. */
  descriptor(at: WallSeconds): readonly number[] {
    const last = this.#last(at);
    const address = (last * RECORD_BYTES) % this.#spec.family.ringBytes;
    const isRecords = this.#spec.family.profileAddressing === 'records';
    const field = isRecords ? address / RECORD_BYTES : address & 0xffff;
    // In byte addressing the status lends its bit 4 to the 17th bit of the address.
    const extra = !isRecords && address > 0xffff ? 0x10 : 0;
    const [status = 0, ...stamp] = last === 0 ? [0, 0, 0, 0, 0, 0, PERIOD_MIN] : this.#head(last);
    return [field >>> 8, field & 0xff, status | extra, ...stamp];
  }

  /** Data of 06 with memory 3, kind 0. `count` 0F is one record, FF is 17 in ascending order (8.2). */
  read(at: WallSeconds, address: number, count: number): MemoryRead {
    const records = count === USED_BYTES ? 1 : count === 0xff ? RECORDS_AT_ONCE : 0;
    if (records === RECORDS_AT_ONCE && !this.#spec.family.readsSeventeen) return { kind: 'unknown' };
    const first = (address % this.#spec.family.ringBytes) / RECORD_BYTES;
    if (records === 0 || !Number.isInteger(first) || first + records > this.ringSlots) return { kind: 'misfit' };
    const bytes: number[] = [];
    for (let place = first; place < first + records; place += 1) bytes.push(...this.#record(this.#newestAt(place, at)));
    return { kind: 'bytes', bytes };
  }

  #last(at: WallSeconds): number {
    return Math.max(0, Math.floor(at / SLOT_S) - this.#firstSlot);
  }

  /** Number of the newest record at a place of the ring; 0 when nothing was ever written there. */
  #newestAt(place: number, at: WallSeconds): number {
    const last = this.#last(at);
    const behind = (((last - place) % this.ringSlots) + this.ringSlots) % this.ringSlots;
    return Math.max(0, last - behind);
  }

  #record(k: number): readonly number[] {
    if (k === 0) return Array.from({ length: USED_BYTES }, () => 0);
    const counts = this.#ledger.slot(this.#slotOf(k));
    return [
      ...this.#head(k),
      ...CHANNELS.flatMap((channel, index) => w2(this.#spec.channels.includes(channel) ? (counts[index] ?? 0) : null)),
    ];
  }

  /** Status, stamp and period. The stamp is the END of the half-hour by the meter's wall clock. */
  #head(k: number): readonly number[] {
    const slot = this.#slotOf(k);
    const end = wallFields((slot + 1) * SLOT_S);
    const hour = wallFields(slot * SLOT_S).hour;
    const tariff = this.#spec.family.marksTariff && (hour < 7 || hour >= 23) ? 1 : 0;
    const status = STATUS.winter | (k >= this.ringSlots ? STATUS.overflowed : 0) | (tariff << 5);
    return [status, bcd(end.hour), bcd(end.minute), bcd(end.day), bcd(end.month), bcd(end.year % 100), PERIOD_MIN];
  }

  #slotOf(k: number): number {
    return this.#firstSlot + k - 1;
  }
}
