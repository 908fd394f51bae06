import { AppError, type ErrorCode } from '../../shared/api/errors.ts';
import type { ScheduleWhat } from '../../shared/api/schedules.ts';
import type { JobOutcome, JobRun, MadeThing, Period } from '../../shared/domain/job-run.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads the log of the jobs. */
export interface JobRunReader {
  /** Newest first, of one job or of all. */
  list(job: string | null, offset: number, limit: number): { readonly rows: JobRun[]; readonly total: number };
  /** The newest one of a job. */
  last(job: string): JobRun | null;
  /** Runs of one kind of job whose period touches the days, both inclusive, in any order. */
  touching(what: ScheduleWhat, from: string, to: string): JobRun[];
  /** Periods of booked runs that did not fail and that begin on `fromDay` or later. */
  madePeriods(job: string, fromDay: string): Period[];
}

/** Writes the log of the jobs. Every call is one durable transaction. */
export interface JobRunWriter {
  add(run: Omit<JobRun, 'id'>): JobRun;
  /** One more try of a run that failed before. Throws `api/not-found`. */
  tryAgain(id: number, last: Pick<JobRun, 'endedUtc' | 'durationMs' | 'message'>): JobRun;
  /** Deletes runs that began before. */
  forget(beforeUtc: UtcSeconds): void;
}

const FIELDS = `id, job, what, cause, from_day, to_day, booked, started_utc, ended_utc, duration_ms, tries, outcome, made, error, message`;

type RunRow = Row & {
  readonly id: number;
  readonly job: string;
  readonly what: ScheduleWhat;
  readonly cause: JobRun['cause'];
  readonly from_day: string;
  readonly to_day: string;
  readonly booked: number;
  readonly started_utc: number;
  readonly ended_utc: number;
  readonly duration_ms: number;
  readonly tries: number;
  readonly outcome: JobOutcome;
  readonly made: string;
  readonly error: ErrorCode | null;
  readonly message: string | null;
};

/** Job runs of an open database. */
export function jobRunReader(db: ReadableDb): JobRunReader {
  const page = db.query<[limit: number, offset: number], RunRow>(`SELECT ${FIELDS} FROM job_run ORDER BY id DESC LIMIT ? OFFSET ?`);
  const pageOf = db.query<[job: string, limit: number, offset: number], RunRow>(
    `SELECT ${FIELDS} FROM job_run WHERE job = ? ORDER BY id DESC LIMIT ? OFFSET ?`,
  );
  const count = db.query<[], Row & { n: number }>('SELECT count(*) AS n FROM job_run');
  const countOf = db.query<[job: string], Row & { n: number }>('SELECT count(*) AS n FROM job_run WHERE job = ?');
  const made = db.query<[job: string, fromDay: string], Row & Period>(
    `SELECT from_day AS "from", to_day AS "to" FROM job_run
     WHERE job = ? AND outcome <> 'failed' AND booked = 1 AND from_day >= ?`,
  );
  const touching = db.query<[from: string, to: string, what: string], RunRow>(
    `SELECT ${FIELDS} FROM job_run WHERE to_day >= ? AND from_day <= ? AND what = ?`,
  );
  const rowsOf = (job: string | null, offset: number, limit: number) =>
    (job === null ? page.all(limit, offset) : pageOf.all(job, limit, offset)).map(runOf);
  return {
    list: (job, offset, limit) => ({
      rows: rowsOf(job, offset, limit),
      total: (job === null ? count.get() : countOf.get(job))?.n ?? 0,
    }),
    last: (job) => rowsOf(job, 0, 1)[0] ?? null,
    touching: (what, from, to) => touching.all(from, to, what).map(runOf),
    madePeriods: (job, fromDay) => made.all(job, fromDay).map(({ from, to }) => ({ from, to })),
  };
}

/** Writes job runs into an open database. */
export function jobRunWriter(db: WritableDb): JobRunWriter {
  const get = db.query<[id: number], RunRow>(`SELECT ${FIELDS} FROM job_run WHERE id = ?`);
  const insert = db.command(
    `INSERT INTO job_run (job, what, cause, from_day, to_day, booked, started_utc, ended_utc, duration_ms, tries, outcome, made, error, message)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const again = db.command('UPDATE job_run SET tries = tries + 1, ended_utc = ?, duration_ms = ?, message = ? WHERE id = ?');
  const forget = db.command('DELETE FROM job_run WHERE started_utc < ?');
  const existing = (id: number): JobRun => {
    const row = get.get(id);
    if (row === undefined) throw new AppError('api/not-found', `There is no job run ${id}`, { context: { id } });
    return runOf(row);
  };
  return {
    add: (run) =>
      db.transaction(() => {
        const { job, what, cause, from, to, startedUtc, endedUtc, durationMs, tries, outcome, error, message } = run;
        const [booked, made] = [Number(run.isBooked), JSON.stringify(run.made)];
        return existing(
          insert.insert(job, what, cause, from, to, booked, startedUtc, endedUtc, durationMs, tries, outcome, made, error, message),
        );
      }),
    tryAgain: (id, { endedUtc, durationMs, message }) =>
      db.transaction(() => {
        again.run(endedUtc, durationMs, message, id);
        return existing(id);
      }),
    forget(beforeUtc) {
      forget.run(beforeUtc);
    },
  };
}

function runOf(row: RunRow): JobRun {
  const made: MadeThing[] = JSON.parse(row.made);
  return {
    id: row.id,
    job: row.job,
    what: row.what,
    cause: row.cause,
    from: row.from_day,
    to: row.to_day,
    isBooked: row.booked === 1,
    startedUtc: row.started_utc,
    endedUtc: row.ended_utc,
    durationMs: row.duration_ms,
    tries: row.tries,
    outcome: row.outcome,
    made,
    error: row.error,
    message: row.message,
  };
}
