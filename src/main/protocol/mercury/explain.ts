/** Data of a reply field by field, for people and scripts; the names are listed in docs/decode-fields.md. */
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { scaledText } from '../../../shared/domain/quantity.ts';
import type { WallTime } from '../../../shared/domain/time.ts';
import { implausible } from '../protocol-error.ts';
import { frozenTimeCommand, readClockCommand } from './clock.ts';
import type { Command } from './command.ts';
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
import { instantaneousLayout, type InstantaneousMode, type ValueLayout } from './instantaneous.ts';
import {
  addressingOf,
  BATCH_RECORDS,
  newestSlot,
  type ProfileAddressing,
  type ProfileDescriptor,
  profileHeadCommand,
  type ProfileRecord,
  profileBatchCommand,
  profileRecordCommand,
  RECORD_LENGTH,
  type RecordStatus,
  SLOT_LENGTH,
} from './profile.ts';

/** What the bytes themselves do not say. */
export interface DecodeContext {
  /** A: turns profile counts into energy. */
  readonly constant_imp_per_kwh?: number;
  /** Records carry their own period; taken only where a reply does not. */
  readonly period_min?: number;
  /** `a.b.c`: decides the meaning of the profile's address where the address itself does not. */
  readonly firmware?: string;
}

/** A field by its place in the data bytes of a frame. `null` = a mark of absence. */
export interface DataField {
  readonly name: string;
  readonly value: string | null;
  readonly unit: string | null;
  readonly offset: number;
  readonly length: number;
}

/** Firmware from which the descriptor counts records (mercury.md 8.1, one source): an explanation, never a way of reading. */
const COUNTS_RECORDS_SINCE = 7;
/** Room for any quotient by twice a meter constant of the documents. */
const MAX_DECIMALS = 12;
const TARIFF_SETS = ['T1', 'T2', 'T3', 'T4', 'sum', 'losses'];
const DIRECTED_FORMATS: ReadonlySet<string> = new Set(['P3', 'P4']);

/** Fields of a reply that is not a status. Throws ProtocolError as the command's parser does. */
export function explainData(command: Command<unknown>, data: Uint8Array, context: DecodeContext): DataField[] {
  switch (command.name) {
    case 'clock':
      return clockFields(readClockCommand().parse(data));
    case 'frozen-time':
      return clockFields(frozenTimeCommand().parse(data));
    case 'energy':
      return energyFields(data, 0, '');
    case 'energy-all-tariffs':
      return TARIFF_SETS.slice(0, data.length >> 4).flatMap((set, index) => energyFields(data, index * 16, `.${set}`));
    case 'phase-energy':
      return ['L1', 'L2', 'L3'].map((phase, index) =>
        field(`energy.A+.${phase}`, countText(parseE4(data, index * 4), 0), 'Wh', index * 4, 4),
      );
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
      return variantFields(variantCommand().parse(data), 0);
    case 'profile-head':
      return headFields(profileHeadCommand().parse(data), context);
    case 'profile-record':
      return soleRecordFields(profileRecordCommand(0).parse(data), data, context);
    case 'profile-batch':
      return profileBatchCommand(0)
        .parse(data)
        .slice(0, BATCH_RECORDS)
        .flatMap((record, index) => recordFields(record, data, index * RECORD_LENGTH, `record.${index}`, context));
    default:
      return instantaneousFields(command, data);
  }
}

/** Places of a request's parameters: the body begins at offset 0 with the code. */
export function explainBody(command: Command<unknown>, body: Uint8Array): DataField[] {
  const [code, first = 0, second = 0] = body;
  switch (code) {
    case 0x01:
      return [field('level', String(first), null, 1, 1), field('password_form', passwordForm(body.subarray(2)), null, 2, body.length - 2)];
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
      return command.name.startsWith('instantaneous') ? [field('bwri', hexOf(body.subarray(2)), null, 2, 1)] : [];
    default:
      return [];
  }
}

function field(name: string, value: string | null, unit: string | null, offset: number, length: number): DataField {
  return { name, value, unit, offset, length };
}

function countText(count: number | null, scale: number): string | null {
  return count === null ? null : scaledText(BigInt(count), scale);
}

function clockFields({ wall, weekday, isSummer }: { wall: WallTime; weekday: number; isSummer: boolean }): DataField[] {
  return [
    field('clock.time', `${minuteText(wall)}:${twoDigits(wall.second)}`, null, 0, 7),
    field('clock.weekday', String(weekday), null, 3, 1),
    field('clock.season', isSummer ? 'summer' : 'winter', null, 7, 1),
  ];
}

function energyFields(data: Uint8Array, offset: number, suffix: string): DataField[] {
  return CHANNELS.map((channel, index) => {
    const start = offset + index * 4;
    return field(`energy.${channel}${suffix}`, countText(parseE4(data, start), 0), channel.startsWith('A') ? 'Wh' : 'varh', start, 4);
  });
}

function serialFields({ serial, manufactured }: { serial: string; manufactured: string | null }): DataField[] {
  return [field('serial', serial, null, 0, 4), field('manufactured', manufactured, null, 4, 3)];
}

