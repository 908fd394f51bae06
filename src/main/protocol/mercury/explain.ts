/** Data of a reply field by field, for people and scripts; the names are listed in docs/decode-fields.md. */
import { archiveFields, archiveRequestFields } from './archives.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { frozenTimeCommand, type MeterClock, readClockCommand } from './clock.ts';
import type { Command } from './command.ts';
import { bitField, countText, type DataField, type DecodeContext, energyFields, field, quotientText, secondText } from './fields.ts';
import { byteAt, COUNT_FORMATS, hexOf, parseE4 } from './formats.ts';
import {
  firmwareCommand,
  networkAddressCommand,
  passportCommand,
  ratiosCommand,
  serialNumberCommand,
  type Variant,
  variantCommand,
} from './identity.ts';
import { currentImbalanceCommand, instantaneousLayout, type InstantaneousMode, type ValueLayout } from './instantaneous.ts';
import { dipStatisticsFields, journalFields, journalRequestFields } from './journal-fields.ts';
import { isParameter, parameterFields, parameterRequestFields } from './parameters.ts';
import { addressText, profileFields } from './profile-fields.ts';
import { passwordForm, writeFields } from './write-fields.ts';

const TARIFF_SETS = ['T1', 'T2', 'T3', 'T4', 'sum', 'losses'];
/** Bits of the variant that only people ask for: name, byte from 0, bit. */
const VARIANT_BITS: readonly (readonly [name: string, byte: number, bit: number])[] = [
  ['plc1', 3, 6],
  ['gsm', 3, 5],
  ['external_supply', 3, 1],
  ['backlight', 4, 6],
  ['maxima_by_tariff', 4, 5],
  ['protective_cover_seal', 4, 4],
  ['interface2', 4, 3],
  ['internal_supply', 4, 2],
  ['quality_control', 4, 1],
  ['neutral_current', 5, 7],
  ['iec61107', 5, 5],
  ['plc2', 5, 4],
  ['module_bay_seal', 5, 2],
  ['tariff_by_voltage', 5, 1],
  ['external_relay', 5, 0],
];
/** The same of bytes 7 and 8, which the long passport alone has; places in its data. */
const LONG_VARIANT_BITS: readonly (readonly [name: string, offset: number, bit: number])[] = [
  ['dips_journal', 20, 3],
  ['quadrants_by_tariff', 20, 2],
  ['kpk', 20, 1],
  ['profile_array', 20, 0],
  ['relay_state_control', 21, 0],
];
/** imp/kWh by the code in the upper half of byte 7. */
const PULSE_CONSTANTS = [null, 5000, 25000, 1250, 500, 1000, 250];
const PHASES = ['L1', 'L2', 'L3'];
const DIRECTED_FORMATS: ReadonlySet<string> = new Set(['P3', 'P4']);

/** Fields of a reply that is not a status. Throws ProtocolError as the command's parser does. */
export function explainData(command: Command<unknown>, data: Uint8Array, context: DecodeContext): DataField[] {
  if (isParameter(command)) return parameterFields(command, data, context);
  switch (command.name) {
    case 'clock':
      return clockFields(readClockCommand().parse(data));
    case 'frozen-time':
      return clockFields(frozenTimeCommand().parse(data));
    case 'journal':
    case 'journal-records':
      return journalFields(command, data);
    case 'dip-statistics':
      return dipStatisticsFields(data);
    case 'energy':
    case 'frozen-energy':
      return energyFields(data, 0, '');
    case 'energy-all-tariffs':
      return TARIFF_SETS.slice(0, data.length >> 4).flatMap((set, index) => energyFields(data, index * 16, `.${set}`));
    case 'phase-energy':
      return phaseFields(data, 0, '');
    case 'phase-energy-all-tariffs':
      return TARIFF_SETS.slice(0, Math.floor(data.length / 12)).flatMap((set, index) => phaseFields(data, index * 12, `.${set}`));
    case 'memory-energy':
      return memoryFields(data, context);
    case 'quadrants':
    case 'archive':
    case 'month-maxima':
      return archiveFields(command, data);
    case 'current-imbalance':
      return [field('I.imbalance', countText(currentImbalanceCommand().parse(data), -3), 'A', 0, 3)];
    case 'serial-number':
      return serialFields(serialNumberCommand().parse(data));
    case 'passport':
      return passportFields(data);
    case 'long-passport':
      return [...passportFields(data), ...longPassportFields(data)];
    case 'ratios': {
      const { vt, ct } = ratiosCommand().parse(data);
      return [field('ratio.vt', String(vt), 'one', 0, 2), field('ratio.ct', String(ct), 'one', 2, 2)];
    }
    case 'firmware-version':
      return [field('firmware', firmwareCommand().parse(data), null, 0, 3)];
    case 'network-address':
      return [field('network_address', String(networkAddressCommand().parse(data)), null, 1, 1)];
    case 'execution-variant':
      return variantFields(variantCommand().parse(data), data, 0);
    default:
      return profileFields(command, data, context) ?? instantaneousFields(command, data);
  }
}

