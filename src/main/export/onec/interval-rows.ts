import { CHANNELS } from '../../../shared/domain/channel.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import { stepBounds } from '../../metering/consumption.ts';
import { roundHalfUp } from '../../metering/energy.ts';
import { spansOfPoint } from '../../metering/expected.ts';
import { settlementSteps } from '../../metering/settlement.ts';
import { periodOf } from '../../metering/zone.ts';
import { PointLosses } from './losses.ts';
import { type ExportSource, type IntervalRow, ROW_STATUS, rowMethod, type RowsRequest } from './row.ts';

/**
 * IV rows. The energy of a row is the exact sum of its intervals rounded half-up to 3 decimals by itself, nothing carried over.
 * A row without a figure and a row that lacks or distrusts a part of its intervals have status 2; one whose lack is made up for by
 * a replacement in force has status 1. Nothing is said about channels that the meter does not keep, nor about times at which the
 * point had no meter.
 */
export function intervalRows(point: PointRecord, source: ExportSource, request: RowsRequest): IntervalRow[] {
  const { zone } = request;
  const { fromUtc, toUtc } = periodOf(request.from, request.to, zone);
  const spans = spansOfPoint(source.plant(), point.id, fromUtc, toUtc);
  const lengthS = Math.max(point.intervalMin * 60, ...spans.map((span) => span.lengthS)) > 1800 ? 3600 : 1800;
  const bounds = stepBounds(request.from, request.to, lengthS === 3600 ? 'hour' : 'half-hour', zone);
  const steps = settlementSteps(point.id, source, bounds);
  const losses = new PointLosses(point, source);
  return CHANNELS.flatMap((channel) =>
    (steps.get(channel) ?? []).map(
      ({ startUtc, energy, status, method }): IntervalRow => ({
        kind: 'IV',
        point,
        channel,
        instantUtc: startUtc,
        offsetMin: zone.offsetMinAt(startUtc),
        day: zone.dateOf(startUtc),
        key: `${point.code};${channel}`,
        figure: energy === null ? null : roundHalfUp(energy, 3),
        losses: losses.printed(channel, { startUtc, endUtc: startUtc + lengthS, energy }),
        status: ROW_STATUS[status],
        method: rowMethod(method),
        revision: 1,
        lengthMin: lengthS / 60,
      }),
    ),
  );
}
