/** Who the meter is: 2F, 28, 66, 65 (mercury.md 12.1). */
import { crc16 } from '../mercury/crc.ts';
import { byteAt, hexOf } from '../mercury/formats.ts';
import { implausible } from '../protocol-error.ts';
import { field } from '../mercury/fields.ts';
import type { Command200 } from './command.ts';
import { parseDate } from './formats.ts';
import { ADDRESS_LENGTH, frameAddress, SHORTEST_FRAME } from './frame.ts';

export const SERIAL_CODE = 0x2f;
const SERIAL_DATA = 4;
const SERIAL_REPLY_LENGTH = SHORTEST_FRAME + SERIAL_DATA;
/** Digits on the plate. */
const SERIAL_DIGITS = 8;
const LAST_SERIAL = 99_999_999;

/** Serial number, binary: 2F. Text of eight digits with leading zeros. Throws `data/implausible` for 0 and for more than eight digits. */
export function serialNumberCommand(): Command200<string> {
  return {
    name: 'serial-number',
    label: 'serial number',
    body: Uint8Array.of(SERIAL_CODE),
    replyData: [SERIAL_DATA],
    parse: parseSerial,
    fields: (data) => [field('serial', parseSerial(data), null, 0, SERIAL_DATA)],
  };
}

/** What 28 says. */
export interface Firmware {
  /** `a.b`. */
  readonly version: string;
  /** ISO date; `null` = no date. */
  readonly date: string | null;
}

/** Firmware and its date: 28; the date is the last three of four bytes. */
export function firmwareCommand(): Command200<Firmware> {
  const parse = (data: Uint8Array) => ({ version: `${digits(byteAt(data, 0))}.${digits(byteAt(data, 1))}`, date: parseDate(data, 3) });
  return {
    name: 'firmware',
    label: 'firmware',
    body: Uint8Array.of(0x28),
    replyData: [6],
    parse,
    fields: (data) => [field('firmware', parse(data).version, null, 0, 2), field('firmware.date', parse(data).date, null, 3, 3)],
  };
}

/** Date of manufacture: 66, ISO; `null` = no date. */
export function manufacturedCommand(): Command200<string | null> {
  return {
    name: 'manufactured',
    label: 'date of manufacture',
    body: Uint8Array.of(0x66),
    replyData: [3],
    parse: (data) => parseDate(data, 0),
    fields: (data) => [field('manufactured', parseDate(data, 0), null, 0, 3)],
  };
}

/** What 65 says. */
export interface ExecutionWord {
  readonly hex: string;
  readonly hasRelay: boolean;
  readonly hasTwoCurrentSensors: boolean;
}

const PRESENT = 0x55;

/** Execution word: 65. High byte first, as every number of the family; 55h in the low byte says two current sensors, in the high byte a relay. */
export function executionCommand(): Command200<ExecutionWord> {
  const parse = (data: Uint8Array) => ({
    hasRelay: byteAt(data, 0) === PRESENT,
    hasTwoCurrentSensors: byteAt(data, 1) === PRESENT,
    hex: hexOf(data.subarray(0, 2)),
  });
  return {
    name: 'execution',
    label: 'execution word',
    body: Uint8Array.of(0x65),
    replyData: [2],
    parse,
    fields: (data) => {
      const { hex, hasRelay, hasTwoCurrentSensors } = parse(data);
      return [
        field('execution', hex, null, 0, 2),
        field('execution.relay', String(hasRelay), null, 0, 1),
        field('execution.two_current_sensors', String(hasTwoCurrentSensors), null, 1, 1),
      ];
    },
  };
}

/** A serial number and where its frame stands among the bytes of a bus. */
export interface PlacedSerial {
  readonly address: number;
  readonly serial: string;
  readonly offset: number;
  readonly length: number;
}

/** Every reply to 2F among bytes of a bus, from whatever address: good checksum, plausible serial. Total. */
export function serialReplies(received: Uint8Array): PlacedSerial[] {
  const found: PlacedSerial[] = [];
  for (let offset = 0; offset + SERIAL_REPLY_LENGTH <= received.length; offset += 1) {
    if (received[offset + ADDRESS_LENGTH] !== SERIAL_CODE || crc16(received, offset, offset + SERIAL_REPLY_LENGTH) !== 0) continue;
    const serial = frameAddress(received, offset + ADDRESS_LENGTH + 1);
    if (!isSerial(serial)) continue;
    found.push({ address: frameAddress(received, offset), serial: serialText(serial), offset, length: SERIAL_REPLY_LENGTH });
    offset += SERIAL_REPLY_LENGTH - 1;
  }
  return found;
}

function parseSerial(data: Uint8Array): string {
  byteAt(data, SERIAL_DATA - 1);
  const serial = frameAddress(data);
  if (!isSerial(serial)) throw implausible(`${serial} is no serial number`, 0, `1 to ${LAST_SERIAL}`);
  return serialText(serial);
}

function isSerial(serial: number): boolean {
  return serial >= 1 && serial <= LAST_SERIAL;
}

function serialText(serial: number): string {
  return String(serial).padStart(SERIAL_DIGITS, '0');
}

/** Digits as they stand in the byte: BCD by the rule of the family. */
function digits(byte: number): string {
  return byte.toString(16).toUpperCase();
}