/** Places of a request's parameters: the body begins at offset 0 with the code. */
export function explainBody(command: Command<unknown>, body: Uint8Array): DataField[] {
  const [code, first = 0, second = 0] = body;
  switch (code) {
    case 0x01:
      return [field('level', String(first), null, 1, 1), field('password_form', passwordForm(body, 2), null, 2, body.length - 2)];
    case 0x03:
      return writeFields(body);
    case 0x04:
      return body.length > 2 ? journalRequestFields(body) : [];
    case 0x05:
      return [
        field('array', (first >> 4).toString(16).toUpperCase(), null, 1, 1),
        field('month', String(first & 0x0f), null, 1, 1),
        field('tariff', String(second), null, 2, 1),
      ];
    case 0x06: {
      const [, place = 0, high = 0, low = 0, count = 0] = body;
      const address = ((place & 0x80) << 9) | (high << 8) | low;
      return [
        field('memory', String(place & 0x0f), null, 1, 1),
        field('energy_kind', String((place >> 4) & 7), null, 1, 1),
        field('memory_address', addressText(address), null, 1, 3),
        field('count', String(count), null, 4, 1),
      ];
    }
    case 0x08:
      if (isParameter(command)) return parameterRequestFields(body);
      return body.length === 3 && first !== 0x01 ? [field('bwri', hexOf(body.subarray(2)), null, 2, 1)] : [];
    case 0x16:
      return [
        field('memory', String(first), null, 1, 1),
        field('records_back', String((second << 8) | byteAt(body, 3)), null, 2, 2),
        field('count', String(byteAt(body, 4)), null, 4, 1),
      ];
    case 0x15:
    case 0x17:
    case 0x18:
      return archiveRequestFields(body);
    default:
      return [];
  }
}

function clockFields({ wall, weekday, isSummer }: MeterClock): DataField[] {
  return [
    field('clock.time', secondText(wall), null, 0, 7),
    field('clock.weekday', String(weekday), null, 3, 1),
    field('clock.season', isSummer ? 'summer' : 'winter', null, 7, 1),
  ];
}

function phaseFields(data: Uint8Array, offset: number, suffix: string): DataField[] {
  return PHASES.map((phase, index) =>
    field(`energy.A+.${phase}${suffix}`, countText(parseE4(data, offset + index * 4), 0), 'Wh', offset + index * 4, 4),
  );
}

/** Counts of 1/(2A), and energy where the constant is known. */
function memoryFields(data: Uint8Array, { constant_imp_per_kwh: constant }: DecodeContext): DataField[] {
  return CHANNELS.flatMap((channel, index) => {
    const count = parseE4(data, index * 4);
    const fields = [field(`memory.count.${channel}`, countText(count, 0), 'count', index * 4, 4)];
    if (constant === undefined || constant < 1) return fields;
    const energy = count === null ? null : quotientText(BigInt(count), 2n * BigInt(constant));
    if (energy !== undefined)
      fields.push(field(`memory.energy.${channel}`, energy, channel.startsWith('A') ? 'kWh' : 'kvarh', index * 4, 4));
    return fields;
  });
}

function serialFields({ serial, manufactured }: { serial: string; manufactured: string | null }): DataField[] {
  return [field('serial', serial, null, 0, 4), field('manufactured', manufactured, null, 4, 3)];
}

function passportFields(data: Uint8Array): DataField[] {
  const passport = passportCommand().parse(data);
  return [...serialFields(passport), field('firmware', passport.firmware, null, 7, 3), ...variantFields(passport.variant, data, 10)];
}

