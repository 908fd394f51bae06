import { describe, expect, test } from 'vitest';
import { decode200 } from '../../../../src/main/protocol/mercury-200/decode.ts';
import { commandOf } from '../../../../src/main/protocol/mercury-200/commands.ts';
import { encodeFrame, frameAddress, frameBody } from '../../../../src/main/protocol/mercury-200/frame.ts';
import { crc16 } from '../../../../src/main/protocol/mercury/crc.ts';
import { bytesOf, loadVectors200, type Vector } from './vectors.ts';

const vectors = loadVectors200();

/** What a published figure says, found by what our decoder says. A key that stands nowhere here fails the test. */
class Explained {
  readonly vector: Vector;
  readonly request: Uint8Array | null;
  readonly response: Uint8Array | null;
  readonly #result: ReturnType<typeof decode200>;

  constructor(vector: Vector) {
    this.vector = vector;
    this.request = bytesOf(vector.request_hex);
    this.response = bytesOf(vector.response_hex);
    this.#result = decode200(this.request, this.response);
  }

  value(name: string, side: 'request' | 'response' = 'response'): string | null {
    if (!this.#result.ok) throw new Error(`${this.vector.id}: ${this.#result.error.message}`);
    const found = this.#result.fields.filter((field) => field.name === name && field.in === side);
    expect(found, name).toHaveLength(1);
    return found[0]?.value ?? null;
  }

  has(name: string): boolean {
    return this.#result.ok && this.#result.fields.some((field) => field.name === name);
  }

  /** Bytes of the response as hex. */
  hex(offset: number, length: number): string {
    return Buffer.from(this.response?.subarray(offset, offset + length) ?? [])
      .toString('hex')
      .toUpperCase();
  }
}

const number =
  (name: string, scale = 1) =>
  (it: Explained) =>
    Number(it.value(name)) / scale;
const text = (name: string) => (it: Explained) => it.value(name);

const READERS: Readonly<Record<string, (it: Explained) => unknown>> = {
  address: (it) => Number(it.value('address', it.response === null ? 'request' : 'response')),
  cmd: (it) => Buffer.from(it.request?.subarray(4, 5) ?? []).toString('hex'),
  param: number('parameter'),
  U_V: number('U1'),
  I_A: number('I1'),
  P_W: number('P'),
  P_kW: number('P', 1000),
  Q_var: number('Q'),
  T_kWh: (it) => [1, 2, 3, 4].map((tariff) => Number(it.value(`energy.A+.T${tariff}`)) / 1000),
  V: number('battery'),
  serial: number('serial'),
  version_bytes: (it) => it.hex(5, 2),
  date_bytes: (it) => it.hex(7, 4),
  date: (it) => it.value(it.has('manufactured') ? 'manufactured' : 'firmware.date'),
  word: text('execution'),
  weekday: number('last.power_on.weekday'),
  datetime: text('last.power_on'),
};

test('all 18 published frames of the family are here, each with a right checksum', () => {
  expect(vectors).toHaveLength(18);
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(18);
  for (const { id, request_hex, response_hex } of vectors) {
    for (const hex of [request_hex, response_hex]) if (hex !== null) expect(crc16(bytesOf(hex)), id).toBe(0);
  }
});

describe('the published frame', () => {
  for (const vector of vectors) {
    test(`${vector.id} has the published meaning`, () => {
      const it = new Explained(vector);
      expect(Object.keys(vector.decoded).length).toBeGreaterThan(0);
      for (const [key, published] of Object.entries(vector.decoded)) {
        const reader = READERS[key];
        if (reader === undefined) throw new Error(`${vector.id}: nothing reads "${key}"`);
        expect(reader(it), key).toEqual(published);
      }
    });
  }

  for (const { id, request_hex } of vectors) {
    if (request_hex === null) continue;
    test(`${id} is asked for by the same bytes`, () => {
      const request = bytesOf(request_hex);
      const command = commandOf(frameBody(request));
      expect(command).not.toBeNull();
      expect(encodeFrame(frameAddress(request), command?.body ?? [])).toEqual(request);
    });
  }
});

test('a captured month slice is a reading, and tariffs that are not in use are absent', () => {
  // Published by ioBroker.mercury (readme): the reply to 32 0F of a meter at address 925595.
  const response = bytesOf('00 0E 1F 9B 32 07 00 63 00 FF FF FF FF FF FF FF FF FF FF FF FF 7F 56');
  expect(decode200(encodeFrame(925_595, [0x32, 0x0f]), response)).toMatchObject({
    ok: true,
    fields: expect.arrayContaining([
      expect.objectContaining({ name: 'command', value: 'month slice A current', in: 'request' }),
      expect.objectContaining({ name: 'energy.A+.T1', value: '70063000', unit: 'Wh', bytes: [5, 4] }),
      expect.objectContaining({ name: 'energy.A+.T2', value: null }),
    ]),
  });
});
