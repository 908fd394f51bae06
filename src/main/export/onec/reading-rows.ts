import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import type { InstallationRecord, MeterRecord, PointRecord } from '../../../shared/domain/plant.ts';
import type { RegisterKind, RegisterReading } from '../../../shared/domain/register.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../../shared/domain/time.ts';
import { addDays, daysBetween, type SiteZone } from '../../metering/zone.ts';
import { groupBy } from './group-by.ts';
import { printedRatios } from './ratios.ts';
import type { ExportSource, KeptRegister, ReadingRow, RowsRequest } from './row.ts';

/**
 * RD rows: one for every local midnight from 00:00 of `from` to 00:00 of the day after `to`, both included, since a statement
 * of a period needs the reading at either end; so 30 days have 31 midnights and consecutive files share one. A reading is never
 * computed: where the meter's own frozen register was not read, one that a person wrote down for that midnight stands with the method
 * `manual`, else the midnight is empty with status 2. Status 3 marks a reading
 * that the meter gives differently under two kinds, or that is below the one before: whether it ran over or was reset is for a
 * person to say.
 */
export function readingRows(point: PointRecord, source: ExportSource, request: RowsRequest): ReadingRow[] {
  const { zone } = request;
  const midnights = daysBetween(request.from, addDays(request.to, 1)).map((day) => zone.startOfDay(day));
  const fromUtc = midnights[0] ?? 0;
  const toUtc = midnights.at(-1) ?? 0;
  const plant = source.plant();
  const installed = plant.installations
    .filter(({ pointId, kind }) => pointId === point.id && kind === 'main')
    .filter((installation) => (installation.fromUtc ?? fromUtc) <= toUtc && (installation.toUtc ?? toUtc) >= fromUtc)
    .sort((a, b) => (a.fromUtc ?? Number.NEGATIVE_INFINITY) - (b.fromUtc ?? Number.NEGATIVE_INFINITY));
  const rows = installed.flatMap((installation) => {
    const meter = plant.meters.find(({ id }) => id === installation.meterId);
    return meter === undefined
      ? []
      : readingRowsOfMeter({ point, installation, meter, isReplaced: installed.length > 1 }, source, midnights, zone);
  });
  return rows.sort(
    (a, b) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel) || a.instantUtc - b.instantUtc || a.tariff - b.tariff,
  );
}

interface InstalledMeter {
  readonly point: PointRecord;
  readonly installation: InstallationRecord;
  readonly meter: MeterRecord;
  readonly isReplaced: boolean;
}

function readingRowsOfMeter(
  { point, installation, meter, isReplaced }: InstalledMeter,
  source: ExportSource,
  midnights: readonly UtcSeconds[],
  zone: SiteZone,
): ReadingRow[] {
  const own = midnights.filter((at) => at >= (installation.fromUtc ?? at) && at <= (installation.toUtc ?? at));
  const readings = source.registers(meter.id, midnights[0] ?? 0, midnights.at(-1) ?? 0).filter(({ kind }) => kind !== 'now');
  const byMoment = groupBy(readings, ({ momentUtc }) => momentUtc);
  return keptOrSeen(source.keptRegisters(meter.id), readings).flatMap(({ channel: counted, tariff }) => {
    const channel = installation.direction[counted];
    const written = writtenByMoment(source, point.id, channel, tariff);
    let before: number | null = null;
    return own.map((instantUtc): ReadingRow => {
      const figures = figuresAt(byMoment.get(instantUtc) ?? [], counted, tariff);
      const byHand = figures.length === 0 ? (written.get(instantUtc) ?? null) : null;
      const figure = figures[0] ?? byHand;
      const isDisputed = figure !== null && (figures.some((other) => other !== figure) || (before !== null && figure < before));
      before = figure ?? before;
      return {
        kind: 'RD',
        point,
        channel,
        instantUtc,
        offsetMin: zone.offsetMinAt(instantUtc),
        day: zone.dateOf(instantUtc),
        key: `${point.code};${meter.serial};${channel};${tariff}`,
        figure: figure === null ? null : BigInt(figure),
        status: figure === null ? 2 : isDisputed ? 3 : 0,
        method: byHand === null ? 'auto' : 'manual',
        revision: 1,
        serial: meter.serial,
        tariff,
        ...printedRatios(installation),
        isReplaced,
      };
    });
  });
}

/** A written reading stands at the nearest border of two half-hours, as the rules of replacement take it. */
export function writtenByMoment(source: ExportSource, pointId: number, channel: Channel, tariff: number): ReadonlyMap<UtcSeconds, number> {
  const own = (source.writtenReadings?.(pointId) ?? []).filter((one) => one.channel === channel && one.tariff === tariff);
  return new Map(own.map(({ atUtc, readingWh }) => [Math.round(atUtc / HALF_HOUR_S) * HALF_HOUR_S, readingWh]));
}

/** Whole Wh by every kind of register that the meter froze at this moment, the daily one first. */
export function figuresAt(readings: readonly RegisterReading[], channel: Channel, tariff: number): number[] {
  const order: readonly RegisterKind[] = ['day-start', 'month-start', 'year-start'];
  return order.flatMap((kind) => {
    const reading = readings.find((candidate) => candidate.kind === kind && candidate.tariff === tariff);
    return reading?.energy[channel] ?? [];
  });
}

/** Registers that are known to be kept, with those that were read; active import of a meter of which nothing was ever read. */
export function keptOrSeen(known: readonly KeptRegister[], readings: readonly RegisterReading[]): readonly KeptRegister[] {
  const seen = new Map(known.map((register) => [`${register.channel} ${register.tariff}`, register]));
  for (const { tariff, energy } of readings) {
    for (const channel of CHANNELS) if (energy[channel] !== null) seen.set(`${channel} ${tariff}`, { channel, tariff });
  }
  return seen.size === 0 ? [{ channel: 'A+', tariff: 0 }] : [...seen.values()];
}
