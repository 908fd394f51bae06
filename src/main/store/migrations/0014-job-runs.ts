import type { Migration } from '../migrate.ts';

/** The log of the jobs, and packages looked up by the days they are about. */
export const jobRuns: Migration = {
  version: 14,
  sql: `
CREATE TABLE job_run (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,  -- id of the schedule in the settings
  what TEXT NOT NULL CHECK (what IN ('onec', 'xml80020', 'report')),  -- what the job hands over
  cause TEXT NOT NULL CHECK (cause IN ('schedule', 'hand')),
  from_day TEXT NOT NULL,  -- first day of the period, ISO date of the site
  to_day TEXT NOT NULL,  -- last day, inclusive
  booked INTEGER NOT NULL CHECK (booked IN (0, 1)),  -- 1 = counts as the run of its schedule
  started_utc INTEGER NOT NULL,  -- start of the first try
  ended_utc INTEGER NOT NULL,  -- end of the last try
  duration_ms INTEGER NOT NULL,  -- of the last try
  tries INTEGER NOT NULL CHECK (tries >= 1),  -- how often it was tried over the same period with the same failure
  outcome TEXT NOT NULL CHECK (outcome IN ('made', 'incomplete', 'undelivered', 'nothing', 'failed')),
  made TEXT NOT NULL,  -- JSON list of what was made: [{kind, id, name}]
  error TEXT,  -- code; NULL = nothing went wrong
  message TEXT  -- the program's own words of the error
) STRICT;
CREATE INDEX job_run_of_job ON job_run (job, id);
CREATE INDEX job_run_by_start ON job_run (started_utc);
CREATE INDEX job_run_by_day ON job_run (to_day, from_day);
CREATE INDEX package_by_job ON package (job, mode, from_day, to_day) WHERE job IS NOT NULL;
CREATE INDEX package_by_day ON package (to_day, from_day);
`,
};