function longPassportFields(data: Uint8Array): DataField[] {
  return [
    field('firmware_crc', hexOf(data.subarray(16, 18)), null, 16, 2),
    field('variant_code', `${byteAt(data, 18)}.${byteAt(data, 19)}`, null, 18, 2),
    field('variant.byte7', hexOf(data.subarray(20, 21)), null, 20, 1),
    field('variant.byte8', hexOf(data.subarray(21, 22)), null, 21, 1),
    ...LONG_VARIANT_BITS.map(([name, offset, bit]) => bitField(`variant.${name}`, data, offset, bit)),
    field('variant.pulse_constant', pulseConstant(byteAt(data, 20) >> 4), 'imp/kWh', 20, 1),
    field('reserved', hexOf(data.subarray(22, 24)), null, 22, 2),
  ];
}

function pulseConstant(code: number): string | null {
  const constant = PULSE_CONSTANTS[code] ?? null;
  return constant === null ? null : String(constant);
}

function variantFields(variant: Variant, data: Uint8Array, offset: number): DataField[] {
  const bit = (name: string, value: boolean, byte: number) => field(`variant.${name}`, String(value), null, offset + byte, 1);
  const text = (name: string, value: string | number | null, unit: string | null, byte: number) =>
    field(`variant.${name}`, value === null ? null : String(value), unit, offset + byte, 1);
  return [
    field('variant', variant.hex, null, offset, 6),
    text('class_active', variant.classActive, null, 0),
    text('class_reactive', variant.classReactive, null, 0),
    text('nominal_voltage', variant.nominalVoltageV, 'V', 0),
    text('nominal_current', variant.nominalCurrentA, 'A', 0),
    text('directions', variant.directions, null, 1),
    text('min_temperature', variant.minTemperatureC, 'degC', 1),
    bit('has_profile', variant.hasProfile, 1),
    text('phases', variant.phases, null, 1),
    text('constant', variant.constantImpPerKwh, 'imp/kWh', 1),
    bit('sums_by_modulus', variant.sumsByModulus, 2),
    bit('internal_tariffs', variant.hasInternalTariffs, 2),
    text('type', variant.type, null, 2),
    text('number', variant.number, null, 2),
    text('profile_memory', variant.ringBytes, 'bytes', 3),
    bit('optical_port', variant.hasOpticalPort, 3),
    text('interface', variant.interface, null, 3),
    bit('top_cover_seal', variant.hasTopCoverSeal, 3),
    bit('relay', variant.hasRelay, 4),
    bit('phase_energy', variant.hasPhaseEnergy, 4),
    bit('extended_arrays', variant.hasExtendedArrays, 5),
    bit('second_profile', variant.hasSecondProfile, 5),
    ...VARIANT_BITS.map(([name, byte, place]) => bitField(`variant.${name}`, data, offset + byte, place)),
  ];
}

function instantaneousFields(command: Command<unknown>, data: Uint8Array): DataField[] {
  const [, code, bwri = 0] = command.body;
  const mode: InstantaneousMode = code === 0x11 ? 'one' : code === 0x14 ? 'frozen' : 'now';
  const fields = (instantaneousLayout(mode, bwri, data.length) ?? []).flatMap((layout) => valueFields(layout, data));
  // The temperature of 16 A0 is shown and not interpreted: sources differ on its byte order and scale.
  return bwri === 0xa0 && data.length >= 86 ? [...fields, field('T.raw', hexOf(data.subarray(84, 86)), null, 84, 2)] : fields;
}

function valueFields({ key, offset, format, sign, scale, unit }: ValueLayout, data: Uint8Array): DataField[] {
  const { size, parse } = COUNT_FORMATS[format];
  const count = parse(data, offset, sign);
  const value = field(key, countText(count, scale), unit, offset, size);
  if (count === null || !DIRECTED_FORMATS.has(format)) return [value];
  const flagsAt = format === 'P4' ? offset + 1 : offset;
  const flags = byteAt(data, flagsAt);
  const direction = (name: string, mask: number) =>
    field(`${key}.direction.${name}`, (flags & mask) === 0 ? 'forward' : 'reverse', null, flagsAt, 1);
  return [value, direction('active', 0x80), direction('reactive', 0x40)];
}
