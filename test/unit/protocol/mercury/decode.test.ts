import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../../src/main/protocol/mercury/decode.ts';
import { encodeFrame } from '../../../../src/main/protocol/mercury/frame.ts';
import { bytesOf, loadVectors } from './vectors.ts';

const REQUEST = bytesOf('00 05 00 00 10 25');
const RESPONSE = bytesOf('00 30 00 28 C5 FF FF FF FF 04 00 9C 95 FF FF FF FF 44 AB');
const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function fieldsOf(...args: Parameters<typeof decode>) {
  const result = decode(...args);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.fields;
}

test('every byte of an exchange is explained, with its place and unit', () => {
  expect(fieldsOf(REQUEST, RESPONSE)).toEqual([
    { name: 'address', value: '0', unit: null, bytes: [0, 1], in: 'request' },
    { name: 'command', value: 'energy array 0 tariff 0', unit: null, bytes: [1, 3], in: 'request' },
    { name: 'array', value: '0', unit: null, bytes: [2, 1], in: 'request' },
    { name: 'month', value: '0', unit: null, bytes: [2, 1], in: 'request' },
    { name: 'tariff', value: '0', unit: null, bytes: [3, 1], in: 'request' },
    { name: 'crc', value: '1025', unit: null, bytes: [4, 2], in: 'request' },
    { name: 'address', value: '0', unit: null, bytes: [0, 1], in: 'response' },
    { name: 'energy.A+', value: '3196200', unit: 'Wh', bytes: [1, 4], in: 'response' },
    { name: 'energy.A-', value: null, unit: 'Wh', bytes: [5, 4], in: 'response' },
    { name: 'energy.R+', value: '300444', unit: 'varh', bytes: [9, 4], in: 'response' },
    { name: 'energy.R-', value: null, unit: 'varh', bytes: [13, 4], in: 'response' },
    { name: 'crc', value: '44AB', unit: null, bytes: [17, 2], in: 'response' },
  ]);
});

test('places count in the bytes as they were given, echo and noise included', () => {
  const fields = fieldsOf(REQUEST, join(REQUEST, RESPONSE, Uint8Array.of(0xff)));
  expect(fields).toContainEqual({ name: 'echo', value: '000500001025', unit: null, bytes: [0, 6], in: 'response' });
  expect(fields).toContainEqual({ name: 'energy.A+', value: '3196200', unit: 'Wh', bytes: [7, 4], in: 'response' });
  expect(fields).toContainEqual({ name: 'noise', value: 'FF', unit: null, bytes: [25, 1], in: 'response' });
});

test('a side that is missing is left out', () => {
  expect(fieldsOf(REQUEST, null).every((field) => field.in === 'request')).toBe(true);
  expect(fieldsOf(null, RESPONSE).map(({ name }) => name)).toEqual(['address', 'data', 'crc']);
  expect(fieldsOf(null, encodeFrame(0x80, [5])).map(({ name, value }) => [name, value])).toContainEqual([
    'status.meaning',
    'the channel is not open',
  ]);
});

test('a password is not among the fields', () => {
  const fields = fieldsOf(bytesOf('80 01 01 31 31 31 31 31 31 48 A8'), null);
  expect(fields.map(({ name, value }) => [name, value])).toContainEqual(['password_form', 'ascii']);
  expect(JSON.stringify(fields)).not.toContain('313131');
});

test.each([
  ['neither side', null, null, 'api/invalid-argument'],
  ['a damaged request', '00 05 00 00 10 26', null, 'transport/bad-checksum'],
  ['a damaged response', '00 05 00 00 10 25', '00 30 00 28 C5 FF FF FF FF 04 00 9C 95 FF FF FF FE 44 AB', 'transport/bad-checksum'],
  ['a damaged status', '00 05 00 00 10 25', '00 05 C1 B2', 'transport/bad-checksum'],
  ['a response cut short', '00 05 00 00 10 25', '00 30 00 28 C5', 'transport/short-frame'],
  [
    'a response of another address',
    '01 05 00 00 11 D9',
    '00 30 00 28 C5 FF FF FF FF 04 00 9C 95 FF FF FF FF 44 AB',
    'transport/wrong-address',
  ],
  ['an echo', '05 05 00 00 10 E9', '05 05 00 00 10 E9', 'transport/echo'],
  ['nothing', '05 05 00 00 10 E9', '', 'transport/short-frame'],
  ['a record of month 13', '80 06 03 00 10 0F DA 5B', null, 'data/implausible'],
] as const)('%s is an error, not an exception', (name, request, response, code) => {
  const answer = name.startsWith('a record')
    ? encodeFrame(0x80, bytesOf('0A 10 00 05 13 08 1E 04 29 FF FF 00 00 00 00'))
    : bytesOf(response);
  expect(decode(bytesOf(request), answer)).toMatchObject({ ok: false, error: { code, message: expect.any(String) } });
});

