/** Instantaneous values of a point over days and years, from every read. */
import { AppError } from '../../shared/api/errors.ts';
import { type History, HISTORY_STEPS_LIMIT, type HistoryRequest } from '../../shared/api/history.ts';
import { HALF_HOUR_S, halfHourOf, isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { INSTANTANEOUS_QUANTITIES } from '../../shared/reading/quantities.ts';
import { decimalText } from '../metering/energy.ts';
import { isWholeHalfHour, quantityFactor, readsByStep } from '../metering/instantaneous.ts';
import { daysBetween, periodOf } from '../metering/zone.ts';
import type { Site } from './site.ts';

/** Throws `api/not-found` for an unknown point, `api/invalid-argument` for a period that is empty or too long. */
export function history(site: Site, { pointId, quantity, from, to, step }: HistoryRequest): History {
  site.point(pointId);
  const { unit } = INSTANTANEOUS_QUANTITIES[quantity];
  const period = periodOf(from, to, site.zone);
  const halfHours = site.installations(pointId).flatMap(({ installation, meter, range }) => {
    const [fromUtc, toUtc] = [Math.max(period.fromUtc, range.fromUtc), Math.min(period.toUtc, range.toUtc)];
    const factor = quantityFactor(unit, installation);
    return site.store.extremes
      .list(meter.id, quantity, fromUtc, toUtc)
      .filter(({ startUtc }) => isWholeHalfHour(startUtc, range))
      .map((extremes) => ({ startUtc: extremes.startUtc, extremes, factor }));
  });
  return {
    pointId,
    quantity,
    unit,
    from: isoUtc(period.fromUtc),
    to: isoUtc(period.toUtc),
    step,
    rows: readsByStep(halfHours, bounds(site, { from, to, step })).map(({ startUtc, endUtc, min, mean, max, reads }) => ({
      start: isoUtc(startUtc),
      minutes: (endUtc - startUtc) / 60,
      min: decimalText(min),
      mean: decimalText(mean),
      max: decimalText(max),
      reads,
    })),
  };
}

/** Starts of the steps and the end of the last one. Half-hours are those of UTC, as they were gathered. */
function bounds({ zone }: Site, { from, to, step }: Pick<HistoryRequest, 'from' | 'to' | 'step'>): UtcSeconds[] {
  const days = daysBetween(from, to);
  if (days.length === 0) throw new AppError('api/invalid-argument', 'The period ends before it begins', { context: { from, to } });
  if (days.length * (step === 'day' ? 1 : 48) > HISTORY_STEPS_LIMIT) {
    throw new AppError('api/invalid-argument', 'The period holds too many steps', {
      context: { from, to, step },
      hint: 'Ask for fewer days, or by days.',
    });
  }
  const { fromUtc, toUtc } = periodOf(from, to, zone);
  if (step === 'day') return [...days.map((day) => zone.startOfDay(day)), toUtc];
  const first = halfHourOf(fromUtc + HALF_HOUR_S - 1);
  return Array.from({ length: Math.ceil((toUtc - first) / HALF_HOUR_S) + 1 }, (_, index) => first + index * HALF_HOUR_S);
}
