/**
 * What the rules of the retail market put in where there are no readings (quality.md 3.5 and 3.6): months 1 and 2 repeat the same month
 * of the year before, else the last month with data; from month 3 on it is the largest power by the hours of the regime.
 */
import { NO_BASIS, type ReplacementBasis } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { divide, inWattHours, multiply, type Rational, rational, roundHalfUp, sumOf } from '../energy.ts';
import { startOfMonth } from '../zone.ts';
import { isSettled, type Method, type MissingRun, type ReplacementContext } from './context.ts';
import { spread } from './spread.ts';

/** From this month without data and readings on the largest power counts. */
const BY_POWER_FROM = 3;
/** How far back a month with data is looked for. */
const LOOK_BACK_MONTHS = 12;

export const byLaw: Method = (run, context) => {
  const month = monthOf(run.fromUtc, context);
  return monthWithout(run, month, context) >= BY_POWER_FROM ? byLargestPower(run, context) : byReferenceMonth(run, month, context);
};

/** A whole month repeats the energy of the reference month; a part of one takes its mean for the length of the gap. */
function byReferenceMonth(run: MissingRun, month: string, context: ReplacementContext) {
  const candidates = [-12, ...Array.from({ length: LOOK_BACK_MONTHS - 1 }, (_, index) => -1 - index)];
  for (const distance of candidates) {
    const reference = startOfMonth(month, distance);
    const settled = wholeMonth(run, reference, context);
    if (settled === null) continue;
    const own = stepsOfMonth(run, month, context);
    const isWholeMonth = own.every((step) => !isSettled(step)) && own.length === run.starts.length;
    const part = isWholeMonth ? rational(1) : rational(run.starts.length, settled.intervals);
    const basis = { ...NO_BASIS, referenceMonth: reference.slice(0, 7) };
    return shareByLaw(run, roundHalfUp(multiply(settled.energyWh, part), 0), basis, context);
  }
  return { obstacle: 'no-reference-month', basis: NO_BASIS } as const;
}

/** Only active energy drawn has a largest power to be counted by. */
function byLargestPower(run: MissingRun, context: ReplacementContext) {
  const { maxPowerW, hoursPerDay } = context.rulesOf(run.pointId);
  if (maxPowerW === null || run.channel !== 'A+') return { obstacle: 'max-power-unknown', basis: NO_BASIS } as const;
  const hours = rational(BigInt(run.lengthS) * BigInt(run.starts.length) * BigInt(hoursPerDay), 3600n * 24n);
  const basis = { ...NO_BASIS, maxPowerW, hoursPerDay };
  return shareByLaw(run, roundHalfUp(multiply(rational(maxPowerW), hours), 0), basis, context);
}

/**
 * A total by hours: those of the planned peak take it evenly up to the largest power, the others what is left (quality.md 3.6). Without
 * such hours in the run, or without a largest power, all take the same.
 */
function shareByLaw(run: MissingRun, totalWh: bigint, basis: ReplacementBasis, context: ReplacementContext) {
  const { maxPowerW } = context.rulesOf(run.pointId);
  const isPeak = run.starts.map((start) => context.isPeak(start));
  const peaks = isPeak.filter(Boolean).length;
  if (maxPowerW === null || peaks === 0)
    return {
      figures: spread(
        totalWh,
        run.starts.map(() => 1n),
      ),
      basis,
    };
  const most = (BigInt(maxPowerW) * BigInt(run.lengthS)) / 3600n;
  const inPeaks = totalWh < most * BigInt(peaks) ? totalWh : most * BigInt(peaks);
  const left = totalWh - inPeaks;
  if (left > 0n && peaks === run.starts.length) return { obstacle: 'above-max-power', basis } as const;
  const split = { ...basis, maxPowerW, isSplitByLaw: true };
  const ofPeak = spread(
    inPeaks,
    isPeak.map((is) => (is ? 1n : 0n)),
  );
  const ofRest =
    left === 0n
      ? null
      : spread(
          left,
          isPeak.map((is) => (is ? 0n : 1n)),
        );
  return { figures: ofPeak.map((share, index) => share + (ofRest?.[index] ?? 0n)), basis: split };
}

/** 1 = the first month in which neither a valid interval nor a reading is there; a month with either is the first again. */
function monthWithout(run: MissingRun, month: string, context: ReplacementContext): number {
  if (hasData(run, month, context)) return 1;
  let number = 1;
  while (number < BY_POWER_FROM && !hasData(run, startOfMonth(month, -number), context)) number += 1;
  return number;
}

function hasData(run: MissingRun, month: string, context: ReplacementContext): boolean {
  const [fromUtc, toUtc] = boundsOf(month, context);
  const isRead = context.marks(run.pointId, run.channel).some(({ atUtc }) => atUtc > fromUtc && atUtc <= toUtc);
  return isRead || stepsOfMonth(run, month, context).some(({ status }) => status === 'valid');
}

/** Wh of a month of which every interval is settled; null when one is not, or when there was no meter. */
function wholeMonth(run: MissingRun, month: string, context: ReplacementContext): { energyWh: Rational; intervals: number } | null {
  const steps = stepsOfMonth(run, month, context);
  const settled = steps.filter(isSettled);
  if (settled.length === 0 || settled.length < steps.length || !isCovered(month, steps.length, context, run)) return null;
  return { energyWh: inWattHours(sumOf(settled.map(({ energy }) => energy))), intervals: settled.length };
}

/** The meter stood there from the first to the last day. */
function isCovered(month: string, intervals: number, context: ReplacementContext, { lengthS }: MissingRun): boolean {
  const [fromUtc, toUtc] = boundsOf(month, context);
  return intervals >= Number(roundHalfUp(divide(rational(toUtc - fromUtc), rational(lengthS)), 0));
}

function stepsOfMonth({ pointId, channel }: MissingRun, month: string, context: ReplacementContext) {
  return [...context.steps(pointId, channel, ...boundsOf(month, context)).values()];
}

function boundsOf(month: string, { zone }: ReplacementContext): [fromUtc: UtcSeconds, toUtc: UtcSeconds] {
  return [zone.startOfDay(month), zone.startOfDay(startOfMonth(month, 1))];
}

/** First day of the month that a moment lies in. */
function monthOf(at: UtcSeconds, { zone }: ReplacementContext): string {
  return startOfMonth(zone.dateOf(at));
}
