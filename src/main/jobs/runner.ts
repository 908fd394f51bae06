/** Runs the schedules of the settings: what is due, once, in order, one thing at a time. */
import { AppError, asAppError, type ErrorCode } from '../../shared/api/errors.ts';
import type { Schedule } from '../../shared/api/schedules.ts';
import type { JobRun, Period } from '../../shared/domain/job-run.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { addDays, type SiteZone } from '../metering/zone.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { lastPeriod, nextRunUtc, openRuns, type OwedRun } from './due.ts';
import type { JobRunStore, JobTask, JobTasks, Settled, TaskResult } from './task.ts';

const LOOK_EVERY_MS = 60_000;
/** How long a job is left alone after its first, second ... failure in a row. */
const BACK_OFF_MS = [1, 2, 5, 10, 30, 60].map((minutes) => minutes * 60_000);
/** More than a year: the same month of last year can be looked at. */
const KEPT_S = 400 * 86_400;
const FORGET_EVERY_MS = 86_400_000;
/** Own runs are looked up so far back: further than any job makes up for what it missed. */
const OWN_RUNS_DAYS = 70;

/** Work that is done from time to time beside the jobs, such as the delivery of what waits for its folder. Done at the start, too. */
export interface Round {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

export interface JobRunnerDeps {
  readonly tasks: JobTasks;
  readonly rounds: readonly Round[];
  readonly runs: JobRunStore;
  /** As they are at the moment of the call, like the zone. */
  readonly schedules: () => readonly Schedule[];
  readonly zone: () => SiteZone;
  readonly clock: Clock;
  /** The time of the site, not that of a PC whose clock is wrong. */
  readonly nowUtc: () => UtcSeconds;
  readonly log: Logger;
  /** A run has begun, has ended or was put off. */
  readonly onChanged: () => void;
}

/** `off` switched off, `not-ready` nothing to tell or nowhere to put it, `waiting` for figures, `retrying` after a failure. */
export type JobState = 'off' | 'not-ready' | 'running' | 'waiting' | 'retrying' | 'idle';

/** A job as it stands now. */
export interface JobView {
  readonly schedule: Schedule;
  readonly state: JobState;
  /** Next moment by the calendar; null when it is switched off. */
  readonly nextUtc: UtcSeconds | null;
  /** What it waits for: the oldest period that is due. */
  readonly waits: { readonly period: Period; readonly untilUtc: UtcSeconds; readonly settled: Settled | null } | null;
  readonly retryUtc: UtcSeconds | null;
  readonly lastRun: JobRun | null;
}

interface Failure {
  /** The schedule as it was: another one is tried at once. */
  readonly key: string;
  readonly tries: number;
  /** By the clock that never jumps. */
  readonly retryAtMs: number;
}

/**
 * It looks once a minute instead of sleeping until the next run, so a clock that is set, a PC that slept and settings that
 * changed need no care. A job that fails is left alone for longer and longer and never keeps the others back.
 */
export class JobRunner {
  readonly #deps: JobRunnerDeps;
  readonly #watchingSinceMs: number;
  readonly #roundsAtMs = new Map<string, number>();
  readonly #failures = new Map<string, Failure>();
  #forgetAtMs = Number.NEGATIVE_INFINITY;
  #running: string | null = null;
  #cancel: () => void = () => {};
  #isStopped = false;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
    this.#watchingSinceMs = deps.clock.monotonic();
  }

