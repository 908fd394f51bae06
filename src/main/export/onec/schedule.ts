import { Cron } from 'croner';
import { asAppError } from '../../../shared/api/errors.ts';
import type { Schedule, Settings } from '../../../shared/api/settings.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { addDays, type SiteZone, siteZone, startOfMonth } from '../../metering/zone.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { PackageRequest } from './package.ts';

/** ISO dates of the site, both inclusive. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** How far back missed runs are made up for: a week of daily jobs, one month of monthly ones. */
const RUNS_BACK = { 'previous-day': 7, 'previous-month': 1 } as const;
const CHECK_EVERY_MS = 60_000;
const RETRY_EVERY_MS = 10 * 60_000;

export interface OwedQuestion {
  readonly zone: SiteZone;
  readonly nowUtc: UtcSeconds;
  /** When this process began to watch. */
  readonly watchingSinceUtc: UtcSeconds;
  /** Periods of all packages that the job ever made, delivered or not. */
  readonly made: readonly Period[];
  /** Whether everything that can be had of a period is there; false when nothing is expected of it. */
  readonly isComplete: (period: Period) => boolean;
}

/**
 * Periods that a schedule has to hand over now, oldest first. A run that waits for a complete period waits until `latest`;
 * after a start it has the same patience from the start on, since the engine has yet to fetch what was missed while the PC
 * was off. Missed runs are owed a week (daily) or a month back, but not from before the job's first package. A job that never
 * made one owes the newest period only, and when that fell due before the watch began, only once it is complete: what the
 * plant had no meters for, or no folder, was not missed.
 */
export function owedRuns(schedule: Schedule, question: OwedQuestion): Period[] {
  if (!schedule.isEnabled) return [];
  const { zone, nowUtc, watchingSinceUtc, made, isComplete } = question;
  const isNew = made.length === 0;
  const firstMade = made.reduce((first, { from }) => (from < first ? from : first), '9999-12-31');
  const due = dueRuns(schedule, zone, nowUtc);
  return due
    .filter(({ period }, index) => (isNew ? index === due.length - 1 : period.from > firstMade))
    .filter(({ period }) => !made.some(({ from, to }) => from === period.from && to === period.to))
    .filter(({ period, dueUtc, latestUtc }) => {
      if (isNew && dueUtc < watchingSinceUtc) return isComplete(period);
      const deadlineUtc = Math.max(latestUtc, watchingSinceUtc + (latestUtc - dueUtc));
      return !schedule.whenComplete || nowUtc >= deadlineUtc || isComplete(period);
    })
    .map(({ period }) => period);
}

interface DueRun {
  readonly period: Period;
  readonly dueUtc: UtcSeconds;
  /** Not before `dueUtc`. */
  readonly latestUtc: UtcSeconds;
}

/** Runs whose moment has come, oldest first. */
function dueRuns({ at, latest, period }: Schedule, zone: SiteZone, nowUtc: UtcSeconds): DueRun[] {
  const [hour, minute] = at.split(':').map(Number);
  const pattern = `${minute} ${hour} ${period === 'previous-month' ? '1' : '*'} * *`;
  // A moment that is just now counts: the calendar looks strictly before.
  const before = new Date((nowUtc + 1) * 1000);
  const moments = new Cron(pattern, { timezone: zone.name, paused: true }).previousRuns(RUNS_BACK[period], before);
  return moments.reverse().map((moment) => {
    const dueUtc = moment.getTime() / 1000;
    const day = zone.dateOf(dueUtc);
    const month = { from: startOfMonth(day, -1), to: addDays(startOfMonth(day), -1) };
    return {
      period: period === 'previous-month' ? month : { from: addDays(day, -1), to: addDays(day, -1) },
      dueUtc,
      latestUtc: Math.max(dueUtc, zone.momentOf(day, latest)),
    };
  });
}

export interface PackageScheduleDeps {
  /** A `PackageMaker`. */
  readonly maker: { make(request: PackageRequest): Promise<unknown>; resume(): Promise<unknown> };
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly log: Logger;
  /** False while there is nothing to tell or nowhere to put it: no points, no folder chosen. */
  readonly isReady: () => boolean;
  /** Periods of the packages whose `job` is this schedule. */
  readonly madePeriods: (scheduleId: string) => readonly Period[];
  /** Whether every expected interval (IV) or midnight reading (RD) is stored or proven absent; false when none is expected. */
  readonly isComplete: (kind: Schedule['kind'], period: Period) => boolean;
}

/**
 * Runs the schedules of the settings. It looks once a minute instead of sleeping until the next run, so a clock that is set,
 * a PC that slept and settings that changed need no care. Packages left unfinished are tried at the start and every ten minutes.
 */
export class PackageSchedule {
  readonly #deps: PackageScheduleDeps;
  readonly #watchingSinceUtc: UtcSeconds;
  #retryAtMs: number;
  #cancel: () => void = () => {};
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: PackageScheduleDeps) {
    this.#deps = deps;
    this.#watchingSinceUtc = Math.floor(deps.clock.now() / 1000);
    this.#retryAtMs = deps.clock.monotonic();
  }

  /** Begins to watch; the first look is taken at once. */
  start(): void {
    this.#running = this.#check().then(() => {
      if (!this.#isStopped) this.#cancel = this.#deps.clock.after(CHECK_EVERY_MS, () => this.start());
    });
  }

  /** Ends the watch; a package being made is finished first. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }

  async #check(): Promise<void> {
    const { maker, settings, clock, isReady } = this.#deps;
    if (clock.monotonic() >= this.#retryAtMs) {
      this.#retryAtMs = clock.monotonic() + RETRY_EVERY_MS;
      await this.#guarded({}, () => maker.resume());
    }
    if (!isReady()) return;
    for (const schedule of settings().schedules) await this.#guarded({ job: schedule.id }, () => this.#run(schedule));
  }

  async #run(schedule: Schedule): Promise<void> {
    const { maker, settings, clock, madePeriods, isComplete } = this.#deps;
    const periods = owedRuns(schedule, {
      zone: siteZone(settings().site.timeZone),
      nowUtc: Math.floor(clock.now() / 1000),
      watchingSinceUtc: this.#watchingSinceUtc,
      made: madePeriods(schedule.id),
      isComplete: (period) => isComplete(schedule.kind, period),
    });
    for (const period of periods) {
      if (this.#isStopped) return;
      await maker.make({ kind: schedule.kind, ...period, format: 'csv', job: schedule.id });
    }
  }

  /** One job that cannot run must not stop the others: it is named in the log and looked at again with the next round. */
  async #guarded(fields: { readonly job?: string }, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const error = asAppError(thrown);
      this.#deps.log.error({ ...fields, code: error.code, error: error.message, stack: error.stack }, 'scheduled packages failed');
    }
  }
}
