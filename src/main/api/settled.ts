/** How much of what a period should hold is stored or proven absent: what a job waits for. */
import type { OnecKind } from '../../shared/api/receivers.ts';
import type { Period } from '../../shared/domain/job-run.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { expectedStarts, isReadSpan, type PointSpan, spansOfPoint } from '../metering/expected.ts';
import { periodOf } from '../metering/zone.ts';
import type { Site } from './site.ts';

/** What a job hands over: its figures decide what it waits for. */
export type SettledKind = OnecKind | 'intervals';

export interface SettledFigures {
  readonly expected: number;
  readonly settled: number;
}

/**
 * Whether at least `threshold` percent of what a period should hold is there or proven absent. Counting ends as soon as too much
 * is missing: a job that waits asks once a minute. False when nothing is expected. Reference data wait for nothing.
 */
export function isSettled(site: Site, kind: SettledKind, period: Period, threshold: number): boolean {
  const parts = partsOf(site, kind, period);
  const expected = parts.reduce((sum, part) => sum + part.expected, 0);
  if (kind === 'RF') return site.points.length > 0;
  if (expected === 0) return false;
  const allowed = Math.floor((expected * (100 - threshold)) / 100);
  let missing = 0;
  for (const part of parts) {
    missing += part.missing();
    if (missing > allowed) return false;
  }
  return true;
}

/** The same in figures; null for reference data, which have none. */
export function settledFigures(site: Site, kind: SettledKind, period: Period): SettledFigures | null {
  if (kind === 'RF') return null;
  const parts = partsOf(site, kind, period);
  const expected = parts.reduce((sum, part) => sum + part.expected, 0);
  return { expected, settled: expected - parts.reduce((sum, part) => sum + part.missing(), 0) };
}

/** Figures of one meter: how many there should be, and how many are neither stored nor proven absent. */
interface Part {
  readonly expected: number;
  missing(): number;
}

function partsOf(site: Site, kind: SettledKind, period: Period): Part[] {
  const { fromUtc, toUtc } = periodOf(period.from, period.to, site.zone);
  const readings =
    kind === 'RD' || kind === 'MN' ? site.points.filter(isReadSpan).map(({ meter }) => readingPart(site, meter.id, toUtc)) : [];
  const spans =
    kind === 'RD' ? [] : site.points.flatMap(({ point }) => spansOfPoint(site.plant, point.id, fromUtc, toUtc).filter(isReadSpan));
  return [...readings, ...spans.map((span) => intervalPart(site, span))];
}

/** The reading at the end of the period is the last one to come. */
function readingPart(site: Site, meterId: number, endUtc: UtcSeconds): Part {
  const isThere = () => site.store.registers.list([meterId], { fromUtc: endUtc, toUtc: endUtc + 1 }).some(({ kind }) => kind !== 'now');
  return { expected: 1, missing: () => (isThere() ? 0 : 1) };
}

function intervalPart(site: Site, span: PointSpan): Part {
  const expected = expectedStarts(span, Number.POSITIVE_INFINITY);
  return {
    expected: expected.length,
    missing() {
      const stored = new Set(site.store.intervals.list(span.meter.id, span.fromUtc, span.toUtc).map(({ startUtc }) => startUtc));
      const proven = site.store.gaps.list(span.meter.id).filter(({ state }) => state === 'proven-absent');
      return expected.filter((start) => !stored.has(start) && !proven.some((gap) => start >= gap.fromUtc && start < gap.toUtc)).length;
    },
  };
}
