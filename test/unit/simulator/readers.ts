/** Readers of meter frames for these tests alone, written from mercury.md 3 apart from both the product and the plant. */
import { crc16modbus } from 'crc';

/** Bytes with their checksum, low byte first. */
export function sealed(bytes: readonly number[]): Uint8Array {
  const crc = crc16modbus(Buffer.from(bytes));
  return Uint8Array.from([...bytes, crc % 256, Math.floor(crc / 256)]);
}

export function request(address: number, ...body: number[]): Uint8Array {
  return sealed([address, ...body]);
}

/** Data of a reply after its address and checksum were checked. */
export function dataOf(reply: Uint8Array, address: number): number[] {
  const bytes = [...reply];
  const [low, high] = bytes.slice(-2);
  const crc = crc16modbus(Buffer.from(bytes.slice(0, -2)));
  if (low !== crc % 256 || high !== Math.floor(crc / 256)) throw new Error(`bad checksum in ${hex(reply)}`);
  if (bytes[0] !== address) throw new Error(`reply of ${String(bytes[0])} instead of ${address}`);
  return bytes.slice(1, -2);
}

export function hex(bytes: Iterable<number>): string {
  return [...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ')
    .toUpperCase();
}

const at = (data: readonly number[], index: number): number => {
  const byte = data[index];
  if (byte === undefined) throw new Error(`no byte ${index} in ${hex(data)}`);
  return byte;
};

/** Four energies of one tariff: A+ A- R+ R-. */
export function energies(data: readonly number[], offset = 0): (number | null)[] {
  return [0, 4, 8, 12].map((step) => energy(data, offset + step));
}

export function energy(data: readonly number[], offset: number): number | null {
  const value = at(data, offset + 1) * 2 ** 24 + at(data, offset) * 2 ** 16 + at(data, offset + 3) * 256 + at(data, offset + 2);
  return value === 0xffffffff ? null : value;
}

export function triple(data: readonly number[], offset: number): number | null {
  const value = at(data, offset) * 65536 + at(data, offset + 2) * 256 + at(data, offset + 1);
  return value === 0xffffff ? null : value;
}

/** Power or power factor with its sign: bit 7 for P and the factor, bit 6 for Q. */
export function signed(data: readonly number[], offset: number, signBit: 0x80 | 0x40): number {
  const top = at(data, offset);
  const magnitude = (top % 64) * 65536 + at(data, offset + 2) * 256 + at(data, offset + 1);
  return (top & signBit) === 0 ? magnitude : -magnitude;
}

export interface ProfileRecord {
  readonly status: number;
  /** `2026-11-22 12:00`. */
  readonly stamp: string;
  readonly periodMin: number;
  readonly counts: (number | null)[];
}

/** A record of 15 bytes; `null` = never written. */
export function profileRecord(data: readonly number[], offset = 0): ProfileRecord | null {
  const bytes = data.slice(offset, offset + 15);
  if (bytes.length !== 15) throw new Error(`record of ${bytes.length} bytes`);
  if (bytes.every((byte) => byte === 0)) return null;
  return {
    status: at(bytes, 0),
    stamp: stampText(bytes, 1),
    periodMin: at(bytes, 6),
    counts: [7, 9, 11, 13].map((place) => {
      const value = at(bytes, place + 1) * 256 + at(bytes, place);
      return value === 0xffff ? null : value;
    }),
  };
}

/** hh mm dd MM yy in BCD as text. */
export function stampText(data: readonly number[], offset: number): string {
  const [hour, minute, day, month, year] = [0, 1, 2, 3, 4].map((step) => hex([at(data, offset + step)]));
  return `20${year}-${month}-${day} ${hour}:${minute}`;
}
