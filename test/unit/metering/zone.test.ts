import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/shared/api/errors.ts';
import {
  addDays,
  daysBetween,
  halfHoursOf,
  isoWithOffset,
  parseMoment,
  periodOf,
  siteZone,
  startOfMonth,
  winterOffsetMin,
} from '../../../src/main/metering/zone.ts';

const utc = (iso: string) => Date.parse(iso) / 1000;
const moscow = siteZone('Europe/Moscow');

describe('half-hours of a day', () => {
  // quality.md 2: the days that every accounting of Russian sites has to get right.
  test.each([
    ['Europe/Moscow', '2014-10-26', 50],
    ['Europe/Moscow', '2011-03-27', 46],
    ['Europe/Volgograd', '2020-12-27', 50],
    ['Europe/Volgograd', '2018-10-28', 46],
    ['Europe/Moscow', '2026-10-25', 48],
    ['Europe/Samara', '2014-10-26', 48],
    ['Asia/Magadan', '2014-10-26', 52],
  ])('%s on %s has %i', (zone, date, count) => {
    const starts = halfHoursOf(date, siteZone(zone));
    expect(starts).toHaveLength(count);
    expect(starts.every((start, index) => index === 0 || start - (starts[index - 1] ?? 0) === 1800)).toBe(true);
  });

  test('the repeated hour of 26.10.2014 has the same wall time twice under two offsets', () => {
    const first = utc('2014-10-25T21:00:00Z');
    const second = utc('2014-10-25T22:00:00Z');
    expect(moscow.wallOf(first)).toEqual({ year: 2014, month: 10, day: 26, hour: 1, minute: 0, second: 0 });
    expect(moscow.wallOf(second)).toEqual(moscow.wallOf(first));
    expect([moscow.offsetMinAt(first), moscow.offsetMinAt(second)]).toEqual([240, 180]);
  });

  test('offsets are right on both sides of a change whatever was asked before', () => {
    const change = utc('2014-10-25T22:00:00Z');
    const zone = siteZone('Europe/Moscow');
    expect([change + 1, change - 1, change, utc('2011-01-01T00:00:00Z'), change - 1].map((at) => zone.offsetMinAt(at))).toEqual([
      180, 240, 180, 180, 240,
    ]);
  });
});

describe('calendar', () => {
  test('a date begins at local midnight', () => {
    expect(moscow.startOfDay('2026-11-22')).toBe(utc('2026-11-21T21:00:00Z'));
    expect(moscow.dateOf(utc('2026-11-21T20:59:59Z'))).toBe('2026-11-21');
    expect(moscow.dateOf(utc('2026-11-21T21:00:00Z'))).toBe('2026-11-22');
  });

  test('a day whose midnight does not exist begins at the first moment that does', () => {
    expect(siteZone('Asia/Beirut').startOfDay('2022-03-27')).toBe(utc('2022-03-26T22:00:00Z'));
  });

  test('every midnight of two decades is the one the calendar gives', () => {
    for (const name of ['Europe/Moscow', 'Europe/Volgograd', 'America/Sao_Paulo']) {
      const zone = siteZone(name);
      const wrong = daysBetween('2009-01-01', '2028-12-31').filter(
        (date) => zone.startOfDay(date) !== Temporal.PlainDate.from(date).toZonedDateTime(name).epochMilliseconds / 1000,
      );
      expect(wrong).toEqual([]);
    }
  });

  test('a period takes both dates in', () => {
    expect(periodOf('2026-11-01', '2026-11-30', moscow)).toEqual({
      fromUtc: utc('2026-10-31T21:00:00Z'),
      toUtc: utc('2026-11-30T21:00:00Z'),
    });
    expect(daysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(daysBetween('2024-03-02', '2024-03-01')).toEqual([]);
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect([startOfMonth('2026-03-31'), startOfMonth('2026-03-31', -1)]).toEqual(['2026-03-01', '2026-02-01']);
  });

  test('a wall time of a repeated hour means its first pass', () => {
    expect(moscow.momentOf('2014-10-26', '01:30')).toBe(utc('2014-10-25T21:30:00Z'));
    expect(moscow.momentOf('2026-11-22', '06:00')).toBe(utc('2026-11-22T03:00:00Z'));
  });
});

describe('input', () => {
  test('a moment is ISO 8601 with an offset, or a date of the site', () => {
    expect(parseMoment('2026-11-22T00:00+03:00', moscow)).toBe(utc('2026-11-21T21:00:00Z'));
    expect(parseMoment('2026-11-21T21:00:00Z', moscow)).toBe(utc('2026-11-21T21:00:00Z'));
    expect(parseMoment('2026-11-22', moscow)).toBe(utc('2026-11-21T21:00:00Z'));
  });

  test.each(['2026-11-22T00:00', '2026-13-01', '2026-02-30', '22.11.2026', '', '2026-11-22T25:00Z'])(
    '"%s" is refused as a moment',
    (text) => {
      expect(() => parseMoment(text, moscow)).toThrow(expect.objectContaining({ code: 'api/invalid-argument' }));
    },
  );

  test.each(['MSK', 'UTC+3', '+03:00', 'Europe/Nowhere', ''])('"%s" is refused as a zone', (name) => {
    expect(() => siteZone(name)).toThrow(AppError);
    expect(() => siteZone(name)).toThrow(expect.objectContaining({ code: 'api/invalid-argument' }));
  });

  test('a zone name is spelled as the database spells it', () => {
    expect(siteZone('europe/moscow').name).toBe('Europe/Moscow');
  });

  test('the winter offset is the smaller one of the year', () => {
    expect(winterOffsetMin(siteZone('Europe/Berlin'), 2026)).toBe(60);
    expect(winterOffsetMin(siteZone('Asia/Yekaterinburg'), 2026)).toBe(300);
  });

  test('local time is printed with its offset', () => {
    expect(isoWithOffset(utc('2025-02-01T03:00:00Z'), 180)).toBe('2025-02-01T06:00:00+03:00');
    expect(isoWithOffset(utc('2025-02-01T03:00:00Z'), -210)).toBe('2025-01-31T23:30:00-03:30');
  });
});
