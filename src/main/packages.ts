/** The export joined to the store and the site: one desk for the screens, the command line and the jobs. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { PackagePreview, PackageSummary } from '../shared/api/methods.ts';
import type { OnecKind } from '../shared/api/receivers.ts';
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
import { addDays, startOfMonth } from './metering/zone.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { type Progress, unwatched } from './platform/progress.ts';
import type { Store } from './store/store.ts';

/** Reference rows have no revisions. */
const CORRECTED_KINDS: readonly OnecKind[] = ['RD', 'IV', 'DY', 'MN'];
/** Changes are looked for so many days back when nobody says from when. */
const CORRECTED_DAYS = 92;

export interface PackagesDesk extends PackageDesk {
  /** One round by itself: what a crash or a lost folder left behind, then the answers of the receivers and their archives. */
  resume(): Promise<unknown>;
}

export interface PackageDeskDeps {
  readonly store: Store;
  readonly site: Site;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: (summary: PackageSummary) => void;
}

export function createPackageDesk({ store, site, clock, logger, onChanged }: PackageDeskDeps): PackagesDesk {
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
  const preview = (order: PackageOrder, progress?: Progress) => previewOf(site, clock, order, progress);

  return {
    preview,
    corrections: async ({ receiver, from, to }, progress = unwatched()) => {
      const corrections: PackagePreview[] = [];
      for (const kind of CORRECTED_KINDS) {
        const sent = store.packages.sentRange(receiver, kind);
        if (sent === null) continue;
        const last = to ?? lastDay(kind, sent.to);
        const first = from ?? [sent.from, addDays(last, 1 - CORRECTED_DAYS)].reduce((a, b) => (a > b ? a : b));
        // A month statement is of whole months only.
        const isAsked = first <= last && (kind !== 'MN' || wholeMonths(first, last).length > 0);
        const answer = isAsked ? await preview({ receiver, kind, from: first, to: last, mode: 'delta' }, progress) : null;
        if (answer !== null && answer.rows + answer.held > 0) corrections.push(answer);
      }
      return corrections;
    },
    make: async (order, job, progress) => (await maker.make({ ...order, job }, progress)).record,
    redeliver: async (packageId) => (await maker.redeliver(packageId)).record,
    resume: () => maker.resume(),
  };
}

/** What a package would hold, out of a folder that may be open for reading alone. Throws as `PackageDesk.preview`. */
export async function previewOf(site: Site, clock: Clock, order: PackageOrder, progress?: Progress): Promise<PackagePreview> {
  const receiver = receiverOf(site.settings, order.receiver);
  const content = checkedContent(order, receiver, site.settings, closedDays(site));
  const deps = { source: settlementSource(site), store: site.store.packages, clock };
  const preview = await previewPackage(deps, receiver.id, content, progress);
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
