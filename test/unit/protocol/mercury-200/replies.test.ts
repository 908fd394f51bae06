import { crc16modbus } from 'crc';
import { describe, expect, test } from 'vitest';
import { archiveSliceCommand, halfHoursCommand } from '../../../../src/main/protocol/mercury-200/archive.ts';
import { clockCommand, encodeStamp } from '../../../../src/main/protocol/mercury-200/clock.ts';
import { commandOf } from '../../../../src/main/protocol/mercury-200/commands.ts';
import { decode200 } from '../../../../src/main/protocol/mercury-200/decode.ts';
import { encodeFrame, matchReply } from '../../../../src/main/protocol/mercury-200/frame.ts';
import { powerFactorCommand } from '../../../../src/main/protocol/mercury-200/instantaneous.ts';
import { bytesOf } from './vectors.ts';

const ADDRESS = 41_744_475;
const DAY = { year: 2026, month: 11, day: 22 };

/** Bytes with their CRC16, made apart from the product's own. */
function sealed(...bytes: readonly number[]): number[] {
  const crc = crc16modbus(Buffer.from(bytes));
  return [...bytes, crc & 0xff, crc >> 8];
}

/** Fields of a reply with their values. */
function explained(request: string, data: readonly number[]): Record<string, string | null> {
  const body = bytesOf(request);
  const result = decode200(encodeFrame(ADDRESS, body), encodeFrame(ADDRESS, [body[0] ?? 0, ...data]));
  if (!result.ok) throw new Error(result.error.message);
  const inside = result.fields.filter(({ name, in: side }) => side === 'response' && !['address', 'command', 'crc'].includes(name));
  return Object.fromEntries(inside.map(({ name, value, unit }) => [unit === null ? name : `${name} ${unit}`, value]));
}

const hex = (text: string) => [...bytesOf(text)];

describe('the clock', () => {
  test('counts the days of the week from Sunday', () => {
    // 22 November 2026 is a Sunday.
    const wall = { ...DAY, hour: 12, minute: 0, second: 5 };
    expect(clockCommand().parse(bytesOf('00 12 00 05 22 11 26'))).toEqual({ wall, weekday: 0 });
    expect(encodeStamp(wall)).toEqual(bytesOf('00 12 00 05 22 11 26'));
    expect(encodeStamp({ ...wall, day: 28 })[0]).toBe(6);
  });

  test('that shows no date is implausible', () => {
    expect(() => clockCommand().parse(bytesOf('00 12 00 05 31 11 26'))).toThrow(expect.objectContaining({ code: 'data/implausible' }));
  });
});

describe('the fields of', () => {
  test.each([
    ['20', 'FF 00 00 01', { group_address: '4278190081' }],
    ['21', '07 23 59 58 01 01 26', { 'clock.time': '2026-01-01T23:59:58', 'clock.weekday': '7' }],
    ['22', '05 50', { 'limit.power kW': '5.5' }],
    ['23', '03 00', { 'limit.energy kWh': '300' }],
    ['24', '01', { season_flag: '1' }],
    ['26', '01 23', { 'P W': '1230' }],
    ['2A', '5F', { indication: '5F' }],
    ['2B', 'FF FF FF FF FF FF FF', { 'last.power_off': null, 'last.power_off.weekday': null }],
    [
      '32 0F',
      '00 00 01 00 FF FF FF FF 00 00 00 00 FF FF FF FF',
      { 'energy.A+.T1 Wh': '1000', 'energy.A+.T2 Wh': null, 'energy.A+.T3 Wh': '0', 'energy.A+.T4 Wh': null },
    ],
    ['34 03', '01 12 30 00 05 06 25', { 'event.code': '01', 'event.time': '2025-06-05T12:30:00' }],
    ['36 00', '02 12 30 00 05 06 25 07', { 'event.code': '02', 'event.time': '2025-06-05T12:30:00', 'event.parameter': '07' }],
    ['39 01 02', '01 02 03 04 05 06', { data: '010203040506' }],
    ['61', '01 11 24 06 18 04 11', { 'last.cover_opened': '2011-04-18T11:24:06', 'last.cover_opened.weekday': '1' }],
    ['65', '55 00', { execution: '5500', 'execution.relay': 'true', 'execution.two_current_sensors': 'false' }],
    ['69', '01 23 45 00 00 06', { 'hours.on h': '12345', 'hours.off h': '6' }],
    ['6B', '01 02 03', { data: '010203' }],
    [
      '81',
      '50 03 02 03 12 00 00 22 11 26',
      { 'F Hz': '50.03', 'tariff.raw': '2', 'flag.current_inequality': 'true', 'flag.reverse_energy': 'true', time: '2026-11-22T12:00:00' },
    ],
    ['82', '04', { timeout_multiplier: '5' }],
    ['86 00', '00 00 01 72', { parameter: '0', 'Q var': '172' }],
    ['86 02', '02 88 66 00 13 00', { parameter: '2', 'cos one': '-0.866', 'S VA': '1300' }],
    ['86 FF', '01 02', { data: '0102' }],
    ['37 E0', '03', { 'archive.kind': '03' }],
  ] as const)('%s', (request, data, fields) => {
    expect(explained(request, hex(data))).toEqual(fields);
  });

  test('maxima are two figures with their moments', () => {
    expect(explained('33 00', hex('23 58 12 00 00 22 11 26 FF FF FF FF FF FF FF FF'))).toEqual({
      'max.U1.permanent V': '235.8',
      'max.U1.permanent.time': '2026-11-22T12:00:00',
      'max.U1.resettable V': null,
      'max.U1.resettable.time': null,
    });
  });

  test('holidays and switch points leave empty places empty', () => {
    const holidays = explained('30 00', [...hex('01 01 09 05'), ...Array<number>(12).fill(0xff)]);
    expect([holidays['holiday.0'], holidays['holiday.1'], holidays['holiday.2']]).toEqual(['01-01', '05-09', null]);
    const points = explained('31 01', [...hex('07 00 63 30'), ...Array<number>(28).fill(0xff)]);
    expect(points).toMatchObject({
      'switch.0.time': '07:00',
      'switch.0.tariff': '1',
      'switch.1.time': '23:30',
      'switch.1.tariff': '2',
      'switch.2': null,
    });
  });

  test('a command that is not known are its bytes', () => {
    expect(explained('40', [1, 2])).toEqual({ data: '0102' });
  });
});

