/** Packages for 1C as a task of the schedules. */
import { AppError, asAppError, ERROR_CODES } from '../shared/api/errors.ts';
import { receiversOf } from '../shared/api/receivers.ts';
import type { OnecSchedule } from '../shared/api/schedules.ts';
import type { Period } from '../shared/domain/job-run.ts';
import type { PackageRecord } from '../shared/domain/package.ts';
import type { PackageDesk } from './api/package-desk.ts';
import { isSettled, settledFigures } from './api/settled.ts';
import type { Site } from './api/site.ts';
import type { JobTask, TaskResult } from './jobs/task.ts';
import { addDays, daysBetween, startOfMonth } from './metering/zone.ts';
import type { StoreReader } from './store/store.ts';

/** Changes are looked for so many days back: this month and the two before it. */
const CORRECTED_DAYS = 92;

export interface OnecTaskDeps {
  readonly site: Site;
  readonly desk: PackageDesk;
  readonly packages: Pick<StoreReader['packages'], 'sentRange'>;
  readonly packageDays: Pick<StoreReader['packageDays'], 'periodsOfJob'>;
}

export function onecTask({ site, desk, packages, packageDays }: OnecTaskDeps): JobTask<OnecSchedule> {
  /**
   * Hands over what has changed before the period, in one package from the first day with a change to the last: it is looked for
   * day by day, in statements month by month.
   */
  const correct = async ({ receiver, kind }: OnecSchedule, period: Period, job: string | null): Promise<PackageRecord | null> => {
    const sent = kind === 'RF' ? null : packages.sentRange(receiver, kind);
    if (sent === null) return null;
    const first = later(sent.from, addDays(period.from, -CORRECTED_DAYS));
    const changed: Period[] = [];
    for (const part of partsOf(kind, first, addDays(period.from, -1))) {
      const { rows } = await desk.preview({ receiver, kind, ...part, mode: 'delta' });
      if (rows > 0) changed.push(part);
    }
    const [from, to] = [changed[0]?.from, changed.at(-1)?.to];
    return from === undefined || to === undefined ? null : desk.make({ receiver, kind, from, to, mode: 'delta' }, job);
  };

  return {
    isReady: ({ receiver }) =>
      site.points.length > 0 && receiversOf(site.settings).some(({ id, folder }) => id === receiver && folder !== null),
    // A package of changes is about other periods than the run that made it.
    madePeriods: ({ id }) => packageDays.periodsOfJob(id),
    isComplete: ({ kind, threshold }, period) => isSettled(site, kind, period, threshold),
    settled: ({ kind }, period) => settledFigures(site, kind, period),
    async make(schedule, period, job) {
      const { receiver, kind } = schedule;
      const record = await desk.make({ receiver, kind, ...period }, job);
      if (!schedule.corrections) return resultOf([record]);
      try {
        const changes = await correct(schedule, period, job);
        return resultOf(changes === null ? [record] : [record, changes]);
      } catch (thrown) {
        // The period itself is made: what has changed is looked for again with the next run.
        return { ...resultOf([record]), error: asAppError(thrown) };
      }
    },
  };
}

/** A package without a folder to go to waits: it is made, and delivered with a later one. */
function resultOf(records: readonly PackageRecord[]): TaskResult {
  const waiting = records.find(({ state }) => state === 'failed' || state === 'made');
  const isShort = records.some(({ content, mode }) => mode === 'full' && (content?.missingRows ?? 0) > 0);
  return {
    outcome: waiting !== undefined ? 'undelivered' : isShort ? 'incomplete' : 'made',
    made: records.map(({ id, number }) => ({ kind: 'package', id, name: String(number) })),
    error: waiting === undefined ? null : errorOf(waiting),
  };
}

/** The record keeps the code and the words of what stood in the way. */
function errorOf({ error, folder }: PackageRecord): AppError {
  const code = ERROR_CODES.find((known) => error?.startsWith(`${known}:`) === true) ?? 'export/folder-unavailable';
  return new AppError(code, error ?? 'The package waits for its folder', { context: { folder } });
}

/** Days, or whole months of statements. */
function partsOf(kind: OnecSchedule['kind'], from: string, to: string): Period[] {
  if (to < from) return [];
  if (kind !== 'MN') return daysBetween(from, to).map((day) => ({ from: day, to: day }));
  const months: Period[] = [];
  for (let month = startOfMonth(from); month <= to; month = startOfMonth(month, 1)) {
    const last = addDays(startOfMonth(month, 1), -1);
    if (last <= to) months.push({ from: month, to: last });
  }
  return months;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
