/** One poll from start to finish: everything that has ended by now, once, then a summary. Used by the command line and the demo. */
import type { AbsenceReason } from '../shared/domain/interval.ts';
import type { UtcSeconds } from '../shared/domain/time.ts';
import { checkedWindow, DayChecker } from './api/day-checker.ts';
import { Site } from './api/site.ts';
import { createEngine } from './engine/engine.ts';
import type { OpenLine } from './engine/ports.ts';
import { CONTINUOUS_PLAN } from './engine/work.ts';
import { engineStore, openEngineLine } from './lines.ts';
import { countingOf, DRIVERS } from './drivers/registry.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Store } from './store/store.ts';

export interface PollSummary {
  readonly points: number;
  /** Intervals stored by this poll. */
  readonly stored: number;
  readonly open: readonly {
    readonly pointCode: string;
    readonly fromUtc: UtcSeconds;
    readonly toUtc: UtcSeconds;
    readonly reason: AbsenceReason;
  }[];
  readonly seconds: number;
  readonly lines: readonly { readonly name: string; readonly exchanges: number; readonly bytes: number; readonly busyShare: number }[];
}

export interface Poll {
  run(): Promise<PollSummary>;
  /** Ends early; `run` resolves with what there is. */
  stop(): void;
  progress(): { readonly stored: number; readonly openIntervals: number; readonly answering: number; readonly meters: number };
}

export function createPoll(deps: {
  readonly store: Store;
  readonly logger: Logger;
  /** null = all that the rings hold. */
  readonly depthDays: number | null;
  readonly clock?: Clock;
  readonly openLine?: OpenLine;
}): Poll {
  const clock = deps.clock ?? systemClock;
  const plant = deps.store.plant.load();
  const engine = createEngine({
    plant,
    store: engineStore(deps.store),
    openLine: deps.openLine ?? openEngineLine(clock, deps.logger),
    drivers: DRIVERS,
    clock,
    logger: deps.logger,
    // Journals are some hundred exchanges of each meter and no figure hangs on them: a poll ends as soon as its figures are there.
    plan: { ...CONTINUOUS_PLAN, mode: 'once', depthDays: deps.depthDays, journalsPeriodS: null },
  });
  let stored = 0;
  engine.subscribe({
    stored: (_meterId, intervals) => {
      stored += intervals;
    },
  });
  const mainPoints = plant.points.flatMap((point) => {
    const installation = plant.installations.find(({ pointId, kind, toUtc }) => pointId === point.id && kind === 'main' && toUtc === null);
    const meter = plant.meters.find(({ id }) => id === installation?.meterId);
    return meter === undefined ? [] : [{ point, meter }];
  });

  /** The days that this poll closed, for whoever asks before a service runs. */
  const checkDays = () => {
    const site = new Site({ store: deps.store, clock, engine: () => null });
    const checker = new DayChecker(site, countingOf);
    for (const { id } of plant.meters) deps.store.dayChecks.save(checker.check(id, checkedWindow(site.nowUtc())));
  };

  return {
    async run() {
      const startedAt = clock.monotonic();
      await engine.run();
      checkDays();
      const elapsedMs = clock.monotonic() - startedAt;
      return {
        points: mainPoints.length,
        stored,
        open: mainPoints.flatMap(({ point, meter }) => {
          const status = engine.meter(meter.id);
          return (status?.openRanges ?? []).map((range) => ({ pointCode: point.code, ...range, reason: status?.absence ?? 'not-read' }));
        }),
        seconds: Math.round(elapsedMs / 100) / 10,
        lines: engine.lines().map(({ record, counters }) => ({
          name: record.name,
          exchanges: counters.exchanges,
          bytes: counters.bytes,
          busyShare: elapsedMs === 0 ? 0 : Math.round((counters.busyMs / elapsedMs) * 1000) / 1000,
        })),
      };
    },
    stop() {
      void engine.stop();
    },
    progress() {
      const statuses = mainPoints.flatMap(({ meter }) => engine.meter(meter.id) ?? []);
      return {
        stored,
        openIntervals: statuses.reduce(
          (sum, { meterId, openRanges }) =>
            sum + openRanges.reduce((seconds, range) => seconds + range.toUtc - range.fromUtc, 0) / periodOf(plant, meterId),
          0,
        ),
        answering: statuses.filter(({ health }) => health === 'ok').length,
        meters: statuses.length,
      };
    },
  };
}

function periodOf(plant: ReturnType<Store['plant']['load']>, meterId: number): number {
  return (plant.meters.find(({ id }) => id === meterId)?.facts.profilePeriodMin ?? 30) * 60;
}
