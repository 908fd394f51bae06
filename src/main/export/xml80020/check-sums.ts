/** Sums of a file as its receiver will have them. */
import { add, decimalText, parseDecimal, type Rational } from '../../metering/energy.ts';
import type { MarketChannel, MarketDocument } from './document.ts';

export interface ChannelSums {
  readonly areaInn: string;
  readonly pointCode: string;
  readonly channelCode: string;
  /** kWh or kvarh, exact decimal text, empty and unreadable values left out; null when there is none. */
  readonly sum: string | null;
  /** By the wall hour of the start; summer hours of a day of a change of the clock stand apart. */
  readonly hours: readonly HourSum[];
  /** Periods with status 1. */
  readonly nonCommercial: number;
}

export interface HourSum {
  /** `00` to `23`. */
  readonly hour: string;
  readonly isSummer: boolean;
  readonly sum: string | null;
}

export function channelSums(document: MarketDocument): ChannelSums[] {
  return document.areas.flatMap((area) =>
    area.points.flatMap((point) =>
      point.channels.map((channel) => ({ areaInn: area.inn, pointCode: point.code, channelCode: channel.code, ...sumsOf(channel) })),
    ),
  );
}

function sumsOf({ periods }: MarketChannel): Pick<ChannelSums, 'sum' | 'hours' | 'nonCommercial'> {
  const hours = new Map<string, { hour: string; isSummer: boolean; energy: Rational | null }>();
  let sum: Rational | null = null;
  for (const { start, isSummer, value } of periods) {
    const hour = start.slice(0, 2);
    const slot = hours.get(`${hour}${isSummer}`) ?? { hour, isSummer, energy: null };
    hours.set(`${hour}${isSummer}`, slot);
    if (value === null || !/^\d{1,12}(\.\d{1,12})?$/.test(value)) continue;
    const energy = parseDecimal(value);
    sum = sum === null ? energy : add(sum, energy);
    slot.energy = slot.energy === null ? energy : add(slot.energy, energy);
  }
  return {
    sum: textOf(sum),
    hours: [...hours.values()].map(({ hour, isSummer, energy }) => ({ hour, isSummer, sum: textOf(energy) })),
    nonCommercial: periods.filter(({ status }) => status === '1').length,
  };
}

function textOf(energy: Rational | null): string | null {
  return energy === null ? null : decimalText(energy);
}
