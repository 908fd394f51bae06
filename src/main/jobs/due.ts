/** When a schedule is due, for which period, and what it owes. */
import { Cron } from 'croner';
import type { Schedule } from '../../shared/api/schedules.ts';
import type { Period } from '../../shared/domain/job-run.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { addDays, type SiteZone, startOfMonth } from '../metering/zone.ts';

export type { Period } from '../../shared/domain/job-run.ts';

/** How far back missed runs are made up for: a week of daily jobs, one month of monthly ones. */
const RUNS_BACK = { 'previous-day': 7, 'previous-month': 1 } as const;

/** The part of a schedule that says when. */
export type Timing = Pick<Schedule, 'at' | 'period' | 'dayOfMonth' | 'whenComplete' | 'latest' | 'isEnabled'>;

export interface OwedQuestion {
  readonly zone: SiteZone;
  readonly nowUtc: UtcSeconds;
  /** When this process began to watch. */
  readonly watchingSinceUtc: UtcSeconds;
  /** Periods of everything that the job ever made, delivered or not. */
  readonly made: readonly Period[];
  /** Whether a period is as complete as the schedule asks for; false when nothing is expected of it. */
  readonly isComplete: (period: Period) => boolean;
}

export interface DueRun {
  readonly period: Period;
  readonly dueUtc: UtcSeconds;
  /** Until when the run waits for its figures; not before `dueUtc`. */
  readonly latestUtc: UtcSeconds;
}

/** A run whose moment has come. */
export interface OwedRun extends DueRun {
  /** False while it waits for its figures. */
  readonly isRipe: boolean;
}

/** Periods that a schedule has to hand over now, oldest first. */
export function owedRuns(schedule: Timing, question: OwedQuestion): Period[] {
  return openRuns(schedule, question)
    .filter(({ isRipe }) => isRipe)
    .map(({ period }) => period);
}

/**
 * Runs that are due and not made, oldest first. A run that waits for a complete period waits until `latest`; after a start it
 * has the same patience from the start on, since the engine has yet to fetch what was missed while the PC was off. Missed runs
 * are owed a week (daily) or a month back, but not from before the job's first period. A job that never made one owes the newest
 * period only, and when that fell due before the watch began, only once it is complete: what the plant had no meters for, or no
 * folder, was not missed.
 */
export function openRuns(schedule: Timing, question: OwedQuestion): OwedRun[] {
  if (!schedule.isEnabled) return [];
  const { zone, nowUtc, watchingSinceUtc, made, isComplete } = question;
  const isNew = made.length === 0;
  const firstMade = made.reduce((first, { from }) => (from < first ? from : first), '9999-12-31');
  const due = dueRuns(schedule, zone, nowUtc);
  return due
    .filter(({ period }, index) => (isNew ? index === due.length - 1 : period.from > firstMade))
    .filter(({ period }) => !made.some(({ from, to }) => from === period.from && to === period.to))
    .map((run) => {
      const { period, dueUtc, latestUtc } = run;
      if (isNew && dueUtc < watchingSinceUtc) return { ...run, isRipe: isComplete(period) };
      const deadlineUtc = Math.max(latestUtc, watchingSinceUtc + (latestUtc - dueUtc));
      return { ...run, latestUtc: deadlineUtc, isRipe: !schedule.whenComplete || nowUtc >= deadlineUtc || isComplete(period) };
    });
}

/** Runs whose moment has come, oldest first. */
function dueRuns(schedule: Timing, zone: SiteZone, nowUtc: UtcSeconds): DueRun[] {
  // A moment that is just now counts: the calendar looks strictly before.
  const before = new Date((nowUtc + 1) * 1000);
  const moments = calendarOf(schedule, zone).previousRuns(RUNS_BACK[schedule.period], before);
  return moments.reverse().map((moment) => {
    const dueUtc = moment.getTime() / 1000;
    return { period: lastPeriod(schedule, zone, dueUtc), dueUtc, latestUtc: latestOf(schedule, zone, dueUtc) };
  });
}

/** The next moment of a schedule, enabled or not, whatever it owes from before. */
export function nextRunUtc(schedule: Timing, zone: SiteZone, nowUtc: UtcSeconds): UtcSeconds | null {
  const next = calendarOf(schedule, zone).nextRun(new Date(nowUtc * 1000));
  return next === null ? null : next.getTime() / 1000;
}

/** The period that a run at this moment is about: the day or the month before. */
export function lastPeriod({ period }: Pick<Timing, 'period'>, zone: SiteZone, nowUtc: UtcSeconds): Period {
  const day = zone.dateOf(nowUtc);
  if (period === 'previous-day') return { from: addDays(day, -1), to: addDays(day, -1) };
  return { from: startOfMonth(day, -1), to: addDays(startOfMonth(day), -1) };
}

/** When the run of a period is due, for a period as `lastPeriod` gives it. */
export function dueOf(schedule: Timing, period: Period, zone: SiteZone): DueRun {
  const next = addDays(period.to, 1);
  const day = schedule.period === 'previous-day' ? next : addDays(next, schedule.dayOfMonth - 1);
  const dueUtc = zone.momentOf(day, schedule.at);
  return { period, dueUtc, latestUtc: latestOf(schedule, zone, dueUtc) };
}

function latestOf({ latest, whenComplete }: Timing, zone: SiteZone, dueUtc: UtcSeconds): UtcSeconds {
  return whenComplete ? Math.max(dueUtc, zone.momentOf(zone.dateOf(dueUtc), latest)) : dueUtc;
}

function calendarOf({ at, period, dayOfMonth }: Timing, zone: SiteZone): Cron {
  const [hour, minute] = at.split(':').map(Number);
  return new Cron(`${minute} ${hour} ${period === 'previous-month' ? dayOfMonth : '*'} * *`, { timezone: zone.name, paused: true });
}
