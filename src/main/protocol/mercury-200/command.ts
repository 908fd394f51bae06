/** A command of the 200 family with the meaning of its reply, and fields as data for the replies that are nothing but fields. */
import { countText, type DataField, field, secondText, twoDigits } from '../mercury/fields.ts';
import { bcdDigits, byteAt, hexOf } from '../mercury/formats.ts';
import { COUNT_FORMATS, type CountFormat, parseTime } from './formats.ts';
import type { ReplyData } from './frame.ts';

export interface Command200<T> {
  /** Same for every address and parameter of the command: what a meter is remembered not to support. */
  readonly name: string;
  /** For logs and provenance: `month slice A 3`. */
  readonly label: string;
  /** Command byte and parameters; without address and checksum. */
  readonly body: Uint8Array;
  /** Numbers of data bytes that a reply may have. */
  readonly replyData: ReplyData;
  /** Data bytes to the value. Throws ProtocolError; never reads past the end. */
  readonly parse: (data: Uint8Array) => T;
  /** Data bytes field by field, for people and scripts. Throws as `parse` does. */
  readonly fields: (data: Uint8Array) => readonly DataField[];
}

/** How a field is laid out: a count, a binary number, bits as hex, `hh mm ss dd MM yy` or `dd MM`. */
type FieldFormat = CountFormat | 'bin' | 'hex' | 'time' | 'day';

/** One field of a reply as data. */
export interface FieldLayout {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly format: FieldFormat;
  /** Value = count x 10^scale; counts only. */
  readonly scale?: number;
  readonly unit?: string;
}

/** A command whose reply is the fields of `layout` and nothing else. */
export function fieldsCommand(
  name: string,
  label: string,
  body: readonly number[],
  layout: readonly FieldLayout[],
): Command200<readonly DataField[]> {
  const parse = (data: Uint8Array) => fieldsOf(layout, data);
  const size = Math.max(...layout.map(({ offset, size: length }) => offset + length));
  return { name, label, body: Uint8Array.from(body), replyData: [size], parse, fields: parse };
}

/** A read whose reply no document lays out: its bytes are shown and not interpreted. */
export function rawCommand(
  name: string,
  label: string,
  body: readonly number[],
  replyData: ReplyData = 'any',
): Command200<readonly DataField[]> {
  const parse = (data: Uint8Array): DataField[] => [field('data', hexOf(data), null, 0, data.length)];
  return { name, label, body: Uint8Array.from(body), replyData, parse, fields: parse };
}

/** Fields of a reply by their layout. Throws ProtocolError. */
export function fieldsOf(layout: readonly FieldLayout[], data: Uint8Array): DataField[] {
  return layout.map(({ name, offset, size, format, scale = 0, unit = null }) =>
    field(name, fieldText(data, offset, size, format, scale), unit, offset, size),
  );
}

function fieldText(data: Uint8Array, offset: number, size: number, format: FieldFormat, scale: number): string | null {
  switch (format) {
    case 'bin': {
      let number = 0;
      for (let index = offset; index < offset + size; index += 1) number = number * 256 + byteAt(data, index);
      return String(number);
    }
    case 'hex':
      byteAt(data, offset + size - 1);
      return hexOf(data.subarray(offset, offset + size));
    case 'time': {
      const wall = parseTime(data, offset);
      return wall === null ? null : secondText(wall);
    }
    case 'day': {
      const [day, month] = [bcdDigits(byteAt(data, offset)), bcdDigits(byteAt(data, offset + 1))];
      return day < 1 || day > 31 || month < 1 || month > 12 ? null : `${twoDigits(month)}-${twoDigits(day)}`;
    }
    default:
      return countText(COUNT_FORMATS[format].parse(data, offset), scale);
  }
}
