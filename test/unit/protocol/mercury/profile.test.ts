import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoUtc, type ClockBasis, type WallTime } from '../../../../src/shared/domain/time.ts';
import { intervalStart, isOffGrid, wallToUtc } from '../../../../src/main/protocol/mercury/clock.ts';
import { commandOf } from '../../../../src/main/protocol/mercury/commands.ts';
import {
  newestSlot,
  addressingOf,
  profileBatchCommand,
  profileHeadCommand,
  profileRecordCommand,
} from '../../../../src/main/protocol/mercury/profile.ts';
import { bytesOf } from './vectors.ts';

const MOSCOW: ClockBasis = { offsetMin: 180, seasonBit: 'ignored' };
const wall = (text: string): WallTime => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute, second };
};
const startOf = (stamp: string, periodMin = 30, basis = MOSCOW, isSummer = false) =>
  isoUtc(intervalStart(wall(stamp), isSummer, periodMin, basis));

describe('the start of the interval that a stamp closes', () => {
  test('is one period before a stamp on the grid', () => {
    expect(startOf('2026-11-22T10:00')).toBe('2026-11-22T06:30:00Z');
    expect(startOf('2026-11-22T10:00', 60)).toBe('2026-11-22T06:00:00Z');
    expect(startOf('2026-11-22T10:15', 15)).toBe('2026-11-22T07:00:00Z');
  });

  test('is the grid before a stamp of a cut record', () => {
    expect(startOf('2026-11-22T09:47')).toBe('2026-11-22T06:30:00Z');
    expect(startOf('2026-11-22T09:31')).toBe('2026-11-22T06:30:00Z');
  });

  test('of the record of midnight belongs to the day before', () => {
    expect(startOf('2026-11-22T00:00', 30, { offsetMin: 0, seasonBit: 'ignored' })).toBe('2026-11-21T23:30:00Z');
    expect(startOf('2026-01-01T00:00')).toBe('2025-12-31T20:30:00Z');
  });

  test('takes an hour for the season bit only where switching is proven', () => {
    expect(startOf('2026-07-01T10:00', 30, MOSCOW, true)).toBe('2026-07-01T06:30:00Z');
    expect(startOf('2026-07-01T10:00', 30, { offsetMin: 180, seasonBit: 'applied' }, true)).toBe('2026-07-01T05:30:00Z');
    expect(startOf('2026-07-01T10:00', 30, { offsetMin: 180, seasonBit: 'applied' }, false)).toBe('2026-07-01T06:30:00Z');
  });

  test('keeps the hour that a clock shows twice apart by the season bit', () => {
    const basis = { offsetMin: 60, seasonBit: 'applied' } as const;
    expect(startOf('2026-10-25T02:30', 30, basis, true)).toBe('2026-10-25T00:00:00Z');
    expect(startOf('2026-10-25T02:30', 30, basis, false)).toBe('2026-10-25T01:00:00Z');
  });

  test("lies on the meter's grid where the offset is no whole number of periods", () => {
    expect(startOf('2026-11-22T10:00', 60, { offsetMin: 330, seasonBit: 'ignored' })).toBe('2026-11-22T03:30:00Z');
  });

  test('never leaves its interval, for any stamp, period and offset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 * 365 * 1440 }),
        fc.constantFrom(1, 3, 5, 10, 15, 20, 30, 60),
        fc.constantFrom(-720, 0, 120, 180, 330, 345, 720),
        (minutes, periodMin, offsetMin) => {
          const date = new Date(Date.UTC(2000, 0, 1) + minutes * 60_000);
          const stamp = wall(date.toISOString().slice(0, 16));
          const basis = { offsetMin, seasonBit: 'ignored' } as const;
          const start = intervalStart(stamp, false, periodMin, basis);
          const end = wallToUtc(stamp, false, basis);
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(periodMin * 60);
          expect((start + offsetMin * 60) % (periodMin * 60)).toBe(0);
          expect(isOffGrid(stamp, periodMin)).toBe(end - start !== periodMin * 60);
        },
      ),
    );
  });
});

