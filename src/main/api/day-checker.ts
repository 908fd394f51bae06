/** Compares closed days of one meter: what is stored of its intervals against its registers at both midnights (quality.md 1). */
import type { PerChannel } from '../../shared/domain/channel.ts';
import type { DayVerdict } from '../../shared/domain/day-check.ts';
import { isLinked, type MeterRecord } from '../../shared/domain/plant.ts';
import type { DriverId } from '../../shared/domain/point.ts';
import { dayStartUtc, meterDayOf, type UtcSeconds } from '../../shared/domain/time.ts';
import { crossCheckDay, type DayCheck } from '../metering/day-cross-check.ts';
import { decimalText, perChannel } from '../metering/energy.ts';
import { intervalLengthS } from '../metering/expected.ts';
import type { DayCheckRecord, StoredInterval, UtcRange } from '../store/store.ts';
import type { Site } from './site.ts';

/** Days that are compared: a closed month and what has gone of the next. */
const CHECKED_DAYS = 40;

const DAY_S = 86_400;

/** How a family counts: the constants that its meters are made with, imp/kWh, and the step of its registers, Wh. */
export type CountingOf = (driver: DriverId) => { readonly constants: readonly number[]; readonly registerStepWh: number };

/** Figures of a verdict as they are kept: exact decimals, Wh and varh of the secondary side. */
export interface DayFigures {
  readonly channels: PerChannel<ChannelFigures | null>;
  readonly expectedSlots: number;
  readonly missingSlots: number;
  readonly shiftedBy: number | null;
  readonly fittingConstant: number | null;
}

/** Of one channel. */
interface ChannelFigures {
  readonly sum: string;
  readonly difference: string;
  readonly tolerance: string;
  readonly agrees: boolean;
}

/** All that is compared at a moment. */
export function checkedWindow(nowUtc: UtcSeconds): UtcRange {
  return { fromUtc: nowUtc - (CHECKED_DAYS + 1) * DAY_S, toUtc: nowUtc };
}

export class DayChecker {
  readonly #site: Site;
  readonly #countingOf: CountingOf;

  constructor(site: Site, countingOf: CountingOf) {
    this.#site = site;
    this.#countingOf = countingOf;
  }

  /**
   * Verdicts that are news, of the closed days of the meter: days that `anew` touches, and all that did not match before. A day
   * some interval of which can still be had has none yet.
   */
  check(meterId: number, anew: UtcRange | null): DayCheckRecord[] {
    const { plant, store } = this.#site;
    const meter = plant.meters.find(({ id }) => id === meterId);
    if (meter === undefined) return [];
    const nowUtc = this.#site.nowUtc();
    const today = meterDayOf(nowUtc, meter.clock);
    const first = dayStartUtc(today - CHECKED_DAYS, meter.clock);
    const known = new Map(store.dayChecks.list(meterId, first, nowUtc).map((record) => [record.startUtc, record]));
    const days = Array.from({ length: CHECKED_DAYS + 1 }, (_, index) => today - CHECKED_DAYS + index)
      .map((day) => ({ fromUtc: dayStartUtc(day, meter.clock), toUtc: dayStartUtc(day + 1, meter.clock) }))
      .filter(({ fromUtc, toUtc }) => {
        if (toUtc > nowUtc) return false;
        // The registers at the end of a day stand on the boundary itself.
        const isTouched = anew !== null && fromUtc <= anew.toUtc && toUtc >= anew.fromUtc;
        return isTouched || known.get(fromUtc)?.verdict !== 'matches';
      });
    if (days.length === 0) return [];
    const proven = store.gaps.list(meterId).filter(({ state }) => state === 'proven-absent');
    const registers = this.#dayStarts(meterId, { fromUtc: first, toUtc: nowUtc });
    return days.flatMap((day) => {
      const record = this.#checkDay(meter, day, registers, proven);
      return record === null || isSameVerdict(record, known.get(day.fromUtc)) ? [] : [{ ...record, checkedUtc: nowUtc }];
    });
  }

