import { describe, expect, test } from 'vitest';
import { type OnecSchedule, onecSchedule, type Schedule } from '../../../src/shared/api/schedules.ts';
import { dueOf, lastPeriod, nextRunUtc, openRuns, type OwedQuestion, owedRuns, type Period } from '../../../src/main/jobs/due.ts';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { utc } from '../metering/plant.ts';

const daily: OnecSchedule = onecSchedule.parse({
  id: 'daily-iv',
  kind: 'IV',
  at: '06:00',
  period: 'previous-day',
  whenComplete: true,
  latest: '09:00',
  isEnabled: true,
});
const monthly: OnecSchedule = { ...daily, id: 'monthly-rd', kind: 'RD', period: 'previous-month' };
const days = (...dates: string[]): Period[] => dates.map((date) => ({ from: date, to: date }));

/** Moments are given in Moscow time. */
const msk = (text: string) => utc(`${text}+03:00`);

function ask(schedule: Schedule, now: string, over: Partial<OwedQuestion> = {}): string[] {
  const question = {
    zone: siteZone('Europe/Moscow'),
    nowUtc: msk(now),
    watchingSinceUtc: msk('2026-01-01T00:00'),
    made: days('2026-11-20'),
    isComplete: () => true,
    ...over,
  };
  return owedRuns(schedule, question).map(({ from, to }) => (from === to ? from : `${from}..${to}`));
}

describe('what a daily job owes', () => {
  test('yesterday, from its hour on, once', () => {
    expect(ask(daily, '2026-11-22T05:59')).toEqual([]);
    expect(ask(daily, '2026-11-22T06:00')).toEqual(['2026-11-21']);
    expect(ask(daily, '2026-11-22T23:59')).toEqual(['2026-11-21']);
    expect(ask(daily, '2026-11-22T06:00', { made: days('2026-11-20', '2026-11-21') })).toEqual([]);
    expect(ask({ ...daily, isEnabled: false }, '2026-11-22T06:00')).toEqual([]);
  });

  test('waits for the whole day, at the latest until the hour given', () => {
    const isComplete = () => false;
    expect(ask(daily, '2026-11-22T08:59', { isComplete })).toEqual([]);
    expect(ask(daily, '2026-11-22T09:00', { isComplete })).toEqual(['2026-11-21']);
    expect(ask({ ...daily, whenComplete: false }, '2026-11-22T06:00', { isComplete })).toEqual(['2026-11-21']);
    expect(ask({ ...daily, latest: '05:00' }, '2026-11-22T06:00', { isComplete })).toEqual(['2026-11-21']);
  });

  test('missed days are made up for in order, holes included, a week back at most', () => {
    expect(ask(daily, '2026-11-22T10:00', { made: days('2026-11-17', '2026-11-19') })).toEqual(['2026-11-18', '2026-11-20', '2026-11-21']);
    expect(ask(daily, '2026-11-22T10:00', { made: days('2026-10-01') })).toEqual([
      '2026-11-15',
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
    ]);
  });

  test('after a start there is the same patience again, for the engine has yet to fetch the night', () => {
    const late = { watchingSinceUtc: msk('2026-11-22T11:00'), isComplete: () => false };
    expect(ask(daily, '2026-11-22T13:59', late)).toEqual([]);
    expect(ask(daily, '2026-11-22T14:00', late)).toEqual(['2026-11-21']);
    expect(ask(daily, '2026-11-22T11:05', { ...late, isComplete: () => true })).toEqual(['2026-11-21']);
  });

  test('a new job owes the newest day alone: at once when it is complete, else from the next run on', () => {
    const fresh = { made: [], watchingSinceUtc: msk('2026-11-22T15:00') };
    expect(ask(daily, '2026-11-22T16:00', fresh)).toEqual(['2026-11-21']);
    expect(ask(daily, '2026-11-22T23:00', { ...fresh, isComplete: () => false })).toEqual([]);
    expect(ask(daily, '2026-11-23T08:59', { ...fresh, isComplete: () => false })).toEqual([]);
    expect(ask(daily, '2026-11-23T09:00', { ...fresh, isComplete: () => false })).toEqual(['2026-11-22']);
  });

  test('the hour is the one of the site, whatever its offset was that day', () => {
    const zone = siteZone('Europe/Berlin');
    const made = days('2026-10-24');
    const at = (iso: string) => owedRuns(daily, { zone, nowUtc: utc(iso), watchingSinceUtc: 0, made, isComplete: () => true });
    expect(at('2026-10-26T04:59:59Z')).toEqual([]);
    expect(at('2026-10-26T05:00:00Z')).toEqual(days('2026-10-25'));
  });
});

