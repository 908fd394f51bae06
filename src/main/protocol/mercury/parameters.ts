/**
 * Parameters of 08 that are settings and states (mercury.md 6.4). Most are read for people alone: their value is the list of
 * their fields. What decisions hang on has a typed command of its own.
 */
import { CHANNELS } from '../../../shared/domain/channel.ts';
import type { Command } from './command.ts';
import { bitField, countText, type DataField, type DecodeContext, field, hexField, quotientText, twoDigits } from './fields.ts';
import { bcdDigits, byteAt, COUNT_FORMATS, parseE4, parseW2 } from './formats.ts';
import { statusWordCommand, statusWordFields } from './status-word.ts';

/** Programmable flags: 08 09. */
export interface ProgrammableFlags {
  /** The meter does not move its clock in spring and autumn. */
  readonly isSeasonSwitchForbidden: boolean;
}

/** Load control word: 08 18. Bits by the two published examples; `null` parts are not in them. */
export interface LoadControl {
  /** Switched off by a command over the interface. */
  readonly isOffByInterface: boolean;
}

/** What one parameter answers: legal lengths of the whole reply, and its fields. */
interface Parameter {
  readonly label: string;
  readonly replyLengths: readonly number[];
  /** Bytes after the parameter: what they may be, each inclusive; none by default. */
  readonly argument?: readonly (readonly [least: number, most: number])[];
  readonly fields: (data: Uint8Array, context: DecodeContext) => DataField[];
}

const SEASON_FORBIDDEN_BIT = 3;
const LED_KINDS = ['A+', 'R+', 'A-', 'R-'];
const OFF_BY_INTERFACE_BIT = 3;
const QUALITY_LIMITS = [
  'U.min_limit',
  'U.min_normal',
  'U.max_normal',
  'U.max_limit',
  'F.min_limit',
  'F.min_normal',
  'F.max_normal',
  'F.max_limit',
];
const SCHEDULE_POINTS = 8;
const MONTHS: readonly [number, number] = [1, 12];
const ANY: readonly [number, number] = [0x00, 0xff];

