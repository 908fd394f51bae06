/** The polling engine: lines with their meters, what they say now, and one place to start and stop it all. Runs under plain Node. */
import { AppError, asAppError, type ErrorCode } from '../../shared/api/errors.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import type { DriverId } from '../../shared/domain/point.ts';
import { type LineRecord, type LinkedMeter, type Plant, askedMeters } from '../../shared/domain/plant.ts';
import type { MeterDriver, MeterSession } from '../drivers/driver.ts';
import type { ObservedExchange } from '../line/bus.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { MeterHealth } from './health.ts';
import { LineWorker, type LineState } from './line-worker.ts';
import { type LiveState, MeterAgent } from './meter-agent.ts';
import { PcClock } from './pc-clock.ts';
import type { EngineStore, LineCounters, LineLoan, OpenLine } from './ports.ts';
import type { Range } from './ranges.ts';
import { ReplyTimes } from './reply-times.ts';
import type { ClassWaits } from './wait-record.ts';
import type { PollPlan } from './work.ts';

/** What an errand is done on, for those above that hand one in. */
export type { MeterSession, PlannedWrite } from '../drivers/driver.ts';

export interface EngineDeps {
  readonly plant: Plant;
  readonly store: EngineStore;
  readonly openLine: OpenLine;
  readonly drivers: ReadonlyMap<DriverId, MeterDriver>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly plan: PollPlan;
}

export interface EngineEvents {
  /** Live values or health of a meter changed. */
  live(meterId: number): void;
  /** Intervals or registers of a meter became durable; how many intervals. */
  stored(meterId: number, intervals: number): void;
  /** A line changed its state, or the store began or ceased to refuse. */
  status(): void;
  /** An exchange went over a line, good or bad. */
  exchange(lineId: number, observed: ObservedExchange): void;
  /** The clock of a meter was measured: meter minus PC, milliseconds. */
  clock(meterId: number, deviationMs: number): void;
  /** The settings of a meter were read, as they are once a day. */
  configuration(meterId: number, configuration: MeterConfiguration): void;
  /** A meter that nobody has entered is read in quarantine from now on. */
  quarantined(meterId: number): void;
}

export interface MeterStatus {
  readonly meterId: number;
  readonly health: MeterHealth;
  /** Why its intervals are absent for now; `not-read` while nothing stands in the way. */
  readonly absence: AbsenceReason;
  readonly code: ErrorCode | null;
  readonly live: LiveState;
  readonly openRanges: readonly Range[];
}

export interface LineStatus {
  readonly record: LineRecord;
  readonly state: LineState;
  readonly code: ErrorCode | null;
  readonly counters: LineCounters;
  /** Those that have their place there. */
  readonly meterIds: readonly number[];
}

export interface Engine {
  /** Starts the workers. The promise ends when they have: never in `continuous` mode before `stop`. */
  run(): Promise<void>;
  stop(): Promise<void>;
  meter(meterId: number): MeterStatus | null;
  lines(): readonly LineStatus[];
  /** What work on a line waited for over the last hour, by class, beside what is promised; null = the line is not polled. */
  waits(lineId: number): readonly ClassWaits[] | null;
  watch(meterIds: readonly number[]): void;
  /**
   * Work that a person waits for: done on the meter's open session before everything else, once. Rejects with what the driver
   * throws, `line/*` while the line is down, `api/not-found` for a meter that is not polled, `api/cancelled` when the engine stops.
   */
  ask<T>(meterId: number, label: string, run: (session: MeterSession) => Promise<T>): Promise<T>;
  /** Lends a line for a search or a test; `api/not-found` for a line that is not there, `api/conflict` while it is lent. */
  lend(lineId: number): LineLoan;
  /** Intervals of a period are asked for again, stored or proven absent; what the meter's memory does not reach is left out. */
  readAgain(meterId: number, range: Range): void;
  /** Intervals of a period that are still to be read; 0 for a meter that is not polled. */
  openIn(meterId: number, range: Range): number;
  subscribe(listener: Partial<EngineEvents>): () => void;
  readonly storeFault: AppError | null;
  /** What is added to the PC's clock to have the time of the site, milliseconds; 0 while the meters do not say that it is wrong. */
  readonly pcClockErrorMs: number;
}

/** The store is tried again after this; until then nothing is read, since it could not be kept. */
const STORE_RETRY_MS = 30_000;