describe('a record', () => {
  const parse = (data: string) => profileRecordCommand(1).parse(bytesOf(data));

  test('of zeros or of ones was never written', () => {
    expect(profileRecordCommand(1).parse(new Uint8Array(15))).toEqual({ kind: 'never-written' });
    expect(profileRecordCommand(1).parse(new Uint8Array(15).fill(0xff))).toEqual({ kind: 'never-written' });
  });

  test('counts without a sign: half of the range is no reverse energy', () => {
    expect(parse('08 10 00 05 03 08 1E FE FF FF FF 00 80 01 00')).toMatchObject({
      counts: { 'A+': 65534, 'A-': null, 'R+': 32768, 'R-': 1 },
    });
  });

  test('has its season and flags in the status byte', () => {
    expect(parse('07 10 00 05 03 08 1E 00 00 00 00 00 00 00 00')).toMatchObject({
      kind: 'record',
      status: { isWinter: false, isInitialising: true, isIncomplete: true, hasOverflowed: true, bit4: 0 },
      counts: { 'A+': 0 },
    });
  });

  test.each([
    ['a stamp that is no BCD', '08 1A 00 05 03 08 1E 04 29 FF FF 00 00 00 00'],
    ['month 13', '08 10 00 05 13 08 1E 04 29 FF FF 00 00 00 00'],
    ['an empty stamp and figures', '08 00 00 00 00 00 1E 04 29 FF FF 00 00 00 00'],
    ['a period of 0', '08 10 00 05 03 08 00 04 29 FF FF 00 00 00 00'],
    ['a period of 61', '08 10 00 05 03 08 3D 04 29 FF FF 00 00 00 00'],
  ])('with %s is implausible and no interval', (_, data) => {
    expect(parse(data)).toMatchObject({ kind: 'implausible', why: expect.any(String) });
  });

  test('among seventeen is parsed at its own place, and a bad one spoils no other', () => {
    const data = new Uint8Array(255);
    data.set(bytesOf('08 10 00 05 03 08 1E 01 00 02 00 03 00 04 00'), 15 * 2);
    data.set(bytesOf('08 10 30 05 13 08 1E 01 00 02 00 03 00 04 00'), 15 * 3);
    data.set(bytesOf('08 11 30 05 03 08 1E 05 00 06 00 07 00 08 00'), 15 * 16);
    const records = profileBatchCommand(0).parse(data);
    expect(records.map(({ kind }) => kind)).toEqual([
      'never-written',
      'never-written',
      'record',
      'implausible',
      ...Array<string>(12).fill('never-written'),
      'record',
    ]);
    expect(records[16]).toMatchObject({ stamp: wall('2008-03-05T11:30'), counts: { 'A+': 5, 'A-': 6, 'R+': 7, 'R-': 8 } });
  });
});

describe('the address of a record', () => {
  test('has its 17th bit in the memory byte', () => {
    expect([...profileRecordCommand(1).body]).toEqual([0x06, 0x03, 0x00, 0x10, 0x0f]);
    expect([...profileRecordCommand(4095).body]).toEqual([0x06, 0x03, 0xff, 0xf0, 0x0f]);
    expect([...profileRecordCommand(4096).body]).toEqual([0x06, 0x83, 0x00, 0x00, 0x0f]);
    expect([...profileBatchCommand(8175).body]).toEqual([0x06, 0x83, 0xfe, 0xf0, 0xff]);
  });

  test('comes back out of the request for every slot of the larger ring', () => {
    for (let slot = 0; slot < 8192; slot += 1) expect(commandOf(profileRecordCommand(slot).body)?.label).toBe(`profile record ${slot}`);
  });

  const head = (data: string) => profileHeadCommand().parse(bytesOf(`${data} 09 00 04 03 08 1E`));

  test('counts records where its low nibble is not zero, and may count either where it is', () => {
    expect(addressingOf(head('00 01 08'))).toBe('records');
    expect(addressingOf(head('12 30 08'))).toBeNull();
  });

  test('as bytes takes bit 16 from the status byte and stays inside the ring', () => {
    expect(newestSlot(head('FF F0 08'), 'bytes', 4096)).toBe(4095);
    expect(newestSlot(head('FF F0 18'), 'bytes', 8192)).toBe(8191);
    expect(newestSlot(head('00 10 18'), 'bytes', 8192)).toBe(4097);
    expect(newestSlot(head('00 10 18'), 'bytes', 4096)).toBe(1);
  });

  test('as a record number leaves bit 4 to the number of the profile', () => {
    expect(newestSlot(head('1F FF 18'), 'records', 8192)).toBe(8191);
    expect(newestSlot(head('10 01 08'), 'records', 4096)).toBe(1);
  });
});

describe('the descriptor', () => {
  test('without a stamp says that nothing is recorded yet', () => {
    expect(profileHeadCommand().parse(bytesOf('00 00 08 00 00 00 00 00 1E'))).toMatchObject({ stamp: null, periodMin: 30 });
    expect(profileHeadCommand().parse(bytesOf('00 00 FF FF FF FF FF FF 1E')).stamp).toBeNull();
  });

  test.each(['00 01 08 09 00 04 13 08 1E', '00 01 08 09 00 04 03 08 00', '00 01 08 0A 0A 0A 0A 0A 1E'])('%s is implausible', (data) => {
    expect(() => profileHeadCommand().parse(bytesOf(data))).toThrow(expect.objectContaining({ code: 'data/implausible' }));
  });
});
