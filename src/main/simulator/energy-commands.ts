import { CHANNELS, type Channel, type PerChannel } from '../../shared/domain/channel.ts';
import type { MeterSpec23x } from './assembly.ts';
import { DAY_S, SLOT_S, wallFields, wallStart, type EnergyLedger, type WallSeconds } from './energy.ts';
import type { MeterClock } from './meter-clock.ts';
import { e4, w2 } from './wire.ts';

/** What the energy commands read from. */
export interface EnergySource {
  readonly spec: MeterSpec23x;
  readonly clock: MeterClock;
  readonly ledger: EnergyLedger;
}

type Registers = PerChannel<number | null> | null;

const ALL_TARIFFS = 6;
const LOSSES = 5;
/** Technical losses are a fiftieth of what flowed. */
const LOSS_SHARE = 50;
/** How far back 18 goes (mercury.md 5). */
const ARCHIVE = { days: 123, months: 36 };
/** Tariff 1 is counted in these hours, tariff 2 in the others. */
const TARIFF_1_HOURS = { from: 7, to: 23 };

/** Data of 05. Tariff 6 is T1 T2 T3 T4, the sum and, where kept, the losses. `null` = status 1. */
export function energyData(source: EnergySource, array: number, month: number, tariff: number): readonly number[] | null {
  const { family } = source.spec;
  if (tariff === ALL_TARIFFS) {
    if (!family.hasAllTariffs) return null;
    const wanted = family.hasLosses && array !== 6 ? [1, 2, 3, 4, 0, LOSSES] : [1, 2, 3, 4, 0];
    const parts = wanted.map((each) => energyData(source, array, month, each));
    return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
  }
  if (tariff > LOSSES || (tariff === LOSSES && (!family.hasLosses || array === 6))) return null;
  if (array === 6) return family.hasPhaseEnergy ? phaseEnergy(source, tariff) : null;
  const amount = amountOf(source, array, month, tariff === LOSSES ? 0 : tariff);
  if (amount === null) return null;
  const share = (value: number | null) => (value === null || tariff !== LOSSES ? value : Math.floor(value / LOSS_SHARE));
  return CHANNELS.flatMap((channel) => e4(share(amount[channel])));
}

/** Data of 15: the quadrants R1 R2 R3 R4. The plant takes reactive energy in with active only: R1 = R+, R4 = R-. */
export function quadrantData(source: EnergySource, array: number, month: number, tariff: number): readonly number[] | null {
  if (tariff > 4 || array === 6) return null;
  const amount = amountOf(source, array, month, tariff);
  return amount === null ? null : quadrants(amount);
}

/** Data of 18: readings at the start of a day (kind 0, by quadrant 2) or month (1 and 3). What is not kept is all ones. `null` = status 1. */
export function archiveData(source: EnergySource, kind: number, date: readonly [day: number, month: number, year: number], tariff: number) {
  if (kind > 3 || tariff > 4) return null;
  const [day, month, year] = date;
  const isMonth = kind === 1 || kind === 3;
  const at = wallStart(2000 + year, month, isMonth ? 1 : day);
  const now = source.clock.wall();
  const { year: thisYear, month: thisMonth } = wallFields(now);
  const oldest = isMonth ? wallStart(thisYear, thisMonth - ARCHIVE.months) : now - ARCHIVE.days * DAY_S;
  const registers = at > now || at < oldest ? null : readingAt(source, at, tariff);
  const amount = registers ?? { 'A+': null, 'A-': null, 'R+': null, 'R-': null };
  return kind < 2 ? CHANNELS.flatMap((channel) => e4(amount[channel])) : quadrants(amount);
}

/** Data of 17: when and how large the greatest half-hour of a month was, by channel. `null` = status 1. */
export function maximaData(source: EnergySource, array: number, month: number, tariff: number): readonly number[] | null {
  if (array !== 3 || month < 1 || month > 12 || tariff > 4) return null;
  return CHANNELS.flatMap((channel, index) => {
    if (!source.spec.channels.includes(channel)) return [...w2(null), ...w2(null)];
    const { at, count } = greatest(source, month, index, (hour) => isInTariff(hour, tariff));
    if (at === null) return [...w2(0), ...w2(0)];
    const { day, hour, minute } = wallFields(at);
    return [...w2((day << 11) | (hour << 6) | minute), ...w2(count)];
  });
}

/** Data of 08 0D: the greatest half-hours of a month in its morning and evening hours, by channel. */
export function maximaByHours(
  source: EnergySource,
  month: number,
  windows: readonly (readonly [from: number, to: number])[],
): readonly number[] {
  return CHANNELS.flatMap((channel, index) =>
    windows.flatMap(([from, to]) =>
      w2(source.spec.channels.includes(channel) ? greatest(source, month, index, (hour) => hour >= from && hour < to).count : null),
    ),
  );
}

