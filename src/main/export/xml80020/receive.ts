/** Files of others taken in: their figures by point, channel and day, and side by side with what our own meters say. */
import type { Settings } from '../../../shared/api/settings.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import type { ReceivedDay, ReceivedFile, ReceivedInterval } from '../../../shared/domain/received.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../../shared/domain/time.ts';
import { AppError } from '../../../shared/api/errors.ts';
import { compare, decimalText, magnitude, parseDecimal, type Rational, rational, subtract, sumOf } from '../../metering/energy.ts';
import { spansOfPoint } from '../../metering/expected.ts';
import { type SettlementSource, settlementSteps } from '../../metering/settlement.ts';
import { siteZone } from '../../metering/zone.ts';
import type { NamedFile } from './archive.ts';
import { checkMarketFile } from './check.ts';
import { DEFAULT_CHECK_OPTIONS } from './check-rules.ts';
import type { MarketTime } from './day.ts';
import { digest } from './delivery.ts';
import { dayOfCompact, type MarketDocument } from './document.ts';
import { type CodedPoint, decimalsOf, marketTimeOf } from './figures.ts';
import { receivedFigures } from './received.ts';

/** A file as it was read, nothing stored yet. */
export interface ReadReceived {
  readonly file: Omit<ReceivedFile, 'id' | 'receivedUtc' | 'who'>;
  readonly days: readonly ReceivedDay[];
  /** Points of the file with the names and the areas that it gives them. */
  readonly points: readonly { readonly code: string; readonly name: string; readonly area: string }[];
  /** Rules of the receiver that it breaks; its figures can be placed all the same. */
  readonly faults: readonly string[];
}

/** Throws `import/*` for what cannot be read or placed in its day. */
export async function readReceived(file: NamedFile, settings: Settings): Promise<ReadReceived> {
  const options = { ...DEFAULT_CHECK_OPTIONS, nameTemplate: settings.xml80020.nameTemplate, decimals: decimalsOf(settings.xml80020) };
  const { document, rules } = await checkMarketFile(file, options);
  const day = dayOfCompact(document.day);
  if (day === null || !/^\d{1,15}$/.test(document.number)) {
    throw new AppError('import/wrong-layout', 'The file tells no day or no number', {
      context: { day: document.day, number: document.number },
    });
  }
  return {
    file: {
      senderInn: document.sender.inn,
      senderName: document.sender.name,
      messageClass: document.messageClass,
      number: Number(document.number),
      day,
      timestamp: document.timestamp,
      name: file.name,
      sha256: digest(file.bytes),
    },
    days: daysOf(document, day, (timeZone) => timeOf(settings, timeZone)),
    points: document.areas.flatMap((area) => area.points.map(({ code, name }) => ({ code, name, area: area.name }))),
    faults: rules.filter(({ verdict }) => verdict === 'fault').map(({ rule }) => rule),
  };
}

/** An area names its own zone of the market; by the clock of the site files are read where the settings say so. */
function timeOf(settings: Settings, timeZone: string | null): MarketTime {
  if (settings.xml80020.time === 'local') return { kind: 'local', zone: siteZone(settings.site.timeZone) };
  return timeZone === '3'
    ? { kind: 'market', zone: 3 }
    : timeZone === '1' || timeZone === null
      ? { kind: 'market', zone: 1 }
      : marketTimeOf(settings);
}

function daysOf(document: MarketDocument, day: string, time: (timeZone: string | null) => MarketTime): ReceivedDay[] {
  const byKey = new Map<string, { readonly key: Omit<ReceivedDay, 'intervals'>; readonly intervals: ReceivedInterval[] }>();
  for (const { areaInn, pointCode, channel, startUtc, lengthS, energy, isCommercial } of receivedFigures(document, time)) {
    const name = `${areaInn} ${pointCode} ${channel}`;
    let entry = byKey.get(name);
    if (entry === undefined) {
      entry = { key: { senderInn: document.sender.inn, areaInn, pointCode, channel, day }, intervals: [] };
      byKey.set(name, entry);
    }
    entry.intervals.push([startUtc, lengthS, energy === null ? null : decimalText(energy), isCommercial ? 1 : 0]);
  }
  return [...byKey.values()].map(({ key, intervals }) => ({ ...key, intervals: intervals.sort((a, b) => a[0] - b[0]) }));
}

