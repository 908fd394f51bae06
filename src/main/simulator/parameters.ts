import type { EnergySource } from './energy-commands.ts';
import { maximaByHours } from './energy-commands.ts';
import { wallFields } from './energy.ts';
import { variantBytes } from './families.ts';
import type { MeterSettings } from './settings.ts';
import { bcd, e4, v3, w2 } from './wire.ts';

/** What the parameters are read from. */
export interface ParameterSource extends EnergySource {
  readonly settings: MeterSettings;
  /** Six bytes (mercury.md 7). */
  readonly statusWord: readonly number[];
}

/** Morning and evening hours in which maxima are sought, every month the same. */
const MAXIMA_HOURS = [
  [9, 11],
  [18, 20],
] as const;
/** Checksum of the program and variant code 50.58 (6.1). */
const PROGRAM = { checksum: [0x7e, 0xf5], variantCode: [0x32, 0x3a] };
/** First half of a day's tariffs: minute, then tariff - 1 in the top three bits with the hour; what is unused stands at 24:00 (9, 1D). */
const TARIFF_POINTS = [
  [0x00, (1 << 5) | 0],
  [0x00, 7],
  [0x00, (1 << 5) | 23],
];
const UNUSED_POINT = [0x00, 24];
/** Days of a month off, bit 0 = day 1. */
const HOLIDAYS: Readonly<Record<number, readonly number[]>> = { 1: [0xff, 0, 0, 0], 5: [0x01, 0x01, 0, 0], 6: [0, 0x08, 0, 0] };

/** Serial and date of manufacture: what 08 00 gives, and what both passports begin with. */
export function identityData({ spec }: EnergySource): readonly number[] {
  return [...[0, 2, 4, 6].map((at) => Number(spec.serial.slice(at, at + 2))), ...spec.manufactured];
}

/** Data of 08 with these bytes after it, all that is neither value of the moment nor memory. `null` = status 1. */
export function parameterData(source: ParameterSource, [parameter = 0, ...rest]: readonly number[]): readonly number[] | null {
  if (rest.length === 0) return plainParameter(source, parameter);
  const [argument = 0] = rest;
  // Three bytes of mask; bit 4 of the first one chooses the half of the day.
  if (parameter === 0x22) return rest.length === 3 ? tariffSchedule((argument >> 4) & 1) : null;
  return rest.length === 1 ? parameterOf(source, parameter, argument) : null;
}

function plainParameter(source: ParameterSource, parameter: number): readonly number[] | null {
  const { spec, settings } = source;
  const { family } = spec;
  const variant = variantBytes(family, spec.connection, spec.row.isTwoWay);
  const recent = (data: readonly number[]) => (family.isRecent ? data : null);
  switch (parameter) {
    case 0x00:
      return identityData(source);
    case 0x01:
      return [...identityData(source), ...family.firmware, ...variant.slice(0, 6)];
    case 0x02:
      return [...highWord(settings.ratioVt), ...highWord(settings.ratioCt)];
    case 0x03:
      return family.firmware;
    case 0x04:
      return [0, settings.multiplierAdditional];
    case 0x05:
      return [0, settings.address];
    case 0x07:
      return settings.seasonRule;
    case 0x08:
      return w2(settings.overLimitDelayS);
    case 0x09:
      // The flags stand in the second byte; bit 3: season switching forbidden.
      return [0, settings.isSeasonForbidden ? 0x08 : 0];
    case 0x0a:
      // Old firmware lacks the most significant bytes (1.3).
      return source.statusWord.slice(-family.statusWordBytes);
    case 0x0b:
      return [0, 0, 0, 0];
    case 0x12:
      return variant.slice(0, 6);
    case 0x17:
      return [0, (tariffNow(source) - 1) << 1];
    case 0x18:
      return [settings.isLoadOff ? 0x08 : 0, (family.hasRelay ? 0x08 : 0) | (settings.isLoadOff ? 0x02 : 0)];
    case 0x19:
      return v3(settings.powerLimit);
    case 0x1b:
      return zeros(8);
    case 0x1c:
      return zeros(4);
    case 0x1d:
      return [0, settings.multiplierMain];
    case 0x1e:
      return family.hasLosses ? zeros(2) : null;
    case 0x1f:
      return family.hasLosses ? zeros(12) : null;
    case 0x20:
      return family.hasQuality ? qualityLimits(spec.connection.phaseVoltage) : null;
    case 0x21:
      return family.hasQuality ? [3, 3] : null;
    case 0x24:
      return recent(zeros(2));
    case 0x26:
      return recent(PROGRAM.checksum);
    case 0x28:
    case 0x2b:
      return recent(zeros(2));
    case 0x2d:
      return recent([0, 1]);
    case 0x2f:
      return recent(zeros(16));
    default:
      return null;
  }
}

function parameterOf(source: ParameterSource, parameter: number, argument: number): readonly number[] | null {
  const { spec, settings } = source;
  const { family } = spec;
  const variant = variantBytes(family, spec.connection, spec.row.isTwoWay);
  const isMonth = argument >= 1 && argument <= 12;
  switch (parameter) {
    case 0x01:
      // Checksum, variant code, variant bytes 7 and 8, two reserved bytes (6.1).
      if (argument !== 0 || !family.hasLongPassport) return null;
      return [...(plainParameter(source, 0x01) ?? []), ...PROGRAM.checksum, ...PROGRAM.variantCode, ...variant.slice(6), 0, 0];
    case 0x08:
      return argument === 0 && family.isRecent ? [...w2(settings.overLimitDelayS), 3, ...w2(0)] : null;
    case 0x0c:
      return family.hasMaxima && isMonth ? MAXIMA_HOURS.flatMap((window) => window.flatMap((hour) => [0, bcd(hour)])) : null;
    case 0x0d:
      return family.hasMaxima && isMonth ? maximaByHours(source, argument, MAXIMA_HOURS) : null;
    case 0x12:
      return argument === 0 && family.hasLongPassport ? [...variant.slice(0, 6), ...PROGRAM.variantCode, ...variant.slice(6), 0, 0] : null;
    case 0x1a:
      return argument <= 4 ? e4(settings.energyLimits[argument - 1] ?? 0) : null;
    case 0x23:
      return isMonth ? (HOLIDAYS[argument] ?? zeros(4)) : null;
    case 0x2e:
      return family.hasRelay && argument <= 6 ? [0, 0] : null;
    default:
      return null;
  }
}

/** 08 22: eight points of half a day. */
function tariffSchedule(half: number): readonly number[] {
  const points = half === 0 ? TARIFF_POINTS : [];
  return Array.from({ length: 8 }, (_, index) => points[index] ?? UNUSED_POINT).flat();
}

/** U and F: minimum limit and normal, maximum normal and limit, low byte first, in 1/100. */
function qualityLimits(nominal: number): readonly number[] {
  const voltages = [0.9, 0.95, 1.05, 1.1].map((share) => Math.round(nominal * share));
  return [...voltages, 4960, 4980, 5020, 5040].flatMap(w2);
}

function tariffNow({ clock }: ParameterSource): 1 | 2 {
  const { hour } = wallFields(clock.wall());
  return hour >= 7 && hour < 23 ? 1 : 2;
}

/** A word high byte first, unlike most (6.1). */
function highWord(value: number): readonly number[] {
  return [value >>> 8, value & 0xff];
}

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}
