import type { Consumption, ConsumptionRow } from '../../../shared/api/methods.ts';
import type { AbsenceReason } from '../../../shared/domain/interval.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import { sumDecimals } from '../../ui/format.ts';

export const createConsumptionSlice = (services: Services) => createResource(services, 'consumption.get');
export const createWhySlice = (services: Services) => createResource(services, 'why.get');
/** The finer rows that a coarse figure is the sum of. */
export const createPartsSlice = (services: Services) => createResource(services, 'consumption.get');

type Series = Consumption['series'][number];

/** One line of the table: the same step of all series. */
export interface ConsumptionLine {
  readonly start: string;
  readonly minutes: number;
  /** By the order of the series; null where a series has no such step (an hourly profile asked for half-hours). */
  readonly cells: readonly (ConsumptionRow | null)[];
  /** Exact sum of what is there. */
  readonly sum: string | null;
}

/** Steps of all series by their start: series of unequal steps keep their own rows. */
export function consumptionLines(series: readonly Series[]): ConsumptionLine[] {
  const byStart = new Map<string, (ConsumptionRow | null)[]>();
  for (const [index, { rows }] of series.entries()) {
    for (const row of rows) {
      const cells = byStart.get(row.start) ?? series.map(() => null);
      cells[index] = row;
      byStart.set(row.start, cells);
    }
  }
  return [...byStart]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([start, cells]) => ({
      start,
      minutes: Math.min(...cells.flatMap((cell) => cell?.minutes ?? [])),
      cells,
      sum: sumDecimals(cells.map((cell) => cell?.energy ?? null)),
    }));
}

/** Why a step has no figure, or not its last one; `null` when it is whole. */
export type CellLack =
  | { readonly kind: 'future' }
  /** Whole so far, but the step is not over: its figure will grow. */
  | { readonly kind: 'running' }
  | { readonly kind: 'not-kept' }
  | { readonly kind: 'absent'; readonly reason: AbsenceReason | null }
  | { readonly kind: 'part'; readonly received: number; readonly expected: number; readonly reason: AbsenceReason | null };

/** `nowMs` is the server's present, milliseconds since 1970. */
export function lackOf(row: ConsumptionRow, nowMs: number): CellLack | null {
  const { energy, expected, received, reason } = row;
  if (expected === 0) return energy === null ? { kind: 'future' } : null;
  if (received === 0) return { kind: 'absent', reason };
  if (energy === null) return { kind: 'not-kept' };
  if (received < expected) return { kind: 'part', received, expected, reason };
  return Date.parse(row.start) + row.minutes * 60_000 > nowMs ? { kind: 'running' } : null;
}
