/** The composition root: store, engine, handlers and schedules joined into one app, whatever shell it runs in. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { statfsSync } from 'node:fs';
import type { ApiServer } from '../shared/api/dispatch.ts';
import { AppError } from '../shared/api/errors.ts';
import { ClockDesk } from './api/clock-desk.ts';
import { DayCheckDesk } from './api/day-check-desk.ts';
import { DeadFeederDesk } from './api/dead-feeder-desk.ts';
import { DailyBackups } from './backups.ts';
import { createDispatch } from './api/dispatch.ts';
import { ApiEvents } from './api/events.ts';
import { EngineFeed } from './api/feed.ts';
import { createHandlers, systemStatus } from './api/handlers.ts';
import { LongWorks } from './api/long-works.ts';
import { neighboursOf } from './api/search.ts';
import { MeterDesk } from './api/meter-desk.ts';
import { RereadDesk } from './api/reread-desk.ts';
import { Site } from './api/site.ts';
import { WriteDesk } from './api/write-desk.ts';
import { Yesterday } from './api/yesterday.ts';
import { countingOf, DRIVERS } from './drivers/registry.ts';
import { createDiagnosis, type Diagnosis } from './engine/diagnosis/diagnosis.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { OpenLine } from './engine/ports.ts';
import { CONTINUOUS_PLAN, type PollPlan } from './engine/work.ts';
import { explainExchange } from './explain.ts';
import { parsePassword } from './import/import-cells.ts';
import { parseImportFile } from './import/import-file.ts';
import { formatLineAddress, parseLineAddress } from './line/line-address.ts';
import { engineStore, openEngineLine } from './lines.ts';
import { createPackageDesk } from './packages.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Secrets } from './platform/secrets.ts';
import { isTimeServiceInStep } from './platform/time-service.ts';
import { turns } from './platform/turns.ts';
import { PRODUCT_VERSION } from './platform/version.ts';
import { SearchDesk } from './search/desk.ts';
import { openStore } from './store/store.ts';
import { Training } from './training.ts';
import { ReportDesk } from './api/report-desk.ts';
import { createSupplierDesk } from './supplier.ts';
import { createJobs } from './schedules.ts';
import { supplierCalendar } from './supplier-task.ts';
import { startUpkeep } from './upkeep.ts';

export interface AppDeps {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How meter passwords are sealed; a key file in the data folder when not given. */
  readonly secrets?: Secrets;
  readonly plan?: PollPlan;
  /** This is the app over the training plant: it has no training plant of its own. */
  readonly isTraining?: boolean;
  readonly openLine?: OpenLine;
  /** Asks the system whether a time service keeps its clock. */
  readonly isTimeServiceInStep?: () => Promise<boolean | null>;
  /** Holds results against their schemas: tests. */
  readonly checkResults?: boolean;
}

export interface App {
  readonly api: ApiServer;
  /** Starts polling and the schedules. */
  start(): Promise<void>;
  /** Stops both, waits until everything is durable, gives the data folder back. */
  stop(): Promise<void>;
}

