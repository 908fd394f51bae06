import { AppError } from '../../shared/api/errors.ts';
import type { ImportRow } from '../../shared/domain/plant.ts';
import { type DriverId, MANUAL, POINT_ROLES, type Ratio, READ_BY, type ReadBy, WIRING_SCHEMES } from '../../shared/domain/point.ts';
import { siteZone, winterOffsetMin } from '../metering/zone.ts';

/** Columns of the import file that every header begins with, in this order (CLI.md, import). */
export const MANDATORY_COLUMNS = [
  'substation',
  'point_code',
  'point_name',
  'line',
  'driver',
  'address',
  'serial',
  'password',
  'access_level',
  'ct_ratio',
  'vt_ratio',
] as const;
/** Columns that may follow, in any subset and order. */
export const OPTIONAL_COLUMNS = ['role', 'scheme', 'dept_code', 'cost_item', 'tenant_inn', 'code_80020', 'clock_zone'] as const;
export type ImportColumn = (typeof MANDATORY_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** What the cells are checked against. */
export interface ImportContext {
  /** The site's offset now: a meter's clock is another zone's at most, not the other side of the world's. */
  readonly site: { readonly offsetMin: number };
  /** Checks a LINE (CLI.md) and returns its normalised text; throws an `AppError` whose message becomes the fault. */
  readonly parseLine: (text: string) => string;
}

/** Parses the cell of a column; a fault is noted and `otherwise` stands in, so that the other cells are checked as well. */
export type CellReader = <T>(column: ImportColumn, parse: (cell: string) => T, otherwise: T) => T;

const MAX_TEXT = 100;
/** Widths of the columns that 1C's DBF form gives to these texts (onec.md 3). */
const MAX_CODE = 32;
const MAX_SHORT = 20;
const MAX_ADDRESS: Readonly<Record<DriverId, number>> = { 'mercury-23x': 240, 'mercury-200': 0xffff_ffff };
const MAX_CLOCK_DISTANCE_MIN = 12 * 60;
/** No zone has announced changes this far ahead, so the rules of that year are those in force. */
const LATEST_RULES_YEAR = 2099;
/** Larger terms do not stand on any plate, and smaller ones multiply without leaving whole numbers. */
const MAX_RATIO_TERM = 10_000_000;
const NO_RATIO: Ratio = { primary: 1, secondary: 1 };

/** All cells of one row. Every cell is read even when an earlier one is faulty. */
export function readCells(read: CellReader, context: ImportContext): Omit<ImportRow, 'fileLine'> {
  const driver = read('driver', oneOf(READ_BY), null);
  const ifLinked = <T>(parse: (cell: string) => T, otherwise: T) => (driver === MANUAL ? withoutALink(otherwise) : parse);
  return {
    substation: read('substation', text(MAX_TEXT), ''),
    pointCode: read('point_code', text(MAX_CODE), ''),
    pointName: read('point_name', text(MAX_TEXT), ''),
    line: read(
      'line',
      ifLinked((cell) => context.parseLine(required(cell)), ''),
      '',
    ),
    driver: driver ?? 'mercury-23x',
    address: read(
      'address',
      ifLinked<number | null>((cell) => parseAddress(cell, driver), null),
      0,
    ),
    serial: read('serial', parseSerial, ''),
    password: read('password', ifLinked(parsePassword, null), null),
    accessLevel: read('access_level', ifLinked(parseAccessLevel, 1), 1),
    ct: read('ct_ratio', parseRatio, NO_RATIO),
    vt: read('vt_ratio', parseRatio, NO_RATIO),
    role: read('role', optional(oneOf(POINT_ROLES)), null) ?? 'technical',
    scheme: read('scheme', optional(oneOf(WIRING_SCHEMES)), null),
    departmentCode: read('dept_code', optional(text(MAX_SHORT)), null),
    costItem: read('cost_item', optional(text(MAX_SHORT)), null),
    tenantInn: read('tenant_inn', optional(parseInn), null),
    code80020: read('code_80020', optional(text(MAX_CODE)), null),
    clockOffsetMin: read(
      'clock_zone',
      optional((cell) => parseClockZone(cell, context.site.offsetMin)),
      null,
    ),
  };
}

/**
 * A transformer ratio as a pair of positive integers: `120` is 120/1, `600/5` stays as the plate says it, `157.5` is 315/2.
 * A decimal comma is taken too. Throws for anything else, for less than 1 and for an empty text.
 */
export function parseRatio(cell: string): Ratio {
  const parts = /^(\d{1,8})(?:\/(\d{1,8})|[.,](\d{1,4}))?$/.exec(required(cell));
  if (parts === null) throw fault('a ratio is 120, 600/5 or 157.5');
  const [, whole = '', secondary, decimals] = parts;
  let ratio: Ratio;
  if (decimals === undefined) {
    ratio = { primary: Number(whole), secondary: Number(secondary ?? 1) };
  } else {
    const [primary, scale] = [Number(whole + decimals), 10 ** decimals.length];
    const common = commonDivisor(primary, scale);
    ratio = { primary: primary / common, secondary: scale / common };
  }
  if (ratio.primary < 1 || ratio.secondary < 1) throw fault('a ratio is greater than zero');
  if (ratio.primary < ratio.secondary) throw fault('a ratio is not less than 1: the primary value stands first (600/5)');
  if (ratio.primary > MAX_RATIO_TERM) throw fault(`a ratio has no term above ${MAX_RATIO_TERM}`);
  return ratio;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** What only a link has is left out of a row whose meter people read. */
function withoutALink<T>(absent: T): (cell: string) => T {
  return (cell) => {
    if (cell !== '') throw fault(`must be empty for the driver ${MANUAL}: people read this meter, nobody asks it over a line`);
    return absent;
  };
}

function parseAddress(cell: string, driver: ReadBy | null): number {
  const digits = required(cell);
  if (!/^\d{1,10}$/.test(digits)) throw fault('an address is a whole number');
  // With an unknown driver only the number as such can be judged.
  const largest = MAX_ADDRESS[driver === null || driver === MANUAL ? 'mercury-200' : driver];
  const address = Number(digits);
  if (address < 1 || address > largest) throw fault(`the address is not within 1 to ${largest}`);
  return address;
}

function parseSerial(cell: string): string {
  if (!/^\d{1,20}$/.test(required(cell))) throw fault('a serial number is 1 to 20 digits');
  return cell;
}

/**
 * A meter password in the form of the import file: `bin:010203040506` or `ascii:111111` as the six bytes that go over the wire,
 * null for the empty text, which means the default. Throws `api/invalid-argument`; what stands in the text never gets into the message.
 */
export function parsePassword(cell: string): Uint8Array | null {
  if (cell === '') return null;
  const binary = /^bin:([0-9a-f]{12})\s*$/i.exec(cell)?.[1];
  if (binary !== undefined)
    return Uint8Array.from({ length: 6 }, (_, index) => Number.parseInt(binary.slice(index * 2, index * 2 + 2), 16));
  const ascii = /^ascii:([\x20-\x7e]{6})$/.exec(cell)?.[1];
  if (ascii !== undefined) return Uint8Array.from(ascii, (character) => character.charCodeAt(0));
  throw fault('a password is empty, bin: with 12 hexadecimal digits, or ascii: with 6 characters');
}

function parseAccessLevel(cell: string): 1 | 2 {
  if (cell === '' || cell === '1') return 1;
  if (cell === '2') return 2;
  throw fault('an access level is 1 or 2');
}

function parseInn(cell: string): string {
  if (!/^(\d{10}|\d{12})$/.test(cell)) throw fault('an INN has 10 or 12 digits');
  return cell;
}

/** Minutes east of UTC of `UTC+5`, `+05:00` or the winter time of an IANA zone by its latest rules. */
function parseClockZone(cell: string, siteOffsetMin: number): number {
  const offset = cell === 'UTC' ? 0 : (fixedOffset(cell) ?? winterOffsetOf(cell));
  if (Math.abs(offset - siteOffsetMin) > MAX_CLOCK_DISTANCE_MIN) throw fault('this clock zone is more than 12 hours away from the site');
  return offset;
}

function fixedOffset(cell: string): number | null {
  const [, sign, hours, minutes = '0'] = /^(?:UTC)?([+-])(\d{1,2})(?::([0-5]\d))?$/.exec(cell) ?? [];
  if (hours === undefined) return null;
  const offset = Number(hours) * 60 + Number(minutes);
  return sign === '-' && offset !== 0 ? -offset : offset;
}

function winterOffsetOf(name: string): number {
  try {
    return winterOffsetMin(siteZone(name), LATEST_RULES_YEAR);
  } catch (cause) {
    throw new AppError('api/invalid-argument', 'a clock zone is UTC+5, +05:00 or an IANA name such as Asia/Yekaterinburg', { cause });
  }
}

function required(cell: string): string {
  if (cell === '') throw fault('must not be empty');
  return cell;
}

function text(longest: number): (cell: string) => string {
  return (cell) => {
    required(cell);
    if (cell.length > longest) throw fault(`longer than ${longest} characters`);
    if (/[\u0000-\u001f\u007f-\u009f]/.test(cell)) throw fault('holds a control character');
    return cell;
  };
}

function oneOf<T extends string>(words: readonly T[]): (cell: string) => T {
  return (cell) => {
    const word = words.find((candidate) => candidate === required(cell));
    if (word === undefined) throw fault(`must be one of ${words.join(', ')}`);
    return word;
  };
}

function optional<T>(parse: (cell: string) => T): (cell: string) => T | null {
  return (cell) => (cell === '' ? null : parse(cell));
}

function fault(message: string): AppError {
  return new AppError('api/invalid-argument', message);
}
