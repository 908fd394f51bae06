/** Instantaneous values: 08 11 (one), 08 16 (all now), 08 14 (all frozen) with a BWRI byte (mercury.md 6.3). Secondary side. */
import { AppError } from '../../../shared/api/errors.ts';
import type { InstantaneousKey, InstantaneousValues, Quantity, Unit } from '../../../shared/domain/quantity.ts';
import type { Command } from './command.ts';
import { parseEverything } from './everything.ts';
import { COUNT_FORMATS, type CountFormat, type SignBit } from './formats.ts';

/** Where one value stands in the data of a reply: `offset` counts from the first data byte. */
export interface ValueLayout {
  readonly key: InstantaneousKey;
  readonly offset: number;
  readonly format: CountFormat;
  readonly sign: SignBit;
  readonly scale: number;
  readonly unit: Unit;
}

/** Values that come together under one BWRI; the byte is that of the first value. */
interface ValueGroup {
  readonly bwri: number;
  readonly keys: readonly InstantaneousKey[];
  readonly format: CountFormat;
  readonly sign: SignBit;
  readonly scale: number;
  readonly unit: Unit;
}

const GROUPS: readonly ValueGroup[] = [
  { bwri: 0x00, keys: ['P', 'P1', 'P2', 'P3'], format: 'P3', sign: 'active', scale: -2, unit: 'W' },
  { bwri: 0x04, keys: ['Q', 'Q1', 'Q2', 'Q3'], format: 'P3', sign: 'reactive', scale: -2, unit: 'var' },
  { bwri: 0x08, keys: ['S', 'S1', 'S2', 'S3'], format: 'P3', sign: 'none', scale: -2, unit: 'VA' },
  { bwri: 0x11, keys: ['U1', 'U2', 'U3'], format: 'V3', sign: 'none', scale: -2, unit: 'V' },
  { bwri: 0x21, keys: ['I1', 'I2', 'I3'], format: 'V3', sign: 'none', scale: -3, unit: 'A' },
  { bwri: 0x30, keys: ['cos', 'cos1', 'cos2', 'cos3'], format: 'P3', sign: 'active', scale: -3, unit: 'one' },
  { bwri: 0x40, keys: ['F'], format: 'V3', sign: 'none', scale: -2, unit: 'Hz' },
  { bwri: 0x51, keys: ['angle12', 'angle13', 'angle23'], format: 'V3', sign: 'none', scale: -2, unit: 'deg' },
  { bwri: 0x61, keys: ['KU1', 'KU2', 'KU3'], format: 'W2', sign: 'none', scale: -2, unit: 'percent' },
  { bwri: 0x70, keys: ['T'], format: 'T2', sign: 'none', scale: 0, unit: 'degC' },
  { bwri: 0x81, keys: ['U12', 'U23', 'U13'], format: 'V3', sign: 'none', scale: -2, unit: 'V' },
];

/** Groups that read what 16 A0 holds, for meters that lack it. */
export const FALLBACK_GROUPS: readonly number[] = [0x00, 0x04, 0x08, 0x11, 0x21, 0x30, 0x40];

const EVERYTHING = 0xa0;
/**
 * Offsets of the groups in the data of 16 A0. The temperature at 84 is left out: one source reads it in another byte
 * order and scale than the single read.
 */
const EVERYTHING_OFFSETS: readonly (readonly [bwri: number, offset: number])[] = [
  [0x00, 0],
  [0x04, 12],
  [0x08, 24],
  [0x11, 36],
  [0x51, 45],
  [0x21, 54],
  [0x30, 63],
  [0x40, 75],
  [0x61, 78],
  [0x81, 86],
];
/** Whole replies: without line voltages, with them, and on firmware without distortion and temperature. */
const EVERYTHING_LENGTHS = [89, 98, 81];

/** 08 11: one value; 08 16: a group now; 08 14: a group as frozen by 03 08. */
export type InstantaneousMode = 'one' | 'now' | 'frozen';
const MODE_CODES = { one: 0x11, now: 0x16, frozen: 0x14 } as const;

/** Layout of a reply by mode and BWRI; `null` when nothing is known by that BWRI. `dataLength` matters for A0 alone. */
export function instantaneousLayout(mode: InstantaneousMode, bwri: number, dataLength: number): readonly ValueLayout[] | null {
  if (bwri === EVERYTHING) return mode === 'now' ? everythingLayout(dataLength) : null;
  const group = groupOf(bwri, mode);
  if (group === null) return null;
  if (mode !== 'one') return layoutOf(group, 0, mode === 'frozen');
  const key = group.keys[(bwri & 3) - (group.bwri & 3)];
  return key === undefined ? null : layoutOf({ ...group, keys: [key] }, 0, false);
}

/** Request of one, all present or all frozen values; `null` when nothing is known by that BWRI. */
export function instantaneousCommand(mode: InstantaneousMode, bwri: number): Command<InstantaneousValues> | null {
  if (mode === 'now' && bwri === EVERYTHING) return EVERYTHING_COMMAND;
  const layout = instantaneousLayout(mode, bwri, 0);
  if (layout === null) return null;
  return command(mode, bwri, [layout.reduce((length, { format }) => length + COUNT_FORMATS[format].size, 3)], (data) =>
    parseValues(layout, data),
  );
}