/** Opens the data folder as its one writer. Rejects with `store/*`. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { dataFolder, clock, logger } = deps;
  const store = openStore({ folder: dataFolder, clock, logger, ...(deps.secrets === undefined ? {} : { secrets: deps.secrets }) });
  let engine: Engine | null = null;
  let diagnosis: Diagnosis | null = null;
  let isStarted = false;
  let stopUpkeep = () => {};
  /** Two engines must never share a line: they start and stop one after the other. */
  const inTurn = turns();
  const site = new Site({ store, clock, engine: () => engine, backupFailure: () => backups.status().failure });
  const backups = new DailyBackups({
    store,
    clock,
    logger,
    chosenFolder: () => site.settings.backup.folder,
    today: () => site.zone.dateOf(site.nowUtc()),
  });
  const events = new ApiEvents(logger);
  const desk = createPackageDesk({ store, site, clock, logger, onChanged: (summary) => events.emit('packages.changed', summary) });
  const works = new LongWorks({ clock, newId: () => randomUUID(), onChanged: (item) => events.emit('work.changed', item) });
  const supplier = createSupplierDesk({ store, site, clock, logger, onChanged: (day) => events.emit('supplier.changed', { day }) });
  /** Half-hours close by the clocks of the meters: a PC that is off is not believed. */
  const siteNowUtc = () => Math.floor((clock.now() + (engine?.pcClockErrorMs ?? 0)) / 1000);
  const jobs = createJobs({
    store,
    site,
    desk,
    supplier,
    reports: new ReportDesk(site),
    clock,
    logger,
    nowUtc: siteNowUtc,
    onChanged: () => events.emit('jobs.changed', {}),
  });

  const openLine = deps.openLine ?? openEngineLine(clock, logger);
  const searches = new SearchDesk({
    drivers: DRIVERS,
    clock,
    logger,
    plant: () => site.plant,
    lend: (lineId) => engine?.lend(lineId) ?? null,
    openLine,
    pointOf: (serial) => site.points.find(({ meter }) => meter.serial === serial)?.point.code ?? null,
    neighbours: (lineId) => neighboursOf(site, lineId),
    tests: store.lineTests,
    onSearch: (state) => events.emit('search.changed', state),
    onTest: (test) => events.emit('lineTest.changed', test),
  });

  const rereads = new RereadDesk({ site, store, clock });
  const dayChecks = new DayCheckDesk({
    site,
    store,
    clock,
    logger,
    countingOf,
    onChecked: () => events.emit('checks.changed', {}),
  });
  const deadFeeders = new DeadFeederDesk({ site, clock, logger, countingOf, commit: dayChecks.watch(engineStore(store)).commit });

  const startEngine = () => {
    const plant = store.plant.load();
    engine = createEngine({
      plant,
      store: dayChecks.watch(engineStore(store, (meterId, facts) => feed.factsStored(meterId, facts))),
      openLine,
      drivers: DRIVERS,
      clock,
      logger,
      plan: deps.plan ?? CONTINUOUS_PLAN,
    });
    feed.follow(engine);
    diagnosis = createDiagnosis({
      plant,
      drivers: DRIVERS,
      findings: store.findings,
      configurations: store.configurations,
      clock,
      logger,
      onChange: (count) => events.emit('findings.changed', { count }),
    });
    diagnosis.follow(engine);
    rereads.follow(engine);
    clocks.follow(engine);
    engine.run().catch((error: unknown) => logger.error({ error }, 'the engine ended with a fault of the program'));
  };

  const training =
    deps.isTraining === true
      ? null
      : new Training({
          folder: join(dataFolder, 'training'),
          clock,
          createApp: (folder) =>
            createApp({ dataFolder: folder, clock, logger: logger.child({ workspace: 'training' }), isTraining: true }),
          onChanged: (status) => events.emit('training.changed', status),
        });
  const onPlantChanged = () =>
    inTurn(async () => {
      if (!isStarted) return;
      await engine?.stop();
      await searches.giveBack();
      // A stop may have come meanwhile.
      if (isStarted) startEngine();
    });

  const writes = new WriteDesk({ site, store, clock, newId: () => randomUUID(), onPlantChanged });
  const clocks = new ClockDesk({ site, writes, clock, logger, isTimeServiceInStep: deps.isTimeServiceInStep ?? isTimeServiceInStep });

  const handlerDeps = {
    site,
    store,
    version: PRODUCT_VERSION,
    startedAtUtc: site.nowUtc(),
    isPolling: () => engine !== null,
    yesterday: new Yesterday(site, clock),
    liveSequence: () => feed.sequence,
    desk,
    works,
    supplier,
    jobs,
    supplierFiles: supplierCalendar((from, to) => store.supplierFiles.ofDays(site.settings.xml80020.sender.inn, from, to)),
    searches,
    parseImport: (file: Uint8Array, siteOffsetMin: number) =>
      parseImportFile(file, { offsetMin: siteOffsetMin }, (text) => formatLineAddress(parseLineAddress(text))),
    parsePassword,
    explain: explainExchange,
    diskFreeBytes: () => freeBytes(dataFolder),
    meters: new MeterDesk({ site, configured: (meterId, configuration) => diagnosis?.configured(meterId, configuration) }),
    backups,
    rereads,
    clocks,
    writes,
    training: () => {
      if (training === null) throw new AppError('api/conflict', 'The training plant has none of its own');
      return training;
    },
    onPlantChanged,
    onReplaced: (month: string) => events.emit('replacements.changed', { month }),
  };
  const feed = new EngineFeed({ site, events, clock, status: () => systemStatus(handlerDeps) });
  const dispatch = createDispatch(createHandlers(handlerDeps), { logger, checkResults: deps.checkResults ?? false });

  const server: ApiServer = { dispatch, subscribe: (listener) => events.subscribe(listener) };
  return {
    api: training === null ? server : { ...server, training: training.server(server) },
    async start() {
      isStarted = true;
      startEngine();
      dayChecks.start();
      deadFeeders.start();
      supplier.start();
      jobs.start();
      if (deps.isTraining !== true) backups.start();
      stopUpkeep = startUpkeep({
        store,
        clock,
        logger,
        nowUtc: siteNowUtc,
      });
    },
    async stop() {
      isStarted = false;
      works.stop();
      stopUpkeep();
      await backups.stop();
      await training?.stop();
      await jobs.stop();
      await supplier.stop();
      await searches.stop();
      feed.stop();
      rereads.stop();
      dayChecks.stop();
      deadFeeders.stop();
      clocks.stop();
      await inTurn(async () => engine?.stop());
      engine = null;
      await store.flush();
      store.close();
    },
  };
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // A file system that does not tell is no fault of the program.
    return null;
  }
}
