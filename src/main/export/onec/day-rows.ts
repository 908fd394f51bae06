import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import { stepBounds } from '../../metering/consumption.ts';
import { roundHalfUp } from '../../metering/energy.ts';
import { settlementSteps } from '../../metering/settlement.ts';
import { daysBetween } from '../../metering/zone.ts';
import { PointLosses } from './losses.ts';
import { PointRegisters } from './point-registers.ts';
import { type DayRow, type ExportSource, ROW_STATUS, rowMethod, type RowsRequest } from './row.ts';

/**
 * DY rows. Zone 0 is the sum of the day's intervals as they are handed on, replacements included. Zones 1 to 4 are differences of
 * the registers that the meter froze at the midnights on either side, where it keeps them; they are not made to add up to zone 0,
 * which comes from another source. A day on which the point had no meter has no rows.
 */
export function dayRows(point: PointRecord, source: ExportSource, request: RowsRequest): DayRow[] {
  const { zone } = request;
  const days = daysBetween(request.from, request.to);
  const bounds = stepBounds(request.from, request.to, 'day', zone);
  const steps = settlementSteps(point.id, source, bounds);
  const registers = new PointRegisters(point, source, bounds[0] ?? 0, bounds.at(-1) ?? 0);
  const losses = new PointLosses(point, source);
  const zones = registers.kept().filter(({ tariff }) => tariff > 0);
  const channels = CHANNELS.filter((channel) => steps.has(channel) || zones.some((one) => one.channel === channel));
  return channels.flatMap((channel) => {
    const sums = new Map((steps.get(channel) ?? []).map((step) => [step.startUtc, step]));
    return days.flatMap((day, index): DayRow[] => {
      const [startUtc, endUtc] = [bounds[index] ?? 0, bounds[index + 1] ?? 0];
      const base = (tariff: number) => ({
        kind: 'DY' as const,
        point,
        channel,
        instantUtc: startUtc,
        offsetMin: zone.offsetMinAt(startUtc),
        day,
        key: dayKey(point, channel, tariff),
        revision: 1,
        serial: registers.within(startUtc, endUtc).at(-1)?.meter.serial ?? null,
        tariff,
      });
      const sum = sums.get(startUtc);
      const total: DayRow[] =
        sum === undefined
          ? []
          : [
              {
                ...base(0),
                figure: sum.energy === null ? null : roundHalfUp(sum.energy, 3),
                losses: losses.printed(channel, { startUtc, endUtc, energy: sum.energy }),
                status: ROW_STATUS[sum.status],
                method: rowMethod(sum.method),
              },
            ];
      const parts = zones.flatMap((register): DayRow[] => {
        const step = register.channel === channel ? registers.energy(register, startUtc, endUtc) : null;
        if (step === null) return [];
        const figure = step.energy === null ? null : roundHalfUp(step.energy, 3);
        const lost = losses.printed(channel, { startUtc, endUtc, energy: step.energy, tariff: register.tariff });
        return [{ ...base(register.tariff), figure, losses: lost, status: step.status, method: 'auto' }];
      });
      return [...total, ...parts];
    });
  });
}

/** Natural key of DY and MN rows without the instant. */
export function dayKey(point: PointRecord, channel: Channel, tariff: number): string {
  return `${point.code};${channel};${tariff}`;
}
