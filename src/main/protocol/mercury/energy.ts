/** Energy arrays: 05 (mercury.md 5). Wh and varh whatever the meter constant; `null` = kind of energy not kept. */
import type { PerChannel } from '../../../shared/domain/channel.ts';
import type { Command } from './command.ts';
import { parseE4 } from './formats.ts';

/** High nibble of the array byte: which reading. Consumption arrays are differences, start arrays are register readings. */
export const ENERGY_ARRAYS = {
  sinceReset: 0x0,
  currentYear: 0x1,
  previousYear: 0x2,
  month: 0x3,
  currentDay: 0x4,
  previousDay: 0x5,
  phases: 0x6,
  yearStart: 0x9,
  previousYearStart: 0xa,
  monthStart: 0xb,
  dayStart: 0xc,
  previousDayStart: 0xd,
} as const;
/** A value of `ENERGY_ARRAYS`. */
export type EnergyArray = (typeof ENERGY_ARRAYS)[keyof typeof ENERGY_ARRAYS];

/** Wh and varh by channel; `null` = kind of energy not kept. */
export type ChannelEnergy = PerChannel<number | null>;
/** A+ by phases 1, 2, 3. */
export type PhaseEnergy = readonly [number | null, number | null, number | null];

/** Reading or consumption by channel. `month` 1..12 counts for arrays 3 and B only; `tariff` 0 = sum, 1..4, 5 = technical losses. */
export function energyCommand(array: Exclude<EnergyArray, 6>, month: number, tariff: number): Command<ChannelEnergy> {
  return {
    name: 'energy',
    // A meter reckons losses in every array or in none.
    capability: tariff === LOSSES ? 'energy-losses' : `energy-${array.toString(16).toUpperCase()}-${tariff}`,
    label: labelOf(array, month, tariff),
    body: bodyOf(array, month, tariff),
    replyLengths: [19],
    parse: (data) => parseChannels(data, 0),
  };
}

/** All tariffs at once: T1..T4, sum and, with 96 data bytes, losses. 230 from firmware 2.2.2. */
export function allTariffsCommand(array: Exclude<EnergyArray, 6>, month: number): Command<readonly ChannelEnergy[]> {
  return {
    name: 'energy-all-tariffs',
    capability: `energy-${array.toString(16).toUpperCase()}-6`,
    label: `energy array ${array.toString(16).toUpperCase()}${month === 0 ? '' : ` month ${month}`} all tariffs`,
    body: bodyOf(array, month, 6),
    replyLengths: [83, 99],
    parse: (data) => Array.from({ length: data.length < 96 ? 5 : 6 }, (_, index) => parseChannels(data, index * 16)),
  };
}

/** A+ by phases since reset. */
export function phaseEnergyCommand(tariff: number): Command<PhaseEnergy> {
  return {
    name: 'phase-energy',
    capability: `energy-6-${tariff}`,
    label: `energy by phases tariff ${tariff}`,
    body: bodyOf(ENERGY_ARRAYS.phases, 0, tariff),
    replyLengths: [15],
    parse: (data) => parsePhases(data, 0),
  };
}

/** A+ by phases of every tariff: T1..T4, sum and, with 72 data bytes, losses. Length inferred from the layout. */
export function allPhaseEnergyCommand(): Command<readonly PhaseEnergy[]> {
  return {
    name: 'phase-energy-all-tariffs',
    capability: 'energy-6-6',
    label: 'energy by phases all tariffs',
    body: bodyOf(ENERGY_ARRAYS.phases, 0, 6),
    replyLengths: [63, 75],
    parse: (data) => Array.from({ length: data.length < 72 ? 5 : 6 }, (_, index) => parsePhases(data, index * 12)),
  };
}

/** Registers as the last freeze (03 08) left them: 08 14 F0..F4; `tariff` 0 = sum, 1..4. */
export function frozenEnergyCommand(tariff: number): Command<ChannelEnergy> {
  return {
    name: 'frozen-energy',
    capability: `frozen-energy-${tariff}`,
    label: `frozen energy tariff ${tariff}`,
    body: Uint8Array.of(0x08, 0x14, FROZEN_ENERGY | tariff),
    replyLengths: [19],
    parse: (data) => parseChannels(data, 0),
  };
}
const FROZEN_ENERGY = 0xf0;
/** Tariff that stands for technical losses. */
const LOSSES = 5;

/** Places of memory 2 that hold the readings at the start of today and of yesterday, a tariff each 17 bytes (one public source). */
const MEMORY_DAYS = { today: 0x06a6, yesterday: 0x06fb } as const;
const MEMORY_STEP = 17;
const TARIFFS = [0, 1, 2, 3, 4];

/** The same readings as arrays C and D, raw: in counts of 1/(2A) kWh. Arrays are better; this explains what others ask. */
export function memoryEnergyCommand(day: keyof typeof MEMORY_DAYS, tariff: number): Command<ChannelEnergy> {
  const address = MEMORY_DAYS[day] + MEMORY_STEP * tariff;
  return {
    name: 'memory-energy',
    label: `memory reading at the start of ${day} tariff ${tariff}`,
    body: Uint8Array.of(0x06, 0x02, address >> 8, address & 0xff, 0x10),
    replyLengths: [19],
    parse: (data) => parseChannels(data, 0),
  };
}

/** Command of a request body that reads memory 2 at one of these places; `null` for any other. */
export function memoryEnergyCommandOf([code, memory, high = 0, low = 0, count]: Uint8Array): Command<ChannelEnergy> | null {
  if (code !== 0x06 || memory !== 0x02 || count !== 0x10) return null;
  for (const day of ['today', 'yesterday'] as const) {
    const tariff = ((high << 8) + low - MEMORY_DAYS[day]) / MEMORY_STEP;
    if (TARIFFS.includes(tariff)) return memoryEnergyCommand(day, tariff);
  }
  return null;
}

const BY_NIBBLE: readonly (EnergyArray | null)[] = Array.from(
  { length: 16 },
  (_, nibble) => Object.values(ENERGY_ARRAYS).find((array) => array === nibble) ?? null,
);

/** The array that a nibble names; `null` for 7, 8, E, F, which do not exist. */
export function energyArrayOf(nibble: number): EnergyArray | null {
  return BY_NIBBLE[nibble] ?? null;
}

function bodyOf(array: EnergyArray, month: number, tariff: number): Uint8Array {
  return Uint8Array.of(0x05, (array << 4) | (month & 0x0f), tariff);
}

function labelOf(array: EnergyArray, month: number, tariff: number): string {
  return `energy array ${array.toString(16).toUpperCase()}${month === 0 ? '' : ` month ${month}`} tariff ${tariff}`;
}

function parsePhases(data: Uint8Array, offset: number): PhaseEnergy {
  return [parseE4(data, offset), parseE4(data, offset + 4), parseE4(data, offset + 8)];
}

/** A+ A- R+ R- as four E4 from `offset`. */
export function parseChannels(data: Uint8Array, offset: number): ChannelEnergy {
  return {
    'A+': parseE4(data, offset),
    'A-': parseE4(data, offset + 4),
    'R+': parseE4(data, offset + 8),
    'R-': parseE4(data, offset + 12),
  };
}
