import { expect, test } from 'vitest';
import { jobLines, jobTroubles } from '../../../src/main/api/jobs.ts';
import { attentionList } from '../../../src/main/api/overview.ts';
import { Site } from '../../../src/main/api/site.ts';
import { DEFAULT_SETTINGS } from '../../../src/shared/api/settings.ts';
import type { JobRun } from '../../../src/shared/domain/job-run.ts';
import { MIDNIGHT, temporaryStore } from '../store/support.ts';

const failed: Omit<JobRun, 'id'> = {
  job: 'daily-iv',
  what: 'onec',
  cause: 'schedule',
  from: '2026-11-21',
  to: '2026-11-21',
  isBooked: true,
  startedUtc: MIDNIGHT,
  endedUtc: MIDNIGHT + 3600,
  durationMs: 12,
  tries: 4,
  outcome: 'failed',
  made: [],
  error: 'store/disk-full',
  message: 'no room',
};

function rig() {
  const { store, clock } = temporaryStore();
  return { store, clock, site: new Site({ store, clock, engine: () => null }) };
}

test('a job asks for attention from its first failure until it succeeds', () => {
  const { store, site } = rig();
  expect(jobTroubles(site)).toEqual([]);
  store.jobRuns.add(failed);
  expect(jobTroubles(site)).toEqual([
    {
      code: 'job-failed',
      state: 'fault',
      subject: { kind: 'job', id: null, name: 'daily-iv' },
      since: '2026-11-22T00:00:00Z',
      params: { error: 'store/disk-full', what: 'onec', receiver: '1С', kind: 'IV', from: '2026-11-21', to: '2026-11-21', tries: 4 },
    },
  ]);
  expect(attentionList(site)).toMatchObject([{ code: 'job-failed' }]);
  store.jobRuns.add({ ...failed, outcome: 'undelivered', error: 'export/folder-unavailable' });
  expect(jobTroubles(site)).toEqual([]);
});

test('a job that is switched off asks for nothing', () => {
  const { store, site } = rig();
  store.jobRuns.add(failed);
  store.settings.save({ ...DEFAULT_SETTINGS, schedules: DEFAULT_SETTINGS.schedules.map((one) => ({ ...one, isEnabled: false })) }, 'test');
  expect(jobTroubles(site)).toEqual([]);
});

test('a job that worked and has not made its newest period by its hour is late', async () => {
  const { store, clock, site } = rig();
  const made = { ...failed, outcome: 'made', error: null } as const;
  // It is noon of the 22nd at the site; 21 November was due by nine.
  expect(jobTroubles(site)).toEqual([]);
  store.jobRuns.add({ ...made, from: '2026-11-20', to: '2026-11-20' });
  expect(jobTroubles(site)).toMatchObject([
    { code: 'job-late', subject: { name: 'daily-iv' }, since: '2026-11-22T06:00:00Z', params: { from: '2026-11-21', kind: 'IV' } },
  ]);
  store.jobRuns.add(made);
  expect(jobTroubles(site)).toEqual([]);
  await clock.advance(21 * 3_600_000);
  // Nine in the morning of the 23rd: the grace is not over.
  expect(jobTroubles(site)).toEqual([]);
  await clock.advance(16 * 60_000);
  expect(jobTroubles(site)).toMatchObject([{ code: 'job-late', params: { from: '2026-11-22' } }]);
});

test('the command line tells the next moment of each job and its last run', () => {
  const { store, site } = rig();
  store.jobRuns.add(failed);
  expect(jobLines(site)).toEqual([
    {
      job: 'daily-iv',
      what: 'onec',
      receiver: '1c',
      kind: 'IV',
      period: 'previous-day',
      enabled: true,
      next: '2026-11-23T03:00:00Z',
      last: {
        from: '2026-11-21',
        to: '2026-11-21',
        cause: 'schedule',
        outcome: 'failed',
        ended: '2026-11-22T01:00:00Z',
        tries: 4,
        made: [],
        error: 'store/disk-full',
      },
    },
    {
      job: 'daily-rd',
      what: 'onec',
      receiver: '1c',
      kind: 'RD',
      period: 'previous-day',
      enabled: true,
      next: '2026-11-23T03:00:00Z',
      last: null,
    },
  ]);
});
