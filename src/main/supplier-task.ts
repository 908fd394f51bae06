/** The supplier's file as a task of the schedules and as a row of the calendar. */
import { AppError } from '../shared/api/errors.ts';
import type { Xml80020Schedule } from '../shared/api/schedules.ts';
import type { MadeThing } from '../shared/domain/job-run.ts';
import type { PackageState } from '../shared/domain/package.ts';
import type { UtcSeconds } from '../shared/domain/time.ts';
import type { HandedOverSource } from './api/package-calendar.ts';
import type { JobTask } from './jobs/task.ts';
import { daysBetween } from './metering/zone.ts';

/** What is known of a supplier's file here. */
interface SupplierFile {
  readonly id: number;
  /** Day of the data, ISO date. */
  readonly day: string;
  readonly number: number;
  readonly madeUtc: UtcSeconds;
  readonly state: string;
  readonly note: string | null;
  readonly content: { readonly name: string };
  /** When it lay in its folder or went out by mail; null = it did not. */
  readonly folderUtc: UtcSeconds | null;
  readonly mailUtc: UtcSeconds | null;
}

/** The desk of the supplier's files, as far as a job needs it. */
export interface SupplierDays {
  isReady(): boolean;
  madeDays(job: string): readonly string[];
  isComplete(day: string): boolean;
  make(order: {
    readonly day: string;
    readonly job: string | null;
  }): Promise<{ readonly kind: 'held' } | { readonly kind: 'new' | 'same' | 'correction'; readonly record: SupplierFile }>;
}

/** One file a day; a monthly job makes those of the month in their order. A day that is held back ends the run as a failure: it is tried again. */
export function supplierTask(desk: SupplierDays): JobTask<Xml80020Schedule> {
  const days = (period: { readonly from: string; readonly to: string }) => daysBetween(period.from, period.to);
  return {
    isReady: () => desk.isReady(),
    madePeriods: ({ id, period }) => (period === 'previous-day' ? desk.madeDays(id).map((day) => ({ from: day, to: day })) : []),
    isComplete: (_schedule, period) => days(period).every((day) => desk.isComplete(day)),
    settled: () => null,
    async make(_schedule, period, job) {
      const made: MadeThing[] = [];
      let waiting: SupplierFile | null = null;
      for (const day of days(period)) {
        const outcome = await desk.make({ day, job });
        if (outcome.kind === 'held') {
          throw new AppError('export/held', `The file of ${day} is held back`, {
            context: { day },
            hint: 'Its reasons stand with the day.',
          });
        }
        const { record } = outcome;
        made.push({ kind: 'supplier-file', id: record.id, name: record.content.name });
        if (record.state === 'failed' || record.state === 'made') waiting ??= record;
      }
      return {
        outcome: waiting === null ? 'made' : 'undelivered',
        made,
        error: waiting === null ? null : new AppError('export/folder-unavailable', waiting.note ?? 'The file waits to be handed over'),
      };
    },
  };
}

const STATES: Readonly<Record<string, PackageState>> = {
  made: 'made',
  failed: 'failed',
  sending: 'made',
  sent: 'delivered',
  'no-reply': 'delivered',
  accepted: 'accepted',
  'accepted-with-remarks': 'partial',
  rejected: 'rejected',
};

/** Supplier's files as the calendar shows them. `ofDays` gives those of days in `[from, to]`, by day, then number. */
export function supplierCalendar(ofDays: (from: string, to: string) => readonly SupplierFile[]): HandedOverSource {
  return {
    touching: (from, to) =>
      ofDays(from, to).map((file, index, files) => ({
        what: 'xml80020',
        receiver: '',
        kind: '',
        id: file.id,
        name: file.content.name,
        // A corrected day is a whole file with a larger number.
        mode: files[index - 1]?.day === file.day ? 'delta' : 'full',
        from: file.day,
        to: file.day,
        createdUtc: file.madeUtc,
        deliveredUtc: file.folderUtc ?? file.mailUtc,
        state: STATES[file.state] ?? 'made',
        missing: 0,
      })),
    firstDay: () => ofDays('0001-01-01', '9999-12-31')[0]?.day ?? null,
  };
}
