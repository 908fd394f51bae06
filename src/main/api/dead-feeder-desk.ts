/** Looks at the hours in which meters were without supply: zero where it is proven, a warning where the neighbours had voltage. */
import type { Attention } from '../../shared/api/values.ts';
import type { Gap } from '../../shared/domain/gap.ts';
import type { AbsenceReason, SourcedInterval } from '../../shared/domain/interval.ts';
import { isLinked, type MeterRecord } from '../../shared/domain/plant.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { EngineStore } from '../engine/ports.ts';
import { crossCheckDay } from '../metering/day-cross-check.ts';
import { judgeOff } from '../metering/dead-feeder.ts';
import { perChannel } from '../metering/energy.ts';
import { intervalLengthS } from '../metering/expected.ts';
import { type Clock, every } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { UtcRange } from '../store/store.ts';
import type { CountingOf } from './day-checker.ts';
import type { Site } from './site.ts';

const SWEEP_EVERY_MS = 3_600_000;
/** After a start the journals and the neighbours are read first. */
const FIRST_SWEEP_MS = 120_000;
/** Between two meters the program has time for everything else. */
const BREATH_MS = 20;
const DAY_S = 86_400;
/** A closed month and what has gone of the next. */
const LOOKED_BACK_S = 40 * DAY_S;
/** Registers are frozen each midnight; a meter that was off over some of them freezes the next one. */
const REGISTERS_WITHIN_S = 3 * DAY_S;

const OFF_REASONS: ReadonlySet<AbsenceReason> = new Set(['meter-off', 'never-recorded']);

export interface DeadFeederDeskDeps {
  readonly site: Site;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly countingOf: CountingOf;
  readonly commit: EngineStore['commit'];
}

export class DeadFeederDesk {
  readonly #deps: DeadFeederDeskDeps;
  #waiting: number[] = [];
  #cancelStep: (() => void) | null = null;
  #cancelSweep: (() => void) | null = null;

  constructor(deps: DeadFeederDeskDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { clock } = this.#deps;
    if (this.#cancelSweep !== null) return;
    this.#cancelSweep = every(clock, SWEEP_EVERY_MS, () => this.#sweep());
    this.#cancelStep = clock.after(FIRST_SWEEP_MS, () => {
      this.#cancelStep = null;
      this.#sweep();
    });
  }

  stop(): void {
    this.#cancelSweep?.();
    this.#cancelStep?.();
    this.#cancelSweep = null;
    this.#cancelStep = null;
    this.#waiting = [];
  }

  #sweep(): void {
    this.#waiting = this.#deps.site.plant.meters.map(({ id }) => id);
    this.#cancelStep ??= this.#deps.clock.after(BREATH_MS, () => this.#step());
  }

  #step(): void {
    const { clock, logger } = this.#deps;
    this.#cancelStep = null;
    const meterId = this.#waiting.shift();
    if (meterId === undefined) return;
    try {
      this.#look(meterId);
    } catch (error) {
      // What ails the store is told by its writer; the next sweep looks again.
      logger.error({ error, meterId }, 'the hours without supply could not be judged');
    }
    if (this.#waiting.length > 0) this.#cancelStep = clock.after(BREATH_MS, () => this.#step());
  }

  #look(meterId: number): void {
    const { site, commit, logger, countingOf } = this.#deps;
    const meter = site.plant.meters.find(({ id }) => id === meterId);
    if (meter === undefined) return;
    for (const gap of absences(site, meter)) {
      const isOff = isOffByJournal(site, meter, gap);
      if (!isOff) continue;
      const verdict = judgeOff({
        isOffByJournal: isOff,
        isStillByRegisters: isStillByRegisters(site, countingOf, meter, gap),
        isNeighbourAlive: isNeighbourAlive(site, meter, gap),
      });
      const intervals = verdict === 'off' ? zeroIntervals(site, meter, gap) : [];
      // In its first lap the ring does not tell a meter without supply from one without records; the journal does.
      const gaps = intervals.length > 0 || gap.reason === 'meter-off' ? [] : [{ ...gap, reason: 'meter-off' as const }];
      if (intervals.length === 0 && gaps.length === 0) continue;
      logger.info({ meterId, fromUtc: gap.fromUtc, toUtc: gap.toUtc, verdict }, 'the meter was without supply');
      // A refusal of the store is told by its writer, and the next sweep proves the same again.
      commit({ meterId, atUtc: site.nowUtc(), intervals, gaps }).catch(() => undefined);
    }
  }
}

/** Meters that alone of their substation were without supply, the newest time of each. */
export function suppliesOffAlone(site: Site): Attention[] {
  return site.points.flatMap(({ point, meter, isOff }) => {
    if (isOff) return [];
    const range = absences(site, meter).findLast((gap) => {
      const evidence = { isOffByJournal: isOffByJournal(site, meter, gap), isNeighbourAlive: isNeighbourAlive(site, meter, gap) };
      // Registers take no part in whether it was alone.
      return judgeOff({ ...evidence, isStillByRegisters: null }) === 'alone';
    });
    if (range === undefined) return [];
    const params = { code: point.code, serial: meter.serial, from: isoUtc(range.fromUtc), to: isoUtc(range.toUtc) };
    const subject = { kind: 'point' as const, id: point.id, name: point.name };
    return [{ code: 'supply-off-alone' as const, state: 'attention' as const, subject, since: isoUtc(range.toUtc), params }];
  });
}

