/** A month of what was handed over and what should have been: one row for each receiver and kind, one cell for each period. */
import type { Schedule, ScheduleWhat } from '../../shared/api/schedules.ts';
import type { PackageState } from '../../shared/domain/package.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { addDays, daysBetween, type SiteZone, startOfMonth } from '../metering/zone.ts';
import { dueOf, lastPeriod, type Period } from './due.ts';

/** After its latest hour a job has so long before what it makes counts as late: a look comes once a minute, and making takes time. */
const GRACE_S = 15 * 60;

/** What a row of the calendar is about. */
export interface StreamKey {
  readonly what: ScheduleWhat;
  /** Id of the receiver of packages, name of the report; '' for the supplier's file, whose receiver is one. */
  readonly receiver: string;
  /** Kind of the package, format of the report; '' for the supplier's file. */
  readonly kind: string;
}

/** One thing that was handed over: a package, a supplier's file, a report. */
export interface HandedOver extends StreamKey, Period {
  readonly id: number;
  /** Number of the package, or name of the file. */
  readonly name: string;
  readonly mode: 'full' | 'delta';
  readonly createdUtc: UtcSeconds;
  /** When it lay whole in its folder; null = not yet, or it is not known. */
  readonly deliveredUtc: UtcSeconds | null;
  readonly state: PackageState;
  /** Figures that it lacks. */
  readonly missing: number;
}

/** `not-due` not expected, or not yet; `waiting` due and waiting for figures; `missing` its latest hour has passed and nothing was made. */
export type CalendarState = PackageState | 'not-due' | 'waiting' | 'missing';

export interface CalendarCell extends Period {
  /** Of the newest thing over the period. */
  readonly state: CalendarState;
  /** What came first came after its latest hour. */
  readonly isLate: boolean;
  /** Changes were handed over afterwards. */
  readonly isCorrected: boolean;
  /** The last whole one lacks figures. */
  readonly isIncomplete: boolean;
  /** Until when it is expected; null when no schedule asks for it. */
  readonly latestUtc: UtcSeconds | null;
  /** Newest first. */
  readonly things: readonly HandedOver[];
}

export interface CalendarStream extends StreamKey {
  readonly period: 'day' | 'month';
  /** Ids of the schedules that are switched on. */
  readonly jobs: readonly string[];
  readonly cells: readonly CalendarCell[];
}

export interface CalendarQuestion {
  /** Any day of the month. */
  readonly month: string;
  readonly schedules: readonly Schedule[];
  /** Everything whose period touches the month, in any order. */
  readonly things: readonly HandedOver[];
  /** First day that a stream ever handed over; null = it never did. Nothing is missed from before. */
  readonly firstDay: (key: StreamKey) => string | null;
  readonly zone: SiteZone;
  readonly nowUtc: UtcSeconds;
}

/** Rows in the order of the schedules, then what was made by hand alone. */
export function calendar(question: CalendarQuestion): CalendarStream[] {
  const { month, schedules } = question;
  const days = daysBetween(startOfMonth(month), addDays(startOfMonth(month, 1), -1));
  const whole: Period = { from: days[0] ?? month, to: days.at(-1) ?? month };
  const things = question.things.filter(({ from, to }) => from <= whole.to && to >= whole.from);
  const enabled = schedules.filter(({ isEnabled }) => isEnabled);
  const hasRow = (key: StreamKey, period: Schedule['period']) =>
    enabled.some((schedule) => schedule.period === period && isSameStream(streamOf(schedule), key));
  /** A month by hand fills the days of a daily row; where a monthly row stands, or no row at all, it is a month. */
  const periodOf = (thing: HandedOver): CalendarStream['period'] =>
    isSamePeriod(thing, whole) && (hasRow(thing, 'previous-month') || !hasRow(thing, 'previous-day')) ? 'month' : 'day';

  const rows = new Map<string, Pick<CalendarStream, 'what' | 'receiver' | 'kind' | 'period'>>();
  const add = ({ what, receiver, kind }: StreamKey, period: CalendarStream['period']) => {
    const row = { what, receiver, kind, period };
    const key = JSON.stringify(row);
    if (!rows.has(key)) rows.set(key, row);
  };
  for (const schedule of enabled) add(streamOf(schedule), schedule.period === 'previous-month' ? 'month' : 'day');
  for (const thing of things) add(thing, periodOf(thing));

  return [...rows.values()].map((row) => {
    const own = things.filter((thing) => isSameStream(thing, row) && periodOf(thing) === row.period);
    const jobs = enabled.filter(
      (schedule) => isSameStream(streamOf(schedule), row) && (schedule.period === 'previous-month') === (row.period === 'month'),
    );
    const periods = row.period === 'month' ? [whole] : days.map((day) => ({ from: day, to: day }));
    return { ...row, jobs: jobs.map(({ id }) => id), cells: periods.map((period) => cellOf(period, row, jobs, own, question)) };
  });
}