/** E4 x4 of tariff registers at a moment of run time: what a freeze keeps. */
export function registersData(registers: Registers): readonly number[] {
  return CHANNELS.flatMap((channel) => e4(registers?.[channel] ?? null));
}

/** The month that a number means now: twelve slots, a month that has not come yet still holds last year's (5). */
function startOfMonth(now: WallSeconds, month: number): { readonly start: WallSeconds; readonly end: WallSeconds } {
  const { year, month: thisMonth } = wallFields(now);
  const monthYear = month > thisMonth ? year - 1 : year;
  return { start: wallStart(monthYear, month), end: wallStart(monthYear, month + 1) };
}

function greatest({ clock, ledger }: EnergySource, month: number, channel: number, isCounted: (hour: number) => boolean) {
  const now = clock.wall();
  const { start, end } = startOfMonth(now, month);
  let best: { readonly at: WallSeconds | null; readonly count: number } = { at: null, count: 0 };
  for (let at = Math.max(start, ledger.epoch); at + SLOT_S <= Math.min(now, end); at += SLOT_S) {
    if (!isCounted(wallFields(at).hour)) continue;
    const count = ledger.slot(at / SLOT_S)[channel] ?? 0;
    if (count > best.count) best = { at: at + SLOT_S, count };
  }
  return best;
}

function isInTariff(hour: number, tariff: number): boolean {
  const isDay = hour >= TARIFF_1_HOURS.from && hour < TARIFF_1_HOURS.to;
  return tariff === 0 || (tariff === 1 && isDay) || (tariff === 2 && !isDay);
}

function readingAt({ clock, ledger }: EnergySource, wall: WallSeconds, tariff: number): Registers {
  return ledger.registers(clock.runAt(wall), tariff);
}

/** Energy of an array; `null` = there is no such array. */
function amountOf(source: EnergySource, array: number, month: number, tariff: number): PerChannel<number | null> | null {
  const period = energyPeriod(source.clock.wall(), array, month);
  if (period === null) return null;
  const end = period.to === null ? source.ledger.registers(source.clock.run(), tariff) : readingAt(source, period.to, tariff);
  const start = period.from === null ? null : readingAt(source, period.from, tariff);
  const amount = (channel: Channel) => {
    const last = end?.[channel] ?? null;
    return last === null ? null : last - (start?.[channel] ?? 0);
  };
  return { 'A+': amount('A+'), 'A-': amount('A-'), 'R+': amount('R+'), 'R-': amount('R-') };
}

function quadrants(amount: PerChannel<number | null>): readonly number[] {
  const isKept = amount['R+'] !== null;
  return [amount['R+'], isKept ? 0 : null, isKept ? 0 : null, isKept ? (amount['R-'] ?? 0) : null].flatMap(e4);
}

function phaseEnergy({ spec, clock, ledger }: EnergySource, tariff: number): readonly number[] {
  const total = ledger.registers(clock.run(), tariff)?.['A+'] ?? 0;
  return spec.phaseShares.flatMap((share) => e4(Math.floor((total * share) / 1000)));
}

/** The boundaries that an array of 05 counts between; `from` null = since reset, `to` null = now. `null` for arrays that do not exist. */
function energyPeriod(now: WallSeconds, array: number, month: number): { from: WallSeconds | null; to: WallSeconds | null } | null {
  const { year, month: thisMonth, day } = wallFields(now);
  const today = wallStart(year, thisMonth, day);
  const isMonth = month >= 1 && month <= 12;
  switch (array) {
    case 0x0:
      return { from: null, to: null };
    case 0x1:
      return { from: wallStart(year, 1), to: null };
    case 0x2:
      return { from: wallStart(year - 1, 1), to: wallStart(year, 1) };
    case 0x3: {
      if (!isMonth) return null;
      const { start, end } = startOfMonth(now, month);
      return { from: start, to: end > now ? null : end };
    }
    case 0x4:
      return { from: today, to: null };
    case 0x5:
      return { from: today - DAY_S, to: today };
    case 0x9:
      return { from: null, to: wallStart(year, 1) };
    case 0xa:
      return { from: null, to: wallStart(year - 1, 1) };
    case 0xb:
      return isMonth ? { from: null, to: startOfMonth(now, month).start } : null;
    case 0xc:
      return { from: null, to: today };
    case 0xd:
      return { from: null, to: today - DAY_S };
    default:
      return null;
  }
}
