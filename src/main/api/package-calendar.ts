/** The calendar of packages over what the store and the other desks have handed over. */
import { AppError } from '../../shared/api/errors.ts';
import type { CalendarCellRow, CalendarStreamRow } from '../../shared/api/package-calendar.ts';
import { receiversOf } from '../../shared/api/receivers.ts';
import type { JobRun } from '../../shared/domain/job-run.ts';
import type { PackageState } from '../../shared/domain/package.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { calendar, type CalendarCell, type CalendarStream, type HandedOver, type StreamKey } from '../jobs/calendar.ts';
import { addDays, startOfMonth } from '../metering/zone.ts';
import type { Handlers } from './dispatch.ts';
import { packageSummary } from './packages.ts';
import type { Site } from './site.ts';

/** Where things come from that are neither packages for 1C nor reports of jobs: the supplier's files. */
export interface HandedOverSource {
  /** Things whose period touches the days, both inclusive. */
  touching(from: string, to: string): readonly HandedOver[];
  /** First day that was ever handed over; null = none was. */
  firstDay(): string | null;
}

export interface PackageCalendarDeps {
  readonly site: Site;
  readonly supplierFiles?: HandedOverSource | undefined;
}

export function packageCalendarHandlers({
  site,
  supplierFiles,
}: PackageCalendarDeps): Pick<Handlers, 'packages.calendar' | 'packages.get'> {
  return {
    'packages.calendar': ({ month }) => {
      const [from, to] = [startOfMonth(month), addDays(startOfMonth(month, 1), -1)];
      const streams = calendar({
        month,
        schedules: site.settings.schedules,
        things: [...packagesTouching(site, from, to), ...reportsTouching(site, from, to), ...(supplierFiles?.touching(from, to) ?? [])],
        firstDay: (key) => firstDay(site, key, supplierFiles),
        zone: site.zone,
        nowUtc: site.nowUtc(),
      });
      return { from, to, today: site.zone.dateOf(site.nowUtc()), streams: streams.map((stream) => streamRow(site, stream)) };
    },
    'packages.get': ({ packageId }) => {
      const record = site.store.packages.get(packageId);
      if (record === null) throw new AppError('api/not-found', `There is no package ${packageId}`, { context: { id: packageId } });
      return packageSummary(record);
    },
  };
}

function packagesTouching(site: Site, from: string, to: string): HandedOver[] {
  return site.store.packageDays.touching(from, to).map(({ number, missingRows, ...record }) => ({
    ...record,
    what: 'onec',
    name: String(number),
    missing: missingRows,
  }));
}

/** Reports leave no record but the run that made them. */
function reportsTouching(site: Site, from: string, to: string): HandedOver[] {
  const schedules = new Map(site.settings.schedules.map((schedule) => [schedule.id, schedule]));
  return site.store.jobRuns.touching('report', from, to).flatMap((run): HandedOver[] => {
    const schedule = schedules.get(run.job);
    const [file] = run.made;
    if (schedule?.what !== 'report' || file === undefined) return [];
    return [
      {
        what: 'report',
        receiver: schedule.report,
        kind: schedule.format,
        id: run.id,
        name: file.name,
        mode: 'full',
        from: run.from,
        to: run.to,
        createdUtc: run.endedUtc,
        deliveredUtc: run.endedUtc,
        state: REPORT_STATES[run.outcome],
        missing: run.outcome === 'incomplete' ? 1 : 0,
      },
    ];
  });
}

const REPORT_STATES: Readonly<Record<JobRun['outcome'], PackageState>> = {
  made: 'delivered',
  incomplete: 'delivered',
  nothing: 'delivered',
  undelivered: 'made',
  failed: 'failed',
};

function firstDay(site: Site, { what, receiver, kind }: StreamKey, supplierFiles: HandedOverSource | undefined): string | null {
  if (what === 'onec') return site.store.packageDays.firstDay(receiver, kind);
  if (what === 'xml80020') return supplierFiles?.firstDay() ?? null;
  const jobs = site.settings.schedules.filter(
    (schedule) => schedule.what === 'report' && schedule.report === receiver && schedule.format === kind,
  );
  const firsts = jobs.flatMap(({ id }) => site.store.jobRuns.madePeriods(id, '').map(({ from }) => from));
  return firsts.sort()[0] ?? null;
}

function streamRow(site: Site, stream: CalendarStream): CalendarStreamRow {
  return { ...stream, receiverName: receiverName(site, stream), jobs: [...stream.jobs], cells: stream.cells.map(cellRow) };
}

function receiverName(site: Site, { what, receiver }: StreamKey): string {
  const known = what === 'onec' ? receiversOf(site.settings).find(({ id }) => id === receiver) : undefined;
  return known?.name ?? receiver;
}

function cellRow({ latestUtc, things, ...cell }: CalendarCell): CalendarCellRow {
  return {
    ...cell,
    latest: latestUtc === null ? null : isoUtc(latestUtc),
    things: things.map(({ id, name, mode, from, to, createdUtc, state, missing }) => ({
      id,
      name,
      mode,
      from,
      to,
      createdAt: isoUtc(createdUtc),
      state,
      missing,
    })),
  };
}
