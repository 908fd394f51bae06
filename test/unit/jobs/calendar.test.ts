import { expect, test } from 'vitest';
import { calendar, type CalendarCell, type CalendarQuestion, type HandedOver } from '../../../src/main/jobs/calendar.ts';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { onecSchedule, type OnecSchedule, reportSchedule, xml80020Schedule } from '../../../src/shared/api/schedules.ts';
import { utc } from '../metering/plant.ts';

/** Moments are given in Moscow time. */
const msk = (text: string) => utc(`${text}+03:00`);

const daily: OnecSchedule = onecSchedule.parse({
  id: 'daily-iv',
  kind: 'IV',
  at: '06:00',
  period: 'previous-day',
  whenComplete: true,
  latest: '09:00',
  isEnabled: true,
});
const monthly: OnecSchedule = { ...daily, id: 'monthly-mn', kind: 'MN', period: 'previous-month', dayOfMonth: 3 };

let nextId = 1;
const thing = (day: string, createdAt: string, changes: Partial<HandedOver> = {}): HandedOver => ({
  id: nextId++,
  what: 'onec',
  receiver: '1c',
  kind: 'IV',
  name: '1',
  mode: 'full',
  from: day,
  to: day,
  createdUtc: msk(createdAt),
  deliveredUtc: null,
  state: 'delivered',
  missing: 0,
  ...changes,
});

/** November at noon of the 22nd; packages go back to the 1st. */
function month(changes: Partial<CalendarQuestion> = {}) {
  return calendar({
    month: '2026-11-22',
    schedules: [daily],
    things: [],
    firstDay: () => '2026-11-01',
    zone: siteZone('Europe/Moscow'),
    nowUtc: msk('2026-11-22T12:00'),
    ...changes,
  });
}

function day(date: string, changes: Partial<CalendarQuestion> = {}): CalendarCell {
  const cell = month(changes)[0]?.cells.find(({ from }) => from === date);
  if (cell === undefined) throw new Error(`no cell of ${date}`);
  return cell;
}

test('a month has a row for each receiver and kind and a cell for each of its days', () => {
  const rows = month({ schedules: [daily, { ...daily, id: 'daily-rd', kind: 'RD' }, { ...daily, id: 'other', receiver: 'ut' }] });
  expect(rows.map(({ receiver, kind, jobs }) => [receiver, kind, jobs])).toEqual([
    ['1c', 'IV', ['daily-iv']],
    ['1c', 'RD', ['daily-rd']],
    ['ut', 'IV', ['other']],
  ]);
  expect(rows[0]?.cells.map(({ from }) => from)).toHaveLength(30);
  expect(month({ month: '2028-02-10' })[0]?.cells).toHaveLength(29);
});

test('a cell tells the state of the newest package', () => {
  const things = [
    thing('2026-11-20', '2026-11-21T06:00', { state: 'failed' }),
    thing('2026-11-20', '2026-11-21T07:00', { state: 'accepted' }),
  ];
  expect(day('2026-11-20', { things })).toMatchObject({ state: 'accepted', isLate: false, isCorrected: false, isIncomplete: false });
  expect(day('2026-11-20', { things }).things.map(({ state }) => state)).toEqual(['accepted', 'failed']);
});

test('nothing made is waited for until the latest hour, then it is missing', () => {
  const at = (now: string) => day('2026-11-21', { nowUtc: msk(now) }).state;
  expect(at('2026-11-22T05:59')).toBe('not-due');
  expect(at('2026-11-22T06:00')).toBe('waiting');
  expect(at('2026-11-22T09:15')).toBe('waiting');
  expect(at('2026-11-22T09:16')).toBe('missing');
  expect(day('2026-11-22').state).toBe('not-due');
  expect(day('2026-11-30').state).toBe('not-due');
});

test('nothing is missed from before the first package, and of a job that never made one only the newest period is', () => {
  expect(day('2026-11-09', { firstDay: () => '2026-11-10' })).toMatchObject({ state: 'not-due', latestUtc: null });
  expect(day('2026-11-10', { firstDay: () => '2026-11-10' }).state).toBe('missing');
  expect(day('2026-11-20', { firstDay: () => null }).state).toBe('not-due');
  expect(day('2026-11-21', { firstDay: () => null }).state).toBe('missing');
});

test('a job that is switched off expects nothing, but what was made stays', () => {
  const things = [thing('2026-11-20', '2026-11-21T06:00')];
  const schedules = [{ ...daily, isEnabled: false }];
  expect(month({ schedules })).toEqual([]);
  expect(day('2026-11-20', { schedules, things }).state).toBe('delivered');
  expect(day('2026-11-19', { schedules, things }).state).toBe('not-due');
});

