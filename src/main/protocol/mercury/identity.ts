/** Who the meter is and how it is made: 08 00, 01, 02, 03, 05, 12 (mercury.md 6.1, 6.2). */
import { implausible } from '../protocol-error.ts';
import { isDate } from './clock.ts';
import type { Command } from './command.ts';
import { crc16 } from './crc.ts';
import { bcdDigits, byteAt, hexOf } from './formats.ts';

/** What 08 00 says. */
export interface SerialNumber {
  /** Eight digits, leading zeros kept. */
  readonly serial: string;
  /** ISO date; `null` when the bytes are no date. */
  readonly manufactured: string | null;
}

/** Execution variant; `null` = the code is not in the documents. */
export interface Variant {
  readonly hex: string;
  readonly classActive: string;
  readonly classReactive: string;
  readonly nominalVoltageV: string | null;
  readonly nominalCurrentA: string | null;
  readonly directions: 1 | 2;
  readonly minTemperatureC: -20 | -40;
  readonly hasProfile: boolean;
  readonly phases: 1 | 3;
  /** A, imp per kWh and kvarh. Never taken from the variant number, whose meaning changed with the years. */
  readonly constantImpPerKwh: number | null;
  readonly sumsByModulus: boolean;
  readonly hasInternalTariffs: boolean;
  readonly type: 'AR' | 'A' | null;
  readonly number: number;
  /** Size of memory 3, the ring of the main profile. */
  readonly ringBytes: 65536 | 131072;
  readonly hasOpticalPort: boolean;
  readonly interface: 'CAN' | 'RS-485' | 'none' | null;
  readonly hasTopCoverSeal: boolean;
  readonly hasRelay: boolean;
  readonly hasProtectiveCoverSeal: boolean;
  readonly hasMaximaByTariff: boolean;
  readonly hasQualityControl: boolean;
  readonly hasPhaseEnergy: boolean;
  readonly hasExtendedArrays: boolean;
  readonly hasSecondProfile: boolean;
  /** A load relay outside of the meter. */
  readonly hasExternalRelay: boolean;
}

/** What 08 01 says. */
export interface Passport extends SerialNumber {
  readonly firmware: string;
  readonly variant: Variant;
  /** Variant byte 7, which the long passport alone has; `null` = not said. */
  readonly more: MoreVariant | null;
}

/** Bits of variant byte 7 that decide what may be asked. */
export interface MoreVariant {
  readonly hasDipsJournal: boolean;
  readonly hasQuadrantsByTariff: boolean;
}

/** Transformer ratios programmed inside, for reference: the meter does not apply them. */
export interface InternalRatios {
  readonly vt: number;
  readonly ct: number;
}

const SERIAL_REPLY_LENGTH = 10;

/** Serial and date of manufacture; the one read that needs no channel. */
export function serialNumberCommand(): Command<SerialNumber> {
  return parameter('serial-number', 'serial number', [0x00], [SERIAL_REPLY_LENGTH], (data) => parseSerialNumber(data));
}

/** Serial, date, firmware, variant. */
export function passportCommand(): Command<Passport> {
  return parameter('passport', 'passport', [0x01], [19], parsePassport);
}

/** The passport with the firmware's checksum and variant bytes 7 and 8: newer firmware only. */
export function longPassportCommand(): Command<Passport> {
  return parameter('long-passport', 'long passport', [0x01, 0x00], [27], (data) => {
    const byte7 = byteAt(data, 20);
    return { ...parsePassport(data), more: { hasDipsJournal: hasBit(byte7, 3), hasQuadrantsByTariff: hasBit(byte7, 2) } };
  });
}

/** Transformer ratios programmed inside. */
export function ratiosCommand(): Command<InternalRatios> {
  return parameter('ratios', 'transformer ratios', [0x02], [7], (data) => ({ vt: bigEndianWord(data, 0), ct: bigEndianWord(data, 2) }));
}

/** Firmware version `a.b.c` alone. */
export function firmwareCommand(): Command<string> {
  return parameter('firmware-version', 'firmware version', [0x03], [6], (data) => parseFirmware(data, 0));
}

/** The meter's own address; asked of address 0 it finds a lone meter. */
export function networkAddressCommand(): Command<number> {
  return parameter('network-address', 'network address', [0x05], [5], (data) => byteAt(data, 1));
}

/** Execution variant alone; some firmware adds two bytes. */
export function variantCommand(): Command<Variant> {
  return parameter('execution-variant', 'execution variant', [0x12], [9, 11], (data) => parseVariant(data, 0));
}

function parameter<T>(
  name: string,
  label: string,
  codes: readonly number[],
  replyLengths: readonly number[],
  parse: (data: Uint8Array) => T,
): Command<T> {
  return { name, label, body: Uint8Array.of(0x08, ...codes), replyLengths, parse };
}

/** Serial of a good reply to 08 00, checksum included; `null` for any other frame. */
export function serialOfReply(frame: Uint8Array): string | null {
  return frame.length === SERIAL_REPLY_LENGTH ? serialText(frame, 1) : null;
}

/** An identity reply among other bytes, with its place. */
export interface PlacedSerial extends SerialNumber {
  readonly address: number;
  readonly offset: number;
  readonly length: number;
}

