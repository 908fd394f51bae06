/** The jobs as the API, the command line and the list of what asks for attention tell of them. */
import type { Job, JobRunRow } from '../../shared/api/jobs.ts';
import { receiversOf } from '../../shared/api/receivers.ts';
import type { Schedule } from '../../shared/api/schedules.ts';
import type { Attention } from '../../shared/api/values.ts';
import type { JobRun } from '../../shared/domain/job-run.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { addDays } from '../metering/zone.ts';
import { dueOf, type DueRun, lastPeriod, nextRunUtc } from '../jobs/due.ts';
import type { JobRunner, JobView } from '../jobs/runner.ts';
import type { Handlers } from './dispatch.ts';
import type { Site } from './site.ts';

export interface JobHandlerDeps {
  readonly site: Site;
  readonly jobs: Pick<JobRunner, 'views' | 'run'>;
}

export function jobHandlers({ site, jobs }: JobHandlerDeps): Pick<Handlers, 'jobs.list' | 'jobs.log' | 'jobs.run'> {
  return {
    'jobs.list': () => jobs.views().map(jobOf),
    'jobs.log': ({ jobId, offset, limit }) => {
      const { rows, total } = site.store.jobRuns.list(jobId ?? null, offset, limit);
      return { rows: rows.map(jobRunRow), total };
    },
    'jobs.run': async ({ jobId }) => jobRunRow(await jobs.run(jobId)),
  };
}

function jobOf({ schedule, state, nextUtc, waits, retryUtc, lastRun }: JobView): Job {
  return {
    schedule,
    state,
    nextAt: nextUtc === null ? null : isoUtc(nextUtc),
    waits:
      waits === null
        ? null
        : {
            ...waits.period,
            until: isoUtc(waits.untilUtc),
            expected: waits.settled?.expected ?? null,
            settled: waits.settled?.settled ?? null,
          },
    retryAt: retryUtc === null ? null : isoUtc(retryUtc),
    lastRun: lastRun === null ? null : jobRunRow(lastRun),
  };
}

function jobRunRow(run: JobRun): JobRunRow {
  const { id, job, what, cause, from, to, durationMs, tries, outcome, error } = run;
  return {
    runId: id,
    job,
    what,
    cause,
    from,
    to,
    startedAt: isoUtc(run.startedUtc),
    endedAt: isoUtc(run.endedUtc),
    durationMs,
    tries,
    outcome,
    made: run.made.map((thing) => ({ ...thing })),
    error,
  };
}

/** One line for each job, as a data folder tells of it by itself. */
export function jobLines(site: Site): object[] {
  return site.settings.schedules.map((schedule) => {
    const last = site.store.jobRuns.last(schedule.id);
    const next = schedule.isEnabled ? nextRunUtc(schedule, site.zone, site.nowUtc()) : null;
    return {
      job: schedule.id,
      what: schedule.what,
      ...(schedule.what === 'onec' ? { receiver: schedule.receiver, kind: schedule.kind } : {}),
      ...(schedule.what === 'report' ? { report: schedule.report, format: schedule.format } : {}),
      period: schedule.period,
      enabled: schedule.isEnabled,
      next: next === null ? null : isoUtc(next),
      last:
        last === null
          ? null
          : {
              from: last.from,
              to: last.to,
              cause: last.cause,
              outcome: last.outcome,
              ended: isoUtc(last.endedUtc),
              tries: last.tries,
              made: last.made.map(({ name }) => name),
              error: last.error,
            },
    };
  });
}

/** After its latest hour a job has so long before it is called late: a look comes once a minute, and making takes time. */
const GRACE_S = 15 * 60;
/** Whether a job ever worked is seen by its runs of so many days: two months of a monthly one. */
const LOOK_BACK_DAYS = 70;

/**
 * Jobs whose last run failed, from the first failure on until a run succeeds, and jobs that once worked and whose newest period is
 * past its latest hour without a run at all. One that is switched off asks for nothing.
 */
export function jobTroubles(site: Site): Attention[] {
  return site.settings.schedules.flatMap((schedule): Attention[] => {
    if (!schedule.isEnabled) return [];
    const subject = { kind: 'job' as const, id: null, name: schedule.id };
    const run = site.store.jobRuns.last(schedule.id);
    if (run !== null && run.outcome === 'failed') {
      const params = { error: run.error, ...subjectParams(site, schedule), from: run.from, to: run.to, tries: run.tries };
      return [{ code: 'job-failed', state: 'fault', subject, since: isoUtc(run.startedUtc), params }];
    }
    const late = latePeriod(site, schedule);
    if (late === null) return [];
    const { period, latestUtc } = late;
    return [
      { code: 'job-late', state: 'fault', subject, since: isoUtc(latestUtc), params: { ...subjectParams(site, schedule), ...period } },
    ];
  });
}

/** The newest period when its time is over and the job, which made others before, has not made it. */
function latePeriod(site: Site, schedule: Schedule): DueRun | null {
  const newest = dueOf(schedule, lastPeriod(schedule, site.zone, site.nowUtc()), site.zone);
  if (site.nowUtc() <= newest.latestUtc + GRACE_S) return null;
  const { from, to } = newest.period;
  const made = [
    ...site.store.packageDays.periodsOfJob(schedule.id),
    ...site.store.jobRuns.madePeriods(schedule.id, addDays(from, -LOOK_BACK_DAYS)),
  ];
  const isMade = made.some((period) => period.from === from && period.to === to);
  return isMade || !made.some((period) => period.from < from) ? null : newest;
}

/** What the job hands over, for its name in words. */
function subjectParams(site: Site, schedule: Schedule): Attention['params'] {
  const { what } = schedule;
  if (what === 'onec') {
    const receiver = receiversOf(site.settings).find(({ id }) => id === schedule.receiver);
    return { what, receiver: receiver?.name ?? schedule.receiver, kind: schedule.kind };
  }
  return what === 'report' ? { what, receiver: schedule.report, kind: schedule.format } : { what, receiver: '', kind: '' };
}