test('late is what came first after its latest hour; a repeat does not make it late', () => {
  expect(day('2026-11-20', { things: [thing('2026-11-20', '2026-11-21T09:14')] }).isLate).toBe(false);
  expect(day('2026-11-20', { things: [thing('2026-11-20', '2026-11-21T09:16')] }).isLate).toBe(true);
  const firstEver = { things: [thing('2026-11-20', '2026-11-21T17:00')], firstDay: () => '2026-11-20' };
  expect(day('2026-11-20', firstEver).isLate).toBe(false);
  const held = thing('2026-11-20', '2026-11-21T06:00', { deliveredUtc: msk('2026-11-22T08:00') });
  expect(day('2026-11-20', { things: [held] }).isLate).toBe(true);
  const repeated = [thing('2026-11-20', '2026-11-21T06:00'), thing('2026-11-20', '2026-11-22T11:00')];
  expect(day('2026-11-20', { things: repeated }).isLate).toBe(false);
});

test('changes correct every day that they touch and decide its state', () => {
  const things = [
    thing('2026-11-19', '2026-11-20T06:00', { missing: 3 }),
    thing('2026-11-20', '2026-11-21T06:00'),
    thing('2026-11-19', '2026-11-22T06:00', { mode: 'delta', to: '2026-11-20', state: 'rejected' }),
  ];
  expect(day('2026-11-19', { things })).toMatchObject({ state: 'rejected', isCorrected: true, isIncomplete: true });
  expect(day('2026-11-20', { things })).toMatchObject({ state: 'rejected', isCorrected: true, isIncomplete: false });
  expect(day('2026-11-18', { things })).toMatchObject({ state: 'missing', isCorrected: false });
});

test('a monthly job has one cell, due on its day of the next month', () => {
  const october = { month: '2026-10-05', schedules: [monthly], firstDay: () => '2026-01-01' };
  const state = (now: string) => month({ ...october, nowUtc: msk(now) })[0]?.cells.map((cell) => [cell.from, cell.to, cell.state]);
  expect(state('2026-11-03T05:59')).toEqual([['2026-10-01', '2026-10-31', 'not-due']]);
  expect(state('2026-11-03T06:00')).toEqual([['2026-10-01', '2026-10-31', 'waiting']]);
  expect(state('2026-11-03T10:00')).toEqual([['2026-10-01', '2026-10-31', 'missing']]);
});

test('a whole month by hand fills the days of a daily row, and is a month where no daily row stands', () => {
  const whole = thing('2026-11-01', '2026-11-22T06:00', { to: '2026-11-30' });
  expect(month({ things: [whole] }).map(({ period, cells }) => [period, cells.length])).toEqual([['day', 30]]);
  expect(day('2026-11-05', { things: [whole] }).state).toBe('delivered');
  const alone = month({ things: [{ ...whole, kind: 'MN' }] });
  expect(alone.map(({ kind, period, cells }) => [kind, period, cells.length])).toEqual([
    ['IV', 'day', 30],
    ['MN', 'month', 1],
  ]);
});

test('a package that reaches over the end of the month fills its days of the month, one of another month fills none', () => {
  const other = thing('2026-10-01', '2026-11-03T06:00', { kind: 'MN', to: '2026-10-31' });
  expect(month({ things: [other] }).map(({ kind }) => kind)).toEqual(['IV']);
  const things = [thing('2026-10-30', '2026-11-03T06:00', { to: '2026-11-02' })];
  expect([day('2026-11-01', { things }).state, day('2026-11-02', { things }).state, day('2026-11-03', { things }).state]).toEqual([
    'delivered',
    'delivered',
    'missing',
  ]);
});

test("the supplier's file and the reports have rows of their own", () => {
  const { what: _what, receiver: _receiver, kind: _kind, corrections: _corrections, ...timing } = daily;
  const rows = month({
    schedules: [
      xml80020Schedule.parse({ ...timing, id: 'supplier', what: 'xml80020' }),
      reportSchedule.parse({ ...timing, id: 'hours', what: 'report', report: 'hourly-matrix', format: 'pdf', folder: 'out' }),
    ],
    things: [thing('2026-11-20', '2026-11-21T06:00', { what: 'xml80020', receiver: '', kind: '' })],
  });
  expect(rows.map(({ what, receiver, kind }) => [what, receiver, kind])).toEqual([
    ['xml80020', '', ''],
    ['report', 'hourly-matrix', 'pdf'],
  ]);
  expect(rows[0]?.cells[19]?.state).toBe('delivered');
});
