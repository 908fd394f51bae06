import { expect, test } from 'vitest';
import type { JobRun } from '../../../src/shared/domain/job-run.ts';
import { MIDNIGHT, temporaryStore } from './support.ts';

const run = (changes: Partial<Omit<JobRun, 'id'>> = {}): Omit<JobRun, 'id'> => ({
  job: 'daily-iv',
  what: 'onec',
  cause: 'schedule',
  from: '2026-11-21',
  to: '2026-11-21',
  isBooked: true,
  startedUtc: MIDNIGHT,
  endedUtc: MIDNIGHT + 3,
  durationMs: 2810,
  tries: 1,
  outcome: 'made',
  made: [{ kind: 'package', id: 7, name: '128' }],
  error: null,
  message: null,
  ...changes,
});

test('a run comes back as it was written, newest first, of one job or of all', () => {
  const { store } = temporaryStore();
  const first = store.jobRuns.add(run());
  const other = store.jobRuns.add(run({ job: 'daily-rd', outcome: 'failed', made: [], error: 'store/disk-full', message: 'no room' }));
  expect(first).toEqual({ ...run(), id: 1 });
  expect(store.jobRuns.list(null, 0, 10)).toEqual({ rows: [other, first], total: 2 });
  expect(store.jobRuns.list('daily-iv', 0, 10)).toEqual({ rows: [first], total: 1 });
  expect(store.jobRuns.list(null, 1, 10)).toEqual({ rows: [first], total: 2 });
  expect(store.jobRuns.last('daily-rd')).toEqual(other);
  expect(store.jobRuns.last('daily-mn')).toBeNull();
});

test('a period counts as made when its run was booked and did not fail', () => {
  const { store } = temporaryStore();
  store.jobRuns.add(run({ from: '2026-11-01', to: '2026-11-01' }));
  store.jobRuns.add(run({ from: '2026-11-18', to: '2026-11-18', outcome: 'nothing' }));
  store.jobRuns.add(run({ from: '2026-11-19', to: '2026-11-19', outcome: 'failed' }));
  store.jobRuns.add(run({ from: '2026-11-20', to: '2026-11-20', isBooked: false }));
  store.jobRuns.add(run({ job: 'daily-rd', from: '2026-11-21', to: '2026-11-21' }));
  expect(store.jobRuns.madePeriods('daily-iv', '2026-11-10')).toEqual([{ from: '2026-11-18', to: '2026-11-18' }]);
});

test('another try of a failed run counts in its row', () => {
  const { store } = temporaryStore();
  const { id } = store.jobRuns.add(run({ outcome: 'failed', made: [], error: 'store/disk-full', message: 'no room' }));
  const again = store.jobRuns.tryAgain(id, { endedUtc: MIDNIGHT + 63, durationMs: 40, message: 'still no room' });
  expect(again).toMatchObject({ tries: 2, startedUtc: MIDNIGHT, endedUtc: MIDNIGHT + 63, durationMs: 40, message: 'still no room' });
  expect(() => store.jobRuns.tryAgain(99, { endedUtc: 0, durationMs: 0, message: null })).toThrow(/no job run 99/);
});

test('old runs are forgotten', () => {
  const { store } = temporaryStore();
  store.jobRuns.add(run({ startedUtc: MIDNIGHT - 1 }));
  const kept = store.jobRuns.add(run());
  store.jobRuns.forget(MIDNIGHT);
  expect(store.jobRuns.list(null, 0, 10).rows).toEqual([kept]);
});

test('periods of a job are those of its whole packages; days find what touches them', () => {
  const { store } = temporaryStore();
  const add = (n: number, changes: Partial<Parameters<typeof store.packages.reserve>[0]>) =>
    store.packages.reserve({
      receiver: '1c',
      siteCode: 'SITE1',
      packId: `pack-${n}`,
      kind: 'IV',
      format: 'csv',
      formats: ['csv'],
      mode: 'full',
      from: '2026-11-20',
      to: '2026-11-20',
      createdUtc: MIDNIGHT,
      createdOffsetMin: 180,
      folder: 'out',
      job: 'daily-iv',
      replacesPackId: null,
      ...changes,
    });
  add(1, {});
  add(2, { from: '2026-11-10', to: '2026-11-19', mode: 'delta' });
  add(3, { from: '2026-11-18', to: '2026-11-18', job: null, kind: 'RD' });
  expect(store.packageDays.periodsOfJob('daily-iv')).toEqual([{ from: '2026-11-20', to: '2026-11-20' }]);
  expect(store.packageDays.touching('2026-11-19', '2026-11-19').map(({ number }) => number)).toEqual([2]);
  expect(
    store.packageDays
      .touching('2026-11-18', '2026-11-20')
      .map(({ number }) => number)
      .toSorted((a, b) => a - b),
  ).toEqual([1, 2, 3]);
  expect([store.packageDays.firstDay('1c', 'IV'), store.packageDays.firstDay('1c', 'MN')]).toEqual(['2026-11-10', null]);
});
