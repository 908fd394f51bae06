/** How the meter is set up: the one-byte reads of mercury.md 12.1. What no document lays out is shown as bytes. */
import { byteAt } from '../mercury/formats.ts';
import { type DataField, field } from '../mercury/fields.ts';
import { type Command200, fieldsCommand, rawCommand } from './command.ts';

type Reader = () => Command200<unknown>;

/** Reads without parameters that are nothing but fields, by code. */
const BY_CODE: Readonly<Record<number, Reader>> = {
  0x20: () => fieldsCommand('group-address', 'group address', [0x20], [{ name: 'group_address', offset: 0, size: 4, format: 'bin' }]),
  0x22: () =>
    fieldsCommand('power-limit', 'power limit', [0x22], [{ name: 'limit.power', offset: 0, size: 2, format: 'B2', scale: -2, unit: 'kW' }]),
  0x23: () =>
    fieldsCommand(
      'energy-limit',
      'energy limit of a month',
      [0x23],
      [{ name: 'limit.energy', offset: 0, size: 2, format: 'B2', unit: 'kWh' }],
    ),
  0x25: () =>
    fieldsCommand(
      'button-correction',
      'range of correction by the buttons',
      [0x25],
      [{ name: 'button_correction', offset: 0, size: 1, format: 'bin' }],
    ),
  0x29: () => fieldsCommand('battery', 'battery', [0x29], [{ name: 'battery', offset: 0, size: 2, format: 'B2', scale: -2, unit: 'V' }]),
  0x2a: () => fieldsCommand('indication', 'indication mask', [0x2a], [{ name: 'indication', offset: 0, size: 1, format: 'hex' }]),
  0x2d: () => fieldsCommand('output', 'function of the output', [0x2d], [{ name: 'output', offset: 0, size: 1, format: 'bin' }]),
  0x2e: () => fieldsCommand('tariffs-in-use', 'tariffs in use', [0x2e], [{ name: 'tariffs', offset: 0, size: 1, format: 'bin' }]),
  0x60: () => fieldsCommand('current-tariff', 'current tariff', [0x60], [{ name: 'tariff.raw', offset: 0, size: 1, format: 'bin' }]),
  0x67: () => rawCommand('display-times', 'display times', [0x67]),
  0x68: () => rawCommand('limit-mode', 'limit mode', [0x68]),
  0x69: () =>
    fieldsCommand(
      'hours',
      'hours on and off mains',
      [0x69],
      [
        { name: 'hours.on', offset: 0, size: 3, format: 'B3', unit: 'h' },
        { name: 'hours.off', offset: 3, size: 3, format: 'B3', unit: 'h' },
      ],
    ),
  0x80: () => fieldsCommand('plc2', 'PLC2 flag', [0x80], [{ name: 'plc2', offset: 0, size: 1, format: 'bin' }]),
  0x82: () => multiplierCommand(),
};

/** Codes of the reads of settings without parameters; 6A..6F have no printed layout. */
export const SETTING_CODES: readonly number[] = [...Object.keys(BY_CODE).map(Number), 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f].sort(
  (a, b) => a - b,
);

/** The read of a setting; `null` for a code that is none. */
export function settingCommand(code: number): Command200<unknown> | null {
  const reader = BY_CODE[code];
  if (reader !== undefined) return reader();
  return code >= 0x6a && code <= 0x6f ? rawCommand(`parameter-${hex(code)}`, `parameter ${hex(code)}`, [code]) : null;
}

/** Holidays: 30 ii, eight days of a year. */
export function holidaysCommand(index: number): Command200<unknown> {
  return fieldsCommand(
    'holidays',
    `holidays ${index}`,
    [0x30, index],
    Array.from({ length: 8 }, (_, day) => ({ name: `holiday.${day}`, offset: day * 2, size: 2, format: 'day' }) as const),
  );
}

const SWITCH_POINTS = 16;

/** Tariff switch points: 31 ii, `hh mm` with the tariff in the two top bits of the hour. */
export function switchPointsCommand(index: number): Command200<unknown> {
  const parse = (data: Uint8Array) => Array.from({ length: SWITCH_POINTS }, (_, point) => switchPoint(data, point)).flat();
  return {
    name: 'switch-points',
    label: `tariff switch points ${index}`,
    body: Uint8Array.of(0x31, index),
    replyData: [SWITCH_POINTS * 2],
    parse,
    fields: parse,
  };
}

/** Reads by 86 that no document lays out: 01 the relay, FF the code of the model. */
export function modelCommand(): Command200<unknown> {
  return rawCommand('model', 'model code', [0x86, 0xff]);
}

export function relayStateCommand(): Command200<unknown> {
  return rawCommand('relay-state', 'state of the relay', [0x86, 0x01]);
}

/** Multiplier of the time-out: 82 says one less. */
function multiplierCommand(): Command200<unknown> {
  const parse = (data: Uint8Array) => [field('timeout_multiplier', String(byteAt(data, 0) + 1), null, 0, 1)];
  return { name: 'timeout-multiplier', label: 'time-out multiplier', body: Uint8Array.of(0x82), replyData: [1], parse, fields: parse };
}

function switchPoint(data: Uint8Array, point: number): DataField[] {
  const offset = point * 2;
  const [top, minute] = [byteAt(data, offset), byteAt(data, offset + 1)];
  if (top === 0xff && minute === 0xff) return [field(`switch.${point}`, null, null, offset, 2)];
  return [
    field(`switch.${point}.time`, `${hex(top & 0x3f)}:${hex(minute)}`, null, offset, 2),
    field(`switch.${point}.tariff`, String((top >> 6) + 1), null, offset, 1),
  ];
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
