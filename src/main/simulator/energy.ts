import type { Channel, PerChannel } from '../../shared/domain/channel.ts';
import { utcAsWall } from '../../shared/domain/time.ts';
import type { MeterSpec } from './assembly.ts';
import { hash, pick } from './hash.ts';
import { slotCounts, type SlotCounts } from './load.ts';
import type { RunSeconds } from './meter-clock.ts';
import { seenCounts, SOUND_WIRING, type Wiring } from './wiring.ts';

/** Seconds since 1970-01-01 00:00 on the meter's own wall clock, whole. */
export type WallSeconds = number;

export const SLOT_S = 1800;
export const DAY_S = 86400;
const DAY_SLOTS = DAY_S / SLOT_S;
/** Tariff 1 is counted from 07:00 to 23:00, tariff 2 at night. */
const TARIFF_1 = { from: 7 * 3600, to: 23 * 3600 };
/** The largest counts of A+ A- R+ R- at the epoch. */
const BASES = [400e6, 0, 150e6, 0];
const BASE = 9;

interface Outage {
  readonly from: RunSeconds;
  readonly to: RunSeconds;
}

/**
 * The energy that one meter has counted: half-hour counts and the registers that are their exact sum. Registers begin
 * at `epochDay` with a reading of their own; earlier moments are unknown. Sums by day are made when first asked for.
 */
export class EnergyLedger {
  readonly #spec: MeterSpec;
  readonly #epochDay: number;
  /** By channel: counts at the start of each day since the epoch, and Wh of tariff 1 at that moment. */
  readonly #counts: number[][];
  readonly #tariff1: number[][];
  #wirings: readonly (Wiring & { readonly fromSlot: number })[];
  #outages: readonly Outage[] = [];

  constructor(spec: MeterSpec, epochDay: number) {
    this.#spec = spec;
    this.#epochDay = epochDay;
    this.#wirings = [{ ...SOUND_WIRING, lost: spec.row.lostPhases, fromSlot: -Infinity }];
    // A- and R- start at nothing: energy that went back is rare.
    this.#counts = BASES.map((most, channel) => [most === 0 ? 0 : pick(hash(spec.seed, BASE, channel), most / 100, most)]);
    this.#tariff1 = this.#counts.map(([counts = 0]) => [Math.floor(this.#energy(counts) * 0.7)]);
  }

  /** First moment whose registers are known. */
  get epoch(): RunSeconds {
    return this.#epochDay * DAY_S;
  }

  /** Counts of a half-hour in units of 1/(2A) kWh and kvarh, of all four channels, kept or not. */
  slot(slot: number): SlotCounts {
    return this.#grown(slot, SLOT_S);
  }