describe('what a monthly job owes', () => {
  const made = [{ from: '2026-09-01', to: '2026-09-30' }];

  test('the month before, from the first day on, and later in the month when the day was missed', () => {
    expect(ask(monthly, '2026-10-31T12:00', { made })).toEqual([]);
    expect(ask(monthly, '2026-11-01T06:00', { made })).toEqual(['2026-10-01..2026-10-31']);
    expect(ask(monthly, '2026-11-20T12:00', { made })).toEqual(['2026-10-01..2026-10-31']);
    expect(ask(monthly, '2026-12-01T05:59', { made })).toEqual(['2026-10-01..2026-10-31']);
    expect(ask(monthly, '2026-12-01T06:00', { made })).toEqual(['2026-11-01..2026-11-30']);
  });

  test('January owes December', () => {
    expect(ask(monthly, '2027-01-01T06:00', { made })).toEqual(['2026-12-01..2026-12-31']);
  });

  test('a job of the third day waits until the third', () => {
    const third = { ...monthly, dayOfMonth: 3 };
    expect(ask(third, '2026-11-03T05:59', { made: [{ from: '2026-08-01', to: '2026-08-31' }] })).toEqual(['2026-09-01..2026-09-30']);
    expect(ask(third, '2026-11-03T06:00', { made })).toEqual(['2026-10-01..2026-10-31']);
  });
});

describe('days of 23 and 25 hours', () => {
  const zone = siteZone('Europe/Berlin');
  const made = days('2026-03-20', '2026-10-20');
  const night: Schedule = { ...daily, at: '02:30', whenComplete: false };
  const at = (iso: string) => owedRuns(night, { zone, nowUtc: utc(iso), watchingSinceUtc: 0, made, isComplete: () => true });

  test('the hour that does not exist is run when the clock has jumped over it', () => {
    expect(at('2026-03-29T00:59:59Z').at(-1)?.from).toBe('2026-03-27');
    expect(at('2026-03-29T01:00:00Z').at(-1)?.from).toBe('2026-03-28');
    expect(at('2026-03-30T12:00:00Z').map(({ from }) => from)).toContain('2026-03-28');
  });

  test('the hour that comes twice is run in its first pass, once', () => {
    expect(at('2026-10-25T00:29:59Z').at(-1)?.from).toBe('2026-10-23');
    expect(at('2026-10-25T00:30:00Z').at(-1)?.from).toBe('2026-10-24');
    expect(at('2026-10-26T12:00:00Z').filter(({ from }) => from === '2026-10-24')).toHaveLength(1);
  });
});

describe('moments', () => {
  const zone = siteZone('Europe/Moscow');
  const iso = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());

  test('the next run is strictly later than now', () => {
    expect(iso(nextRunUtc(daily, zone, msk('2026-11-22T05:59')))).toBe('2026-11-22T03:00:00.000Z');
    expect(iso(nextRunUtc(daily, zone, msk('2026-11-22T06:00')))).toBe('2026-11-23T03:00:00.000Z');
    expect(iso(nextRunUtc({ ...monthly, dayOfMonth: 3 }, zone, msk('2026-11-22T06:00')))).toBe('2026-12-03T03:00:00.000Z');
  });

  test('a period is due on the day after it, a month on its day of the next month', () => {
    expect(dueOf(daily, { from: '2026-11-21', to: '2026-11-21' }, zone)).toMatchObject({
      dueUtc: msk('2026-11-22T06:00'),
      latestUtc: msk('2026-11-22T09:00'),
    });
    const month = { from: '2026-10-01', to: '2026-10-31' };
    expect(dueOf({ ...monthly, dayOfMonth: 3 }, month, zone).dueUtc).toBe(msk('2026-11-03T06:00'));
    expect(dueOf({ ...daily, whenComplete: false }, { from: '2026-11-21', to: '2026-11-21' }, zone).latestUtc).toBe(
      msk('2026-11-22T06:00'),
    );
  });

  test('a run now is about the day or the month before', () => {
    expect(lastPeriod(daily, zone, msk('2026-11-22T00:10'))).toEqual({ from: '2026-11-21', to: '2026-11-21' });
    expect(lastPeriod(monthly, zone, msk('2027-01-31T00:10'))).toEqual({ from: '2026-12-01', to: '2026-12-31' });
  });

  test('what waits says until when', () => {
    const open = openRuns(daily, {
      zone,
      nowUtc: msk('2026-11-22T07:00'),
      watchingSinceUtc: msk('2026-11-22T06:30'),
      made: days('2026-11-20'),
      isComplete: () => false,
    });
    expect(open).toEqual([
      {
        period: { from: '2026-11-21', to: '2026-11-21' },
        dueUtc: msk('2026-11-22T06:00'),
        latestUtc: msk('2026-11-22T09:30'),
        isRipe: false,
      },
    ]);
  });
});
