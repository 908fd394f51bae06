import type { ErrorCode } from '../api/errors.ts';
import type { ScheduleWhat } from '../api/schedules.ts';
import type { UtcSeconds } from './time.ts';

/** ISO dates of the site, both inclusive. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * What came of a run: `made` whole, `incomplete` made though figures are missing, `undelivered` made and waiting for its folder,
 * `nothing` there was nothing to hand over, `failed` nothing was made.
 */
export const JOB_OUTCOMES = ['made', 'incomplete', 'undelivered', 'nothing', 'failed'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** One thing that a run has made: a package by its id, a supplier's file by its id, or a plain file. */
export interface MadeThing {
  readonly kind: 'package' | 'supplier-file' | 'file';
  readonly id: number | null;
  /** Number of the package, or name of the file. */
  readonly name: string;
}

/** One run of a job. Tries that fail over the same period for the same reason are one run. */
export interface JobRun {
  readonly id: number;
  /** Id of the schedule. */
  readonly job: string;
  readonly what: ScheduleWhat;
  readonly cause: 'schedule' | 'hand';
  readonly from: string;
  readonly to: string;
  /** It counts as the run of its schedule; a run by hand over an incomplete period does not. */
  readonly isBooked: boolean;
  /** Start of the first try. */
  readonly startedUtc: UtcSeconds;
  /** End of the last try. */
  readonly endedUtc: UtcSeconds;
  /** Of the last try. */
  readonly durationMs: number;
  readonly tries: number;
  readonly outcome: JobOutcome;
  readonly made: readonly MadeThing[];
  /** Code of what went wrong; null = nothing did. */
  readonly error: ErrorCode | null;
  /** The program's own words of it, for the log. */
  readonly message: string | null;
}
