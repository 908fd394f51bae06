/** Parameters of a write field by field; passwords are never shown. */
import { bcdDigits, byteAt } from './formats.ts';
import { bitField, countText, type DataField, field, hexField, secondText, twoDigits } from './fields.ts';
import { parseWall } from './clock.ts';
import { holidays, scheduleFields } from './parameters.ts';
import { PASSWORD_LENGTH } from './session.ts';
import { LINK_PARITIES, LINK_SPEEDS, PASSWORDS_AT, writeCommandOf } from './writes.ts';

/** Fields of a request body that begins with 03; none for a write that does not exist. */
export function writeFields(body: Uint8Array): DataField[] {
  if (writeCommandOf(body) === null) return [];
  switch (body[1]) {
    case 0x00:
    case 0x06:
      return [number('set.period', body, 2, 1, 'min'), bitField('set.wipes', body, 3, 0)];
    case 0x05:
      return [number('set.network_address', body, 2, 1, null)];
    case 0x0c:
      return clockFields(body);
    case 0x0d:
      return [timeOfDay(body)];
    case 0x12:
      return [
        number('set.port', body, 2, 1, null),
        field('set.protocol', ['mercury', 'spodes'][byteAt(body, 3)] ?? null, null, 3, 1),
        field('set.inter_byte', String((byteAt(body, 6) << 8) | byteAt(body, 5)), 'ms', 5, 2),
        number('set.idle', body, 7, 1, 's'),
      ];
    case 0x14:
    case 0x15:
      return linkFields(body);
    case 0x18:
      return [bitField('set.season_switch_forbidden', body, 2, 0)];
    case 0x19:
      return [1, 2].flatMap((which) =>
        ['hour', 'weekday', 'month'].map((name, index) => bcd(`set.season_switch.${which}.${name}`, body, 2 + (which - 1) * 3 + index)),
      );
    case 0x1b:
      return [number('set.ratio.vt', body, 2, 2, 'one'), number('set.ratio.ct', body, 4, 2, 'one')];
    case 0x1d:
      return [hexField('set.months', body, 2, 2), hexField('set.weekdays', body, 4, 1), ...scheduleFields(body, 5)];
    case 0x1e:
      return [number('set.month', body, 2, 1, null), holidays(body, 3)];
    case 0x1f:
      return [
        number('level', body, 2, 1, null),
        ...['old', 'new'].map((name, index) =>
          field(`password_form.${name}`, passwordForm(body, PASSWORDS_AT[index] ?? 3), null, PASSWORDS_AT[index] ?? 3, PASSWORD_LENGTH),
        ),
      ];
    case 0x26:
      return [number('set.power_limit.delay', body, 2, 2, 's')];
    case 0x2c:
      return [field('set.power_limit', countText(bigEndian(body, 2, 3), -2), 'W', 2, 3)];
    case 0x2d:
    case 0x2f:
      return [bitField('set.limit_control', body, 2, 0)];
    case 0x2e:
      return [number('tariff', body, 2, 1, null), number('set.energy_limit', body, 3, 4, 'Wh')];
    case 0x30:
      return [number('set.output_mode', body, 2, 1, null)];
    case 0x31:
      return [field('set.load', byteAt(body, 2) === 0 ? 'on' : 'off', null, 2, 1)];
    case 0x32:
      return [number('set.multiplier', body, 2, 1, null)];
    default:
      return [];
  }
}

/** Digits of either form; the password itself is never shown. */
export function passwordForm(bytes: Uint8Array, offset: number): string {
  const password = bytes.subarray(offset, offset + PASSWORD_LENGTH);
  if (password.every((byte) => byte <= 0x0f)) return 'binary digits';
  return password.every((byte) => byte >= 0x20 && byte < 0x7f) ? 'ascii' : 'other';
}

function clockFields(body: Uint8Array): DataField[] {
  const wall = parseWall(byteAt(body, 8), byteAt(body, 7), byteAt(body, 6), byteAt(body, 4), byteAt(body, 3), byteAt(body, 2));
  return [
    field('set.clock', wall === null ? null : secondText(wall), null, 2, 7),
    bcd('set.weekday', body, 5),
    field('set.season', ['summer', 'winter'][byteAt(body, 9)] ?? null, null, 9, 1),
  ];
}

function timeOfDay(body: Uint8Array): DataField {
  const digits = [4, 3, 2].map((offset) => bcdDigits(byteAt(body, offset)));
  return field('set.time', digits.some((value) => value < 0) ? null : digits.map(twoDigits).join(':'), null, 2, 3);
}

function linkFields(body: Uint8Array): DataField[] {
  const link = byteAt(body, 2);
  const baudRate = LINK_SPEEDS[link & 0x0f];
  return [
    field('set.baud_rate', baudRate === undefined ? null : String(baudRate), null, 2, 1),
    field('set.parity', LINK_PARITIES[(link >> 4) & 3] ?? null, null, 2, 1),
    bitField('set.open_level_2', body, 2, 6),
    bitField('set.repeats_code', body, 2, 7),
    ...(body.length > 3 ? [number('set.multiplier', body, 3, 1, null)] : []),
  ];
}

function bcd(name: string, body: Uint8Array, offset: number): DataField {
  const value = bcdDigits(byteAt(body, offset));
  return field(name, value < 0 ? null : String(value), null, offset, 1);
}

/** High byte first, as everything that is written. */
function number(name: string, body: Uint8Array, offset: number, length: number, unit: string | null): DataField {
  return field(name, String(bigEndian(body, offset, length)), unit, offset, length);
}

function bigEndian(body: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) value = value * 256 + byteAt(body, offset + index);
  return value;
}
