/** Figures as the screens print them. Exact decimal strings in, text out: nothing here passes through floating point. */
import type { Completeness, State } from '../../shared/api/values.ts';

/** Narrow no-break space between groups of thousands. */
const GROUP = '\u202f';
/** En dash: absent. */
export const ABSENT = '–';

export interface NumberStyle {
  readonly decimal: ',' | '.';
}
export const RUSSIAN_NUMBERS: NumberStyle = { decimal: ',' };
export const ENGLISH_NUMBERS: NumberStyle = { decimal: '.' };

/** A decimal as count x 10^-digits. */
interface Scaled {
  readonly count: bigint;
  readonly digits: number;
}

function scaled(text: string): Scaled {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`Not a decimal: ${text}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  return { count: BigInt(sign + whole + fraction), digits: fraction.length };
}

/** The value times 10^places, exactly: Wh to kWh is -3. */
export function shiftDecimal(text: string, places: number): string {
  const { count, digits } = scaled(text);
  return decimalOf(places >= digits ? { count: count * 10n ** BigInt(places - digits), digits: 0 } : { count, digits: digits - places });
}

/** Rounded half away from zero, with exactly `digits` digits after the point; a zero result has no sign. */
export function roundDecimal(text: string, digits: number): string {
  const value = scaled(text);
  const places = value.digits - digits;
  if (places <= 0) return fixed(value.count * 10n ** BigInt(-places), digits);
  const divisor = 10n ** BigInt(places);
  const magnitude = value.count < 0n ? -value.count : value.count;
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return fixed(value.count < 0n ? -rounded : rounded, digits);
}

/** Exact sum; absent terms are left out, and the sum of nothing is absent. */
export function sumDecimals(texts: readonly (string | null)[]): string | null {
  const values = texts.flatMap((text) => (text === null ? [] : [scaled(text)]));
  if (values.length === 0) return null;
  const digits = Math.max(...values.map((value) => value.digits));
  return decimalOf({ count: values.reduce((sum, value) => sum + value.count * 10n ** BigInt(digits - value.digits), 0n), digits });
}

/** Negative when `a` is smaller, by exact value. */
export function compareDecimals(a: string, b: string): number {
  const [x, y] = [scaled(a), scaled(b)];
  const digits = BigInt(Math.max(x.digits, y.digits));
  const difference = x.count * 10n ** (digits - BigInt(x.digits)) - y.count * 10n ** (digits - BigInt(y.digits));
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `12345.678` with 2 digits as `12 345,68`; an exact zero is `0`. The minus is the typographic one. */
export function formatDecimal(text: string, digits: number, style: NumberStyle): string {
  return isZero(text) ? '0' : print(roundDecimal(text, digits), style, GROUP, '−');
}

/** The same figure for a clipboard or a file: no groups, an ASCII minus, so that a spreadsheet reads it as a number. */
export function plainDecimal(text: string, digits: number, style: NumberStyle): string {
  return isZero(text) ? '0' : print(roundDecimal(text, digits), style, '', '-');
}

export function formatCount(count: number, style: NumberStyle): string {
  return formatDecimal(String(Math.trunc(count)), 0, style);
}

export type EnergyPrefix = 'k' | 'M';

/** One prefix for a whole column: mega from 100 000 kWh on. `texts` are Wh or varh. */
export function energyPrefix(texts: readonly (string | null)[]): EnergyPrefix {
  return texts.some((text) => text !== null && compareDecimals(text.replace('-', ''), '100000000') >= 0) ? 'M' : 'k';
}

/** How a prefix prints Wh: places to shift, digits after the point. */
export const ENERGY_SCALE: Readonly<Record<EnergyPrefix, { readonly places: number; readonly digits: number }>> = {
  k: { places: -3, digits: 2 },
  M: { places: -6, digits: 3 },
};

/** Wh or varh in the column's prefix. */
export function formatEnergy(wattHours: string, prefix: EnergyPrefix, style: NumberStyle): string {
  const { places, digits } = ENERGY_SCALE[prefix];
  return formatDecimal(shiftDecimal(wattHours, places), digits, style);
}

export function plainEnergy(wattHours: string, prefix: EnergyPrefix, style: NumberStyle): string {
  const { places, digits } = ENERGY_SCALE[prefix];
  return plainDecimal(shiftDecimal(wattHours, places), digits, style);
}

/** W, var or VA as kW, kvar, kVA with one digit. */
export function formatPower(watts: string, style: NumberStyle): string {
  return formatDecimal(shiftDecimal(watts, -3), 1, style);
}

/** Mean power of an interval in W from its energy in Wh: exact for lengths that divide the hour, else rounded to 0.001 W. */
export function meanPower(wattHours: string, minutes: number): string {
  const { count, digits } = scaled(wattHours);
  const thousandths = count * 60n * 1000n;
  const divisor = BigInt(minutes) * 10n ** BigInt(digits);
  const magnitude = thousandths < 0n ? -thousandths : thousandths;
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return decimalOf({ count: thousandths < 0n ? -rounded : rounded, digits: 3 });
}

/** Per cent of received intervals, rounded down: 99.97 % is never printed as 100. `null` when nothing is expected yet. */
export function completenessPercent({ expected, received }: Completeness, style: NumberStyle): string | null {
  if (expected === 0) return null;
  const tenths = (BigInt(received) * 1000n) / BigInt(expected);
  return tenths === 1000n ? '100' : formatDecimal(fixed(tenths, 1), 1, style);
}

export function completenessState({ expected, received }: Completeness): State {
  if (expected === 0) return 'no-data';
  return received >= expected ? 'ok' : received * 100 >= expected * 95 ? 'attention' : 'fault';
}

/** Bytes with a binary prefix and at most one digit: `41 ГБ`, `812 КБ`. */
export function formatBytes(bytes: number, units: readonly [string, string, string, string], style: NumberStyle): string {
  const power = bytes >= 2 ** 30 ? 3 : bytes >= 2 ** 20 ? 2 : bytes >= 2 ** 10 ? 1 : 0;
  const value = bytes / 2 ** (10 * power);
  const digits = power === 0 || value >= 10 ? 0 : 1;
  return `${formatDecimal(value.toFixed(digits), digits, style)} ${units[power]}`;
}

function isZero(text: string): boolean {
  return /^-?0+(\.0*)?$/.test(text);
}

function fixed(count: bigint, digits: number): string {
  const text = (count < 0n ? -count : count).toString().padStart(digits + 1, '0');
  const sign = count < 0n ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function decimalOf({ count, digits }: Scaled): string {
  const text = fixed(count, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function print(rounded: string, style: NumberStyle, group: string, minus: string): string {
  const isNegative = rounded.startsWith('-');
  const [whole = '0', fraction] = rounded.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const text = fraction === undefined ? grouped : `${grouped}${style.decimal}${fraction}`;
  return isNegative ? minus + text : text;
}
