import { type InstallationRecord, isLinked, type MeterRecord, type Plant } from '../../shared/domain/plant.ts';
import type { InstallationKind } from '../../shared/domain/point.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { isSameScaling } from './energy.ts';

const DEFAULT_PERIOD_MIN = 30;

/** The part of a period during which one meter stood at one point. */
export interface PointSpan {
  readonly installation: InstallationRecord;
  readonly meter: MeterRecord;
  /** Start of the first interval that belongs here. */
  readonly fromUtc: UtcSeconds;
  /** Starts lie before this moment. */
  readonly toUtc: UtcSeconds;
  readonly lengthS: number;
  /**
   * Starts of intervals inside which this same meter got another ratio or came from or went to another point: their counts
   * belong to both sides in unknown parts, so they are no figure of either. Nearly always empty, two at most.
   */
  readonly mixed: readonly UtcSeconds[];
}

/** Length of the meter's profile intervals, seconds; half an hour until the meter has said otherwise. */
export function intervalLengthS(meter: MeterRecord): number {
  return (meter.facts.profilePeriodMin ?? DEFAULT_PERIOD_MIN) * 60;
}

/**
 * The main meters of a point during `[fromUtc, toUtc)`, in order of time. An interval inside which a meter was replaced
 * belongs to both spans: each meter holds its part of the energy (quality.md 4). Where the same meter goes on with another
 * ratio the interval of the change belongs to the later span alone. With kind `parallel-control` the control meters, which
 * are no part of the point's own figures.
 */
export function spansOfPoint(
  plant: Plant,
  pointId: number,
  fromUtc: UtcSeconds,
  toUtc: UtcSeconds,
  kind: InstallationKind = 'main',
): PointSpan[] {
  const spans: PointSpan[] = [];
  for (const installation of plant.installations) {
    if (installation.pointId !== pointId || installation.kind !== kind) continue;
    const meter = plant.meters.find((candidate) => candidate.id === installation.meterId);
    if (meter === undefined) continue;
    const lengthS = intervalLengthS(meter);
    const first = alignUp(fromUtc, lengthS, meter);
    const installed = installation.fromUtc === null ? first : alignDown(installation.fromUtc, lengthS, meter);
    const { endUtc, mixed } = sharedIntervals(plant, installation, meter, lengthS);
    const span = {
      installation,
      meter,
      fromUtc: Math.max(first, installed),
      toUtc: Math.min(toUtc, endUtc ?? toUtc),
      lengthS,
      mixed,
    };
    if (span.fromUtc < span.toUtc) spans.push(span);
  }
  return spans.sort((a, b) => a.fromUtc - b.fromUtc || a.toUtc - b.toUtc || a.installation.id - b.installation.id);
}

/** Intervals that a meter spent in two installations: counts of one meter never stand in two spans of a point. */
function sharedIntervals(
  plant: Plant,
  installation: InstallationRecord,
  meter: MeterRecord,
  lengthS: number,
): { readonly endUtc: UtcSeconds | null; readonly mixed: readonly UtcSeconds[] } {
  const [fromUtc, toUtc] = [installation.fromUtc ?? Number.NEGATIVE_INFINITY, installation.toUtc ?? Number.POSITIVE_INFINITY];
  const [first, last] = [alignDown(fromUtc, lengthS, meter), alignDown(toUtc, lengthS, meter)];
  const isHere = (other: InstallationRecord) => other.pointId === installation.pointId && other.kind === installation.kind;
  const others = plant.installations.filter(({ id, meterId }) => meterId === meter.id && id !== installation.id);
  const before = others.filter((other) => {
    const endUtc = other.toUtc ?? Number.POSITIVE_INFINITY;
    return first < endUtc && endUtc <= fromUtc;
  });
  const after = others.filter((other) => {
    const startUtc = other.fromUtc ?? Number.NEGATIVE_INFINITY;
    return toUtc <= startUtc && startUtc < alignUp(toUtc, lengthS, meter);
  });
  return {
    endUtc: after.some(isHere) ? last : installation.toUtc,
    mixed: [
      ...(before.some((other) => !isHere(other) || !isSameScaling(other, installation)) ? [first] : []),
      ...(after.some((other) => !isHere(other)) ? [last] : []),
    ],
  };
}

/** Whether anybody asks the meter for intervals; of one that people read none come. */
export function isReadSpan({ meter }: Pick<PointSpan, 'meter'>): boolean {
  return isLinked(meter);
}

/** Starts of the intervals that should exist of a span: those that have ended by `nowUtc`. */
export function expectedStarts(span: Pick<PointSpan, 'fromUtc' | 'toUtc' | 'lengthS'>, nowUtc: UtcSeconds): UtcSeconds[] {
  const starts: UtcSeconds[] = [];
  for (let start = span.fromUtc; start < span.toUtc && start + span.lengthS <= nowUtc; start += span.lengthS) starts.push(start);
  return starts;
}

/** Whether the meter stood at the point during the whole interval; the interval of a replacement is incomplete (quality.md 4). */
export function isWithinInstallation(span: PointSpan, startUtc: UtcSeconds): boolean {
  const { fromUtc, toUtc } = span.installation;
  return (fromUtc === null || startUtc >= fromUtc) && (toUtc === null || startUtc + span.lengthS <= toUtc);
}

/** Intervals stand on the meter's own wall clock, so an offset of half an hour moves the marks of an hourly profile. */
function alignDown(at: UtcSeconds, lengthS: number, meter: MeterRecord): UtcSeconds {
  const offsetS = meter.clock.offsetMin * 60;
  return Math.floor((at + offsetS) / lengthS) * lengthS - offsetS;
}

function alignUp(at: UtcSeconds, lengthS: number, meter: MeterRecord): UtcSeconds {
  const down = alignDown(at, lengthS, meter);
  return down === at ? at : down + lengthS;
}
