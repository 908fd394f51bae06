/** Rows of the 1C exchange (onec.md 3) from stored figures: pure, the same for every file format. */
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import type { SentDay } from '../../../shared/domain/package.ts';
import type { InstallationRecord, MeterRecord, Plant, PointRecord } from '../../../shared/domain/plant.ts';
import type { Ratio } from '../../../shared/domain/point.ts';
import type { RegisterKind, RegisterReading } from '../../../shared/domain/register.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { stepBounds } from '../../metering/consumption.ts';
import { fixedText, roundHalfUp } from '../../metering/energy.ts';
import { spansOfPoint } from '../../metering/expected.ts';
import { type SettlementSource, type SettlementStatus, settlementSteps } from '../../metering/settlement.ts';
import { addDays, daysBetween, periodOf, type SiteZone } from '../../metering/zone.ts';

/** A register that a meter keeps; tariff 0 = sum. */
export interface KeptRegister {
  readonly channel: Channel;
  readonly tariff: number;
}

/** Stored figures as the export needs them. Synchronous: one read of the database at a time. */
export interface ExportSource extends SettlementSource {
  /** Readings that the meter froze at a calendar boundary (kinds other than `now`) within `[fromUtc, toUtc]`, both ends included. */
  registers(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly RegisterReading[];
  /** Judged, as `keptChannels`, by everything that was ever stored of the meter. */
  keptRegisters(meterId: number): readonly KeptRegister[];
}

/** Status of a row: 0 valid, 1 replaced, 2 missing or incomplete, 3 disputed. */
export type RowStatus = 0 | 1 | 2 | 3;

interface AnyRow {
  readonly point: PointRecord;
  /** Channel of the point. */
  readonly channel: Channel;
  readonly instantUtc: UtcSeconds;
  /** Offset of the site at the instant: tells the two passes of a repeated hour apart. */
  readonly offsetMin: number;
  /** ISO date of the site. */
  readonly day: string;
  /** Natural key without the instant, as `SentDay` has it. */
  readonly key: string;
  /** Thousandths of a kWh or kvarh; null = missing. */
  readonly figure: bigint | null;
  readonly status: RowStatus;
  /** 1 for the first time that a key is sent, one more with each change of its figure or status. */
  readonly revision: number;
}

/** Energy of an interval, primary side. */
export interface IntervalRow extends AnyRow {
  readonly kind: 'IV';
  readonly lengthMin: number;
}

/** A cumulative reading at a midnight, meter side. */
export interface ReadingRow extends AnyRow {
  readonly kind: 'RD';
  readonly serial: string;
  readonly tariff: number;
  readonly ct: Ratio;
  readonly vt: Ratio;
  /** The point's meter changed within the period. */
  readonly isReplaced: boolean;
}

export type OnecRow = IntervalRow | ReadingRow;

export interface RowsRequest {
  readonly kind: 'IV' | 'RD';
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly zone: SiteZone;
}

const ROW_STATUS: Readonly<Record<SettlementStatus, RowStatus>> = { valid: 0, replaced: 1, incomplete: 2, missing: 2 };

const DIRECT: Ratio = { primary: 1, secondary: 1 };

/** Rows of one point in the order of the file: channel (A+ A- R+ R-), then instant, then tariff. All carry revision 1. */
export function rowsOfPoint(point: PointRecord, source: ExportSource, request: RowsRequest): OnecRow[] {
  return request.kind === 'IV' ? intervalRows(point, source, request) : readingRows(point, source, request);
}

/** Points in the order of the file: by code. */
export function pointsInOrder(plant: Plant): PointRecord[] {
  return [...plant.points].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/**
 * IV rows. The energy of a row is the exact sum of its intervals rounded half-up to 3 decimals by itself, nothing carried over.
 * A row without a figure and a row that lacks or distrusts a part of its intervals have status 2. Nothing is said about
 * channels that the meter does not keep, nor about times at which the point had no meter.
 */
function intervalRows(point: PointRecord, source: ExportSource, request: RowsRequest): IntervalRow[] {
  const { zone } = request;
  const { fromUtc, toUtc } = periodOf(request.from, request.to, zone);
  const spans = spansOfPoint(source.plant(), point.id, fromUtc, toUtc);
  const lengthS = Math.max(point.intervalMin * 60, ...spans.map((span) => span.lengthS)) > 1800 ? 3600 : 1800;
  const bounds = stepBounds(request.from, request.to, lengthS === 3600 ? 'hour' : 'half-hour', zone);
  const steps = settlementSteps(point.id, source, bounds);
  return CHANNELS.flatMap((channel) =>
    (steps.get(channel) ?? []).map(
      ({ startUtc, energy, status }): IntervalRow => ({
        kind: 'IV',
        point,
        channel,
        instantUtc: startUtc,
        offsetMin: zone.offsetMinAt(startUtc),
        day: zone.dateOf(startUtc),
        key: `${point.code};${channel}`,
        figure: energy === null ? null : roundHalfUp(energy, 3),
        status: ROW_STATUS[status],
        revision: 1,
        lengthMin: lengthS / 60,
      }),
    ),
  );
}

/**
 * RD rows: one for every local midnight from 00:00 of `from` to 00:00 of the day after `to`, both included, since a statement
 * of a period needs the reading at either end; so 30 days have 31 midnights and consecutive files share one. A reading is never
 * computed: a midnight for which the meter's own frozen register was not read is empty with status 2. Status 3 marks a reading
 * that the meter gives differently under two kinds, or that is below the one before: whether it ran over or was reset is for a
 * person to say, since neither the number of digits nor the largest power is known here.
 */
function readingRows(point: PointRecord, source: ExportSource, request: RowsRequest): ReadingRow[] {
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
    let before: number | null = null;
    return own.map((instantUtc): ReadingRow => {
      const figures = figuresAt(byMoment.get(instantUtc) ?? [], counted, tariff);
      const figure = figures[0] ?? null;
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
        revision: 1,
        serial: meter.serial,
        tariff,
        ct: installation.valuesArePrimary ? DIRECT : installation.ct,
        vt: installation.valuesArePrimary ? DIRECT : installation.vt,
        isReplaced,
      };
    });
  });
}

