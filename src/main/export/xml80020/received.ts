/** Figures of a file of others, by the moments that they mean. */
import { AppError } from '../../../shared/api/errors.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../../shared/domain/time.ts';
import { parseDecimal, type Rational } from '../../metering/energy.ts';
import { type MarketDay, type MarketHalfHour, type MarketTime, possibleDays } from './day.ts';
import { channelOfCode, dayOfCompact, type MarketDocument, type MarketPeriod } from './document.ts';

export interface ReceivedFigure {
  readonly areaInn: string;
  readonly pointCode: string;
  readonly channel: Channel;
  readonly startUtc: UtcSeconds;
  /** 1800, and 3600 in files of 24 periods. */
  readonly lengthS: number;
  /** kWh or kvarh; null = empty. */
  readonly energy: Rational | null;
  /** Status is absent or 0. */
  readonly isCommercial: boolean;
}

/**
 * Figures of a document in the order of its periods. `timeOf` says by which clock an area counts. Periods that cannot be placed
 * in their day or stand there twice, channels that are unknown or told twice and values that are no decimals throw `import/wrong-layout`.
 */
export function receivedFigures(document: MarketDocument, timeOf: (timeZone: string | null) => MarketTime): ReceivedFigure[] {
  const date = dayOfCompact(document.day);
  if (date === null) throw wrong(`"${document.day}" is no day`);
  const told = new Set<string>();
  return document.areas.flatMap((area) => {
    const days = possibleDays(date, timeOf(area.timeZone));
    return area.points.flatMap((point) =>
      point.channels.flatMap(({ code, periods }) => {
        const channel = channelOfCode(code);
        if (channel === null) throw wrong(`there is no channel ${code}`);
        const key = `${area.inn} ${point.code} ${channel}`;
        if (told.has(key)) throw wrong(`channel ${code} of point ${point.code} is told twice`);
        told.add(key);
        return placed(periods, days).map((figure) => ({ areaInn: area.inn, pointCode: point.code, channel, ...figure }));
      }),
    );
  });
}

type PlacedFigure = Pick<ReceivedFigure, 'startUtc' | 'lengthS' | 'energy' | 'isCommercial'>;

/** By the day whose half-hours or hours are as many, else by the usual one: a file may tell a part of it. */
function placed(periods: readonly MarketPeriod[], days: readonly MarketDay[]): PlacedFigure[] {
  const asMany = ({ halfHours: { length } }: MarketDay) => length === periods.length || length === 2 * periods.length;
  const day = days.find(asMany) ?? days[0];
  if (day === undefined) return [];
  const figures = periods.map((period) => figureOf(period, day));
  let endUtc = day.fromUtc;
  for (const { startUtc, lengthS } of figures.toSorted((a, b) => a.startUtc - b.startUtc)) {
    if (startUtc < endUtc) throw wrong('a half-hour is told twice');
    endUtc = startUtc + lengthS;
  }
  return figures;
}

function figureOf(period: MarketPeriod, day: MarketDay): PlacedFigure {
  const first = halfHourAt(period, day);
  if (first === undefined) throw wrong(`${day.date} has no half-hour at ${period.start}`);
  const isHalfHour = first.end === period.end;
  const second = day.halfHours.find(({ startUtc }) => startUtc === first.startUtc + HALF_HOUR_S);
  if (!isHalfHour && (second?.end !== period.end || !first.start.endsWith('00'))) {
    throw wrong(`${period.start}–${period.end} is neither a half-hour nor an hour`);
  }
  return {
    startUtc: first.startUtc,
    lengthS: isHalfHour ? HALF_HOUR_S : 2 * HALF_HOUR_S,
    energy: period.value === null ? null : energyOf(period.value),
    isCommercial: period.status === null || period.status === '0',
  };
}

/** The mark of summer decides only where the clock shows a time twice: files differ in which other half-hours carry it. */
function halfHourAt({ start, isSummer }: MarketPeriod, day: MarketDay): MarketHalfHour | undefined {
  const candidates = day.halfHours.filter((halfHour) => halfHour.start === start);
  return candidates.length < 2 ? candidates[0] : candidates.find((halfHour) => halfHour.isSummer === isSummer);
}

function energyOf(text: string): Rational {
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(text)) throw wrong(`"${text}" is no energy`);
  return parseDecimal(text);
}

function wrong(what: string): AppError {
  return new AppError('import/wrong-layout', `The file cannot be taken in: ${what}`, { hint: 'Check the file: feeder check-80020 FILE' });
}