/** One channel of a point on one day: what was received beside what our own meter says. Sums are over the half-hours that both have. */
export interface ComparedChannel {
  readonly pointCode: string;
  /** null = no point of ours has this code. */
  readonly point: CodedPoint | null;
  readonly channel: Channel;
  readonly senderInn: string;
  readonly intervals: number;
  /** Intervals that only one side has. */
  readonly onlyOurs: number;
  readonly onlyTheirs: number;
  /** Intervals that both have and that differ by more than rounding can make them. */
  readonly differing: number;
  readonly ours: Rational | null;
  readonly theirs: Rational | null;
  /** The intervals that differ or that one side lacks, in order of start. */
  readonly places: readonly { readonly startUtc: UtcSeconds; readonly ours: Rational | null; readonly theirs: Rational | null }[];
}

/** A whole figure may be off by half a unit, and by what was carried into it; of an hour both ends count. */
const ROUNDING = rational(1);

/** Holds what was received of a day against our own figures; ours are those of the meters, never the received ones themselves. */
export function compareReceived(days: readonly ReceivedDay[], points: readonly CodedPoint[], source: SettlementSource): ComparedChannel[] {
  const byCode = new Map(points.map((point) => [point.code80020, point]));
  const own: SettlementSource = {
    plant: () => source.plant(),
    intervals: (...args) => source.intervals(...args),
    keptChannels: (meterId) => source.keptChannels(meterId),
    replacements: (...args) => source.replacements(...args),
  };
  return days.map((day) => compareChannel(day, byCode.get(day.pointCode) ?? null, own));
}

function compareChannel(
  { pointCode, channel, senderInn, intervals }: ReceivedDay,
  point: CodedPoint | null,
  source: SettlementSource,
): ComparedChannel {
  const [first, last] = [intervals[0], intervals.at(-1)];
  const toUtc = last === undefined ? 0 : last[0] + last[1];
  const isHourly = point !== null && first !== undefined && hasHourlyMeter(source, point.id, first[0], toUtc);
  const told = isHourly ? hoursOf(intervals) : intervals;
  const bounds = [...told.map(([startUtc]) => startUtc), toUtc];
  const steps = point === null || told.length === 0 ? [] : (settlementSteps(point.id, source, bounds).get(channel) ?? []);
  const ours = new Map(steps.map((step) => [step.startUtc, step.status === 'valid' || step.status === 'replaced' ? step.energy : null]));
  const rows = told.map(([startUtc, , text]) => ({
    startUtc,
    ours: ours.get(startUtc) ?? null,
    theirs: text === null ? null : parseDecimal(text),
  }));
  const both = rows.flatMap((row) => (row.ours === null || row.theirs === null ? [] : [{ ...row, ours: row.ours, theirs: row.theirs }]));
  const differs = (row: (typeof rows)[number]) =>
    row.ours === null || row.theirs === null ? row.ours !== row.theirs : compare(magnitude(subtract(row.ours, row.theirs)), ROUNDING) > 0;
  return {
    pointCode,
    point,
    channel,
    senderInn,
    intervals: rows.length,
    onlyOurs: rows.filter((row) => row.ours !== null && row.theirs === null).length,
    onlyTheirs: rows.filter((row) => row.ours === null && row.theirs !== null).length,
    differing: both.filter(differs).length,
    ours: both.length === 0 ? null : sumOf(both.map((row) => row.ours)),
    theirs: both.length === 0 ? null : sumOf(both.map((row) => row.theirs)),
    places: rows.filter(differs),
  };
}

function hasHourlyMeter(source: SettlementSource, pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): boolean {
  return spansOfPoint(source.plant(), pointId, fromUtc, toUtc).some(({ lengthS }) => lengthS > HALF_HOUR_S);
}

/** Half-hours added up to the hours that our meter keeps; an hour of which one half is not told is not told. */
function hoursOf(intervals: readonly ReceivedInterval[]): ReceivedInterval[] {
  const byStart = new Map(intervals.map((one) => [one[0], one]));
  return intervals.flatMap((one): ReceivedInterval[] => {
    const [startUtc, lengthS, text, isCommercial] = one;
    if (lengthS > HALF_HOUR_S) return [one];
    if (startUtc % (2 * HALF_HOUR_S) !== 0) return [];
    const second = byStart.get(startUtc + HALF_HOUR_S);
    const energy = text === null || second?.[2] == null ? null : decimalText(sumOf([parseDecimal(text), parseDecimal(second[2])]));
    return [[startUtc, 2 * HALF_HOUR_S, energy, isCommercial]];
  });
}
