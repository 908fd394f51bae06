/** Has closed days compared beside the polling: after what was stored, at the start and every hour, one meter a step. */
import type { MeterBatch } from '../../shared/domain/batch.ts';
import { MARKING_EVENTS } from '../../shared/domain/meter-event.ts';
import type { EngineStore } from '../engine/ports.ts';
import { type Clock, every } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Store, UtcRange } from '../store/store.ts';
import { checkedWindow, type CountingOf, DayChecker } from './day-checker.ts';
import type { Site } from './site.ts';

/** What is stored meanwhile is looked at together. */
const SETTLE_MS = 3000;
const SWEEP_EVERY_MS = 3_600_000;
/** Between two meters the program has time for everything else. */
const BREATH_MS = 20;
const RETRY_MS = 60_000;
/** Interval before and after the day that belong to its diagnosis. */
const LONGEST_INTERVAL_S = 3600;

export interface DayCheckDeskDeps {
  readonly site: Site;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly countingOf: CountingOf;
  /** Verdicts of days were stored, good or bad. */
  readonly onChecked: () => void;
}

export class DayCheckDesk {
  readonly #deps: DayCheckDeskDeps;
  readonly #checker: DayChecker;
  /** Meters that wait for their turn with what is to be compared anew, whatever was said of it before. */
  readonly #waiting = new Map<number, UtcRange | null>();
  #cancelStep: (() => void) | null = null;
  #cancelSweep: (() => void) | null = null;

  constructor(deps: DayCheckDeskDeps) {
    this.#deps = deps;
    this.#checker = new DayChecker(deps.site, deps.countingOf);
  }

  /** The store of an engine, with an eye on what becomes durable: only that can change a verdict. */
  watch(store: EngineStore): EngineStore {
    return {
      ...store,
      commit: (batch) => {
        const done = store.commit(batch);
        // Whether it was stored is the engine's business: it holds the same promise.
        done.then(
          () => this.#stored(batch),
          () => undefined,
        );
        return done;
      },
    };
  }

  /** Everything is compared once: a program that died may have stored without comparing. */
  start(): void {
    const { site, clock } = this.#deps;
    if (this.#cancelSweep !== null) return;
    this.#cancelSweep = every(clock, SWEEP_EVERY_MS, () => this.#sweep(null));
    this.#sweep(checkedWindow(site.nowUtc()));
  }

  stop(): void {
    this.#cancelSweep?.();
    this.#cancelStep?.();
    this.#cancelSweep = null;
    this.#cancelStep = null;
    this.#waiting.clear();
  }

  #sweep(anew: UtcRange | null): void {
    for (const { id } of this.#deps.site.plant.meters) this.#ask(id, anew);
  }

  #stored(batch: MeterBatch): void {
    const { site, logger } = this.#deps;
    try {
      const touched = this.#isScaledAnew(batch) ? checkedWindow(site.nowUtc()) : touchedBy(batch);
      if (touched !== null) this.#ask(batch.meterId, touched);
    } catch (error) {
      // The batch is stored whatever becomes of the comparison; the next start makes up for it.
      logger.error({ error, meterId: batch.meterId }, 'what a batch changes could not be told');
    }
  }

  /** Another constant scales everything that is stored, and is news to the site as well. */
  #isScaledAnew({ meterId, facts }: MeterBatch): boolean {
    const { site } = this.#deps;
    if (facts === undefined) return false;
    const known = site.plant.meters.find(({ id }) => id === meterId)?.facts.constantImpPerKwh;
    if (facts.constantImpPerKwh === known) return false;
    site.learn(new Map([[meterId, facts]]));
    return true;
  }

  #ask(meterId: number, anew: UtcRange | null): void {
    if (this.#cancelSweep === null) return;
    const before = this.#waiting.get(meterId) ?? null;
    this.#waiting.set(meterId, before === null || anew === null ? (before ?? anew) : hullOf([before, anew]));
    this.#cancelStep ??= this.#deps.clock.after(SETTLE_MS, () => this.#step());
  }

  #step(): void {
    const { store, clock, logger, onChecked } = this.#deps;
    this.#cancelStep = null;
    const [next] = this.#waiting;
    if (next === undefined) return;
    const [meterId, anew] = next;
    this.#waiting.delete(meterId);
    let pauseMs = BREATH_MS;
    try {
      const records = this.#checker.check(meterId, anew);
      store.dayChecks.save(records);
      for (const { startUtc, verdict, diagnosis } of records) {
        if (verdict === 'mismatch') logger.warn({ meterId, startUtc, diagnosis }, 'the intervals of a day do not add up to its registers');
      }
      if (records.length > 0) onChecked();
    } catch (error) {
      // What ails the store is told by its writer; the meter waits for its turn again.
      logger.error({ error, meterId }, 'closed days could not be compared');
      this.#waiting.set(meterId, anew);
      pauseMs = RETRY_MS;
    }
    if (this.#waiting.size > 0) this.#cancelStep = clock.after(pauseMs, () => this.#step());
  }
}

/** The time whose verdicts a batch may change; null when it changes none. */
function touchedBy({ intervals, registers, gaps, events }: MeterBatch): UtcRange | null {
  const ranges = [
    ...(intervals ?? []).map(({ startUtc, lengthS }) => ({ fromUtc: startUtc, toUtc: startUtc + lengthS })),
    ...(registers ?? []).flatMap(({ kind, momentUtc }) => (kind === 'now' ? [] : [{ fromUtc: momentUtc, toUtc: momentUtc }])),
    ...(gaps ?? []).flatMap(({ state, fromUtc, toUtc }) => (state === 'proven-absent' ? [{ fromUtc, toUtc }] : [])),
    ...(events ?? []).flatMap(({ kind, atUtc }) =>
      MARKING_EVENTS.some((marking) => marking === kind) ? [{ fromUtc: atUtc, toUtc: atUtc }] : [],
    ),
  ];
  if (ranges.length === 0) return null;
  const { fromUtc, toUtc } = hullOf(ranges);
  return { fromUtc: fromUtc - LONGEST_INTERVAL_S, toUtc: toUtc + LONGEST_INTERVAL_S };
}

function hullOf(ranges: readonly UtcRange[]): UtcRange {
  return {
    fromUtc: ranges.reduce((least, range) => Math.min(least, range.fromUtc), Number.POSITIVE_INFINITY),
    toUtc: ranges.reduce((most, range) => Math.max(most, range.toUtc), Number.NEGATIVE_INFINITY),
  };
}