/** By the bytes after 08 that choose the parameter: `08 00` differs from `08`. */
const PARAMETERS: Readonly<Record<string, Parameter>> = {
  '04': { label: 'time-out multiplier of the additional interface', replyLengths: [5], fields: (data) => multiplier(data, 'additional') },
  '1D': { label: 'time-out multiplier of the main interface', replyLengths: [5], fields: (data) => multiplier(data, 'main') },
  '07': { label: 'season switch times', replyLengths: [9], fields: (data) => [...seasonSwitch(data, 0, 1), ...seasonSwitch(data, 3, 2)] },
  '08': { label: 'power limit delay', replyLengths: [5], fields: (data) => [word('power_limit.delay', data, 0, 0, 's')] },
  '08+': {
    label: 'reclosing after a power limit',
    replyLengths: [8],
    argument: [[0x00, 0x00]],
    fields: (data) => [
      word('reclosing.delay', data, 0, 0, 's'),
      field('reclosing.tries', String(byteAt(data, 2)), 'count', 2, 1),
      word('reclosing.timer', data, 3, 0, 's'),
    ],
  },
  '09': {
    label: 'programmable flags',
    replyLengths: [5],
    fields: (data) => [
      hexField('flags', data, 0, 2),
      field('flags.led', LED_KINDS[(byteAt(data, 1) >> 4) & 3] ?? '', null, 1, 1),
      bitField('flags.season_switch_forbidden', data, 1, SEASON_FORBIDDEN_BIT),
      bitField('flags.telemetry_verification', data, 1, 1),
      bitField('flags.hot_restart', data, 1, 0),
    ],
  },
  '0A': {
    label: 'status word',
    replyLengths: statusWordCommand().replyLengths,
    fields: (data) => statusWordFields(data, 0, Math.min(6, Math.max(4, data.length)), 'status_word'),
  },
  '0B': { label: 'location', replyLengths: [7], fields: (data) => [hexField('location', data, 0, 4)] },
  '0C': {
    label: 'maxima schedule',
    replyLengths: [11],
    argument: [MONTHS],
    fields: (data) =>
      ['morning.from', 'morning.to', 'evening.from', 'evening.to'].map((name, index) => clockTime(`maxima.${name}`, data, index * 2)),
  },
  '0D': { label: 'maxima values', replyLengths: [19], argument: [MONTHS], fields: maximaValues },
  '17': {
    label: 'tariff state',
    replyLengths: [5],
    fields: (data) => [
      field('tariff.current', String(((byteAt(data, 1) >> 1) & 7) + 1), null, 1, 1),
      bitField('tariff.is_single', data, 1, 0),
    ],
  },
  '18': {
    label: 'load control word',
    replyLengths: [5],
    // Three bits are shown by the published examples; the others stay in the word.
    fields: (data) => [
      hexField('load', data, 0, 2),
      bitField('load.output_is_control', data, 0, 0),
      bitField('load.off_by_interface', data, 0, OFF_BY_INTERFACE_BIT),
      bitField('load.is_off', data, 1, 1),
    ],
  },
  '19': {
    label: 'power limit',
    replyLengths: [6],
    fields: (data) => [field('power_limit', countText(COUNT_FORMATS.V3.parse(data, 0, 'none'), -2), 'W', 0, 3)],
  },
  '1A': {
    label: 'energy limit',
    replyLengths: [7],
    argument: [[0, 4]],
    fields: (data) => [field('energy_limit', countText(parseE4(data, 0), 0), 'Wh', 0, 4)],
  },
  '1B': { label: 'indication of the main kind', replyLengths: [11], fields: (data) => [hexField('indication', data, 0, 8)] },
  '1C': { label: 'indication times', replyLengths: [7], fields: (data) => [hexField('indication.times', data, 0, 4)] },
  '1E': { label: 'losses mode', replyLengths: [5], fields: (data) => [hexField('losses.mode', data, 0, 2)] },
  '1F': { label: 'losses powers', replyLengths: [15], fields: (data) => [hexField('losses', data, 0, 12)] },
  '20': {
    label: 'quality limits',
    replyLengths: [19],
    fields: (data) => QUALITY_LIMITS.map((name, index) => word(`quality.${name}`, data, index * 2, -2, name.startsWith('U') ? 'V' : 'Hz')),
  },
  '21': {
    label: 'averaging times',
    replyLengths: [5],
    fields: (data) => [field('averaging.U', String(byteAt(data, 0)), 's', 0, 1), field('averaging.F', String(byteAt(data, 1)), 's', 1, 1)],
  },
  '22': { label: 'tariff schedule', replyLengths: [19], argument: [ANY, ANY, ANY], fields: (data) => scheduleFields(data, 0) },
  '23': { label: 'holidays', replyLengths: [7], argument: [MONTHS], fields: (data) => [holidays(data, 0)] },
  '24': { label: 'long operations', replyLengths: [5], fields: (data) => [hexField('long_operations', data, 0, 2)] },
  '26': { label: 'firmware checksum', replyLengths: [5], fields: (data) => [hexField('firmware_crc', data, 0, 2)] },
  '2B': { label: 'functions', replyLengths: [5], fields: (data) => [hexField('functions', data, 0, 2)] },
  '2D': { label: 'billing day', replyLengths: [5], fields: (data) => [field('billing_day', String(byteAt(data, 1)), null, 1, 1)] },
  '2F': { label: 'captured events', replyLengths: [19], fields: (data) => [hexField('captured_events', data, 0, 16)] },
};

/** Flags of 08 09; throws `transport/short-frame` for less than two bytes. */
export function flagsCommand(): Command<ProgrammableFlags> {
  return typed('09', (data) => ({ isSeasonSwitchForbidden: ((byteAt(data, 1) >> SEASON_FORBIDDEN_BIT) & 1) === 1 }));
}

/** Load control word of 08 18. */
export function loadControlCommand(): Command<LoadControl> {
  return typed('18', (data) => ({ isOffByInterface: ((byteAt(data, 0) >> OFF_BY_INTERFACE_BIT) & 1) === 1 }));
}

/** Parameter of a request body that begins with 08; `null` where the table has none or the argument is not legal. */
export function parameterCommandOf(body: Uint8Array): Command<readonly DataField[]> | null {
  const key = keyOf(body);
  const parameter = PARAMETERS[key];
  if (parameter === undefined) return null;
  const ranges = parameter.argument ?? [];
  if (body.length !== 2 + ranges.length) return null;
  if (!ranges.every(([least, most], index) => isWithin(body[2 + index] ?? -1, least, most))) return null;
  return typed(key, (data) => parameter.fields(data, {}), body);
}

/** Fields of a reply, with what the context adds. */
export function parameterFields(command: Command<unknown>, data: Uint8Array, context: DecodeContext): DataField[] {
  return PARAMETERS[keyOf(command.body)]?.fields(data, context) ?? [];
}