export function createEngine(deps: EngineDeps): Engine {
  const listeners = new Set<Partial<EngineEvents>>();
  const pcClock = new PcClock(deps.clock);
  let storeFault: AppError | null = null;
  let storeFaultAt = 0;

  const isStoreFaulty = () => {
    if (storeFault !== null && deps.clock.monotonic() - storeFaultAt > STORE_RETRY_MS) {
      storeFault = null;
      for (const listener of listeners) listener.status?.();
    }
    return storeFault !== null;
  };
  const onStoreFault = (thrown: unknown) => {
    const error = asAppError(thrown);
    const isNews = storeFault === null;
    storeFault = error;
    storeFaultAt = deps.clock.monotonic();
    if (!isNews) return;
    deps.logger.error({ code: error.code, error: error.message }, 'the store refuses: polling pauses');
    for (const listener of listeners) listener.status?.();
  };

  const agents = new Map<number, { readonly agent: MeterAgent; readonly worker: LineWorker }>();
  const workers = deps.plant.lines.map((record) => {
    const line = deps.openLine(record);
    line.observe((observed) => {
      for (const listener of listeners) listener.exchange?.(record.id, observed);
    });
    const replyTimes = new ReplyTimes();
    const agentsOf = (meter: LinkedMeter): MeterAgent[] => {
      const driver = deps.drivers.get(meter.driver);
      if (driver === undefined) {
        deps.logger.warn({ meter: meter.serial, driver: meter.driver }, 'no driver in this version: the meter is not polled');
        return [];
      }
      return [
        new MeterAgent({
          meter,
          driver,
          link: line,
          replyTimes,
          baudRate: line.baudRate,
          store: deps.store,
          clock: deps.clock,
          logger: deps.logger,
          plan: deps.plan,
          pcClock,
          onLive: (meterId) => {
            for (const listener of listeners) listener.live?.(meterId);
          },
          onStored: (meterId, intervals) => {
            for (const listener of listeners) listener.stored?.(meterId, intervals);
          },
          onClock: (meterId, deviationMs) => {
            for (const listener of listeners) listener.clock?.(meterId, deviationMs);
          },
          onConfiguration: (meterId, configuration) => {
            for (const listener of listeners) listener.configuration?.(meterId, configuration);
          },
          onStoreFault,
          onStranger: (expected, serial, firstSeenUtc) => {
            // Whoever answers in place of one in quarantine is known by the agent of the meter that belongs there.
            if (expected.quarantinedUtc !== null) return;
            const lastSeenUtc = Math.floor(deps.clock.now() / 1000);
            const taken = deps.store.meetStranger({ expectedMeterId: expected.id, serial, firstSeenUtc, lastSeenUtc });
            if (taken === null || agents.has(taken.id)) return;
            deps.logger.warn({ meter: expected.serial, answers: serial }, 'another meter answers: it is read in quarantine');
            for (const agent of agentsOf(taken)) {
              agents.set(taken.id, { agent, worker });
              worker.adopt(agent);
            }
            for (const listener of listeners) listener.quarantined?.(taken.id);
          },
        }),
      ];
    };
    const worker = new LineWorker({
      record,
      line,
      agents: askedMeters(deps.plant, record.id).flatMap(agentsOf),
      isOnce: deps.plan.mode === 'once',
      clock: deps.clock,
      pcClock,
      logger: deps.logger,
      isStoreFaulty,
      onState: () => {
        for (const listener of listeners) listener.status?.();
      },
    });
    for (const agent of worker.agents) agents.set(agent.meter.id, { agent, worker });
    return worker;
  });
  let running: Promise<void> | null = null;
  let ended: Promise<unknown> = Promise.resolve();

  return {
    run() {
      if (running === null) {
        const runs = workers.map((worker) => worker.run());
        ended = Promise.allSettled(runs);
        running = Promise.all(runs).then(() => deps.store.flush());
      }
      return running;
    },
    async stop() {
      for (const worker of workers) worker.stop();
      // A worker that ended with a fault of the program has said so to whoever runs the engine; the others have lines to close.
      await ended;
      if (running !== null) await deps.store.flush();
    },
    meter(meterId) {
      const found = agents.get(meterId);
      if (found === undefined) return null;
      const { agent } = found;
      return {
        meterId,
        health: agent.health.health,
        absence: agent.absence,
        code: agent.isLineDown ? found.worker.code : agent.health.code,
        live: agent.live,
        openRanges: agent.ledger.openRanges,
      };
    },
    lines: () =>
      workers.map((worker) => ({
        record: worker.record,
        state: worker.state,
        code: worker.code,
        counters: worker.counters(),
        meterIds: worker.agents.flatMap(({ meter }) => (meter.quarantinedUtc === null ? [meter.id] : [])),
      })),
    waits: (lineId) => workers.find(({ record }) => record.id === lineId)?.waits() ?? null,
    watch(meterIds) {
      for (const meterId of meterIds) {
        const found = agents.get(meterId);
        if (found === undefined) continue;
        found.agent.watch();
        found.worker.wake();
      }
    },
    ask(meterId, label, run) {
      const found = agents.get(meterId);
      if (found === undefined) return Promise.reject(new AppError('api/not-found', 'This meter is not polled', { context: { meterId } }));
      return found.worker.ask(found.agent, label, run);
    },
    lend(lineId) {
      const worker = workers.find(({ record }) => record.id === lineId);
      if (worker === undefined) throw new AppError('api/not-found', 'There is no such line', { context: { lineId } });
      return worker.lend();
    },
    readAgain(meterId, range) {
      const found = agents.get(meterId);
      found?.agent.readAgain(range);
      found?.worker.wake();
    },
    openIn: (meterId, range) => agents.get(meterId)?.agent.openIn(range) ?? 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get pcClockErrorMs() {
      return pcClock.errorMs;
    },
    get storeFault() {
      return storeFault;
    },
  };
}
