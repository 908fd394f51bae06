/** The export joined to the store, the site and the schedules: one desk for the screens, the command line and the jobs. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { PackagePreview, PackageSummary } from '../shared/api/methods.ts';
import type { OnecKind } from '../shared/api/receivers.ts';
import type { Schedule } from '../shared/api/settings.ts';
import type { UtcSeconds } from '../shared/domain/time.ts';
import type { PackageDesk, PackageOrder } from './api/package-desk.ts';
import { packageSummary, previewAnswer } from './api/packages.ts';
import { isClosedAt } from './api/month-period.ts';
import { settlementSource } from './api/settlement-source.ts';
import type { Site } from './api/site.ts';
import { nodeFiles } from './export/onec/files.ts';
import { wholeMonths } from './export/onec/month-rows.ts';
import { checkedContent, type IsClosed, receiverOf } from './export/onec/order.ts';
import { PackageMaker } from './export/onec/package.ts';
import { previewPackage } from './export/onec/preview.ts';
import { PackageSchedule, type Period } from './export/onec/schedule.ts';
import { expectedStarts } from './metering/expected.ts';
import { addDays, periodOf, startOfMonth } from './metering/zone.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Store } from './store/store.ts';

/** Reference rows have no revisions. */
const CORRECTED_KINDS: readonly OnecKind[] = ['RD', 'IV', 'DY', 'MN'];
/** Changes are looked for so many days back when nobody says from when. */
const CORRECTED_DAYS = 92;

/** Packages that a job made are looked up among so many newest ones: more than a year of daily jobs of two kinds. */
const LOOK_BACK = 1000;

export interface ScheduledDesk extends PackageDesk {
  /** Finishes what a crash left behind, then runs the schedules. */
  start(): void;
  /** One round by itself: what a crash or a lost folder left behind, then the answers of the receivers and their archives. */
  resume(): Promise<unknown>;
  stop(): Promise<void>;
}

export interface PackageDeskDeps {
  readonly store: Store;
  readonly site: Site;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: (summary: PackageSummary) => void;
}

export function createPackageDesk({ store, site, clock, logger, onChanged }: PackageDeskDeps): ScheduledDesk {
  const maker = new PackageMaker({
    store: store.packages,
    source: settlementSource(site),
    files: nodeFiles,
    settings: () => site.settings,
    packagesFolder: join(store.folder, 'packages'),
    clock,
    newUuid: () => randomUUID(),
    log: logger,
    isClosed: closedDays(site),
    onChanged: (record) => onChanged(packageSummary(record)),
  });
  const schedule = new PackageSchedule({
    maker,
    settings: () => site.settings,
    clock,
    log: logger,
    isReady: () => site.points.length > 0 && site.settings.onec.folder !== null,
    madePeriods: (job) => store.packages.list(0, LOOK_BACK).rows.filter((record) => record.job === job),
    isComplete: (kind, period) => isComplete(site, kind, period),
  });
  const preview = (order: PackageOrder) => previewOf(site, clock, order);

  return {
    preview,
    corrections: async ({ receiver, from, to }) => {
      const corrections: PackagePreview[] = [];
      for (const kind of CORRECTED_KINDS) {
        const sent = store.packages.sentRange(receiver, kind);
        if (sent === null) continue;
        const last = to ?? lastDay(kind, sent.to);
        const first = from ?? [sent.from, addDays(last, 1 - CORRECTED_DAYS)].reduce((a, b) => (a > b ? a : b));
        // A month statement is of whole months only.
        const isAsked = first <= last && (kind !== 'MN' || wholeMonths(first, last).length > 0);
        const answer = isAsked ? await preview({ receiver, kind, from: first, to: last, mode: 'delta' }) : null;
        if (answer !== null && answer.rows + answer.held > 0) corrections.push(answer);
      }
      return corrections;
    },
    make: async (order, job) => (await maker.make({ ...order, job })).record,
    redeliver: async (packageId) => (await maker.redeliver(packageId)).record,
    start: () => schedule.start(),
    resume: () => maker.resume(),
    stop: () => schedule.stop(),
  };
}

/** Everything that a period's package needs is stored or proven absent; false when nothing is expected. */
function isComplete(site: Site, kind: Schedule['kind'], period: Period): boolean {
  const { fromUtc, toUtc } = periodOf(period.from, period.to, site.zone);
  if (site.points.length === 0) return false;
  return site.points.every(({ point, meter }) =>
    kind === 'RD' ? hasReadings(site, meter.id, toUtc) : hasIntervals(site, point.id, fromUtc, toUtc),
  );
}

/** The reading at the end of the period is the last one to come. */
function hasReadings(site: Site, meterId: number, endUtc: UtcSeconds): boolean {
  return site.store.registers.list([meterId], { fromUtc: endUtc, toUtc: endUtc + 1 }).some(({ kind }) => kind !== 'now');
}

function hasIntervals(site: Site, pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): boolean {
  return site.pointData(pointId, fromUtc, toUtc).every(({ span, intervals }) => {
    const stored = new Set(intervals.map(({ startUtc }) => startUtc));
    const proven = site.store.gaps.list(span.meter.id).filter(({ state }) => state === 'proven-absent');
    const expected = expectedStarts(span, Number.POSITIVE_INFINITY);
    return expected.every((start) => stored.has(start) || proven.some((gap) => start >= gap.fromUtc && start < gap.toUtc));
  });
}

/** What a package would hold, out of a folder that may be open for reading alone. Throws as `PackageDesk.preview`. */
export async function previewOf(site: Site, clock: Clock, order: PackageOrder): Promise<PackagePreview> {
  const receiver = receiverOf(site.settings, order.receiver);
  const content = checkedContent(order, receiver, site.settings, closedDays(site));
  const preview = await previewPackage({ source: settlementSource(site), store: site.store.packages, clock }, receiver.id, content);
  return previewAnswer(content, receiver.id, preview);
}

/** Days of closed months are not corrected until a person has opened the month. */
function closedDays(site: Site): IsClosed {
  return (day) => (isClosedAt(site, site.zone.startOfDay(day)) ? 'month-closed' : null);
}

/** Last day of the period that the last day sent belongs to: a reading belongs to the midnight that ends it, a month to its first day. */
function lastDay(kind: OnecKind, sent: string): string {
  if (kind === 'MN') return addDays(startOfMonth(sent, 1), -1);
  return kind === 'RD' ? addDays(sent, -1) : sent;
}