describe('a profile record', () => {
  const request = bytesOf('80 06 03 00 10 0F DA 5B');
  const response = bytesOf('80 0A 10 00 05 03 08 1E 04 29 FF FF 00 00 00 00 FE AF');

  test('has counts without a constant, and energy and power with one', () => {
    expect(fieldsOf(request, response).map(({ name }) => name)).not.toContain('record.energy.A+');
    const fields = fieldsOf(request, response, { constant_imp_per_kwh: 5000 });
    expect(fields).toContainEqual({ name: 'record.energy.A+', value: '1.05', unit: 'kWh', bytes: [8, 2], in: 'response' });
    expect(fields).toContainEqual({ name: 'record.power.A+', value: '2.1', unit: 'kW', bytes: [8, 2], in: 'response' });
    expect(fields).toContainEqual({ name: 'record.energy.A-', value: null, unit: 'kWh', bytes: [10, 2], in: 'response' });
    expect(fields).toContainEqual({ name: 'record.energy.R-', value: '0', unit: 'kvarh', bytes: [14, 2], in: 'response' });
  });

  test('has no energy that only a rounded figure could show', () => {
    const names = fieldsOf(request, encodeFrame(0x80, bytesOf('0A 10 00 05 03 08 1E 01 00 FF FF 00 00 00 00')), {
      constant_imp_per_kwh: 3,
    }).map(({ name }) => name);
    expect(names).toContain('record.count.A+');
    expect(names).not.toContain('record.energy.A+');
  });

  test('that was never written is null as a whole', () => {
    expect(fieldsOf(request, encodeFrame(0x80, new Uint8Array(15)))).toContainEqual({
      name: 'record',
      value: null,
      unit: null,
      bytes: [1, 15],
      in: 'response',
    });
  });

  test('without sense among seventeen hides no other', () => {
    const data = new Uint8Array(255);
    data.set(bytesOf('0A 10 00 05 03 08 1E 04 29 FF FF 00 00 00 00'), 0);
    data.set(bytesOf('0A 10 00 05 13 08 1E 04 29 FF FF 00 00 00 00'), 240);
    const fields = fieldsOf(encodeFrame(0x80, [0x06, 0x03, 0x00, 0x10, 0xff]), encodeFrame(0x80, data), { constant_imp_per_kwh: 1000 });
    expect(fields).toContainEqual({ name: 'record.0.energy.A+', value: '5.25', unit: 'kWh', bytes: [8, 2], in: 'response' });
    expect(fields).toContainEqual({ name: 'record.16.fault', value: 'the stamp is no date', unit: null, bytes: [241, 15], in: 'response' });
  });
});

test('a reply that repeats the code of its request is explained one byte further', () => {
  const fields = fieldsOf(REQUEST, encodeFrame(0, [0x05, ...RESPONSE.subarray(1, -2)]));
  expect(fields).toContainEqual({ name: 'repeated_code', value: '05', unit: null, bytes: [1, 1], in: 'response' });
  expect(fields).toContainEqual({ name: 'energy.A+', value: '3196200', unit: 'Wh', bytes: [2, 4], in: 'response' });
  expect(fieldsOf(REQUEST, encodeFrame(0, [0x05, 0x01]))).toContainEqual({
    name: 'status.meaning',
    value: 'bad command or parameter',
    unit: null,
    bytes: [2, 1],
    in: 'response',
  });
});

test('the address of the profile counts what the firmware counts, where the field itself does not say', () => {
  const request = encodeFrame(0x80, [0x08, 0x13]);
  const response = encodeFrame(0x80, bytesOf('12 30 08 09 00 04 03 08 1E'));
  const address = (firmware?: string) =>
    fieldsOf(request, response, firmware === undefined ? {} : { firmware }).find(({ name }) => name === 'profile.record_address')?.value;
  expect([address(), address('2.3.4'), address('9.0.0')]).toEqual([undefined, '0x1230', '0x12300']);
});

