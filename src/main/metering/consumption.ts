import type { STEPS } from '../../shared/api/methods.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import {
  type AbsenceReason,
  countingConstant,
  type IntervalFlag,
  type IntervalSource,
  type SourcedInterval,
} from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { type CompletenessCount, sumCompleteness } from './completeness.ts';
import { add, countEnergy, inWattHours, meterChannel, multiply, type Rational, scalingFactor, ZERO } from './energy.ts';
import { expectedStarts, isWithinInstallation, type PointSpan } from './expected.ts';
import { peakPower, type Peak } from './maxima.ts';
import { intervalQuality, isValidQuality } from './quality.ts';
import { addDays, daysBetween, halfHoursOf, type SiteZone, startOfMonth } from './zone.ts';

export type Step = (typeof STEPS)[number];

/** A span with what is stored of it. */
export interface SpanData {
  readonly span: PointSpan;
  /** A in imp/kWh; null = not known yet, so no count can be turned into energy. */
  readonly constant: number | null;
  /** Of the meter, in order of their starts; others than those of the span are passed over. */
  readonly intervals: readonly SourcedInterval[];
  /** Why an interval of this meter is absent. */
  readonly reasonAt: (startUtc: UtcSeconds) => AbsenceReason;
}

/**
 * Why intervals that were received give no figure: the meter does not keep this energy, its constant is not known yet, or its
 * ratio changed inside (`PointSpan.mixed`).
 */
export type FigureLack = 'channel-not-kept' | 'constant-unknown' | 'ratio-changed';

export interface StepEnergy extends CompletenessCount {
  readonly startUtc: UtcSeconds;
  /** Real length: 1380 or 1500 for a day on which the zone changed. */
  readonly minutes: number;
  /** Wh or varh, primary side, of the intervals received; null when none carries a figure of this channel. */
  readonly energy: Rational | null;
  /** Of the first interval that is absent; null when all expected are there. */
  readonly reason: AbsenceReason | null;
  /** Intervals whose figure is there and valid (quality.md 1): at most `received`. */
  readonly valid: number;
  /** Of the first interval that was received without a figure; null when all received have one. */
  readonly lack: FigureLack | null;
  readonly flags: readonly IntervalFlag[];
}

export interface Series {
  readonly rows: readonly StepEnergy[];
  /** Wh or varh; null when no row has a figure. */
  readonly total: Rational | null;
  /** The largest mean power (W or var) of a step that is over and complete: a part of a step has no mean. */
  readonly peak: Peak | null;
  readonly completeness: CompletenessCount;
  /** Of the intervals received, those whose figure is there and valid. */
  readonly valid: number;
}

/**
 * Bounds of the steps of a period of inclusive dates, the end of the last step included: n steps have n + 1 bounds.
 * Months are whole months cut to the period.
 */
export function stepBounds(from: string, to: string, step: Step, zone: SiteZone): UtcSeconds[] {
  const end = zone.startOfDay(addDays(to, 1));
  if (step === 'month') {
    const starts: UtcSeconds[] = [];
    for (let day = from; day <= to; day = startOfMonth(day, 1)) starts.push(zone.startOfDay(day));
    return [...starts, end];
  }
  const days = daysBetween(from, to);
  if (step === 'day') return [...days.map((day) => zone.startOfDay(day)), end];
  const every = step === 'hour' ? 2 : 1;
  return [...days.flatMap((day) => halfHoursOf(day, zone).filter((_, index) => index % every === 0)), end];
}

/**
 * Energy of one point and channel by steps. An hourly profile is not split: asked for half-hours it answers in hours.
 * Intervals that have not ended by `nowUtc` are not expected yet.
 */
export function consumptionSeries(request: {
  readonly from: string;
  readonly to: string;
  readonly step: Step;
  readonly channel: Channel;
  readonly zone: SiteZone;
  readonly nowUtc: UtcSeconds;
  readonly data: readonly SpanData[];
}): Series {
  const isHourly = request.data.some(({ span }) => span.lengthS > 1800);
  const step = request.step === 'half-hour' && isHourly ? 'hour' : request.step;
  const bounds = stepBounds(request.from, request.to, step, request.zone);
  const rows = bounds.slice(0, -1).map((startUtc, index) => new RowSum(startUtc, bounds[index + 1] ?? startUtc));
  let shared: SharedPart | null = null;
  for (const data of request.data) shared = addSpan(rows, data, request.channel, request.nowUtc, shared);
  const done = rows.map((row) => row.result());
  const figures = done.flatMap((row) => row.energy ?? []);
  return {
    rows: done,
    total: figures.length === 0 ? null : figures.reduce(add, ZERO),
    peak: peakPower(done, request.nowUtc),
    completeness: sumCompleteness(done),
    valid: done.reduce((sum, { valid }) => sum + valid, 0),
  };
}