function cellOf(
  period: Period,
  key: StreamKey,
  jobs: readonly Schedule[],
  own: readonly HandedOver[],
  { firstDay, zone, nowUtc }: CalendarQuestion,
): CalendarCell {
  const things = own.filter(({ from, to }) => from <= period.to && to >= period.from).sort((a, b) => b.id - a.id);
  const whole = things.filter(({ mode }) => mode === 'full');
  const firstEver = firstDay(key);
  const latestUtc = latestOf(period, jobs, firstEver, zone, nowUtc);
  const [newest] = things;
  const first = whole.at(-1);
  return {
    ...period,
    state: newest?.state ?? emptyState(period, jobs, latestUtc, zone, nowUtc),
    // The first period ever was due before anybody asked for it.
    isLate:
      first !== undefined &&
      period.from !== firstEver &&
      latestUtc !== null &&
      (first.deliveredUtc ?? first.createdUtc) > latestUtc + GRACE_S,
    isCorrected: things.some(({ mode }) => mode === 'delta'),
    isIncomplete: (whole[0]?.missing ?? 0) > 0,
    latestUtc,
    things,
  };
}

/** Until when the first of the jobs hands the period over; null when none was there to do so. */
function latestOf(
  period: Period,
  jobs: readonly Schedule[],
  firstDay: string | null,
  zone: SiteZone,
  nowUtc: UtcSeconds,
): UtcSeconds | null {
  const expecting = jobs.filter((job) => {
    // A job that never made one owes the newest period and those to come.
    const since = firstDay ?? lastPeriod(job, zone, nowUtc).from;
    return period.from >= since;
  });
  return expecting.length === 0 ? null : Math.min(...expecting.map((job) => dueOf(job, period, zone).latestUtc));
}

function emptyState(
  period: Period,
  jobs: readonly Schedule[],
  latestUtc: UtcSeconds | null,
  zone: SiteZone,
  nowUtc: UtcSeconds,
): CalendarState {
  if (latestUtc === null) return 'not-due';
  if (nowUtc > latestUtc + GRACE_S) return 'missing';
  return jobs.some((job) => dueOf(job, period, zone).dueUtc <= nowUtc) ? 'waiting' : 'not-due';
}

/** The row of the calendar that a schedule fills. */
export function streamOf(schedule: Schedule): StreamKey {
  switch (schedule.what) {
    case 'onec':
      return { what: 'onec', receiver: schedule.receiver, kind: schedule.kind };
    case 'xml80020':
      return { what: 'xml80020', receiver: '', kind: '' };
    case 'report':
      return { what: 'report', receiver: schedule.report, kind: schedule.format };
  }
}

function isSameStream(a: StreamKey, b: StreamKey): boolean {
  return a.what === b.what && a.receiver === b.receiver && a.kind === b.kind;
}

function isSamePeriod(a: Period, b: Period): boolean {
  return a.from === b.from && a.to === b.to;
}
