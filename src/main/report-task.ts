/** Reports as a task of the schedules. */
import type { ReportName } from '../shared/api/reports.ts';
import type { ReportSchedule } from '../shared/api/schedules.ts';
import { isSettled, settledFigures } from './api/settled.ts';
import type { Site } from './api/site.ts';
import type { JobTask } from './jobs/task.ts';

/** The desk of the reports, as far as a job needs it. */
export interface ReportFiles {
  /** Rejects with `export/*`. */
  make(
    request: { readonly name: ReportName; readonly from: string; readonly to: string; readonly channel: 'A+' },
    format: ReportSchedule['format'],
    folder: string,
  ): Promise<{ readonly file: string; readonly missing: number }>;
}

/** A report is a file in a folder: what was made is known from the runs alone. */
export function reportTask(site: Site, desk: ReportFiles): JobTask<ReportSchedule> {
  return {
    isReady: () => site.points.length > 0,
    madePeriods: () => [],
    isComplete: ({ threshold }, period) => isSettled(site, 'intervals', period, threshold),
    settled: (_schedule, period) => settledFigures(site, 'intervals', period),
    async make({ report, format, folder }, period) {
      const { file, missing } = await desk.make({ name: report, ...period, channel: 'A+' }, format, folder);
      // A run keeps the name: the folder stands in the schedule.
      const name = file.split(/[\\/]/).at(-1) ?? file;
      return { outcome: missing > 0 ? 'incomplete' : 'made', made: [{ kind: 'file', id: null, name }], error: null };
    },
  };
}