/** Sum of several points step by step, with how many of them lack something there. All series must have the same steps. */
export function sumSeries(
  series: readonly Series[],
): { readonly startUtc: UtcSeconds; readonly energy: Rational | null; readonly missingPoints: number }[] {
  return (series[0]?.rows ?? []).map(({ startUtc }, index) => {
    const there = series.flatMap(({ rows }) => rows[index] ?? []);
    const figures = there.flatMap((row) => row.energy ?? []);
    return {
      startUtc,
      energy: figures.length === 0 ? null : figures.reduce(add, ZERO),
      missingPoints: there.filter((row) => row.received < row.expected || row.lack !== null).length,
    };
  });
}

/** The last interval of a span: when a meter was replaced inside it, the next span begins with the rest of it. */
interface SharedPart {
  readonly startUtc: UtcSeconds;
  /** From all meters so far. */
  readonly isReceived: boolean;
}

function addSpan(
  rows: readonly RowSum[],
  data: SpanData,
  channel: Channel,
  nowUtc: UtcSeconds,
  before: SharedPart | null,
): SharedPart | null {
  const { span, constant, intervals } = data;
  const source = meterChannel(span.installation.direction, channel);
  const factorOf = (from: IntervalSource) => {
    const unit = countingConstant(from, constant);
    return unit === null ? null : multiply(inWattHours(countEnergy(1, unit)), scalingFactor(span.installation));
  };
  const factors = { profile: factorOf('profile'), 'frozen-registers': factorOf('frozen-registers') };
  let rowIndex = 0;
  let intervalIndex = 0;
  let last = before;
  for (const start of expectedStarts(span, nowUtc)) {
    while (start >= (rows[rowIndex]?.endUtc ?? Number.POSITIVE_INFINITY)) rowIndex += 1;
    const row = rows[rowIndex];
    if (row === undefined) return last;
    while ((intervals[intervalIndex]?.startUtc ?? Number.POSITIVE_INFINITY) < start) intervalIndex += 1;
    const interval = intervals[intervalIndex]?.startUtc === start ? intervals[intervalIndex] : undefined;
    const part = before?.startUtc === start ? before : null;
    row.count(interval !== undefined, part, () => data.reasonAt(start));
    last = { startUtc: start, isReceived: interval !== undefined && part?.isReceived !== false };
    if (interval === undefined) continue;
    const count = source === null ? null : interval.counts[source];
    if (span.mixed.includes(start)) row.addWithout('ratio-changed', interval.flags);
    else if (count === null) row.addWithout('channel-not-kept', interval.flags);
    else
      row.addFigure(
        count,
        factors[interval.source],
        interval.flags,
        interval.lengthS === span.lengthS && isWithinInstallation(span, start),
      );
  }
  return last;
}

/** One step being filled: counts of one meter are summed as they are and scaled once. */
class RowSum {
  readonly startUtc: UtcSeconds;
  readonly endUtc: UtcSeconds;
  #expected = 0;
  #received = 0;
  #reason: AbsenceReason | null = null;
  #valid = 0;
  #lack: FigureLack | null = null;
  #counts = 0;
  #factor: Rational | null = null;
  #energy: Rational | null = null;
  readonly #flags = new Set<IntervalFlag>();

  constructor(startUtc: UtcSeconds, endUtc: UtcSeconds) {
    this.startUtc = startUtc;
    this.endUtc = endUtc;
  }

  /** An interval of which another meter held the first part is one interval, received when both parts are. */
  count(isReceived: boolean, otherPart: SharedPart | null, reason: () => AbsenceReason): void {
    if (otherPart === null) this.#expected += 1;
    if (isReceived && otherPart === null) this.#received += 1;
    if (!isReceived && otherPart?.isReceived === true) this.#received -= 1;
    if (!isReceived) this.#reason ??= reason();
  }

  addWithout(lack: FigureLack, flags: readonly IntervalFlag[]): void {
    for (const flag of flags) this.#flags.add(flag);
    this.#lack ??= lack;
  }

  /** `isWhole`: of the expected length, under one meter and ratio. */
  addFigure(count: number, factor: Rational | null, flags: readonly IntervalFlag[], isWhole: boolean): void {
    if (factor === null) {
      this.addWithout('constant-unknown', flags);
      return;
    }
    for (const flag of flags) this.#flags.add(flag);
    if (isWhole && (flags.length === 0 || isValidQuality(intervalQuality({ flags, isWithinInstallation: true })))) this.#valid += 1;
    if (factor !== this.#factor) this.#flush();
    this.#factor = factor;
    this.#counts += count;
  }

  result(): StepEnergy {
    this.#flush();
    return {
      startUtc: this.startUtc,
      minutes: (this.endUtc - this.startUtc) / 60,
      energy: this.#energy,
      expected: this.#expected,
      received: this.#received,
      reason: this.#reason,
      valid: this.#valid,
      lack: this.#lack,
      flags: [...this.#flags],
    };
  }

  #flush(): void {
    if (this.#factor === null) return;
    const sum = multiply({ numerator: BigInt(this.#counts), denominator: 1n }, this.#factor);
    this.#energy = this.#energy === null ? sum : add(this.#energy, sum);
    this.#counts = 0;
    this.#factor = null;
  }
}
