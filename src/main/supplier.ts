/** The supplier's file joined to the store and the site: one desk for the screens, the command line and the jobs. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { settlementSource } from './api/settlement-source.ts';
import type { Site } from './api/site.ts';
import type { SupplierDesk } from './api/xml80020-desk.ts';
import { nodeFiles } from './export/xml80020/files.ts';
import { marketDay } from './export/xml80020/day.ts';
import { codedPoints, marketTimeOf, problemsOf } from './export/xml80020/figures.ts';
import { type SendLetter, smtpSender } from './export/xml80020/mail.ts';
import { SupplierFileMaker } from './export/xml80020/maker.ts';
import { ReplyWatch } from './export/xml80020/replies.ts';
import { systemCommand } from './export/xml80020/sign.ts';
import { expectedStarts, isReadSpan } from './metering/expected.ts';
import { trustedCertificates } from './platform/certificates.ts';
import { addDays } from './metering/zone.ts';
import { type Clock, every } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { nodeReplyFolder } from './platform/reply-folder.ts';
import type { Store } from './store/store.ts';

/** Days that a job made are looked up among so many newest ones: more than a year. */
const LOOK_BACK = 400;
const REPLIES_EVERY_MS = 60_000;
/** Files left unfinished are tried at the start and so often. */
const RESUME_EVERY_ROUNDS = 10;
/** Files of so many days are held against the figures of now, once an hour; the first time when the meters have had time to tell what was missed. */
const REVIEW_DAYS = 10;
const REVIEW_EVERY_ROUNDS = 60;
const FIRST_REVIEW = 5;

export interface RunningSupplierDesk extends SupplierDesk {
  /** Finishes what a crash left behind, then looks for replies. */
  start(): void;
  stop(): Promise<void>;
}

export interface SupplierDeskDeps {
  readonly store: Store;
  readonly site: Site;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: (day: string) => void;
  /** Tests; else over the network. */
  readonly sendLetter?: SendLetter;
}

export function createSupplierDesk({ store, site, clock, logger, onChanged, sendLetter }: SupplierDeskDeps): RunningSupplierDesk {
  const maker = new SupplierFileMaker({
    store: store.supplierFiles,
    source: settlementSource(site),
    files: nodeFiles,
    settings: () => site.settings,
    clock,
    log: logger,
    onChanged,
    signFolder: join(store.folder, 'signing'),
    runCommand: systemCommand(clock),
    sendLetter: sendLetter ?? smtpSender(trustedCertificates),
    mailPassword: () => store.mailSecret.password(),
    newUuid: () => randomUUID(),
  });
  const replies = new ReplyWatch({
    store: store.supplierFiles,
    replies: nodeReplyFolder,
    settings: () => site.settings.xml80020,
    clock,
    log: logger,
    onChanged,
  });
  let cancel = () => {};
  let rounds = 0;
  let running: Promise<void> = Promise.resolve();
  const inBackground = (work: () => Promise<void>) => {
    running = running.then(work).catch((error: unknown) => logger.error({ error }, "a round over the supplier's files has failed"));
  };
  const round = () => {
    const isResuming = rounds % RESUME_EVERY_ROUNDS === 0;
    const isReviewing = rounds % REVIEW_EVERY_ROUNDS === FIRST_REVIEW;
    rounds += 1;
    inBackground(async () => {
      if (isResuming) await maker.resume();
      await replies.look();
      if (isReviewing) await maker.review(addDays(site.zone.dateOf(site.nowUtc()), -REVIEW_DAYS));
    });
  };
  return {
    preview: (day) => maker.preview(day),
    make: (order) => maker.make(order),
    repeat: (fileId) => maker.repeat(fileId),
    tryAgain: () => inBackground(() => maker.resume(true)),
    isComplete: (day) => isComplete(site, day),
    madeDays: (job) => store.supplierFiles.daysOfJob(job, LOOK_BACK),
    isReady: () => problemsOf(site.settings, site.plant).length === 0,
    start() {
      round();
      cancel = every(clock, REPLIES_EVERY_MS, round);
    },
    async stop() {
      cancel();
      await running;
    },
  };
}

function isComplete(site: Site, day: string): boolean {
  const { fromUtc, toUtc } = marketDay(day, marketTimeOf(site.settings));
  const points = codedPoints(site.plant);
  return points.length > 0 && points.every(({ id }) => hasIntervals(site, id, fromUtc, toUtc));
}

function hasIntervals(site: Site, pointId: number, fromUtc: number, toUtc: number): boolean {
  return site.pointData(pointId, fromUtc, toUtc).every(({ span, intervals }) => {
    if (!isReadSpan(span)) return true;
    const stored = new Set(intervals.map(({ startUtc }) => startUtc));
    const proven = site.store.gaps.list(span.meter.id).filter(({ state }) => state === 'proven-absent');
    return expectedStarts(span, Number.POSITIVE_INFINITY).every(
      (start) => stored.has(start) || proven.some((gap) => start >= gap.fromUtc && start < gap.toUtc),
    );
  });
}
