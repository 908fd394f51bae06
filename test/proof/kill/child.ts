/**
 * The process that is killed: the whole product without a window, in real time, over real sockets and files. It makes packages
 * all the while. Tells on stdout, a line each: `f` when the first fresh value is out, `a METER START,START...` once
 * intervals are durable, `p NUMBER` once a package is delivered.
 */
import { writeSync } from 'node:fs';
import { createApp } from '../../../src/main/app.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { GroupCommit } from '../../../src/main/store/group-commit.ts';
import type { EventPayload } from '../../../src/shared/api/events.ts';
import type { PackageSummary } from '../../../src/shared/api/methods.ts';
import type { MeterBatch } from '../../../src/shared/domain/batch.ts';

const PAUSE_MS = 100;
const DAY_MS = 86_400_000;
/** So many of each that every kind comes in every format. */
const KINDS = ['IV', 'RD', 'DY'];
const FORMATS = ['csv', 'dbf'];
const [dataFolder = '', outFolder = ''] = process.argv.slice(2);
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
const day = new Date(startedMs - 2 * DAY_MS).toISOString().slice(0, 10);
for (let turn = 0; !isStopping; turn += 1) {
  const order = { kind: KINDS[turn % KINDS.length], from: day, to: day, format: FORMATS[turn % FORMATS.length], folder: outFolder };
  const outcome = await app.api.dispatch('packages.make', order, { transport: 'cli', role: 'engineer' });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  const made = outcome.data as PackageSummary;
  if (made.state === 'delivered') tell(`p ${made.number}`);
  await systemClock.sleep(PAUSE_MS);
}
await app.stop();
process.exit(0);
