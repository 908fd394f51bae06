/**
 * The process that is killed: the whole product without a window, in real time, over real sockets and files. It makes packages
 * and supplier's files all the while. Tells on stdout, a line each: `f` when the first fresh value is out, `a METER START,START...`
 * once intervals are durable, `p NUMBER` once a package is delivered, `s NUMBER` once a supplier's file is handed over.
 */
import { writeSync } from 'node:fs';
import { createApp } from '../../../src/main/app.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { GroupCommit } from '../../../src/main/store/group-commit.ts';
import type { EventPayload } from '../../../src/shared/api/events.ts';
import type { PackageSummary } from '../../../src/shared/api/methods.ts';
import type { SupplierOutcome } from '../../../src/shared/api/supplier.ts';
import type { MeterBatch } from '../../../src/shared/domain/batch.ts';
import { supplierSettings } from './supplier.ts';

const PAUSE_MS = 100;
const DAY_MS = 86_400_000;
/** So many of each that every kind comes in every format. */
const KINDS = ['IV', 'RD', 'DY'];
const FORMATS = ['csv', 'xlsx', 'dbf', 'xml', 'json'];
/** The supplier's days, from the newest back: a day made after a later one passes its remainder on, and the later one is made anew. */
const SUPPLIER_DAYS = 4;
const [dataFolder = '', outFolder = '', supplierFolder = ''] = process.argv.slice(2);
const startedMs = Date.now();
const tell = (line: string) => writeSync(1, `${line}\n`);

const { commit } = GroupCommit.prototype;
GroupCommit.prototype.commit = function told(this: GroupCommit, batch: MeterBatch): Promise<void> {
  return commit.call(this, batch).then(() => {
    const { meterId, intervals = [] } = batch;
    if (intervals.length > 0) tell(`a ${meterId} ${intervals.map(({ startUtc }) => startUtc).join(',')}`);
  });
};

// Half-hours are what may be lost: the rest of the work is done, but seldom.
const plan: PollPlan = { ...CONTINUOUS_PLAN, livePeriodS: 60, registersPeriodS: 86_400, journalsPeriodS: null, depthDays: 55 };
const app = await createApp({ dataFolder, clock: systemClock, logger: silentLogger, plan });
const unsubscribe = app.api.subscribe((event) => {
  if (event.name !== 'live.changed') return;
  const { points } = event.payload as EventPayload<'live.changed'>;
  if (!points.some(({ at }) => at !== null && Date.parse(at) >= startedMs - 1000)) return;
  tell('f');
  unsubscribe();
});
let isStopping = false;
process.on('SIGTERM', () => {
  isStopping = true;
});
await app.start();
const dayBefore = (days: number) => new Date(startedMs - days * DAY_MS).toISOString().slice(0, 10);
const ask = async <T>(method: 'packages.make' | 'supplier.make' | 'settings.set', params: unknown): Promise<T> => {
  const outcome = await app.api.dispatch(method, params, { transport: 'cli', role: 'engineer' });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.data as T;
};
await ask('settings.set', supplierSettings(supplierFolder, `Площадка ${startedMs}`));
const day = dayBefore(2);
for (let turn = 0; !isStopping; turn += 1) {
  const order = { kind: KINDS[turn % KINDS.length], from: day, to: day, format: FORMATS[turn % FORMATS.length], folder: outFolder };
  const made = await ask<PackageSummary>('packages.make', order);
  if (made.state === 'delivered') tell(`p ${made.number}`);
  const { file } = await ask<SupplierOutcome>('supplier.make', { day: dayBefore(1 + (turn % SUPPLIER_DAYS)) });
  if (file?.state === 'sent') tell(`s ${file.number}`);
  await systemClock.sleep(PAUSE_MS);
}
await app.stop();
process.exit(0);
