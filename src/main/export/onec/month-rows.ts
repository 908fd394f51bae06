import type { PointRecord } from '../../../shared/domain/plant.ts';
import { roundHalfUp } from '../../metering/energy.ts';
import { type SettlementStep, settlementSteps } from '../../metering/settlement.ts';
import { addDays, startOfMonth } from '../../metering/zone.ts';
import { groupBy } from './group-by.ts';
import { dayKey } from './day-rows.ts';
import { PointLosses } from './losses.ts';
import { PointRegisters, type RegisterStep } from './point-registers.ts';
import { printedRatios } from './ratios.ts';
import { type ExportSource, type MonthRow, ROW_STATUS, rowMethod, type RowStatus, type RowsRequest } from './row.ts';

/** First days of the months that a period covers whole, in order. */
export function wholeMonths(from: string, to: string): string[] {
  const months: string[] = [];
  let month = startOfMonth(from) === from ? from : startOfMonth(from, 1);
  for (; addDays(startOfMonth(month, 1), -1) <= to; month = startOfMonth(month, 1)) months.push(month);
  return months;
}

/**
 * MN rows: a month statement for each month that the period covers whole. `energy` is the difference of the readings at either end
 * times the ratio, over a replacement of the meter by the readings of its acts; `intervals` is the sum of the month's intervals as
 * they are handed on, for all tariffs together. The status is the worse of the two: a month that lacks intervals is incomplete
 * although its readings are there; one of which no interval is there at all is judged by its readings alone, since some meters
 * keep no profile.
 */
export function monthRows(point: PointRecord, source: ExportSource, request: RowsRequest): MonthRow[] {
  const { zone } = request;
  const months = wholeMonths(request.from, request.to);
  const bounds = [...months, ...months.slice(-1).map((month) => startOfMonth(month, 1))].map((day) => zone.startOfDay(day));
  if (months.length === 0) return [];
  const steps = settlementSteps(point.id, source, bounds);
  const registers = new PointRegisters(point, source, bounds[0] ?? 0, bounds.at(-1) ?? 0);
  const losses = new PointLosses(point, source);
  const byChannel = groupBy(registers.kept(), ({ channel }) => channel);
  return [...byChannel].flatMap(([channel, kept]) =>
    months.flatMap((day, index) => {
      const [startUtc, endUtc] = [bounds[index] ?? 0, bounds[index + 1] ?? 0];
      return kept.flatMap(({ tariff }): MonthRow[] => {
        const byReadings = registers.energy({ channel, tariff }, startUtc, endUtc);
        if (byReadings === null) return [];
        const byIntervals = tariff === 0 ? steps.get(channel)?.find((step) => step.startUtc === startUtc) : undefined;
        const { energy, parts } = byReadings;
        const meters = registers.within(startUtc, endUtc);
        const last = meters.at(-1);
        return [
          {
            kind: 'MN',
            point,
            channel,
            instantUtc: startUtc,
            offsetMin: zone.offsetMinAt(startUtc),
            day,
            key: dayKey(point, channel, tariff),
            figure: energy === null ? null : roundHalfUp(energy, 3),
            losses: losses.printed(channel, { startUtc, endUtc, energy, tariff }),
            status: worse(byReadings, byIntervals),
            method: rowMethod(byIntervals?.energy == null ? null : byIntervals.method),
            revision: 1,
            serial: last?.meter.serial ?? null,
            tariff,
            readingBegin: asBigInt(parts[0]?.first),
            readingEnd: asBigInt(parts.at(-1)?.last),
            ...(last === undefined ? { ct: null, vt: null } : printedRatios(last.installation)),
            intervals: byIntervals?.energy == null ? null : roundHalfUp(byIntervals.energy, 3),
            isReplaced: new Set(meters.map(({ meter }) => meter.id)).size > 1,
            isRolledOver: byReadings.isRolledOver,
          },
        ];
      });
    }),
  );
}

/** From the best to the worst. */
const BY_SEVERITY: readonly RowStatus[] = [0, 1, 3, 2];

function worse(byReadings: RegisterStep, byIntervals: SettlementStep | undefined): RowStatus {
  const other = byIntervals?.energy == null ? 0 : ROW_STATUS[byIntervals.status];
  return BY_SEVERITY.indexOf(other) > BY_SEVERITY.indexOf(byReadings.status) ? other : byReadings.status;
}

function asBigInt(reading: number | null | undefined): bigint | null {
  return reading == null ? null : BigInt(reading);
}
