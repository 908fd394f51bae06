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
    label: `energy by phases tariff ${tariff}`,
    body: bodyOf(ENERGY_ARRAYS.phases, 0, tariff),
    replyLengths: [15],
    parse: (data) => [parseE4(data, 0), parseE4(data, 4), parseE4(data, 8)],
  };
}

/** The array that a nibble names; `null` for 7, 8, E, F, which do not exist. */
export function energyArrayOf(nibble: number): EnergyArray | null {
  return Object.values(ENERGY_ARRAYS).find((array) => array === nibble) ?? null;
}

function bodyOf(array: EnergyArray, month: number, tariff: number): Uint8Array {
  return Uint8Array.of(0x05, (array << 4) | (month & 0x0f), tariff);
}

function labelOf(array: EnergyArray, month: number, tariff: number): string {
  return `energy array ${array.toString(16).toUpperCase()}${month === 0 ? '' : ` month ${month}`} tariff ${tariff}`;
}

function parseChannels(data: Uint8Array, offset: number): ChannelEnergy {
  return {
    'A+': parseE4(data, offset),
    'A-': parseE4(data, offset + 4),
    'R+': parseE4(data, offset + 8),
    'R-': parseE4(data, offset + 12),
  };
}
