/** What a kind of job brings along: the composition passes one for each `what` of the schedules. */
import type { AppError } from '../../shared/api/errors.ts';
import type { Schedule, ScheduleWhat } from '../../shared/api/schedules.ts';
import type { JobOutcome, JobRun, MadeThing, Period } from '../../shared/domain/job-run.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';

/** Expected figures of a period and how many of them are stored or proven absent. */
export interface Settled {
  readonly expected: number;
  readonly settled: number;
}

/** What `make` made. A thing that waits for its folder is made: `error` tells why it is not there yet. */
export interface TaskResult {
  readonly outcome: Exclude<JobOutcome, 'failed'>;
  readonly made: readonly MadeThing[];
  readonly error: AppError | null;
}

export interface JobTask<S extends Schedule = Schedule> {
  /** False while there is nothing to tell or nowhere to put it: no points, no folder chosen. */
  isReady(schedule: S): boolean;
  /** Periods of everything that the job is known to have made, delivered or not; the runner knows its own runs besides. */
  madePeriods(schedule: S): readonly Period[];
  /** Whether the period is as complete as the schedule asks for; false when nothing is expected of it. Asked once a minute. */
  isComplete(schedule: S, period: Period): boolean;
  /** The same in figures, for people; null when it cannot be told. */
  settled(schedule: S, period: Period): Settled | null;
  /** `job` is what it is booked on: the schedule's id, null when it must not count as the schedule's own. Throws when nothing was made. */
  make(schedule: S, period: Period, job: string | null): Promise<TaskResult>;
}

export type JobTasks = { readonly [W in ScheduleWhat]?: JobTask<Extract<Schedule, { what: W }>> };

/** Where runs are remembered. Every call is one durable transaction. */
export interface JobRunStore {
  /** The newest one of a job. */
  last(job: string): JobRun | null;
  /** Periods of booked runs that did not fail and that begin on `fromDay` or later. */
  madePeriods(job: string, fromDay: string): readonly Period[];
  add(run: Omit<JobRun, 'id'>): JobRun;
  /** One more try of a run that failed before. Throws `api/not-found`. */
  tryAgain(id: number, last: Pick<JobRun, 'endedUtc' | 'durationMs' | 'message'>): JobRun;
  /** Deletes runs that began before. */
  forget(beforeUtc: UtcSeconds): void;
}
