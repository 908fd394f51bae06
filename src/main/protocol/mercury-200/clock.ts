/** The clock and the moments that the meter remembers (mercury.md 12.1). The clock says no season. */
import { wallAsUtc, type WallTime } from '../../../shared/domain/time.ts';
import { implausible } from '../protocol-error.ts';
import { field, secondText } from '../mercury/fields.ts';
import { type Command200, fieldsCommand } from './command.ts';
import { bcdByte, type MeterStamp, parseStamp } from './formats.ts';

/** Current time: 21. */
export function clockCommand(): Command200<MeterStamp> {
  return {
    name: 'clock',
    label: 'clock',
    body: Uint8Array.of(0x21),
    replyData: [7],
    parse: parseClock,
    fields: (data) => {
      const { wall, weekday } = parseClock(data);
      return [field('clock.time', secondText(wall), null, 1, 6), field('clock.weekday', String(weekday), null, 0, 1)];
    },
  };
}

/** A moment that the meter remembers of itself, by the code that reads it. */
export const MOMENTS = { 0x2b: 'power-off', 0x2c: 'power-on', 0x61: 'cover-opened', 0x62: 'cover-closed' } as const;
export type MomentCode = keyof typeof MOMENTS;

/** When it last happened: 2B, 2C, 61, 62; `null` = never. */
export function momentCommand(code: MomentCode): Command200<MeterStamp | null> {
  const name = MOMENTS[code].replace('-', '_');
  return {
    name: `last-${MOMENTS[code]}`,
    label: `last ${MOMENTS[code].replace('-', ' ')}`,
    body: Uint8Array.of(code),
    replyData: [7],
    parse: (data) => parseStamp(data),
    fields: (data) => {
      const stamp = parseStamp(data);
      return [
        field(`last.${name}`, stamp === null ? null : secondText(stamp.wall), null, 1, 6),
        field(`last.${name}.weekday`, stamp === null ? null : String(stamp.weekday), null, 0, 1),
      ];
    },
  };
}

/** Season flag: 24. No document says what its values mean; any but 0 is taken for "the clock is moved". */
export function seasonFlagCommand(): Command200<number> {
  const { name, label, body, replyData, fields } = fieldsCommand(
    'season-flag',
    'season flag',
    [0x24],
    [{ name: 'season_flag', offset: 0, size: 1, format: 'bin' }],
  );
  return { name, label, body, replyData, fields, parse: (data) => data[0] ?? 0 };
}

/** `dow hh mm ss dd MM yy` of a wall time, Sunday 0. Years 2000..2099. */
export function encodeStamp(wall: WallTime): Uint8Array {
  const weekday = new Date(wallAsUtc(wall) * 1000).getUTCDay();
  const { hour, minute, second, day, month, year } = wall;
  return Uint8Array.of(weekday, ...[hour, minute, second, day, month, year % 100].map(bcdByte));
}

function parseClock(data: Uint8Array): MeterStamp {
  const stamp = parseStamp(data);
  if (stamp === null) throw implausible('The bytes are no date and time', 1, 'BCD dow hh mm ss dd MM yy');
  return stamp;
}
