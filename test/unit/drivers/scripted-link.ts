import { crc16modbus } from 'crc';
import { AppError, type ErrorCode } from '../../../src/shared/api/errors.ts';
import type { CompletedExchange, ExchangeReply, ExchangeRequest } from '../../../src/shared/domain/exchange.ts';
import type { MeterLink, MeterSettings } from '../../../src/main/drivers/driver.ts';

/** What comes back after a request: data bytes that are framed here, raw bytes as they are, or a fault of the line. */
export type Scripted = readonly number[] | { readonly raw: Uint8Array } | { readonly fault: ErrorCode } | null;

/** A frame made apart from the product's own encoder. */
export function framed(address: number, data: readonly number[], addressBytes: 1 | 4 = 1): Uint8Array {
  const head = Buffer.alloc(addressBytes);
  head.writeUIntBE(address, 0, addressBytes);
  const crc = crc16modbus(Buffer.from([...head, ...data]));
  return Uint8Array.from([...head, ...data, crc & 0xff, crc >> 8]);
}

/** A line with one meter whose answers a test writes. Keeps what was asked, and lets the clock go on by 100 ms an exchange. */
export class ScriptedLink implements MeterLink {
  readonly asked: string[] = [];
  readonly requests: ExchangeRequest[] = [];
  nowMs: number;
  readonly #answer: (body: string, times: number) => Scripted;
  readonly #address: number;
  readonly #addressBytes: 1 | 4;
  readonly #times = new Map<string, number>();

  /** `answer` gets the body of the request as hex and how often this body has come, from 1; `null` = silence. */
  constructor(
    address: number,
    answer: (body: string, times: number) => Scripted,
    nowMs = Date.UTC(2026, 10, 22, 9),
    addressBytes: 1 | 4 = 1,
  ) {
    this.#address = address;
    this.#addressBytes = addressBytes;
    this.#answer = answer;
    this.nowMs = nowMs;
  }

  exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    const body = Buffer.from(request.bytes.subarray(this.#addressBytes, -2)).toString('hex').toUpperCase();
    const times = (this.#times.get(body) ?? 0) + 1;
    this.#times.set(body, times);
    this.asked.push(body);
    this.requests.push(request);
    const scripted = this.#answer(body, times);
    const sentAtMs = this.nowMs;
    this.nowMs += 100;
    if (scripted !== null && 'fault' in scripted) return Promise.reject(new AppError(scripted.fault, 'scripted'));
    const received =
      scripted === null ? new Uint8Array(0) : 'raw' in scripted ? scripted.raw : framed(this.#address, scripted, this.#addressBytes);
    if (received.length === 0) return Promise.reject(new AppError('transport/timeout', 'scripted'));
    const match = request.match(received);
    if (match.kind === 'incomplete') return Promise.reject(new AppError('transport/short-frame', 'scripted'));
    if (match.kind === 'damaged') return Promise.reject(new AppError(match.code, 'scripted'));
    const exchange: CompletedExchange = {
      label: request.label,
      request: request.bytes,
      response: match.frame,
      received,
      sentAtMs,
      firstByteMs: 20,
      durationMs: 100,
      attempt: request.attempt ?? 1,
    };
    return Promise.resolve({ frame: match.frame, exchange });
  }
}

/** Settings of a meter at address 18 with the default password, on Moscow time. */
export function meterSettings(changes: Partial<MeterSettings> = {}): MeterSettings {
  return {
    address: 18,
    expectedSerial: '12345618',
    password: null,
    accessLevel: 1,
    clock: { offsetMin: 180, seasonBit: 'ignored' },
    baudRate: 9600,
    memory: {},
    ...changes,
  };
}

/** Data bytes of hex text. */
export function data(hex: string): number[] {
  return (hex.match(/[0-9A-Fa-f]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
