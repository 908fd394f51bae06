/**
 * The process that is killed: engine, store and plant over simulated time, from the moment given. The plant is the same in
 * every process, brought to that moment by its own schedule; the database is a real file. Tells on stdout, a line each:
 * `t MS REQUESTS FAILURES REFUSALS` after every simulated minute, `a METER START,START...` once intervals are durable, `end` when the run is over.
 */
import { writeSync } from 'node:fs';
import { createEngine } from '../../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN } from '../../../src/main/engine/work.ts';
import { DRIVERS } from '../../../src/main/drivers/registry.ts';
import { parseImportFile } from '../../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../../src/main/line/line-address.ts';
import { engineStore, openEngineLine } from '../../../src/main/lines.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { openStore } from '../../../src/main/store/store.ts';
import type { MeterBatch } from '../../../src/shared/domain/batch.ts';
import { DiskQuota } from './disk-quota.ts';
import { type ChaosOptions, chaosPlant, LIVE_PERIOD_S } from './scenario.ts';

export interface ChildOrder extends ChaosOptions {
  readonly folder: string;
  readonly fromMs: number;
  /** Number of this process in the run. */
  readonly life: number;
  /** The journals are some hundred exchanges of each meter: not every process reads them. */
  readonly readsJournals: boolean;
}

const MINUTE_MS = 60_000;
const REGISTERS_PERIOD_S = 6 * 3600;
const JOURNALS_PERIOD_S = 86_400;
const SITE_OFFSET_MIN = 180;

const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const { scenario, clock, plant } = chaosPlant(order, order.life);
await plant.start();
await clock.moveTo(order.fromMs);

const quota = new DiskQuota();
const store = openStore({ folder: order.folder, clock, logger: silentLogger });
if (store.plant.load().meters.length === 0) {
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: SITE_OFFSET_MIN }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  store.plant.applyImport(rows, SITE_OFFSET_MIN, 'chaos');
}

const tell = (line: string) => writeSync(1, `${line}\n`);
/** Batches that the store did not take: the disk was full. */
let refusals = 0;
const acknowledge = ({ meterId, intervals = [] }: MeterBatch) => {
  if (intervals.length > 0) tell(`a ${meterId} ${intervals.map(({ startUtc }) => startUtc).join(',')}`);
};
const engine = createEngine({
  plant: store.plant.load(),
  store: {
    ...engineStore(store),
    commit: (batch) =>
      store.commit(batch).then(
        () => acknowledge(batch),
        (error: unknown) => {
          refusals += 1;
          throw error;
        },
      ),
  },
  openLine: openEngineLine(clock, silentLogger),
  drivers: DRIVERS,
  clock,
  logger: silentLogger,
  plan: {
    ...CONTINUOUS_PLAN,
    livePeriodS: LIVE_PERIOD_S,
    registersPeriodS: REGISTERS_PERIOD_S,
    journalsPeriodS: order.readsJournals ? JOURNALS_PERIOD_S : null,
  },
});
engine.run().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});

const hold = () => {
  const now = clock.now();
  quota.set(now >= scenario.diskFull.fromMs && now < scenario.diskFull.toMs);
};
const requests = () => plant.lines.reduce((sum, { traffic }) => sum + traffic.requests, 0);
const failures = () => engine.lines().reduce((sum, { counters }) => sum + counters.failures, 0);

hold();
for (let next = Math.ceil(order.fromMs / MINUTE_MS) * MINUTE_MS; next <= scenario.endMs; next += MINUTE_MS) {
  await clock.moveTo(next);
  hold();
  tell(`t ${next} ${requests()} ${failures()} ${refusals}`);
}
await clock.finish(engine.stop());
await store.flush();
store.close();
tell('end');
process.exit(0);