  /** Null while some interval of the day is open. */
  #checkDay(
    meter: MeterRecord,
    day: UtcRange,
    registers: ReadonlyMap<UtcSeconds, PerChannel<number | null>>,
    proven: readonly UtcRange[],
  ): Omit<DayCheckRecord, 'checkedUtc'> | null {
    if (!isLinked(meter)) return null;
    const [startUtc, endUtc] = [day.fromUtc, day.toUtc];
    const isAbsent = (start: UtcSeconds) => proven.some(({ fromUtc, toUtc }) => start >= fromUtc && start < toUtc);
    const stored = this.#site.store.intervals.list(meter.id, startUtc, endUtc);
    const lengthS = stored[0]?.lengthS ?? intervalLengthS(meter);
    if (stored.some((interval) => interval.lengthS !== lengthS)) {
      return { meterId: meter.id, startUtc, endUtc, verdict: 'not-comparable', diagnosis: 'period-changed', figures: {} };
    }
    const starts = new Set(stored.map((interval) => interval.startUtc));
    for (let start = startUtc; start < endUtc; start += lengthS) if (!starts.has(start) && !isAbsent(start)) return null;
    const { constants, registerStepWh } = this.#countingOf(meter.driver);
    const check = crossCheckDay({
      startUtc,
      endUtc,
      lengthS,
      intervals: this.#withNeighbours(meter.id, day, lengthS),
      constant: meter.facts.constantImpPerKwh,
      knownConstants: constants,
      first: registers.get(startUtc) ?? null,
      last: registers.get(endUtc) ?? null,
      registerUnit: registerStepWh,
      digits: null,
      isReplaced: this.#isReplaced(meter.id, day),
    });
    const { verdict, diagnosis } = wordsOf(check);
    return { meterId: meter.id, startUtc, endUtc, verdict, diagnosis, figures: { ...figuresOf(check) } };
  }

  #withNeighbours(meterId: number, { fromUtc, toUtc }: UtcRange, lengthS: number): readonly StoredInterval[] {
    return this.#site.intervals(meterId, fromUtc - lengthS, toUtc + lengthS);
  }

  /** Sums of tariffs at midnights: a month or a year begins with a day. */
  #dayStarts(meterId: number, { fromUtc, toUtc }: UtcRange): ReadonlyMap<UtcSeconds, PerChannel<number | null>> {
    const readings = this.#site.store.registers.list([meterId], { fromUtc, toUtc: toUtc + 1 }).filter(({ tariff }) => tariff === 0);
    const frozen = readings.filter(({ kind }) => kind === 'month-start' || kind === 'year-start');
    const ofDays = readings.filter(({ kind }) => kind === 'day-start');
    return new Map([...frozen, ...ofDays].map(({ momentUtc, energy }) => [momentUtc, energy]));
  }

  #isReplaced(meterId: number, { fromUtc, toUtc }: UtcRange): boolean {
    const isInside = (at: UtcSeconds | null) => at !== null && at > fromUtc && at < toUtc;
    return this.#site.plant.installations.some(
      (installation) => installation.meterId === meterId && (isInside(installation.fromUtc) || isInside(installation.toUtc)),
    );
  }
}

const VERDICTS: Readonly<Record<DayCheck['verdict'], DayVerdict>> = {
  agrees: 'matches',
  differs: 'mismatch',
  'not-checked': 'not-comparable',
};

function wordsOf({ verdict, diagnosis, obstacle }: DayCheck): Pick<DayCheckRecord, 'verdict' | 'diagnosis'> {
  return { verdict: VERDICTS[verdict], diagnosis: diagnosis ?? obstacle };
}

function figuresOf({ channels, expectedSlots, missingSlots, shiftedBy, fittingConstant }: DayCheck): DayFigures {
  return {
    channels: perChannel((channel) => {
      const check = channels[channel];
      if (check === null) return null;
      const { intervals, registers, tolerance, agrees } = check;
      return { sum: decimalText(intervals), difference: String(registers), tolerance: decimalText(tolerance), agrees };
    }),
    expectedSlots,
    missingSlots,
    shiftedBy,
    fittingConstant,
  };
}

function isSameVerdict(record: Pick<DayCheckRecord, 'verdict' | 'diagnosis' | 'figures'>, known: DayCheckRecord | undefined): boolean {
  return (
    known?.verdict === record.verdict &&
    known.diagnosis === record.diagnosis &&
    JSON.stringify(known.figures) === JSON.stringify(record.figures)
  );
}