/** Difference of the phase and neutral currents of a single-phase meter, mA: 08 11 20. `null` = not available. */
export function currentImbalanceCommand(): Command<number | null> {
  return {
    name: 'current-imbalance',
    label: 'current imbalance',
    body: Uint8Array.of(0x08, MODE_CODES.one, CURRENT_IMBALANCE),
    replyLengths: [6],
    parse: (data) => COUNT_FORMATS.V3.parse(data, 0, 'none'),
  };
}
const CURRENT_IMBALANCE = 0x20;

/** Everything at once: 08 16 A0. */
export function everythingCommand(): Command<InstantaneousValues> {
  return EVERYTHING_COMMAND;
}

/** One group of present values, a BWRI of `FALLBACK_GROUPS`. */
export function groupCommand(bwri: number): Command<InstantaneousValues> {
  return known(instantaneousCommand('now', bwri));
}

/** Keys of a group, for marking them absent. */
export function groupKeys(bwri: number): readonly InstantaneousKey[] {
  return groupOf(bwri, 'now')?.keys ?? [];
}

/** P3 holds 22 bits: 41943.03 W. A sum of phases beyond it is not what the meter sent (mercury.md 3). */
const LARGEST_P3 = 0x3fffff;

/**
 * Replaces sums of power that P3 cannot hold by the sum of their phases; S, which need not be a sum, becomes `null`.
 */
export function withoutOverflow(values: InstantaneousValues): InstantaneousValues {
  const fixed: Partial<Record<InstantaneousKey, Quantity | null>> = { ...values };
  for (const [sum, ...phases] of [
    ['P', 'P1', 'P2', 'P3'],
    ['Q', 'Q1', 'Q2', 'Q3'],
    ['S', 'S1', 'S2', 'S3'],
  ] as const) {
    const known = values[sum];
    if (known === null || known === undefined) continue;
    const count = phases.reduce((total, key) => total + (values[key]?.count ?? 0), 0);
    if (Math.abs(count) > LARGEST_P3) fixed[sum] = sum === 'S' ? null : { ...known, count };
  }
  return fixed;
}

function command(
  mode: InstantaneousMode,
  bwri: number,
  replyLengths: readonly number[],
  parse: (data: Uint8Array) => InstantaneousValues,
): Command<InstantaneousValues> {
  const code = MODE_CODES[mode];
  const hex = bwri.toString(16).padStart(2, '0').toUpperCase();
  return {
    name: `instantaneous-${code.toString(16)}-${hex}`,
    label: `instantaneous ${code.toString(16)} ${hex}`,
    body: Uint8Array.of(0x08, code, bwri),
    replyLengths,
    parse,
  };
}

const EVERYTHING_COMMAND = command('now', EVERYTHING, EVERYTHING_LENGTHS, parseEverything);

function known<T>(command: T | null): T {
  if (command === null) throw new AppError('bug', 'The group is not in the table');
  return command;
}

/** Low bits of the phase are ignored by the meter in group requests. */
function groupOf(bwri: number, mode: InstantaneousMode): ValueGroup | null {
  const mask = bwri < 0x10 ? 0xfc : 0xf0;
  const group = GROUPS.find((candidate) => (candidate.bwri & mask) === (bwri & mask) && candidate.bwri < 0x10 === bwri < 0x10);
  if (group === undefined || (mode === 'frozen' && (group.format === 'W2' || group.format === 'T2'))) return null;
  return group;
}

function layoutOf(group: ValueGroup, start: number, isFrozen: boolean): readonly ValueLayout[] {
  const { keys, sign, scale, unit } = group;
  const format = isFrozen && group.bwri < 0x10 ? 'P4' : group.format;
  return keys.map((key, index) => ({ key, offset: start + index * COUNT_FORMATS[format].size, format, sign, scale, unit }));
}

function everythingLayout(dataLength: number): readonly ValueLayout[] {
  return dataLength >= 95 ? WITH_LINE_VOLTAGES : dataLength >= 84 ? WITH_DISTORTION : BASIC;
}

const WITH_LINE_VOLTAGES = EVERYTHING_OFFSETS.flatMap(([bwri, offset]) =>
  GROUPS.filter((group) => group.bwri === bwri).flatMap((group) => layoutOf(group, offset, false)),
);
const WITH_DISTORTION = WITH_LINE_VOLTAGES.filter(({ offset }) => offset < 84);
const BASIC = WITH_LINE_VOLTAGES.filter(({ offset }) => offset < 78);

function parseValues(layout: readonly ValueLayout[], data: Uint8Array): InstantaneousValues {
  const values: Partial<Record<InstantaneousKey, Quantity | null>> = {};
  for (const { key, offset, format, sign, scale, unit } of layout) {
    const count = COUNT_FORMATS[format].parse(data, offset, sign);
    values[key] = count === null ? null : { count, scale, unit };
  }
  return values;
}
