/** Energy of a point over a whole period, losses beside it. */
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { type BoundaryEnergy, lossesOfPeriod, percentOnly } from '../metering/boundary.ts';
import { stepBounds } from '../metering/consumption.ts';
import { add, multiply, type Rational } from '../metering/energy.ts';
import { spansOfPoint } from '../metering/expected.ts';
import { type SettlementStep, settlementSteps } from '../metering/settlement.ts';
import { periodOf } from '../metering/zone.ts';
import { type Summed, sumSteps } from './figures.ts';
import type { ReportSource } from './source.ts';

export interface PeriodEnergy {
  /** The finest steps that the meters of the point give. */
  readonly steps: ReadonlyMap<Channel, readonly SettlementStep[]>;
  readonly bounds: readonly UtcSeconds[];
  /** What was metered or stands in for it; channels that nothing keeps are left out. */
  readonly metered: ReadonlyMap<Channel, Summed>;
}

/** Half-hours, or hours where a meter of the point keeps no half-hours. */
export function periodEnergy(source: ReportSource, pointId: number, from: string, to: string): PeriodEnergy {
  const { fromUtc, toUtc } = periodOf(from, to, source.zone);
  const isHourly = spansOfPoint(source.plant(), pointId, fromUtc, toUtc).some(({ lengthS }) => lengthS > 1800);
  const bounds = stepBounds(from, to, isHourly ? 'hour' : 'half-hour', source.zone);
  const steps = settlementSteps(pointId, source, bounds);
  const metered = new Map(
    CHANNELS.flatMap((channel) => {
      const own = steps.get(channel);
      return own === undefined ? [] : [[channel, sumSteps(own)] as const];
    }),
  );
  return { steps, bounds, metered };
}

/**
 * Losses of a channel over a period, kWh or kvarh to be added. Null = the point has none. Those that are a part of the energy
 * are taken of `energy`, the figure that they go with; others of each interval.
 */
export function periodLosses(
  source: ReportSource,
  pointId: number,
  channel: Channel,
  period: PeriodEnergy,
  energy: Rational | null,
): BoundaryEnergy | null {
  const periods = source.losses(pointId);
  const endUtc = period.bounds.at(-1) ?? 0;
  const startUtc = period.bounds[0] ?? 0;
  const before = periods.findLast(({ fromUtc }) => fromUtc <= startUtc);
  const changes = periods.some(({ fromUtc }) => fromUtc > startUtc && fromUtc < endUtc);
  const factor = changes ? null : percentOnly(channel, before?.losses ?? null);
  if (factor !== null) {
    return energy === null ? { losses: null, lack: 'active-missing' } : { losses: multiply(energy, factor), lack: null };
  }
  return lossesOfPeriod(channel, period.steps, period.bounds, periods);
}

/** Metered energy brought to the boundary; incomplete when the losses are not known. */
export function atBoundary(metered: Summed, losses: BoundaryEnergy | null): Summed {
  if (metered.energy === null || losses === null) return metered;
  if (losses.losses === null) return { energy: null, status: 'missing' };
  return { energy: add(metered.energy, losses.losses), status: metered.status };
}
