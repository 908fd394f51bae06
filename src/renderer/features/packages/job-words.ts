import type { Job, JobRunRow } from '../../../shared/api/jobs.ts';
import type { Schedule } from '../../../shared/api/schedules.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { Attention } from '../../../shared/api/values.ts';
import type { Locale } from '../../ui/locale.ts';
import type { Mark } from '../../ui/state-mark.tsx';
import { periodText, streamName } from './calendar.ts';
import { receiverNames } from './receivers.ts';

/** `1С, интервалы 30 минут`: what a job hands over, in words. */
export function jobName(schedule: Schedule, receiverName: (receiver: string) => string, t: Locale['t']): string {
  const { what } = schedule;
  if (what === 'onec') return streamName({ ...schedule, receiverName: receiverName(schedule.receiver) }, t);
  const [receiver, kind] = what === 'report' ? [schedule.report, schedule.format] : ['', ''];
  return streamName({ what, receiver, receiverName: receiver, kind }, t);
}

/** Who made a package: a person, or a job by its name; one that is no more is known as a schedule alone. */
export function makerWords(job: string | null, settings: Settings | null, t: Locale['t']): string {
  if (job === null) return t('packages.byHand');
  const schedule = settings?.schedules.find(({ id }) => id === job);
  if (schedule === undefined) return t('packages.bySchedule');
  return `${t('packages.bySchedule')}: ${jobName(schedule, receiverNames(settings), t)}, ${whenWords(schedule, t)}`;
}

/** The name of a job that failed, by what its event tells; the event's own subject is the id of the job. */
export function failedJobName({ params, subject }: Attention, t: Locale['t']): string {
  const { what, receiver, kind } = params;
  if ((what !== 'onec' && what !== 'xml80020' && what !== 'report') || typeof receiver !== 'string' || typeof kind !== 'string')
    return subject.name;
  return streamName({ what, receiver, receiverName: receiver, kind }, t);
}

/** `ежедневно в 06:00`. */
export function whenWords({ period, dayOfMonth, at }: Schedule, t: Locale['t']): string {
  return period === 'previous-day' ? t('jobs.daily', { at }) : t('jobs.monthly', { day: dayOfMonth, at });
}

export function conditionWords({ whenComplete, threshold, latest }: Schedule, t: Locale['t']): string {
  if (!whenComplete) return t('jobs.atOnce');
  return threshold === 100 ? t('jobs.whole', { latest }) : t('jobs.partly', { threshold, latest });
}

const STATE_MARKS: Readonly<Record<Job['state'], Mark>> = {
  off: 'no-data',
  'not-ready': 'attention',
  running: 'info',
  waiting: 'unchecked',
  retrying: 'fault',
  idle: 'ok',
};

export function jobMark(
  { state, retryAt }: Job,
  { t, time }: Pick<Locale, 't' | 'time'>,
): { readonly state: Mark; readonly label: string } {
  const label =
    state === 'retrying' ? t('jobs.states.retrying', { at: retryAt === null ? '' : time.time(retryAt) }) : t(`jobs.states.${state}`);
  return { state: STATE_MARKS[state], label };
}

/** What a job waits for: `21.11.2026: есть 97 %, до 09:00`. Shares are rounded down: 99.97 % never reads 100 %. */
export function waitsWords({ waits }: Job, { t, time, language }: Pick<Locale, 't' | 'time' | 'language'>): string | null {
  if (waits === null) return null;
  const { expected, settled, until } = waits;
  const period = periodText(waits, language);
  const at = time.time(until);
  if (expected === null || settled === null || expected === 0) return t('jobs.waitsUntil', { period, at });
  return t('jobs.waitsFor', { period, at, percent: Math.floor((settled * 100) / expected) });
}

const OUTCOME_MARKS: Readonly<Record<JobRunRow['outcome'], Mark>> = {
  made: 'ok',
  incomplete: 'attention',
  undelivered: 'attention',
  nothing: 'info',
  failed: 'fault',
};

export function outcomeMark({ outcome }: Pick<JobRunRow, 'outcome'>, t: Locale['t']): { readonly state: Mark; readonly label: string } {
  return { state: OUTCOME_MARKS[outcome], label: t(`jobs.outcomes.${outcome}`) };
}
