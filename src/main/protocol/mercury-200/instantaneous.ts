/** Instantaneous values: 63, 81, 26, 86 (mercury.md 12.1). Secondary side, which for this family is the mains itself. */
import type { InstantaneousKey, InstantaneousValues, Quantity, Unit } from '../../../shared/domain/quantity.ts';
import { byteAt } from '../mercury/formats.ts';
import { implausible } from '../protocol-error.ts';
import { countText, type DataField, field, secondText } from '../mercury/fields.ts';
import type { Command200 } from './command.ts';
import { COUNT_FORMATS, type CountFormat, parseTime } from './formats.ts';

/** Place and meaning of one value in the data of a reply. */
export interface ValueLayout {
  readonly key: InstantaneousKey;
  readonly offset: number;
  readonly format: CountFormat;
  readonly scale: number;
  readonly unit: Unit;
}

/** Values by the command that reads them. */
export const VALUE_LAYOUTS = {
  mains: [
    { key: 'U1', offset: 0, format: 'B2', scale: -1, unit: 'V' },
    { key: 'I1', offset: 2, format: 'B2', scale: -2, unit: 'A' },
    { key: 'P', offset: 4, format: 'B3', scale: 0, unit: 'W' },
  ],
  'load-power': [{ key: 'P', offset: 0, format: 'B2', scale: 1, unit: 'W' }],
  frequency: [{ key: 'F', offset: 0, format: 'B2', scale: -2, unit: 'Hz' }],
  'reactive-power': [{ key: 'Q', offset: 1, format: 'B3', scale: 0, unit: 'var' }],
  // No document prints the scale of the cosine; four digits leave room for the sign bit only as thousandths.
  'power-factor': [
    { key: 'cos', offset: 1, format: 'C2', scale: -3, unit: 'one' },
    { key: 'S', offset: 3, format: 'B3', scale: 0, unit: 'VA' },
  ],
} as const satisfies Record<string, readonly ValueLayout[]>;
export type ValueGroup = keyof typeof VALUE_LAYOUTS;

/** Voltage, current, power: 63. */
export function mainsCommand(): Command200<InstantaneousValues> {
  return valuesCommand('mains', 'voltage, current, power', [0x63], 7);
}

/** Load power in hundredths of a kW: 26. */
export function loadPowerCommand(): Command200<InstantaneousValues> {
  return valuesCommand('load-power', 'load power', [0x26], 2);
}

/** Frequency, current tariff, flags and a moment: 81. Whether the tariff counts from 0 or from 1 depends on whom one asks. */
export function frequencyCommand(): Command200<InstantaneousValues> {
  const command = valuesCommand('frequency', 'frequency', [0x81], 10);
  const fields = (data: Uint8Array): DataField[] => {
    const flags = byteAt(data, 3);
    const wall = parseTime(data, 4);
    return [
      ...command.fields(data),
      field('tariff.raw', String(byteAt(data, 2)), null, 2, 1),
      field('flag.current_inequality', String((flags & 1) !== 0), null, 3, 1),
      field('flag.reverse_energy', String((flags & 2) !== 0), null, 3, 1),
      field('time', wall === null ? null : secondText(wall), null, 4, 6),
    ];
  };
  return { ...command, fields };
}

/** Reactive power: 86 00. */
export function reactivePowerCommand(): Command200<InstantaneousValues> {
  return parameterCommand('reactive-power', 'reactive power', 0x00, 4);
}

/** Power factor and apparent power: 86 02. */
export function powerFactorCommand(): Command200<InstantaneousValues> {
  return parameterCommand('power-factor', 'power factor, apparent power', 0x02, 6);
}

/** 86 repeats its parameter: another one is the reply to another question. */
function parameterCommand(group: ValueGroup, label: string, parameter: number, size: number): Command200<InstantaneousValues> {
  const command = valuesCommand(group, label, [0x86, parameter], size);
  const check = (data: Uint8Array) => {
    if (byteAt(data, 0) !== parameter) throw implausible(`The reply is to parameter ${byteAt(data, 0)}`, 0, `parameter ${parameter}`);
    return data;
  };
  return {
    ...command,
    parse: (data) => command.parse(check(data)),
    fields: (data) => [field('parameter', String(byteAt(check(data), 0)), null, 0, 1), ...command.fields(data)],
  };
}

function valuesCommand(group: ValueGroup, label: string, body: readonly number[], size: number): Command200<InstantaneousValues> {
  const layouts: readonly ValueLayout[] = VALUE_LAYOUTS[group];
  const count = (data: Uint8Array, { format, offset }: ValueLayout) => COUNT_FORMATS[format].parse(data, offset);
  return {
    name: group,
    label,
    body: Uint8Array.from(body),
    replyData: [size],
    parse: (data) => Object.fromEntries(layouts.map((layout) => [layout.key, quantity(count(data, layout), layout)])),
    fields: (data) =>
      layouts.map((layout) =>
        field(layout.key, countText(count(data, layout), layout.scale), layout.unit, layout.offset, COUNT_FORMATS[layout.format].size),
      ),
  };
}

function quantity(count: number | null, { scale, unit }: ValueLayout): Quantity | null {
  return count === null ? null : { count, scale, unit };
}
