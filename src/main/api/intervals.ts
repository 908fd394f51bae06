/** Intervals, registers and gaps as rows: what the command line prints and scripts rely on (CLI.md). */
import type { GapRow, IntervalRow, RegisterRow } from '../../shared/api/methods.ts';
import { CHANNELS } from '../../shared/domain/channel.ts';
import type { Gap } from '../../shared/domain/gap.ts';
import { countingConstant, type SourcedInterval } from '../../shared/domain/interval.ts';
import type { RegisterReading } from '../../shared/domain/register.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { SpanData } from '../metering/consumption.ts';
import { energyTexts, perChannel } from '../metering/energy.ts';
import { expectedStarts } from '../metering/expected.ts';
import type { InstalledPoint, Site } from './site.ts';

/** Every expected interval of these points in [fromUtc, toUtc), by point, then start; intervals that have not ended are not expected. */
export function* intervalRows(
  site: Site,
  points: readonly InstalledPoint[],
  fromUtc: UtcSeconds,
  toUtc: UtcSeconds,
): Generator<IntervalRow> {
  for (const { point } of points) {
    for (const data of site.pointData(point.id, fromUtc, toUtc)) {
      const stored = new Map(data.intervals.map((interval) => [interval.startUtc, interval]));
      for (const startUtc of expectedStarts(data.span, site.nowUtc())) {
        yield intervalRow(point.code, data, startUtc, stored.get(startUtc) ?? null);
      }
    }
  }
}

/** An interval inside which the meter's ratio changed has no primary figure. */
export function intervalRow(pointCode: string, data: SpanData, startUtc: UtcSeconds, interval: SourcedInterval | null): IntervalRow {
  const nothing = perChannel(() => null);
  return {
    point_code: pointCode,
    meter_serial: data.span.meter.serial,
    intervalStart: isoUtc(startUtc),
    minutes: data.span.lengthS / 60,
    counts: interval === null ? nothing : { ...interval.counts },
    ...(interval === null
      ? { secondary: nothing, primary: nothing }
      : energyTexts(interval.counts, countingConstant(interval.source, data.constant), data.span.installation)),
    ...(data.span.mixed.includes(startUtc) ? { primary: nothing } : {}),
    flags: interval === null ? [] : [...interval.flags],
    reason: interval === null ? data.reasonAt(startUtc) : null,
  };
}

export function registerRow(pointCode: string, serial: string, reading: RegisterReading): RegisterRow {
  const text = Object.fromEntries(
    CHANNELS.map((channel) => [channel, reading.energy[channel] === null ? null : String(reading.energy[channel])]),
  ) as Pick<RegisterRow, 'A+' | 'A-' | 'R+' | 'R-'>;
  return {
    point_code: pointCode,
    meter_serial: serial,
    moment: isoUtc(reading.momentUtc),
    kind: reading.kind,
    tariff: reading.tariff,
    ...text,
  };
}

export function registerRows(site: Site, points: readonly InstalledPoint[]): RegisterRow[] {
  return points.flatMap(({ point }) =>
    site
      .installations(point.id)
      .flatMap(({ meter, range }) =>
        site.store.registers.list([meter.id], range).map((reading) => registerRow(point.code, meter.serial, reading)),
      ),
  );
}

export function gapRow(pointCode: string, serial: string, gap: Gap): GapRow {
  return {
    point_code: pointCode,
    meter_serial: serial,
    from: isoUtc(gap.fromUtc),
    to: isoUtc(gap.toUtc),
    reason: gap.reason,
    since: isoUtc(gap.sinceUtc),
    tries: gap.tries,
    next_try: gap.nextTryUtc === null ? null : isoUtc(gap.nextTryUtc),
    deadline: gap.deadlineUtc === null ? null : isoUtc(gap.deadlineUtc),
    state: gap.state,
  };
}

export function gapRows(site: Site): GapRow[] {
  return site.points.flatMap(({ point }) =>
    site.installations(point.id).flatMap(({ meter, range }) =>
      site.store.gaps.list(meter.id).flatMap((gap) => {
        const [fromUtc, toUtc] = [Math.max(gap.fromUtc, range.fromUtc), Math.min(gap.toUtc, range.toUtc)];
        return fromUtc < toUtc ? [gapRow(point.code, meter.serial, { ...gap, fromUtc, toUtc })] : [];
      }),
    ),
  );
}
