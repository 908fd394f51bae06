/** Schemas of the jobs by the clock and of their log. */
import { z } from 'zod';
import { JOB_OUTCOMES } from '../domain/job-run.ts';
import { ERROR_CODES } from './errors.ts';
import { schedule } from './schedules.ts';
import { id, isoDate, isoInstant } from './values.ts';

export const jobRun = z.object({
  runId: id,
  job: z.string().describe('Id of the schedule'),
  what: z.enum(['onec', 'xml80020', 'report']),
  cause: z.enum(['schedule', 'hand']),
  from: isoDate,
  to: isoDate.describe('Inclusive'),
  startedAt: isoInstant.describe('Start of the first try'),
  endedAt: isoInstant.describe('End of the last try'),
  durationMs: z.number().int().nonnegative().describe('Of the last try'),
  tries: z.number().int().positive().describe('Tries of the same period with the same failure'),
  outcome: z
    .enum(JOB_OUTCOMES)
    .describe('made whole, incomplete made with figures missing, undelivered waits for its folder, nothing to hand over, failed'),
  made: z.array(
    z.object({
      kind: z.enum(['package', 'supplier-file', 'file']),
      id: id.nullable(),
      name: z.string().describe('Number of the package or name of the file'),
    }),
  ),
  error: z.enum(ERROR_CODES).nullable(),
});
export type JobRunRow = z.infer<typeof jobRun>;

export const JOB_STATES = ['off', 'not-ready', 'running', 'waiting', 'retrying', 'idle'] as const;

export const job = z.object({
  schedule,
  state: z
    .enum(JOB_STATES)
    .describe('off switched off, not-ready nothing to tell or nowhere to put it, waiting for figures, retrying after a failure'),
  nextAt: isoInstant.nullable().describe('Next moment by the calendar; null when switched off'),
  waits: z
    .object({
      from: isoDate,
      to: isoDate,
      until: isoInstant.describe('Then it goes out as it is'),
      expected: z.number().int().nullable().describe('Figures; null when it cannot be told'),
      settled: z.number().int().nullable().describe('Of them stored or proven absent'),
    })
    .nullable()
    .describe('What it waits for: the oldest period that is due'),
  retryAt: isoInstant.nullable().describe('Next try after a failure'),
  lastRun: jobRun.nullable(),
});
export type Job = z.infer<typeof job>;

export const jobLogRequest = z.strictObject({
  jobId: z.string().max(40).optional(),
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(1000).default(100),
});
