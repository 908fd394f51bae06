/** The jobs joined to what they hand over: packages for 1C, the supplier's file, reports. */
import type { Schedule } from '../shared/api/schedules.ts';
import type { UtcSeconds } from '../shared/domain/time.ts';
import type { Site } from './api/site.ts';
import { JobRunner, type Round } from './jobs/runner.ts';
import { onecTask } from './onec-task.ts';
import { type ReportFiles, reportTask } from './report-task.ts';
import { type SupplierDays, supplierTask } from './supplier-task.ts';
import type { PackagesDesk } from './packages.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Store } from './store/store.ts';

/** Packages that wait for their folder are tried so often. */
const RESUME_EVERY_MS = 10 * 60_000;

export interface JobsDeps {
  readonly store: Store;
  readonly site: Site;
  readonly desk: PackagesDesk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The time of the site, not that of a PC whose clock is wrong. */
  readonly nowUtc: () => UtcSeconds;
  readonly onChanged: () => void;
  /** Without it jobs of the supplier's file are not ready, likewise those of reports. */
  readonly supplier?: SupplierDays;
  readonly reports?: ReportFiles;
  readonly rounds?: readonly Round[];
}

export function createJobs({ store, site, desk, clock, logger, nowUtc, onChanged, supplier, reports, rounds = [] }: JobsDeps): JobRunner {
  return new JobRunner({
    tasks: {
      onec: onecTask({ site, desk, packages: store.packages, packageDays: store.packageDays }),
      ...(supplier === undefined ? {} : { xml80020: supplierTask(supplier) }),
      ...(reports === undefined ? {} : { report: reportTask(site, reports) }),
    },
    rounds: [{ name: 'packages', everyMs: RESUME_EVERY_MS, run: () => desk.resume() }, ...rounds],
    runs: store.jobRuns,
    schedules: (): readonly Schedule[] => site.settings.schedules,
    zone: () => site.zone,
    clock,
    nowUtc,
    log: logger,
    onChanged,
  });
}
