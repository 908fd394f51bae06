/** Consumption of one point by steps: what its meter measured, or, of a point that nobody here can ask, what is handed on of it. */
import type { Consumption, ConsumptionRow } from '../../shared/api/methods.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { isLinked } from '../../shared/domain/plant.ts';
import { HALF_HOUR_S, isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { sumCompleteness } from '../metering/completeness.ts';
import { consumptionSeries, type Step, stepBounds } from '../metering/consumption.ts';
import { decimalText, inWattHours, type Rational, sumOf } from '../metering/energy.ts';
import { peakPower } from '../metering/maxima.ts';
import { type SettlementStep, settlementSteps } from '../metering/settlement.ts';
import { periodOf } from '../metering/zone.ts';
import { textOrNull } from './day-view.ts';
import { settlementSource } from './settlement-source.ts';
import type { Site } from './site.ts';

type Series = Consumption['series'][number];

export interface ConsumptionOrder {
  readonly from: string;
  readonly to: string;
  readonly step: Step;
  readonly channel: Channel;
}

/** Both dates inclusive. Throws `api/not-found` for a point without a meter that does not live by files of others either. */
export function pointConsumption(site: Site, pointId: number, order: ConsumptionOrder): Series {
  const received = site.received.find(({ point }) => point.id === pointId);
  if (received !== undefined) return handedOn(site, received.point, order, 'received');
  const { point, meter } = site.point(pointId);
  if (!isLinked(meter)) return handedOn(site, point, order, 'read');
  const { from, to } = order;
  const period = periodOf(from, to, site.zone);
  const data = site.pointData(pointId, period.fromUtc, period.toUtc);
  const series = consumptionSeries({ ...order, zone: site.zone, nowUtc: site.nowUtc(), data });
  return {
    pointId,
    code: point.code,
    name: point.name,
    rows: series.rows.map((row) => ({
      start: isoUtc(row.startUtc),
      minutes: row.minutes,
      energy: textOrNull(row.energy),
      expected: row.expected,
      received: row.received,
      reason: row.reason,
      flags: [...row.flags],
    })),
    total: textOrNull(series.total),
    peak: peakView(series.peak),
    completeness: series.completeness,
  };
}

/** Of the half-hours that have ended; one without a figure is absent. */
function handedOn(
  site: Site,
  { id, code, name }: { readonly id: number; readonly code: string; readonly name: string },
  { from, to, step, channel }: ConsumptionOrder,
  by: 'received' | 'read',
): Series {
  const bounds = stepBounds(from, to, step, site.zone);
  const halfHours = stepBounds(from, to, 'half-hour', site.zone);
  const nowUtc = site.nowUtc();
  const ended = (settlementSteps(id, settlementSource(site), halfHours).get(channel) ?? []).filter((one) => isOver(one, nowUtc));
  const rows = bounds.slice(0, -1).map((startUtc, index) => {
    const endUtc = bounds[index + 1] ?? startUtc;
    const own = ended.filter((one) => one.startUtc >= startUtc && one.startUtc < endUtc);
    const there = own.filter(({ energy }) => energy !== null);
    const energy = there.length === 0 ? null : inWattHours(sumOf(there.flatMap((one) => one.energy ?? [])));
    return { startUtc, minutes: (endUtc - startUtc) / 60, energy, expected: own.length, received: there.length, origin: originOf(there) };
  });
  const figures = rows.flatMap(({ energy }) => energy ?? []);
  // A shape that a rule assumed has no maximum of its own.
  const told = rows.filter(({ origin }) => origin === 'received');
  const whole = told.map((row) => ({ ...row, valid: row.received, reason: null, lack: null, flags: [] }));
  return {
    pointId: id,
    code,
    name,
    rows: rows.map(({ startUtc, energy, origin, ...row }): ConsumptionRow => {
      const reason = row.received === row.expected ? null : by === 'read' ? 'unsupported' : 'not-read';
      return { ...row, start: isoUtc(startUtc), energy: textOrNull(energy), reason, flags: [], ...(origin === null ? {} : { origin }) };
    }),
    total: figures.length === 0 ? null : decimalText(sumOf(figures)),
    peak: peakView(peakPower(whole, nowUtc)),
    completeness: sumCompleteness(rows),
  };
}

function isOver({ startUtc }: SettlementStep, nowUtc: UtcSeconds): boolean {
  return startUtc + HALF_HOUR_S <= nowUtc;
}

/** A sum with one replaced half-hour is replaced. */
function originOf(there: readonly SettlementStep[]): ConsumptionRow['origin'] | null {
  if (there.length === 0) return null;
  return there.some(({ method }) => method !== null) ? 'replaced' : 'received';
}

function peakView(peak: { readonly startUtc: UtcSeconds; readonly minutes: number; readonly power: Rational } | null): Series['peak'] {
  return peak === null ? null : { start: isoUtc(peak.startUtc), minutes: peak.minutes, power: decimalText(peak.power) };
}