/** Whole Wh by every kind of register that the meter froze at this moment, the daily one first. */
function figuresAt(readings: readonly RegisterReading[], channel: Channel, tariff: number): number[] {
  const order: readonly RegisterKind[] = ['day-start', 'month-start', 'year-start'];
  return order.flatMap((kind) => {
    const reading = readings.find((candidate) => candidate.kind === kind && candidate.tariff === tariff);
    return reading?.energy[channel] ?? [];
  });
}

function keptOrSeen(known: readonly KeptRegister[], readings: readonly RegisterReading[]): readonly KeptRegister[] {
  const seen = new Map(known.map((register) => [`${register.channel} ${register.tariff}`, register]));
  for (const { tariff, energy } of readings) {
    for (const channel of CHANNELS) if (energy[channel] !== null) seen.set(`${channel} ${tariff}`, { channel, tariff });
  }
  return seen.size === 0 ? [{ channel: 'A+', tariff: 0 }] : [...seen.values()];
}

/** The figure as every file prints it: 3 decimals with a point, empty when missing. */
export function printedFigure(row: OnecRow): string {
  return row.figure === null ? '' : fixedText(row.figure, 3);
}

/**
 * The rows with the revisions they go out under: one that was sent before with the same figure and status keeps its
 * revision, one that differs gets the next (onec.md 4.5). `sentBefore` gives what was sent last of a key and day.
 */
export function withRevisions<R extends OnecRow>(rows: readonly R[], sentBefore: (key: string, day: string) => SentDay | null): R[] {
  const memory = new Map<string, ReadonlyMap<number, SentDay['rows'][number]>>();
  return rows.map((row) => {
    const name = `${row.day} ${row.key}`;
    let sent = memory.get(name);
    if (sent === undefined) {
      sent = new Map((sentBefore(row.key, row.day)?.rows ?? []).map((entry) => [entry[0], entry]));
      memory.set(name, sent);
    }
    const [, revision = 0, status, figure] = sent.get(row.instantUtc) ?? [];
    return { ...row, revision: status === row.status && figure === printedFigure(row) ? revision : revision + 1 };
  });
}

/** What is to be remembered of the rows of a package, by key and day in the order of the file. */
export function sentDays(rows: readonly OnecRow[]): SentDay[] {
  return [...groupBy(rows, (row) => `${row.key}\n${row.day}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const entries = group.map((row) => [row.instantUtc, row.revision, row.status, printedFigure(row)] as const);
    return [{ key: first.key, day: first.day, rows: entries }];
  });
}

export interface RowsSummary {
  readonly rows: number;
  /** With status 2. */
  readonly missingRows: number;
  /** Exact sum of the printed figures over all channels, thousandths; null when no row carries one. */
  readonly sum: bigint | null;
}

export const NO_ROWS: RowsSummary = { rows: 0, missingRows: 0, sum: null };

/** The summary with more rows added. */
export function summarise(before: RowsSummary, rows: readonly OnecRow[]): RowsSummary {
  let { missingRows, sum } = before;
  for (const { figure, status } of rows) {
    if (status === 2) missingRows += 1;
    if (figure !== null) sum = (sum ?? 0n) + figure;
  }
  return { rows: before.rows + rows.length, missingRows, sum };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