/** Requests whose replies bring out every name, beside the published ones; data that parse. */
const UNPUBLISHED: readonly (readonly [body: string, data: string])[] = [
  ...['04', '1D', '08', '09', '17', '18', '21', '24', '26', '2B', '2D'].map((code) => [`08 ${code}`, '00 01'] as const),
  ...['0B', '1C'].map((code) => [`08 ${code}`, '00 01 02 03'] as const),
  ['08 01 00', '20 57 2F 42 1A 06 12 09 00 00 B4 E3 C2 97 DF 58 7E F5 32 3A 4C 01 00 00'],
  ['08 07', '02 07 03 03 07 10'],
  ['08 08 00', '01 02 03 04 05'],
  ['08 1A 01', '00 00 10 00'],
  ['08 1B', '00 '.repeat(8)],
  ['08 1E', '00 00'],
  ['08 1F', '00 '.repeat(12)],
  ['08 22 02 00 02', '00 20 '.repeat(8)],
  ['08 2F', '00 '.repeat(16)],
  ['08 14 F1', '00 '.repeat(16)],
  ['08 11 20', '00 10 00'],
  ['04 12 00', '01 02 03 04 05 06 01 02 03 04 05 06 05'],
  ['04 87 00', '01 02 03 04 05 06 07 08 09 10 11 12'],
  ['04 0A FE', '01 02 03 04 05 06 '.repeat(10)],
  ['04 30 F9 01', '00 '.repeat(16)],
  ['05 60 06', '00 '.repeat(72)],
  ['05 00 06', '00 '.repeat(96)],
  ['06 02 06 A6 10', '00 '.repeat(16)],
  ['06 13 00 10 04', '01 00 02 00'],
  ['16 03 00 00 01', '0A 10 00 05 03 08 1E 04 29 FF FF 00 00 00 00'],
  ['17 33 00', '41 21 05 00 '.repeat(4)],
  ['18 02 01 02 26 00', '00 '.repeat(16)],
  ...[
    '06 1E 00',
    '0D 01 02 03',
    '12 01 00 00 10 00 05',
    '19 02 07 03 03 07 10',
    '1E 01 01 00 00 00',
    '26 00 10',
    '2D 01',
    '2E 01 00 00 00 10',
    '30 01',
    '32 01',
  ].map((write) => [`03 ${write}`, '00'] as const),
];

test('every name that an exchange brings out is listed in the document', () => {
  const [text = ''] = readFileSync(new URL('../../../../docs/decode-fields.md', import.meta.url), 'utf8').split('--driver mercury-200');
  const names = new Set<string>();
  const exchanges = [
    ...loadVectors().map(({ request_hex, response_hex }) => [bytesOf(request_hex), bytesOf(response_hex)] as const),
    ...UNPUBLISHED.map(([body, data]) => [encodeFrame(1, bytesOf(body)), encodeFrame(1, bytesOf(data))] as const),
  ];
  for (const [request, response] of exchanges) {
    const result = decode(request, response, { constant_imp_per_kwh: 1000, period_min: 30, firmware: '9.0.0' });
    if (result.ok) for (const { name } of result.fields) names.add(name);
  }
  for (const [request, response] of exchanges.slice(loadVectors().length))
    expect(decode(request, response).ok, JSON.stringify(request)).toBe(true);
  expect(names.size).toBeGreaterThan(150);
  const isListed = (name: string) => {
    const general = name
      .replace(/^(energy\.A\+\.L)\d(\.\w+)?$/, '$11')
      .replace(/^(event|record)\.\d+\.(?!fault|data)/, '$1.')
      .replace(/\.T[23]$/, '.T1')
      .replace(/\.data$/, '')
      .replace(/^(average\.)\d+/, '$10')
      .replace(/^(dips|schedule)\.\d$/, '$1.0')
      .replace(/^(energy(?!\.A\+\.L)|maximum|(?:record|memory|maximum\.\w+|average\.0)\.(?:count|energy|power))\.[AR][+-]/, '$1.X')
      .replace(/^[PQS]\d?$/, (key) => key[0] ?? '')
      .replace(/^\w+\.direction/, '<value>.direction');
    const last = general.split('.').at(-1) ?? '';
    return [`\`${general}\``, `\`${general}…\``, `\`.${last}\``, `\`${last}\``].some((form) => text.includes(form));
  };
  expect([...names].filter((name) => !isListed(name))).toEqual([]);
});