describe('the archive', () => {
  const half = (counts: number) => sealed(counts & 0xff, counts >> 8);
  const NO_DATA = [0xff, 0xff, 0xff, 0xff];

  test('of half-hours counts 0.2 Wh, low byte first, each with its own checksum', () => {
    const command = halfHoursCommand(2, DAY);
    expect(command.body).toEqual(bytesOf('37 12 22 11 26'));
    const data = Uint8Array.from([...half(0x0102), ...half(0), ...NO_DATA, 1, 0, 0, 0, ...half(5), ...half(6), ...half(7), ...half(8)]);
    expect(command.parse(data).slice(0, 5)).toEqual([
      { kind: 'counts', counts: 258 },
      { kind: 'counts', counts: 0 },
      { kind: 'no-data' },
      { kind: 'damaged', hex: '01000000' },
      { kind: 'counts', counts: 5 },
    ]);
    expect(explained('37 12 22 11 26', [...data])).toMatchObject({
      'half_hour.0.count.A+ count': '258',
      'half_hour.0.energy.A+ Wh': '51.6',
      'half_hour.2': null,
      'half_hour.3.fault': 'the checksum does not fit',
    });
  });

  test('of a date that is not kept is one FF or nothing but FF', () => {
    expect(halfHoursCommand(0, DAY).parse(Uint8Array.of(0xff))).toEqual(Array(8).fill({ kind: 'no-data' }));
    expect(archiveSliceCommand('day', DAY).parse(Uint8Array.of(0xff))).toBeNull();
    expect(archiveSliceCommand('day', DAY).parse(new Uint8Array(24).fill(0xff))).toBeNull();
    expect(() => archiveSliceCommand('day', DAY).parse(Uint8Array.of(0))).toThrow(expect.objectContaining({ code: 'data/implausible' }));
  });

  test('gives a slice with its own moment, and none whose checksum does not fit', () => {
    const slice = sealed(...hex('00 00 01 00 00 00 02 00 FF FF FF FF FF FF FF FF 00 00 00 22 11 26'));
    const command = archiveSliceCommand('month', DAY);
    expect(command.parse(Uint8Array.from(slice))).toEqual({
      energy: [1000, 2000, null, null],
      takenAt: { ...DAY, hour: 0, minute: 0, second: 0 },
    });
    const damaged = Uint8Array.from(slice, (byte, index) => (index === 3 ? 1 : byte));
    expect(() => command.parse(damaged)).toThrow(expect.objectContaining({ code: 'data/implausible' }));
  });

  test('is asked by dates of the calendar only', () => {
    expect(commandOf(bytesOf('37 00 31 11 26'))).toBeNull();
    expect(commandOf(bytesOf('37 16 22 11 26'))).toBeNull();
    expect(commandOf(bytesOf('37 15 22 11 26'))?.label).toBe('half-hours 2026-11-22 block 5');
  });
});

test('a reply to another parameter of 86 is not taken for this one', () => {
  expect(() => powerFactorCommand().parse(bytesOf('00 08 66 00 13 00'))).toThrow(expect.objectContaining({ code: 'data/implausible' }));
});

test('the answer to a new address comes from the new address', () => {
  const request = encodeFrame(ADDRESS, bytesOf('00 00 01 E2 40'));
  const result = decode200(request, encodeFrame(123_456, [0x00]));
  expect(result).toMatchObject({
    ok: true,
    fields: expect.arrayContaining([expect.objectContaining({ value: '123456', in: 'response' })]),
  });
  expect(decode200(request, request)).toMatchObject({ ok: false, error: { code: 'transport/echo' } });
});

test('an echo with the zeros of the next address behind it is no reply', () => {
  const request = encodeFrame(925_646, bytesOf('60'));
  const received = Uint8Array.from([...request, 0x00, 0x00]);
  expect(matchReply(925_646, 0x60, [1], received, { request }).kind).not.toBe('frame');
});

test('a reply of unknown length waits for what may follow it', () => {
  expect(matchReply(ADDRESS, 0x6a, 'any', encodeFrame(ADDRESS, [0x6a, 1, 2]))).toMatchObject({ kind: 'tentative' });
  expect(matchReply(ADDRESS, 0x6a, 'any', encodeFrame(ADDRESS, [0x6a, 1, 2]).subarray(0, -1))).toEqual({ kind: 'incomplete', missing: 1 });
});
