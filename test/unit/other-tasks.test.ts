import { describe, expect, test } from 'vitest';
import { Site } from '../../src/main/api/site.ts';
import { reportTask } from '../../src/main/report-task.ts';
import { supplierCalendar, type SupplierDays, supplierTask } from '../../src/main/supplier-task.ts';
import { reportSchedule, xml80020Schedule } from '../../src/shared/api/schedules.ts';
import { storeWithMeters } from './store/support.ts';

const TIMING = { at: '08:00', period: 'previous-day', whenComplete: true, latest: '11:30', isEnabled: true } as const;
const supplier = xml80020Schedule.parse({ ...TIMING, id: 'supplier', what: 'xml80020' });
const DAY = { from: '2026-11-21', to: '2026-11-21' };

const file = (day: string, number: number, state = 'sent', note: string | null = null) => ({
  id: number,
  day,
  number,
  madeUtc: 100 * number,
  state,
  note,
  content: { name: `80020_${number}.xml` },
  folderUtc: null,
  mailUtc: state === 'sent' ? 100 * number + 5 : null,
});

/** A desk that holds the days of `held` and leaves those of `waiting` undelivered. */
function desk(over: { held?: string[]; waiting?: string[]; incomplete?: string[] } = {}) {
  const asked: string[] = [];
  const days: SupplierDays = {
    isReady: () => true,
    madeDays: () => ['2026-11-20', '2026-11-19'],
    isComplete: (day) => over.incomplete?.includes(day) !== true,
    make: ({ day, job }) => {
      asked.push(`${day} ${job}`);
      if (over.held?.includes(day) === true) return Promise.resolve({ kind: 'held' });
      const isWaiting = over.waiting?.includes(day) === true;
      return Promise.resolve({ kind: 'new', record: isWaiting ? file(day, asked.length, 'failed', 'no server') : file(day, asked.length) });
    },
  };
  return { task: supplierTask(days), asked };
}

describe("the supplier's file", () => {
  test('is made for the day, and known by the desk as made', async () => {
    const { task, asked } = desk();
    expect(await task.make(supplier, DAY, 'supplier')).toEqual({
      outcome: 'made',
      made: [{ kind: 'supplier-file', id: 1, name: '80020_1.xml' }],
      error: null,
    });
    expect(asked).toEqual(['2026-11-21 supplier']);
    expect(task.madePeriods(supplier)).toEqual([
      { from: '2026-11-20', to: '2026-11-20' },
      { from: '2026-11-19', to: '2026-11-19' },
    ]);
  });

  test('that is held back fails the run, so that it is tried again; one that waits is made', async () => {
    await expect(desk({ held: [DAY.from] }).task.make(supplier, DAY, null)).rejects.toMatchObject({ code: 'export/held' });
    expect(await desk({ waiting: [DAY.from] }).task.make(supplier, DAY, null)).toMatchObject({
      outcome: 'undelivered',
      error: { message: 'no server' },
    });
  });

  test('of a month is one file for each of its days, in their order', async () => {
    const monthly = { ...supplier, period: 'previous-month' } as const;
    const october = { from: '2026-10-01', to: '2026-10-31' };
    const { task, asked } = desk({ incomplete: ['2026-10-31'] });
    expect(task.isComplete(monthly, october)).toBe(false);
    expect((await task.make(monthly, october, null)).made).toHaveLength(31);
    expect([asked[0], asked[30]]).toEqual(['2026-10-01 null', '2026-10-31 null']);
    expect(task.madePeriods(monthly)).toEqual([]);
  });

  test('of a day made again is a correction in the calendar', () => {
    const source = supplierCalendar(() => [file('2026-11-20', 7, 'rejected'), file('2026-11-20', 8), file('2026-11-21', 9, 'failed')]);
    expect(
      source.touching('2026-11-01', '2026-11-30').map(({ name, mode, state, deliveredUtc }) => [name, mode, state, deliveredUtc]),
    ).toEqual([
      ['80020_7.xml', 'full', 'rejected', null],
      ['80020_8.xml', 'delta', 'delivered', 805],
      ['80020_9.xml', 'full', 'failed', null],
    ]);
    expect(source.firstDay()).toBe('2026-11-20');
    expect(supplierCalendar(() => []).firstDay()).toBeNull();
  });
});

test('a report is a file in the folder of its schedule, and says when figures are missing', async () => {
  const { store, clock } = storeWithMeters(1);
  const hours = reportSchedule.parse({ ...TIMING, id: 'hours', what: 'report', report: 'hourly-matrix', format: 'pdf', folder: 'out' });
  const asked: unknown[] = [];
  const task = reportTask(new Site({ store, clock, engine: () => null }), {
    make: (request, format, folder) => {
      asked.push([request, format, folder]);
      return Promise.resolve({ file: String.raw`out\report_hourly-matrix.pdf`, missing: 3 });
    },
  });
  expect(await task.make(hours, DAY, null)).toEqual({
    outcome: 'incomplete',
    made: [{ kind: 'file', id: null, name: 'report_hourly-matrix.pdf' }],
    error: null,
  });
  expect(asked).toEqual([[{ name: 'hourly-matrix', ...DAY, channel: 'A+' }, 'pdf', 'out']]);
  expect(task.isReady(hours)).toBe(true);
  expect(task.isComplete(hours, DAY)).toBe(false);
  expect(task.settled(hours, DAY)).toEqual({ expected: 48, settled: 0 });
});
