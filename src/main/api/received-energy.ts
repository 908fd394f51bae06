import { CHANNELS } from '../../shared/domain/channel.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { parseDecimal } from '../metering/energy.ts';
import type { ReceivedEnergy } from '../metering/settlement.ts';
import { addDays } from '../metering/zone.ts';
import type { Site } from './site.ts';

/** Figures that the point lives by, from the files of its sender; null for a point that has its own meter. */
export function receivedEnergy(site: Site, pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): ReceivedEnergy | null {
  const { received } = site.store;
  const senderInn = received.sourceOf(pointId);
  const code = site.plant.points.find(({ id }) => id === pointId)?.code80020 ?? null;
  if (senderInn === null || code === null) return null;
  const first = received.firstDay(senderInn, code);
  if (first === null) return null;
  // Days of a file are days of the market zone: a day to either side holds whatever the period touches.
  const days = received.ofPoint(senderInn, code, addDays(site.zone.dateOf(fromUtc), -1), addDays(site.zone.dateOf(toUtc), 1));
  const begun = received.ofPoint(senderInn, code, first, first);
  const kept = new Set([...begun, ...days].map(({ channel }) => channel));
  return {
    fromUtc: begun[0]?.intervals[0]?.[0] ?? fromUtc,
    channels: CHANNELS.filter((channel) => kept.has(channel)),
    figures: days.flatMap(({ channel, intervals }) =>
      intervals
        .filter(([startUtc]) => startUtc >= fromUtc && startUtc < toUtc)
        .map(([startUtc, lengthS, energy, isCommercial]) => ({
          channel,
          startUtc,
          lengthS,
          energy: energy === null ? null : parseDecimal(energy),
          isValid: isCommercial === 1,
        })),
    ),
  };
}