/** Every reply to 08 00 among bytes of a bus, from whatever address: ten bytes, good checksum, plausible serial. Total. */
export function identityReplies(received: Uint8Array): PlacedSerial[] {
  const found: PlacedSerial[] = [];
  for (let offset = 0; offset + SERIAL_REPLY_LENGTH <= received.length; offset += 1) {
    if (crc16(received, offset, offset + SERIAL_REPLY_LENGTH) !== 0) continue;
    const frame = received.subarray(offset, offset + SERIAL_REPLY_LENGTH);
    const serial = serialText(frame, 1);
    if (serial === null) continue;
    found.push({ address: byteAt(frame, 0), serial, manufactured: parseManufactured(frame, 5), offset, length: SERIAL_REPLY_LENGTH });
    offset += SERIAL_REPLY_LENGTH - 1;
  }
  return found;
}

/** Each byte is one binary number of two decimal digits, not BCD. Throws `data/implausible` for a byte above 99. */
function parseSerialNumber(data: Uint8Array): SerialNumber {
  const serial = serialText(data, 0);
  if (serial === null) throw implausible('The bytes are no serial number', 1, 'four numbers from 0 to 99');
  return { serial, manufactured: parseManufactured(data, 4) };
}

function serialText(bytes: Uint8Array, start: number): string | null {
  let serial = '';
  for (let offset = start; offset < start + 4; offset += 1) {
    const byte = byteAt(bytes, offset);
    if (byte > 99) return null;
    serial += twoDigits(byte);
  }
  return serial;
}

function parseManufactured(data: Uint8Array, offset: number): string | null {
  const day = byteAt(data, offset);
  const month = byteAt(data, offset + 1);
  const year = byteAt(data, offset + 2);
  return year <= 99 && isDate(2000 + year, month, day) ? `20${twoDigits(year)}-${twoDigits(month)}-${twoDigits(day)}` : null;
}

function parsePassport(data: Uint8Array): Passport {
  return { ...parseSerialNumber(data), firmware: parseFirmware(data, 7), variant: parseVariant(data, 10), more: null };
}

/** `a.b.c`. Documents disagree whether the bytes are BCD; they differ from 10 up, and what is not BCD is shown in decimal. */
function parseFirmware(data: Uint8Array, offset: number): string {
  return [0, 1, 2]
    .map((index) => byteAt(data, offset + index))
    .map((byte) => (bcdDigits(byte) < 0 ? byte : bcdDigits(byte)))
    .join('.');
}

const CLASSES_ACTIVE = ['0.2S', '0.5S', '1.0', '2.0'];
const CLASSES_REACTIVE = ['0.2', '0.5', '1.0', '2.0'];
const VOLTAGES = ['57.7', '230'];
const CURRENTS = ['5', '1', '10'];
/** A by its code in the execution variant, imp/kWh. */
export const METER_CONSTANTS: readonly number[] = [5000, 25000, 1250, 500, 1000, 250];
const TYPES = ['AR', 'A'] as const;
const INTERFACES = ['CAN', 'RS-485', null, 'none'] as const;

function parseVariant(data: Uint8Array, offset: number): Variant {
  const byte6 = byteAt(data, offset + 5);
  const byte1 = byteAt(data, offset);
  const byte2 = byteAt(data, offset + 1);
  const byte3 = byteAt(data, offset + 2);
  const byte4 = byteAt(data, offset + 3);
  const byte5 = byteAt(data, offset + 4);
  return {
    hex: hexOf(data.subarray(offset, offset + 6)),
    classActive: CLASSES_ACTIVE[byte1 >> 6] ?? '',
    classReactive: CLASSES_REACTIVE[(byte1 >> 4) & 3] ?? '',
    nominalVoltageV: VOLTAGES[(byte1 >> 2) & 3] ?? null,
    nominalCurrentA: CURRENTS[byte1 & 3] ?? null,
    directions: hasBit(byte2, 7) ? 1 : 2,
    minTemperatureC: hasBit(byte2, 6) ? -40 : -20,
    hasProfile: hasBit(byte2, 5),
    phases: hasBit(byte2, 4) ? 1 : 3,
    constantImpPerKwh: METER_CONSTANTS[byte2 & 0x0f] ?? null,
    sumsByModulus: hasBit(byte3, 7),
    hasInternalTariffs: hasBit(byte3, 6),
    type: TYPES[(byte3 >> 4) & 3] ?? null,
    number: byte3 & 0x0f,
    ringBytes: hasBit(byte4, 7) ? 131072 : 65536,
    hasOpticalPort: hasBit(byte4, 4),
    interface: INTERFACES[(byte4 >> 2) & 3] ?? null,
    hasTopCoverSeal: hasBit(byte4, 0),
    hasRelay: hasBit(byte5, 7),
    hasProtectiveCoverSeal: hasBit(byte5, 4),
    hasMaximaByTariff: hasBit(byte5, 5),
    hasQualityControl: hasBit(byte5, 1),
    hasPhaseEnergy: hasBit(byte5, 0),
    hasExtendedArrays: hasBit(byte6, 6),
    hasSecondProfile: hasBit(byte6, 3),
    hasExternalRelay: hasBit(byte6, 0),
  };
}

function hasBit(byte: number, bit: number): boolean {
  return ((byte >> bit) & 1) === 1;
}

function bigEndianWord(data: Uint8Array, offset: number): number {
  return (byteAt(data, offset) << 8) | byteAt(data, offset + 1);
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