function passportFields(data: Uint8Array): DataField[] {
  const passport = passportCommand().parse(data);
  return [...serialFields(passport), field('firmware', passport.firmware, null, 7, 3), ...variantFields(passport.variant, 10)];
}

function longPassportFields(data: Uint8Array): DataField[] {
  return [
    field('firmware_crc', hexOf(data.subarray(16, 18)), null, 16, 2),
    field('variant_code', `${byteAt(data, 18)}.${byteAt(data, 19)}`, null, 18, 2),
    field('variant.byte7', hexOf(data.subarray(20, 21)), null, 20, 1),
    field('variant.byte8', hexOf(data.subarray(21, 22)), null, 21, 1),
    field('reserved', hexOf(data.subarray(22, 24)), null, 22, 2),
  ];
}

function variantFields(variant: Variant, offset: number): DataField[] {
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
  ];
}

function headFields(head: ProfileDescriptor, { firmware }: DecodeContext): DataField[] {
  const stated: ProfileAddressing | null =
    firmware === undefined ? null : Number(firmware.split('.')[0]) >= COUNTS_RECORDS_SINCE ? 'records' : 'bytes';
  const addressing = addressingOf(head) ?? stated;
  const address = addressing === null ? null : newestSlot(head, addressing, 0x20000 / SLOT_LENGTH) * SLOT_LENGTH;
  return [
    field('profile.address_field', String(head.addressField), null, 0, 2),
    ...(address === null ? [] : [field('profile.record_address', addressText(address), null, 0, 2)]),
    ...statusFields(head.status, 'profile', 2),
    field('profile.time', head.stamp === null ? null : minuteText(head.stamp), null, 3, 5),
    field('profile.period', String(head.periodMin), 'min', 8, 1),
  ];
}

function statusFields(status: RecordStatus, prefix: string, offset: number): DataField[] {
  return [
    field(`${prefix}.status`, hexOf(Uint8Array.of(status.byte)), null, offset, 1),
    field(`${prefix}.season`, status.isWinter ? 'winter' : 'summer', null, offset, 1),
    field(`${prefix}.initialising`, String(status.isInitialising), null, offset, 1),
    field(`${prefix}.incomplete`, String(status.isIncomplete), null, offset, 1),
    field(`${prefix}.overflow`, String(status.hasOverflowed), null, offset, 1),
  ];
}

/** A record read alone that makes no sense is a fault of the reply; among 17 it is a field, so that it hides no other. */
function soleRecordFields(record: ProfileRecord, data: Uint8Array, context: DecodeContext): DataField[] {
  if (record.kind === 'implausible')
    throw implausible(`The profile record makes no sense: ${record.why}`, 1, 'status, BCD hh mm dd MM yy, period, counts');
  return recordFields(record, data, 0, 'record', context);
}

function recordFields(record: ProfileRecord, data: Uint8Array, offset: number, prefix: string, context: DecodeContext): DataField[] {
  if (record.kind === 'never-written') return [field(prefix, null, null, offset, RECORD_LENGTH)];
  if (record.kind === 'implausible') {
    return [
      field(`${prefix}.fault`, record.why, null, offset, RECORD_LENGTH),
      field(`${prefix}.data`, hexOf(data.subarray(offset, offset + RECORD_LENGTH)), null, offset, RECORD_LENGTH),
    ];
  }
  const { stamp, status, periodMin, counts } = record;
  const constant = context.constant_imp_per_kwh;
  return [
    ...statusFields(status, prefix, offset),
    field(`${prefix}.time`, minuteText(stamp), null, offset + 1, 5),
    field(`${prefix}.period`, String(periodMin), 'min', offset + 6, 1),
    ...CHANNELS.flatMap((channel, index) => {
      const place = [offset + 7 + index * 2, 2] as const;
      const count = counts[channel];
      const isActive = channel.startsWith('A');
      const fields = [field(`${prefix}.count.${channel}`, countText(count, 0), 'count', ...place)];
      if (constant === undefined) return fields;
      const energy = count === null ? null : quotientText(BigInt(count), 2n * BigInt(constant));
      const power = count === null ? null : quotientText(BigInt(count) * 60n, 2n * BigInt(constant) * BigInt(periodMin));
      if (energy !== undefined) fields.push(field(`${prefix}.energy.${channel}`, energy, isActive ? 'kWh' : 'kvarh', ...place));
      if (power !== undefined) fields.push(field(`${prefix}.power.${channel}`, power, isActive ? 'kW' : 'kvar', ...place));
      return fields;
    }),
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

/** Exact decimal text; `undefined` where no finite decimal exists. */
function quotientText(numerator: bigint, denominator: bigint): string | undefined {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals += 1) {
    const scaled = numerator * 10n ** BigInt(decimals);
    if (scaled % denominator === 0n) return scaledText(scaled / denominator, -decimals);
  }
  return undefined;
}

/** Digits of either form; the password itself is never shown. */
function passwordForm(password: Uint8Array): string {
  if (password.every((byte) => byte <= 0x0f)) return 'binary digits';
  return password.every((byte) => byte >= 0x20 && byte < 0x7f) ? 'ascii' : 'other';
}

function addressText(address: number): string {
  return `0x${address.toString(16).toUpperCase().padStart(4, '0')}`;
}

function minuteText({ year, month, day, hour, minute }: WallTime): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
