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
import { add, compare, countEnergy, inWattHours, meterChannel, multiply, type Rational, scalingFactor, ZERO } from './energy.ts';
import { expectedStarts, type PointSpan } from './expected.ts';
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

export interface StepEnergy extends CompletenessCount {
  readonly startUtc: UtcSeconds;
  /** Real length: 1380 or 1500 for a day on which the zone changed. */
  readonly minutes: number;
  /** Wh or varh, primary side, of the intervals received; null when none carries a figure of this channel. */
  readonly energy: Rational | null;
  /** Of the first interval that is absent; null when all expected are there. */
  readonly reason: AbsenceReason | null;
  readonly flags: readonly IntervalFlag[];
}

export interface Series {
  readonly rows: readonly StepEnergy[];
  /** Wh or varh; null when no row has a figure. */
  readonly total: Rational | null;
  /** The largest mean power (W or var) of a step that is over and complete: a part of a step has no mean. */
  readonly peak: { readonly startUtc: UtcSeconds; readonly minutes: number; readonly power: Rational } | null;
  readonly completeness: CompletenessCount;
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
  for (const data of request.data) addSpan(rows, data, request.channel, request.nowUtc);
  const done = rows.map((row) => row.result());
  const figures = done.flatMap((row) => row.energy ?? []);
  return {
    rows: done,
    total: figures.length === 0 ? null : figures.reduce(add, ZERO),
    peak: peakOf(done, request.nowUtc),
    completeness: sumCompleteness(done),
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
      missingPoints: there.filter((row) => row.received < row.expected).length,
    };
  });
}

function addSpan(rows: readonly RowSum[], data: SpanData, channel: Channel, nowUtc: UtcSeconds): void {
  const { span, constant, intervals } = data;
  const source = meterChannel(span.installation.direction, channel);
  const factorOf = (from: IntervalSource) => {
    const unit = countingConstant(from, constant);
    return unit === null ? null : multiply(inWattHours(countEnergy(1, unit)), scalingFactor(span.installation));
  };
  const factors = { profile: factorOf('profile'), 'frozen-registers': factorOf('frozen-registers') };
  let rowIndex = 0;
  let intervalIndex = 0;
  for (const start of expectedStarts(span, nowUtc)) {
    while (start >= (rows[rowIndex]?.endUtc ?? Number.POSITIVE_INFINITY)) rowIndex += 1;
    const row = rows[rowIndex];
    if (row === undefined) return;
    while ((intervals[intervalIndex]?.startUtc ?? Number.POSITIVE_INFINITY) < start) intervalIndex += 1;
    const interval = intervals[intervalIndex];
    if (interval?.startUtc !== start) row.addAbsent(() => data.reasonAt(start));
    else row.addReceived(source === null ? null : interval.counts[source], factors[interval.source], interval.flags);
  }
}

/** One step being filled: counts of one meter are summed as they are and scaled once. */
class RowSum {
  readonly startUtc: UtcSeconds;
  readonly endUtc: UtcSeconds;
  #expected = 0;
  #received = 0;
  #reason: AbsenceReason | null = null;
  #counts = 0;
  #factor: Rational | null = null;
  #energy: Rational | null = null;
  readonly #flags = new Set<IntervalFlag>();

  constructor(startUtc: UtcSeconds, endUtc: UtcSeconds) {
    this.startUtc = startUtc;
    this.endUtc = endUtc;
  }

  addAbsent(reason: () => AbsenceReason): void {
    this.#expected += 1;
    this.#reason ??= reason();
  }

  addReceived(count: number | null, factor: Rational | null, flags: readonly IntervalFlag[]): void {
    this.#expected += 1;
    this.#received += 1;
    for (const flag of flags) this.#flags.add(flag);
    if (count === null || factor === null) return;
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

function peakOf(rows: readonly StepEnergy[], nowUtc: UtcSeconds): Series['peak'] {
  let peak: Series['peak'] = null;
  for (const { startUtc, minutes, energy, expected, received } of rows) {
    if (energy === null || received < expected || startUtc + minutes * 60 > nowUtc) continue;
    const power = multiply(energy, { numerator: 60n, denominator: BigInt(minutes) });
    if (peak === null || compare(power, peak.power) > 0) peak = { startUtc, minutes, power };
  }
  return peak;
}
