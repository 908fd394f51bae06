/** A single-phase meter behind a TCP port, made apart from the product's own codecs. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { crc16modbus } from 'crc';

const HALF_HOUR_S = 1800;
/** The meter lives on Moscow time. */
export const OFFSET_S = 3 * 3600;

export interface TcpMeter {
  readonly port: number;
  stop(): Promise<void>;
}

/** Counts of 0.2 Wh of the half-hour that starts at this second of UTC. */
export function countsAt(startUtc: number): number {
  return 100 + ((startUtc / HALF_HOUR_S) % 48);
}

/** A meter at `address` with this serial that has recorded half-hours for `days` days and answers what it knows. */
export async function startTcpMeter(address: number, serial: number, days: number): Promise<TcpMeter> {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(address);
  const server: Server = createServer((socket) => {
    socket.on('data', (request) => {
      const [code = 0, ...parameters] = request.subarray(4, -2);
      const data = request.subarray(0, 4).equals(head) && crc16modbus(request) === 0 ? answer(code, parameters, serial, days) : null;
      if (data !== null) socket.write(sealed(Buffer.from([...head, code, ...data])));
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

function answer(code: number, parameters: readonly number[], serial: number, days: number): number[] | null {
  const wall = new Date(Date.now() + OFFSET_S * 1000);
  const time = [
    wall.getUTCHours(),
    wall.getUTCMinutes(),
    wall.getUTCSeconds(),
    wall.getUTCDate(),
    wall.getUTCMonth() + 1,
    wall.getUTCFullYear() % 100,
  ].map(bcd);
  switch (code) {
    case 0x21:
      return [wall.getUTCDay(), ...time];
    case 0x27:
      return hex('00123456 00006543 FFFFFFFF FFFFFFFF');
    case 0x28:
      return hex('0803 00 010310');
    case 0x2f:
      return [serial >>> 24, (serial >> 16) & 0xff, (serial >> 8) & 0xff, serial & 0xff];
    case 0x37:
      return archive(parameters, days);
    case 0x63:
      return hex('2358 0264 000588');
    case 0x65:
      return hex('0003');
    case 0x66:
      return hex('291020');
    case 0x81:
      return [...hex('5003 00 00'), ...time];
    case 0x85:
      return hex('00000100 00000000 FFFFFFFF FFFFFFFF');
    case 0x86:
      return parameters[0] === 0 ? hex('00 000172') : parameters[0] === 2 ? hex('02 0960 000613') : null;
    default:
      return null;
  }
}

function archive([number = 0, ...date]: readonly number[], days: number): number[] {
  const [day = 0, month = 0, year = 0] = date.map((byte) => (byte >> 4) * 10 + (byte & 0x0f));
  const midnightUtc = Date.UTC(2000 + year, month - 1, day) / 1000 - OFFSET_S;
  const nowUtc = Date.now() / 1000;
  if (number < 0x10 || number > 0x15 || midnightUtc < nowUtc - days * 86_400) return [0xff];
  return Array.from({ length: 8 }, (_, index) => midnightUtc + ((number - 0x10) * 8 + index) * HALF_HOUR_S).flatMap((startUtc) => {
    if (startUtc + HALF_HOUR_S > nowUtc) return [0xff, 0xff, 0xff, 0xff];
    const counts = countsAt(startUtc);
    return [...sealed(Buffer.from([counts & 0xff, counts >> 8]))];
  });
}

function sealed(bytes: Buffer): Buffer {
  const crc = crc16modbus(bytes);
  return Buffer.from([...bytes, crc & 0xff, crc >> 8]);
}

function bcd(number: number): number {
  return (Math.floor(number / 10) << 4) | (number % 10);
}

function hex(text: string): number[] {
  return [...Buffer.from(text.replaceAll(' ', ''), 'hex')];
}
