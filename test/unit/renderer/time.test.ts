import { describe, expect, test } from 'vitest';
import { addDays, addMonths, monthName, siteTime, zoneLabel } from '../../../src/renderer/ui/time.ts';
import { movePeriod, periodDays } from '../../../src/renderer/ui/period.ts';

describe('times in the zone of the site', () => {
  const moscow = siteTime('Europe/Moscow');
  const yekaterinburg = siteTime('Asia/Yekaterinburg');

  test('are the same whatever the zone of the browser', () => {
    expect(moscow.dateTime('2026-11-21T21:30:00Z')).toBe('22.11.2026 00:30');
    expect(yekaterinburg.dateTime('2026-11-21T21:30:00Z')).toBe('22.11.2026 02:30');
    expect(moscow.isoDate('2026-11-21T21:00:00Z')).toBe('2026-11-22');
    expect(moscow.timeWithSeconds('2026-11-21T11:32:07Z')).toBe('14:32:07');
  });

  test('name an interval by both ends, and the end of the day is 24:00', () => {
    expect(moscow.interval('2026-11-21T11:00:00Z', 30)).toBe('14:00–14:30');
    expect(moscow.interval('2026-11-21T20:30:00Z', 30)).toBe('23:30–24:00');
  });

  test('know the offset on both sides of a change of the zone', () => {
    const berlin = siteTime('Europe/Berlin');
    expect(berlin.offsetMin('2026-10-25T00:30:00Z')).toBe(120);
    expect(berlin.offsetMin('2026-10-25T01:30:00Z')).toBe(60);
    expect(berlin.interval('2026-10-25T00:30:00Z', 30)).toBe('02:30–02:00');
  });

  test('stand under the word МСК only in Moscow', () => {
    expect(zoneLabel('Europe/Moscow', 180, 'МСК')).toBe('МСК');
    expect(zoneLabel('Asia/Yekaterinburg', 300, 'МСК')).toBe('UTC+5 (МСК+2)');
    expect(zoneLabel('Europe/Kaliningrad', 120, 'МСК')).toBe('UTC+2 (МСК−1)');
    expect(zoneLabel('Asia/Kolkata', 330, 'МСК')).toBe('UTC+5:30 (МСК+2:30)');
    expect(zoneLabel('Europe/Minsk', 180, 'МСК')).toBe('UTC+3 (МСК+0)');
  });

  test('name months as a sentence does not bend them', () => {
    expect(monthName(11, 'ru', 'long')).toBe('ноябрь');
    expect(monthName(11, 'en', 'long')).toBe('November');
  });
});

describe('calendar periods', () => {
  test('hold their first and last day', () => {
    expect(periodDays({ kind: 'day', date: '2026-11-21' })).toEqual({ from: '2026-11-21', to: '2026-11-21' });
    expect(periodDays({ kind: 'month', date: '2028-02-10' })).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    expect(periodDays({ kind: 'month', date: '2026-12-31' })).toEqual({ from: '2026-12-01', to: '2026-12-31' });
    expect(periodDays({ kind: 'year', date: '2026-06-01' })).toEqual({ from: '2026-01-01', to: '2026-12-31' });
  });

  test('move by their own length, and a short month takes its last day', () => {
    expect(movePeriod({ kind: 'day', date: '2026-03-01' }, -1).date).toBe('2026-02-28');
    expect(movePeriod({ kind: 'month', date: '2026-01-31' }, 1).date).toBe('2026-02-28');
    expect(movePeriod({ kind: 'year', date: '2028-02-29' }, 1).date).toBe('2029-02-28');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
  });
});
