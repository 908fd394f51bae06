import { expect, test } from 'vitest';
import { packageCalendarHandlers } from '../../../src/main/api/package-calendar.ts';
import { Site } from '../../../src/main/api/site.ts';
import { DEFAULT_SETTINGS } from '../../../src/shared/api/settings.ts';
import { reportSchedule } from '../../../src/shared/api/schedules.ts';
import { MIDNIGHT, temporaryStore } from '../store/support.ts';

const HOURS = reportSchedule.parse({
  id: 'hours',
  what: 'report',
  report: 'hourly-matrix',
  format: 'xlsx',
  folder: 'out',
  at: '07:00',
  period: 'previous-day',
  whenComplete: false,
  latest: '07:00',
  isEnabled: true,
});

test('the calendar shows packages by their numbers and reports by the runs that made them', async () => {
  const { store, clock } = temporaryStore();
  store.settings.save({ ...DEFAULT_SETTINGS, schedules: [...DEFAULT_SETTINGS.schedules, HOURS] }, 'test');
  const record = store.packages.reserve({
    receiver: '1c',
    siteCode: 'SITE1',
    packId: 'a',
    kind: 'IV',
    format: 'csv',
    formats: ['csv'],
    mode: 'full',
    from: '2026-11-20',
    to: '2026-11-20',
    createdUtc: MIDNIGHT - 86_400 + 3 * 3600,
    createdOffsetMin: 180,
    folder: 'out',
    job: 'daily-iv',
    replacesPackId: null,
  });
  store.packages.setState(record.id, 'delivered', null, MIDNIGHT - 86_400 + 3 * 3600);
  store.jobRuns.add({
    job: 'hours',
    what: 'report',
    cause: 'schedule',
    from: '2026-11-20',
    to: '2026-11-20',
    isBooked: true,
    startedUtc: MIDNIGHT - 86_400 + 4 * 3600,
    endedUtc: MIDNIGHT - 86_400 + 4 * 3600 + 2,
    durationMs: 2000,
    tries: 1,
    outcome: 'made',
    made: [{ kind: 'file', id: null, name: 'report_hourly-matrix.xlsx' }],
    error: null,
    message: null,
  });
  const site = new Site({ store, clock, engine: () => null });
  const handlers = packageCalendarHandlers({ site });
  const context = { transport: 'http', role: 'operator' } as const;
  const answer = await handlers['packages.calendar']({ month: '2026-11-05' }, context);
  expect(answer).toMatchObject({ from: '2026-11-01', to: '2026-11-30', today: '2026-11-22' });
  expect(answer.streams.map(({ what, receiverName, kind }) => [what, receiverName, kind])).toEqual([
    ['onec', '1С', 'IV'],
    ['onec', '1С', 'RD'],
    ['report', 'hourly-matrix', 'xlsx'],
  ]);
  const cell = (stream: number) => answer.streams[stream]?.cells[19];
  expect(cell(0)).toMatchObject({ state: 'delivered', things: [{ id: record.id, name: '1' }] });
  expect(cell(2)).toMatchObject({ state: 'delivered', things: [{ name: 'report_hourly-matrix.xlsx' }] });
  // The day after the first package was never handed over.
  expect(answer.streams[0]?.cells[20]?.state).toBe('missing');
  expect(await handlers['packages.get']({ packageId: record.id }, context)).toMatchObject({ number: 1, state: 'delivered' });
});