  /** The same with sound wiring and supply. */
  fullSlot(slot: number): SlotCounts {
    return slotCounts(this.#spec.load, this.#spec.fullCounts, this.#spec.seed, slot);
  }

  /** Counts between two moments: sums of adjoining spans are exact. */
  between(from: RunSeconds, to: RunSeconds): SlotCounts {
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    for (let slot = Math.floor(from / SLOT_S); slot * SLOT_S < to; slot += 1) {
      const start = slot * SLOT_S;
      const end = this.#grown(slot, Math.min(to - start, SLOT_S));
      const before = from > start ? this.#grown(slot, from - start) : null;
      for (const channel of [0, 1, 2, 3] as const) sums[channel] += end[channel] - (before?.[channel] ?? 0);
    }
    return sums;
  }

  wiring(slot: number): Wiring {
    return this.#wirings.findLast(({ fromSlot }) => slot >= fromSlot) ?? SOUND_WIRING;
  }

  /** From this half-hour on the meter is wired so; what is not named stays as it was. */
  wire(change: Partial<Wiring>, fromSlot: number): void {
    this.#wirings = [...this.#wirings, { ...this.wiring(fromSlot), ...change, fromSlot }];
    this.#forget(fromSlot * SLOT_S);
  }

  /** From now on nothing is counted, until `restoreSupply`. */
  cutSupply(at: RunSeconds): void {
    this.#outages = [...this.#outages, { from: at, to: Infinity }];
    this.#forget(at);
  }

  restoreSupply(at: RunSeconds): void {
    this.#outages = this.#outages.map((outage) => (outage.to === Infinity ? { from: outage.from, to: at } : outage));
    this.#forget(at);
  }

  /**
   * Registers at a moment, whole Wh and varh, kinds that the meter does not keep `null`. Tariff 0 is the floor of the
   * exact sum; each new whole Wh goes to the tariff of its moment, so that tariffs 1 and 2 sum to tariff 0 and none
   * ever runs back. Tariffs 3 and 4 are not used. `null` before the epoch.
   */
  registers(at: RunSeconds, tariff: number): PerChannel<number | null> | null {
    if (at < this.epoch) return null;
    const day = Math.floor(at / DAY_S);
    this.#sumUpTo(day);
    const figure = (channel: Channel, index: number) => {
      if (!this.#spec.channels.includes(channel)) return null;
      const total = this.#energy(this.#countsAt(index, at));
      if (tariff === 0) return total;
      if (tariff > 2) return 0;
      const first = (this.#tariff1[index]?.[day - this.#epochDay] ?? 0) + this.#tariff1OfDay(index, day, at);
      return tariff === 1 ? first : total - first;
    };
    return { 'A+': figure('A+', 0), 'A-': figure('A-', 1), 'R+': figure('R+', 2), 'R-': figure('R-', 3) };
  }

  /** Whole Wh in a number of counts of 1/(2A) kWh: exact, since both sides stay far below 2^53. */
  #energy(counts: number): number {
    return Math.floor((counts * 500) / this.#spec.connection.constant);
  }

  /** Counts at a moment; within a half-hour they grow evenly. The day of `at` must be summed up to. */
  #countsAt(channel: number, at: RunSeconds): number {
    const day = Math.floor(at / DAY_S);
    let counts = this.#counts[channel]?.[day - this.#epochDay] ?? 0;
    const running = Math.floor(at / SLOT_S);
    for (let slot = day * DAY_SLOTS; slot < running; slot += 1) counts += this.slot(slot)[channel] ?? 0;
    return counts + (this.#grown(running, at % SLOT_S)[channel] ?? 0);
  }

  #tariff1OfDay(channel: number, day: number, at: RunSeconds): number {
    const start = day * DAY_S + TARIFF_1.from;
    if (at <= start) return 0;
    const end = Math.min(at, day * DAY_S + TARIFF_1.to);
    return this.#energy(this.#countsAt(channel, end)) - this.#energy(this.#countsAt(channel, start));
  }

  #sumUpTo(day: number): void {
    const wanted = day - this.#epochDay;
    for (let known = (this.#counts[0]?.length ?? 1) - 1; known < wanted; known += 1) this.#sumDay(known);
  }

  #sumDay(known: number): void {
    const first = (this.#epochDay + known) * DAY_SLOTS;
    const sums = this.#counts.map((counts) => counts[known] ?? 0);
    const add = (from: number, to: number) => {
      for (let slot = first + from / SLOT_S; slot < first + to / SLOT_S; slot += 1) {
        const counts = this.slot(slot);
        for (let channel = 0; channel < sums.length; channel += 1) sums[channel] = (sums[channel] ?? 0) + (counts[channel] ?? 0);
      }
      return sums.map((sum) => this.#energy(sum));
    };
    const morning = add(0, TARIFF_1.from);
    const evening = add(TARIFF_1.from, TARIFF_1.to);
    add(TARIFF_1.to, DAY_S);
    sums.forEach((sum, channel) => {
      this.#counts[channel]?.push(sum);
      this.#tariff1[channel]?.push((this.#tariff1[channel]?.[known] ?? 0) + (evening[channel] ?? 0) - (morning[channel] ?? 0));
    });
  }

  /** What a half-hour has counted in its first `seconds`. */
  #grown(slot: number, seconds: number): SlotCounts {
    const counts = seenCounts(this.wiring(slot), this.#spec.phaseShares, this.fullSlot(slot));
    const powered = this.#poweredSeconds(slot * SLOT_S, seconds);
    if (powered === SLOT_S) return counts;
    const part = (count: number) => Math.floor((count * powered) / SLOT_S);
    return [part(counts[0]), part(counts[1]), part(counts[2]), part(counts[3])];
  }

  #poweredSeconds(from: RunSeconds, seconds: number): number {
    const cut = (outage: Outage) => Math.max(0, Math.min(outage.to, from + seconds) - Math.max(outage.from, from));
    return this.#outages.reduce((powered, outage) => powered - cut(outage), seconds);
  }

  /** Sums beyond this moment are no longer true. */
  #forget(at: RunSeconds): void {
    const known = Math.max(1, Math.floor(at / DAY_S) - this.#epochDay + 1);
    for (const sums of [...this.#counts, ...this.#tariff1]) sums.length = Math.min(sums.length, known);
  }
}

/** Wall time of a moment in fields; `weekday` 1 is Monday, 7 Sunday. */
export function wallFields(at: WallSeconds) {
  return { ...utcAsWall(at), weekday: new Date(at * 1000).getUTCDay() || 7 };
}

/** Start of a day, month (1..12, may run over) or year of the wall calendar. */
export function wallStart(year: number, month: number, day = 1): WallSeconds {
  return Date.UTC(year, month - 1, day) / 1000;
}
