import { describe, expect, test } from 'vitest';
import type { Schedule, Settings } from '../../../src/shared/api/settings.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { PackageRequest } from '../../../src/main/export/onec/package.ts';
import { type OwedQuestion, owedRuns, PackageSchedule, type Period } from '../../../src/main/export/onec/schedule.ts';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { utc } from '../metering/plant.ts';
import { SETTINGS } from './support.ts';

const daily: Schedule = {
  id: 'daily-iv',
  kind: 'IV',
  at: '06:00',
  period: 'previous-day',
  whenComplete: true,
  latest: '09:00',
  isEnabled: true,
};
const monthly: Schedule = { ...daily, id: 'monthly-rd', kind: 'RD', period: 'previous-month' };
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
});

describe('the watch', () => {
  function watched(over: Partial<ConstructorParameters<typeof PackageSchedule>[0]> = {}) {
    const asked: string[] = [];
    const made = new Map<string, Period[]>();
    const clock = new FakeClock('2026-11-21T23:00:00Z');
    let resumed = 0;
    let failing = '';
    const settings: Settings = { ...SETTINGS, schedules: [daily, { ...daily, id: 'daily-rd', kind: 'RD' }] };
    const schedule = new PackageSchedule({
      maker: {
        make: (request: PackageRequest) => {
          if (request.job === failing) return Promise.reject(new Error('no'));
          asked.push(`${request.kind} ${request.from}`);
          made.set(request.job ?? '', [...(made.get(request.job ?? '') ?? []), { from: request.from, to: request.to }]);
          return Promise.resolve();
        },
        resume: () => {
          resumed += 1;
          return Promise.resolve();
        },
      },
      settings: () => settings,
      clock,
      log: silentLogger,
      isReady: () => true,
      madePeriods: (id) => made.get(id) ?? [],
      isComplete: (kind) => kind === 'RD',
      ...over,
    });
    return { asked, clock, schedule, resumed: () => resumed, failAt: (job: string) => (failing = job) };
  }

  test('makes each package in its minute and never twice', async () => {
    const { asked, clock, schedule, resumed } = watched();
    schedule.start();
    await clock.advance(0);
    expect([asked, resumed()]).toEqual([['RD 2026-11-20'], 1]);
    // It is 02:00 at the site.
    await clock.advance(4 * 3_600_000);
    expect(asked).toEqual(['RD 2026-11-20', 'RD 2026-11-21']);
    await clock.advance(3 * 3_600_000);
    expect(asked).toEqual(['RD 2026-11-20', 'RD 2026-11-21', 'IV 2026-11-21']);
    await clock.advance(60_000);
    expect(resumed()).toBeGreaterThan(40);
    await schedule.stop();
    await clock.advance(48 * 3_600_000);
    expect(asked).toHaveLength(3);
  });

  test('one job that fails does not keep the others back, and is tried again', async () => {
    const { asked, clock, schedule, failAt } = watched({ isComplete: () => true });
    failAt('daily-iv');
    schedule.start();
    await clock.advance(0);
    expect(asked).toEqual(['RD 2026-11-20']);
    failAt('');
    await clock.advance(60_000);
    expect(asked).toEqual(['RD 2026-11-20', 'IV 2026-11-20']);
    await schedule.stop();
  });

  test('nothing is made before there are points and a folder', async () => {
    const { asked, clock, schedule } = watched({ isReady: () => false });
    schedule.start();
    await clock.advance(24 * 3_600_000);
    expect(asked).toEqual([]);
    await schedule.stop();
  });
});
