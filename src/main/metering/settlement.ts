/**
 * Figures of a point as they are handed on: what was measured, and where nothing valid was measured the replacement that
 * a person approved (quality.md 3). Files, reports and the supplier's layout all take their energy from here, so that they agree.
 */
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { countingConstant, type SourcedInterval } from '../../shared/domain/interval.ts';
import type { Plant } from '../../shared/domain/plant.ts';
import type { Replacement } from '../../shared/domain/replacement.ts';
import { HALF_HOUR_S, halfHourOf, type UtcSeconds } from '../../shared/domain/time.ts';
import { add, countEnergy, meterChannel, multiply, type Rational, rational, scalingFactor } from './energy.ts';
import { expectedStarts, isWithinInstallation, type PointSpan, spansOfPoint } from './expected.ts';
import { intervalQuality, isValidQuality } from './quality.ts';
import type { RegisterLimits } from './registers.ts';

/** Stored figures of a plant. Synchronous: one read of the database at a time. */
export interface SettlementSource {
  plant(): Plant;
  /** Intervals of a meter whose start lies in `[fromUtc, toUtc)`, in order of their starts. */
  intervals(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly SourcedInterval[];
  /** Channels of the meter's profile, judged by everything that was ever stored of it: an absent figure must still be named. */
  keptChannels(meterId: number): readonly Channel[];
  /** In force, starts in `[fromUtc, toUtc)`, in order of channel and start. */
  replacements(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly Replacement[];
  /** Closed months that touch `[fromUtc, toUtc)`, in order; not given = nothing is ever closed here. */
  closed?(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly ClosedPeriod[];
  /** Where it is not given nothing is known of any register, so one that went backwards is disputed and never a roll-over. */
  registerLimits?(pointId: number): RegisterLimits;
  /** What somebody else has told of a point without a link; null = the point does not live by that. */
  received?(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): ReceivedEnergy | null;
}

/** A time whose figures are those of the moment of its closing, whatever was stored since (docs/adr/0024). */
export interface ClosedPeriod {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  /** Steps of half an hour, in order of time. */
  readonly steps: ReadonlyMap<Channel, readonly SettlementStep[]>;
}

/** Figures of a point whose meter somebody else reads: they stand where the point has no meter of its own. */
export interface ReceivedEnergy {
  /** Since when half-hours are expected. */
  readonly fromUtc: UtcSeconds;
  readonly channels: readonly Channel[];
  /** Primary side, kWh or kvarh; `isValid` = the sender hands it over as fit for settlement. */
  readonly figures: readonly {
    readonly channel: Channel;
    readonly startUtc: UtcSeconds;
    readonly lengthS: number;
    readonly energy: Rational | null;
    readonly isValid: boolean;
  }[];
}

/**
 * `replaced`: every part is there and at least one is a replacement; `incomplete`: a part of the energy is lacking or not to be
 * trusted, the figure is the sum of what there is; `missing`: there is no figure.
 */
export type SettlementStatus = 'valid' | 'replaced' | 'incomplete' | 'missing';

/** One channel of a point in one step. */
export interface SettlementStep {
  readonly startUtc: UtcSeconds;
  /** kWh or kvarh, primary side, without losses, exact; null exactly when `missing`. */
  readonly energy: Rational | null;
  readonly status: SettlementStatus;
  /** Method of the (first) replacement in it. */
  readonly method: Replacement['method'] | null;
}

/** One step being filled from one meter or more, and from replacements. */
interface Slot {
  energy: Rational | null;
  isWhole: boolean;
  method: Replacement['method'] | null;
}

/**
 * Steps of one point by channel, those of them that the point had a meter or a replacement for; a channel that no meter keeps and
 * nobody replaced is not there. `bounds` are n + 1 moments of n steps; each interval counts in the step that its start lies in.
 */
export function settlementSteps(
  pointId: number,
  source: SettlementSource,
  bounds: readonly UtcSeconds[],
): ReadonlyMap<Channel, readonly SettlementStep[]> {
  const [fromUtc, toUtc] = [bounds[0] ?? 0, bounds.at(-1) ?? 0];
  const columns = new Map<Channel, (Slot | undefined)[]>();
  const closed = source.closed?.(pointId, fromUtc, toUtc) ?? [];
  for (const period of closed) addClosed(columns, bounds, period);
  for (const open of openPeriods(closed, fromUtc, toUtc)) addOpen(columns, bounds, pointId, source, open);
  return new Map(
    CHANNELS.flatMap((channel) => {
      const steps = (columns.get(channel) ?? []).flatMap((slot, index) => {
        const startUtc = bounds[index];
        return slot === undefined || startUtc === undefined ? [] : [settled(slot, startUtc)];
      });
      return steps.length === 0 ? [] : [[channel, steps] as const];
    }),
  );
}

function addOpen(
  columns: Map<Channel, (Slot | undefined)[]>,
  bounds: readonly UtcSeconds[],
  pointId: number,
  source: SettlementSource,
  { fromUtc, toUtc }: { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds },
): void {
  const replaced = new Map(source.replacements(pointId, fromUtc, toUtc).map((one) => [`${one.channel}${one.startUtc}`, one]));
  const spans = spansOfPoint(source.plant(), pointId, fromUtc, toUtc);
  for (const span of spans) addSpan(columns, bounds, span, source, replaced);
  const received = source.received?.(pointId, fromUtc, toUtc) ?? null;
  if (received !== null) addReceived(columns, bounds, { fromUtc, toUtc }, received, spans, replaced);
  // What is left stands in for what nobody measured validly; once, although two meters may have shared the interval.
  for (const replacement of replaced.values()) addReplacement(columns, bounds, replacement);
}

/** What of `[fromUtc, toUtc)` lies in no closed period. */
function openPeriods(closed: readonly ClosedPeriod[], fromUtc: UtcSeconds, toUtc: UtcSeconds) {
  const open: { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds }[] = [];
  let at = fromUtc;
  for (const period of closed) {
    if (period.fromUtc > at) open.push({ fromUtc: at, toUtc: Math.min(period.fromUtc, toUtc) });
    at = Math.max(at, period.toUtc);
  }
  if (at < toUtc) open.push({ fromUtc: at, toUtc });
  return open;
}

function addClosed(columns: Map<Channel, (Slot | undefined)[]>, bounds: readonly UtcSeconds[], { steps }: ClosedPeriod): void {
  const [fromUtc, toUtc] = [bounds[0] ?? 0, bounds.at(-1) ?? 0];
  for (const [channel, ofChannel] of steps) {
    const column = columnOf(columns, channel);
    let index = 0;
    for (const { startUtc, energy, status, method } of ofChannel) {
      if (startUtc < fromUtc || startUtc >= toUtc) continue;
      while (startUtc >= (bounds[index + 1] ?? Number.POSITIVE_INFINITY)) index += 1;
      const slot = (column[index] ??= { energy: null, isWhole: true, method: null });
      if (status === 'incomplete' || status === 'missing') slot.isWhole = false;
      if (energy !== null) addTo(slot, energy);
      slot.method ??= method;
    }
  }
}

function settled({ energy, isWhole, method }: Slot, startUtc: UtcSeconds): SettlementStep {
  const status = energy === null ? 'missing' : !isWhole ? 'incomplete' : method === null ? 'valid' : 'replaced';
  return { startUtc, energy, status, method };
}

function addSpan(
  columns: Map<Channel, (Slot | undefined)[]>,
  bounds: readonly UtcSeconds[],
  span: PointSpan,
  source: SettlementSource,
  replaced: Map<string, Replacement>,
): void {
  const intervals = source.intervals(span.meter.id, span.fromUtc, span.toUtc);
  const byStart = new Map(intervals.map((interval) => [interval.startUtc, interval]));
  const keeps = channelsOf(source.keptChannels(span.meter.id), intervals);
  const constant = span.meter.facts.constantImpPerKwh;
  const factor = scalingFactor(span.installation);
  const starts = expectedStarts(span, Number.POSITIVE_INFINITY);
  for (const channel of CHANNELS) {
    const counted = meterChannel(span.installation.direction, channel);
    if (counted === null || !keeps.has(counted)) continue;
    const column = columnOf(columns, channel);
    let index = 0;
    for (const start of starts) {
      while (start >= (bounds[index + 1] ?? Number.POSITIVE_INFINITY)) index += 1;
      const slot = (column[index] ??= { energy: null, isWhole: true, method: null });
      const interval = byStart.get(start);
      const count = interval?.counts[counted] ?? null;
      const unit = interval === undefined ? null : countingConstant(interval.source, constant);
      const isMeasured = interval !== undefined && count !== null && unit !== null && !span.mixed.includes(start);
      const isValid = isMeasured && isWholeInterval(interval, span);
      // A measured figure that is valid always counts; one that is not gives way to what a person put in its place.
      if (isValid) replaced.delete(`${channel}${start}`);
      else if (replaced.has(`${channel}${start}`)) continue;
      else slot.isWhole = false;
      if (isMeasured) addTo(slot, multiply(countEnergy(count, unit), factor));
    }
  }
}

function addReceived(
  columns: Map<Channel, (Slot | undefined)[]>,
  bounds: readonly UtcSeconds[],
  period: { readonly fromUtc: UtcSeconds; readonly toUtc: UtcSeconds },
  received: ReceivedEnergy,
  spans: readonly PointSpan[],
  replaced: Map<string, Replacement>,
): void {
  const figures = new Map(received.figures.map((figure) => [`${figure.channel}${figure.startUtc}`, figure]));
  for (const channel of received.channels) {
    const column = columnOf(columns, channel);
    let index = 0;
    let start = halfHourOf(Math.max(period.fromUtc, received.fromUtc));
    while (start < period.toUtc) {
      const figure = figures.get(`${channel}${start}`);
      const isOwn = spans.some((span) => start >= span.fromUtc && start < span.toUtc);
      while (start >= (bounds[index + 1] ?? Number.POSITIVE_INFINITY)) index += 1;
      if (!isOwn) {
        const slot = (column[index] ??= { energy: null, isWhole: true, method: null });
        const energy = figure?.energy ?? null;
        const isValid = energy !== null && figure?.isValid === true;
        if (isValid) replaced.delete(`${channel}${start}`);
        if (!replaced.has(`${channel}${start}`)) {
          if (!isValid) slot.isWhole = false;
          if (energy !== null) addTo(slot, energy);
        }
      }
      start += figure?.lengthS ?? HALF_HOUR_S;
    }
  }
}

function addReplacement(columns: Map<Channel, (Slot | undefined)[]>, bounds: readonly UtcSeconds[], replacement: Replacement): void {
  const column = columnOf(columns, replacement.channel);
  const index = bounds.findLastIndex((bound) => bound <= replacement.startUtc);
  const slot = (column[index] ??= { energy: null, isWhole: true, method: null });
  addTo(slot, rational(replacement.energyWh, 1000));
  slot.method ??= replacement.method;
}

function columnOf(columns: Map<Channel, (Slot | undefined)[]>, channel: Channel): (Slot | undefined)[] {
  const column = columns.get(channel) ?? [];
  columns.set(channel, column);
  return column;
}

function addTo(slot: Slot, energy: Rational): void {
  slot.energy = slot.energy === null ? energy : add(slot.energy, energy);
}

function isWholeInterval(interval: SourcedInterval, span: PointSpan): boolean {
  if (interval.lengthS !== span.lengthS) return false;
  const quality = intervalQuality({ flags: interval.flags, isWithinInstallation: isWithinInstallation(span, interval.startUtc) });
  return isValidQuality(quality);
}

/** Of a meter of which nothing was ever read only this is certain: it counts active import. */
function channelsOf(known: readonly Channel[], intervals: readonly SourcedInterval[]): ReadonlySet<Channel> {
  const kept = new Set(known);
  for (const { counts } of intervals) for (const channel of CHANNELS) if (counts[channel] !== null) kept.add(channel);
  return kept.size === 0 ? new Set(['A+']) : kept;
}