  /** Begins to watch; the first look is taken at once. */
  start(): void {
    void this.#inTurn(() => this.#look()).then(() => {
      if (!this.#isStopped) this.#cancel = this.#deps.clock.after(LOOK_EVERY_MS, () => this.start());
    });
  }

  /** Ends the watch; what is being made is finished first. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#tail;
  }

  /**
   * Hands over the newest period of a job now, complete or not, switched on or not. An incomplete period is not booked on the
   * schedule: it hands it over again in its time. A failure is told in the run. Throws `api/not-found`.
   */
  run(jobId: string): Promise<JobRun> {
    return this.#inTurn(async () => {
      const schedule = this.#deps.schedules().find(({ id }) => id === jobId);
      if (schedule === undefined) throw new AppError('api/not-found', `There is no job "${jobId}"`, { context: { job: jobId } });
      const task = this.#task(schedule);
      if (task === null) {
        throw new AppError('export/unsupported', `Jobs of kind ${schedule.what} cannot be run`, { context: { job: jobId } });
      }
      const period = lastPeriod(schedule, this.#deps.zone(), this.#deps.nowUtc());
      const run = await this.#make(schedule, task, period, 'hand');
      if (run.outcome !== 'failed') this.#failures.delete(jobId);
      return run;
    });
  }

  /** Every job of the settings, in their order. */
  views(): JobView[] {
    return this.#deps.schedules().map((schedule) => this.#view(schedule));
  }

  #view(schedule: Schedule): JobView {
    const { zone, runs, nowUtc, clock } = this.#deps;
    const task = this.#task(schedule);
    const failure = this.#failureOf(schedule);
    const isReady = task !== null && task.isReady(schedule);
    // A new job looks at what was due before it without a term: that it is not complete is no waiting.
    const waiting =
      isReady && schedule.isEnabled
        ? this.#open(schedule, task).find(({ isRipe, latestUtc }) => !isRipe && latestUtc > nowUtc())
        : undefined;
    const state = (): JobState => {
      if (this.#running === schedule.id) return 'running';
      if (!schedule.isEnabled) return 'off';
      if (!isReady) return 'not-ready';
      if (failure !== null) return 'retrying';
      return waiting === undefined ? 'idle' : 'waiting';
    };
    return {
      schedule,
      state: state(),
      nextUtc: schedule.isEnabled ? nextRunUtc(schedule, zone(), nowUtc()) : null,
      waits:
        waiting === undefined || task === null
          ? null
          : { period: waiting.period, untilUtc: waiting.latestUtc, settled: task.settled(schedule, waiting.period) },
      retryUtc: failure === null ? null : nowUtc() + Math.max(0, Math.ceil((failure.retryAtMs - clock.monotonic()) / 1000)),
      lastRun: runs.last(schedule.id),
    };
  }

  async #look(): Promise<void> {
    const { rounds, runs, schedules, clock, nowUtc } = this.#deps;
    const atMs = clock.monotonic();
    for (const round of rounds) {
      if (this.#isStopped) return;
      if (atMs < (this.#roundsAtMs.get(round.name) ?? atMs)) continue;
      this.#roundsAtMs.set(round.name, atMs + round.everyMs);
      await this.#guarded({ round: round.name }, () => round.run());
    }
    if (atMs >= this.#forgetAtMs) {
      this.#forgetAtMs = atMs + FORGET_EVERY_MS;
      await this.#guarded({}, async () => runs.forget(nowUtc() - KEPT_S));
    }
    for (const schedule of schedules()) {
      if (!schedule.isEnabled) continue;
      await this.#guarded({ job: schedule.id }, () => this.#runOwed(schedule));
    }
  }

  async #runOwed(schedule: Schedule): Promise<void> {
    const task = this.#task(schedule);
    if (task === null || !task.isReady(schedule)) return;
    if (this.#deps.clock.monotonic() < (this.#failureOf(schedule)?.retryAtMs ?? Number.NEGATIVE_INFINITY)) return;
    for (const { period, isRipe } of this.#open(schedule, task)) {
      if (this.#isStopped) return;
      if (!isRipe) continue;
      const run = await this.#make(schedule, task, period, 'schedule');
      if (run.outcome === 'failed') {
        // Later periods would go out before this one.
        this.#putOff(schedule);
        return;
      }
      this.#failures.delete(schedule.id);
    }
  }

  /** Runs of a schedule that are due and not made. */
  #open(schedule: Schedule, task: JobTask): OwedRun[] {
    const { zone, nowUtc, clock, runs } = this.#deps;
    const now = nowUtc();
    const fromDay = addDays(zone().dateOf(now), -OWN_RUNS_DAYS);
    return openRuns(schedule, {
      zone: zone(),
      nowUtc: now,
      // Counted back from now, so that a clock that was set in between does not move the start of the watch.
      watchingSinceUtc: now - Math.floor((clock.monotonic() - this.#watchingSinceMs) / 1000),
      made: [...task.madePeriods(schedule), ...runs.madePeriods(schedule.id, fromDay)],
      isComplete: (period) => task.isComplete(schedule, period),
    });
  }

  /** One try: made or failed, it is written down. */
  async #make(schedule: Schedule, task: JobTask, period: Period, cause: JobRun['cause']): Promise<JobRun> {
    const { clock, nowUtc, log, onChanged } = this.#deps;
    const startedUtc = nowUtc();
    const startedMs = clock.monotonic();
    this.#running = schedule.id;
    onChanged();
    let result: TaskResult | null = null;
    let error: AppError | null = null;
    let isBooked = cause === 'schedule';
    try {
      isBooked ||= task.isComplete(schedule, period);
      result = await task.make(schedule, period, isBooked ? schedule.id : null);
      ({ error } = result);
    } catch (thrown) {
      error = asAppError(thrown);
    } finally {
      this.#running = null;
    }
    const run = this.#writeDown({
      job: schedule.id,
      what: schedule.what,
      cause,
      from: period.from,
      to: period.to,
      isBooked,
      startedUtc,
      endedUtc: nowUtc(),
      durationMs: Math.round(clock.monotonic() - startedMs),
      tries: 1,
      outcome: result?.outcome ?? 'failed',
      made: result?.made ?? [],
      error: error?.code ?? null,
      message: error?.message ?? null,
    });
    const fields = { job: schedule.id, from: period.from, to: period.to, outcome: run.outcome };
    if (result === null) log.error({ ...fields, code: error?.code, error: error?.message, stack: error?.stack }, 'a job failed');
    else log.info(fields, 'a job ran');
    onChanged();
    return run;
  }

  /** The same failure again is one more try of the run that failed, so that a week without a folder is one row. */
  #writeDown(run: Omit<JobRun, 'id'>): JobRun {
    const { runs } = this.#deps;
    const last = runs.last(run.job);
    return last !== null && isSameFailure(last, run) ? runs.tryAgain(last.id, run) : runs.add(run);
  }

  #putOff(schedule: Schedule): void {
    const tries = (this.#failureOf(schedule)?.tries ?? 0) + 1;
    const waitMs = BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length) - 1] ?? LOOK_EVERY_MS;
    this.#failures.set(schedule.id, { key: keyOf(schedule), tries, retryAtMs: this.#deps.clock.monotonic() + waitMs });
  }

  /** What a schedule failed with when it read otherwise is over. */
  #failureOf(schedule: Schedule): Failure | null {
    const failure = this.#failures.get(schedule.id);
    return failure === undefined || failure.key !== keyOf(schedule) ? null : failure;
  }

  #task({ what }: Schedule): JobTask | null {
    return this.#deps.tasks[what] ?? null;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn.catch(() => {});
    return turn;
  }

  /** What cannot run must not stop the rest: it is named in the log and looked at again with the next look. */
  async #guarded(fields: { readonly job?: string; readonly round?: string }, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const error = asAppError(thrown);
      this.#deps.log.error({ ...fields, code: error.code, error: error.message, stack: error.stack }, 'the round of jobs failed');
    }
  }
}

function isSameFailure(
  last: JobRun,
  next: { readonly [K in 'outcome' | 'cause' | 'from' | 'to']: JobRun[K] } & { readonly error: ErrorCode | null },
): boolean {
  return (
    last.outcome === 'failed' &&
    next.outcome === 'failed' &&
    last.cause === next.cause &&
    last.from === next.from &&
    last.to === next.to &&
    last.error === next.error
  );
}

function keyOf(schedule: Schedule): string {
  return JSON.stringify(schedule);
}