/** Place of a request's argument. */
export function parameterRequestFields(body: Uint8Array): DataField[] {
  return body.length > 2 ? [hexField('argument', body, 2, body.length - 2)] : [];
}

/** True for a command of this table. */
export function isParameter({ name }: Command<unknown>): boolean {
  return name.startsWith(PREFIX);
}
const PREFIX = 'parameter-';

/** Codes as two hex digits. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, code) => code.toString(16).padStart(2, '0').toUpperCase());

function keyOf(body: Uint8Array): string {
  const code = HEX[body[1] ?? 0] ?? '';
  return code === '08' && body.length === 3 ? '08+' : code;
}

function typed<T>(
  key: string,
  parse: (data: Uint8Array) => T,
  body: Uint8Array = Uint8Array.of(0x08, Number.parseInt(key, 16)),
): Command<T> {
  const { label = key, replyLengths = [] } = PARAMETERS[key] ?? {};
  const hasArgument = body.length > 2 && key !== '08+';
  return {
    name: `${PREFIX}${key}`,
    label: hasArgument ? `${label} ${Array.from(body.subarray(2), (byte) => HEX[byte] ?? '').join(' ')}` : label,
    body,
    replyLengths,
    parse,
  };
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function word(name: string, data: Uint8Array, offset: number, scale: number, unit: string): DataField {
  return field(name, countText(parseW2(data, offset), scale), unit, offset, 2);
}

function multiplier(data: Uint8Array, port: string): DataField[] {
  return [field(`multiplier.${port}`, String(byteAt(data, 1)), null, 1, 1)];
}

/** Hour, weekday of the last week, month in BCD. The documents name the two times, not which is first: the month tells. */
function seasonSwitch(data: Uint8Array, offset: number, number: 1 | 2): DataField[] {
  return ['hour', 'weekday', 'month'].map((name, index) => bcd(`season_switch.${number}.${name}`, data, offset + index));
}

function bcd(name: string, data: Uint8Array, offset: number): DataField {
  const value = bcdDigits(byteAt(data, offset));
  return field(name, value < 0 ? null : String(value), null, offset, 1);
}

/** BCD minute, hour. */
function clockTime(name: string, data: Uint8Array, offset: number): DataField {
  const minute = bcdDigits(byteAt(data, offset));
  const hour = bcdDigits(byteAt(data, offset + 1));
  const isTime = minute >= 0 && minute < 60 && hour >= 0 && hour <= 24;
  return field(name, isTime ? `${twoDigits(hour)}:${twoDigits(minute)}` : null, null, offset, 2);
}

/** Morning and evening counts by channel; power where the constant and the period are known. */
function maximaValues(data: Uint8Array, context: DecodeContext): DataField[] {
  const { constant_imp_per_kwh: constant, period_min: period } = context;
  return CHANNELS.flatMap((channel, index) =>
    ['morning', 'evening'].flatMap((time, second) => {
      const offset = index * 4 + second * 2;
      const count = parseW2(data, offset);
      const fields = [field(`maximum.${time}.count.${channel}`, countText(count, 0), 'count', offset, 2)];
      if (constant === undefined || period === undefined || constant < 1 || period < 1) return fields;
      const power = count === null ? null : quotientText(BigInt(count) * 60n, 2n * BigInt(constant) * BigInt(period));
      if (power !== undefined)
        fields.push(field(`maximum.${time}.power.${channel}`, power, channel.startsWith('A') ? 'kW' : 'kvar', offset, 2));
      return fields;
    }),
  );
}

/** Eight points: minute, then tariff 1..4 in the top three bits and hour below, both binary; 24:00 ends the list (mercury.md 9, 1D). */
export function scheduleFields(data: Uint8Array, offset: number): DataField[] {
  return Array.from({ length: SCHEDULE_POINTS }, (_, index) => {
    const place = offset + index * 2;
    const minute = byteAt(data, place);
    const packed = byteAt(data, place + 1);
    const hour = packed & 0x1f;
    const isTime = minute < 60 && hour <= 24;
    return field(`schedule.${index}`, isTime ? `${twoDigits(hour)}:${twoDigits(minute)} T${packed >> 5}` : null, null, place, 2);
  });
}

/** Bit 0 of byte 0 = day 1. */
export function holidays(data: Uint8Array, offset: number): DataField {
  const days: number[] = [];
  for (let day = 1; day <= 31; day += 1) {
    if (((byteAt(data, offset + ((day - 1) >> 3)) >> ((day - 1) & 7)) & 1) === 1) days.push(day);
  }
  byteAt(data, offset + 3);
  return field('holidays', days.join(' '), null, offset, 4);
}