/** Times of which the meter holds no record, and which a lack of supply may explain. */
function absences(site: Site, meter: MeterRecord): Gap[] {
  const sinceUtc = site.nowUtc() - LOOKED_BACK_S;
  return site.store.gaps
    .list(meter.id)
    .filter(({ state, reason, toUtc }) => state === 'proven-absent' && OFF_REASONS.has(reason) && toUtc > sinceUtc);
}

/** Off before the first whole interval that is absent, on in the one after the last, and nothing in between. */
function isOffByJournal(site: Site, meter: MeterRecord, { fromUtc, toUtc }: UtcRange): boolean {
  const lengthS = intervalLengthS(meter);
  const window = { fromUtc: fromUtc - lengthS, toUtc: toUtc + lengthS + 1 };
  const { rows } = site.store.journals.list({ meterIds: [meter.id], ...window, kinds: ['power-on', 'power-off'] }, 0, 1000);
  // Newest first.
  const before = rows.find(({ atUtc }) => atUtc <= fromUtc);
  const after = rows.findLast(({ atUtc }) => atUtc >= toUtc);
  const isQuiet = rows.every(({ atUtc }) => atUtc <= fromUtc || atUtc >= toUtc);
  return isQuiet && before?.kind === 'power-off' && after?.kind === 'power-on';
}

/** By the registers frozen at the nearest midnights on both sides. */
function isStillByRegisters(site: Site, countingOf: CountingOf, meter: MeterRecord, { fromUtc, toUtc }: UtcRange): boolean | null {
  const frozen = site.store.registers
    .list([meter.id], { fromUtc: fromUtc - REGISTERS_WITHIN_S, toUtc: toUtc + REGISTERS_WITHIN_S })
    .filter(({ kind, tariff }) => tariff === 0 && (kind === 'day-start' || kind === 'month-start' || kind === 'year-start'));
  const first = frozen.findLast(({ momentUtc }) => momentUtc <= fromUtc);
  const last = frozen.find(({ momentUtc }) => momentUtc >= toUtc);
  if (!isLinked(meter) || first === undefined || last === undefined) return null;
  const { constants, registerStepWh } = countingOf(meter.driver);
  const { verdict } = crossCheckDay({
    startUtc: first.momentUtc,
    endUtc: last.momentUtc,
    lengthS: intervalLengthS(meter),
    intervals: site.intervals(meter.id, first.momentUtc, last.momentUtc),
    constant: meter.facts.constantImpPerKwh,
    knownConstants: constants,
    first: first.energy,
    last: last.energy,
    registerUnit: registerStepWh,
    digits: null,
    isReplaced: false,
  });
  return verdict === 'not-checked' ? null : verdict === 'agrees';
}

/** Other points of the substation are the bus section, as far as anybody has told the program. */
function isNeighbourAlive(site: Site, meter: MeterRecord, { fromUtc, toUtc }: UtcRange): boolean | null {
  const own = site.points.find((installed) => installed.meter.id === meter.id);
  const neighbours = site.points.filter(
    (other) => other.meter.id !== meter.id && !other.isOff && other.point.substationId === own?.point.substationId,
  );
  if (own === undefined || neighbours.length === 0) return null;
  const isRecorded = ({ meter: { id } }: (typeof neighbours)[number]) =>
    site.store.intervals.list(id, fromUtc, toUtc).some(({ flags }) => !flags.includes('power-cut') && !flags.includes('proven-off'));
  if (neighbours.some(isRecorded)) return true;
  const isKnown = ({ meter: neighbour }: (typeof neighbours)[number]) =>
    absences(site, neighbour).some((gap) => gap.fromUtc <= fromUtc && gap.toUtc >= toUtc) ||
    site.store.intervals.list(neighbour.id, fromUtc, toUtc).some(({ flags }) => flags.includes('proven-off'));
  return neighbours.every(isKnown) ? false : null;
}

/** Zero of the channels that the meter keeps. */
function zeroIntervals(site: Site, meter: MeterRecord, { fromUtc, toUtc }: UtcRange): SourcedInterval[] {
  const lengthS = intervalLengthS(meter);
  const before = site.store.intervals.list(meter.id, fromUtc - 2 * DAY_S, fromUtc).at(-1);
  if (before === undefined) return [];
  const counts = perChannel((channel) => (before.counts[channel] === null ? null : 0));
  const starts: UtcSeconds[] = [];
  for (let startUtc = fromUtc; startUtc + lengthS <= toUtc; startUtc += lengthS) starts.push(startUtc);
  return starts.map((startUtc) => ({ startUtc, lengthS, counts, flags: ['proven-off'], source: 'profile' }));
}
