import { hash } from './hash.ts';

/** How a kind of load draws power over a week. Shares are permille of the point's own full load. */
export interface LoadKind {
  /** Drawn day and night. */
  readonly base: number;
  /** Drawn above the base in each hour of a working day, 24 figures. */
  readonly hours: readonly number[];
  /** What Saturday and Sunday leave of the hourly figures. */
  readonly saturday: number;
  readonly sunday: number;
  /** Half-width of the band of chance around a half-hour. */
  readonly noise: number;
  /** In how many half-hours of a thousand the load runs idle, at a third. */
  readonly idle: number;
  /** Reactive power drawn per active power. */
  readonly reactive: number;
  /** Reactive power that a condenser bank gives, of the full load: what the load does not take goes back. */
  readonly condensers: number;
  /** Active energy given back in braking, of the energy drawn. */
  readonly braking: number;
}

const hours = (...runs: readonly (readonly [count: number, permille: number])[]) =>
  runs.flatMap(([count, permille]) => Array.from({ length: count }, () => permille));

const TWO_SHIFTS = hours([6, 20], [1, 250], [1, 600], [4, 850], [1, 550], [4, 820], [1, 500], [5, 640], [1, 200]);
const STEADY: LoadKind = {
  base: 60,
  hours: TWO_SHIFTS,
  saturday: 450,
  sunday: 60,
  noise: 80,
  idle: 0,
  reactive: 620,
  condensers: 0,
  braking: 0,
};

/** The kinds of load of a machine-building plant. */
export const LOAD_KINDS = {
  input: { ...STEADY, base: 150, noise: 40, reactive: 480 },
  compensatedInput: { ...STEADY, base: 120, noise: 40, reactive: 560, condensers: 140 },
  machines: STEADY,
  press: { ...STEADY, base: 30, noise: 250, idle: 180, reactive: 820 },
  crane: { ...STEADY, base: 10, noise: 400, idle: 450, reactive: 900, braking: 90 },
  testBench: { ...STEADY, base: 20, noise: 300, idle: 300, reactive: 500, braking: 350 },
  furnace: { ...STEADY, base: 120, noise: 60, idle: 250, reactive: 90 },
  welding: { ...STEADY, base: 15, noise: 350, idle: 300, reactive: 750 },
  compressor: { ...STEADY, base: 90, noise: 60, idle: 220, saturday: 700, reactive: 700 },
  ventilation: {
    ...STEADY,
    base: 110,
    hours: hours([5, 0], [1, 400], [14, 780], [2, 400], [2, 0]),
    noise: 25,
    reactive: 650,
  },
  pumps: { ...STEADY, base: 300, hours: hours([5, 60], [4, 420], [8, 260], [5, 400], [2, 120]), saturday: 900, sunday: 850, reactive: 600 },
  office: {
    ...STEADY,
    base: 90,
    hours: hours([7, 0], [1, 200], [4, 700], [1, 560], [4, 720], [1, 350], [2, 120], [4, 10]),
    saturday: 120,
    sunday: 20,
    noise: 90,
    reactive: 250,
  },
  lighting: {
    ...STEADY,
    base: 10,
    hours: hours([6, 820], [2, 900], [1, 420], [7, 160], [2, 600], [6, 900]),
    saturday: 850,
    sunday: 800,
    noise: 15,
    reactive: 180,
  },
  canteen: {
    ...STEADY,
    base: 80,
    hours: hours([6, 0], [2, 400], [3, 750], [3, 900], [2, 300], [8, 0]),
    saturday: 100,
    sunday: 0,
    reactive: 200,
  },
  serverRoom: { ...STEADY, base: 620, hours: hours([8, 0], [10, 120], [6, 20]), noise: 20, reactive: 150 },
  standby: { ...STEADY, base: 2, hours: hours([10, 0], [1, 12], [13, 0]), saturday: 0, sunday: 0, noise: 500, reactive: 300 },
} as const satisfies Record<string, LoadKind>;
export type LoadKindName = keyof typeof LOAD_KINDS;

/** Counts of one half-hour in units of 1/(2A) kWh and kvarh: A+ A- R+ R-, each 0..65534. */
export type SlotCounts = readonly [number, number, number, number];

const DAY_SLOTS = 48;
const CHANCE = { active: 1, reactive: 2, idle: 3, braking: 4 };

/**
 * What a meter counts in one half-hour of its own wall clock. Pure: the whole past and future of a meter follow from
 * this function. `slot` numbers half-hours from 1970-01-01 of the meter's wall time; `fullCounts` is the count of a
 * half-hour at full load. Integers in every step, so that sums are exact.
 */
export function slotCounts(kind: LoadKind, fullCounts: number, seed: number, slot: number): SlotCounts {
  const day = Math.floor(slot / DAY_SLOTS);
  // 1970-01-01 was a Thursday; 0 is Sunday.
  const weekday = (day + 4) % 7;
  const week = weekday === 0 ? kind.sunday : weekday === 6 ? kind.saturday : 1000;
  const hour = Math.floor((slot % DAY_SLOTS) / 2);
  const share = kind.base + Math.floor(((kind.hours[hour] ?? 0) * week) / 1000);
  const isIdle = kind.idle > 0 && hash(seed, slot, CHANCE.idle) % 1000 < kind.idle;
  const active = vary(Math.floor((fullCounts * share) / (isIdle ? 3000 : 1000)), kind.noise, hash(seed, slot, CHANCE.active));
  const drawn = vary(Math.floor((active * kind.reactive) / 1000), kind.noise >> 2, hash(seed, slot, CHANCE.reactive));
  const balance = drawn - Math.floor((fullCounts * kind.condensers) / 1000);
  const given = kind.braking === 0 ? 0 : vary(Math.floor((active * kind.braking) / 1000), kind.noise, hash(seed, slot, CHANCE.braking));
  return [active, given, Math.max(0, balance), Math.max(0, -balance)];
}

function vary(count: number, noise: number, hashed: number): number {
  return Math.floor((count * (1000 - noise + (hashed % (2 * noise + 1)))) / 1000);
}
