/** Statement of readings: both ends by the registers that meters froze, losses, and the sum of the intervals beside it (pp442.md 9). */
import type { ReportCell, ReportColumn, ReportRow } from '../../shared/api/reports.ts';
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { fillText } from '../../shared/i18n/language.ts';
import type { BoundaryEnergy } from '../metering/boundary.ts';
import { type Rational, rational, subtract } from '../metering/energy.ts';
import type { RegisterEnergy, RegisterPart } from '../metering/registers.ts';
import { periodOf } from '../metering/zone.ts';
import { BLANK, type DocumentSection, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { figureCell, rounded, type Summed, summedCell, sumSteps } from './figures.ts';
import { ratioText } from './meters.ts';
import { atBoundary, type PeriodEnergy, periodEnergy, periodLosses } from './period.ts';
import { channelsOfPoint, type InstalledMeter, metersOfPoint, readingsOfPoint, writtenNotes } from './readings.ts';
import { chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { dayText, momentText, reportTexts } from './words.ts';

/** Digits of a reading: registers are whole Wh. */
const READING_DIGITS = 3;

/** Figures of one point and channel. */
interface Line {
  readonly channel: Channel;
  /** By readings, without losses; null when an end is missing. */
  readonly energy: Rational | null;
  /** null = the point has none. */
  readonly losses: Rational | null;
  readonly hasLosses: boolean;
  /** What the losses could not be worked out for. */
  readonly lack: BoundaryEnergy['lack'];
  readonly total: Rational | null;
  readonly intervals: Summed;
}

export const monthStatement: ReportDeclaration = {
  name: 'month-statement',
  choices: ['points', 'substation'],
  isLandscape: true,
  mostDays: 366,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const section: DocumentSection = {
      name: texts.titles['month-statement'],
      heading: null,
      columns: columnsOf(source, request.from, request.to),
      content: () => statement(source, chosenPoints(source, request), request),
    };
    return [section];
  },
};

function columnsOf(source: ReportSource, from: string, to: string): ReportColumn[] {
  const texts = reportTexts(source.language);
  const { statement: own } = texts;
  const { digits } = source.settings;
  const { toUtc } = periodOf(from, to, source.zone);
  return [
    textColumn(texts.point, 26),
    textColumn(texts.serial, 12),
    textColumn(own.channel, 8),
    numberColumn(`${own.start}, ${dayText(from)}`, texts.kWhOrKvarh, READING_DIGITS, 14),
    numberColumn(`${own.end}, ${dayText(source.zone.dateOf(toUtc))}`, texts.kWhOrKvarh, READING_DIGITS, 14),
    numberColumn(own.difference, texts.kWhOrKvarh, READING_DIGITS, 12),
    numberColumn(texts.ratio, null, 0, 8),
    numberColumn(own.energy, texts.kWhOrKvarh, digits, 14),
    numberColumn(own.losses, texts.kWhOrKvarh, digits, 12),
    numberColumn(own.energyTotal, texts.kWhOrKvarh, digits, 14),
    numberColumn(own.intervals, texts.kWhOrKvarh, digits, 14),
    numberColumn(own.deviation, texts.kWhOrKvarh, digits, 11),
  ];
}

async function statement(
  source: ReportSource,
  points: readonly ChosenPoint[],
  period: { readonly from: string; readonly to: string },
): Promise<SectionContent> {
  const texts = reportTexts(source.language);
  const rows: ReportRow[] = [];
  const notes: string[] = [];
  const lines: Line[] = [];
  let substation = '';
  for (const point of points) {
    if (point.substation !== substation) rows.push({ kind: 'group', cells: [plain(point.substation)] });
    substation = point.substation;
    const { fromUtc, toUtc } = periodOf(period.from, period.to, source.zone);
    const installed = metersOfPoint(source, point.id, fromUtc, toUtc);
    if (installed.length === 0) {
      notes.push(`${point.name}: ${texts.noMeter}`);
      continue;
    }
    await source.turn();
    const energy = periodEnergy(source, point.id, period.from, period.to);
    for (const channel of channelsOfPoint(source, installed)) {
      const readings = readingsOfPoint(source, point.id, installed, channel, fromUtc, toUtc);
      const line = lineOf(source, point, channel, readings, energy);
      lines.push(line);
      rows.push(...lineRows(source, point, installed, readings, line));
      notes.push(...writtenNotes(source, point.name, readings), ...notesOf(source, point, installed, channel, readings, line));
    }
  }
  if (points.length === 0) notes.push(texts.nothingChosen);
  rows.push(...totals(source, lines));
  return { facts: [], rows, results: [], notes: [...notes, texts.statement.note, texts.statement.deviationNote] };
}

function lineOf(source: ReportSource, point: ChosenPoint, channel: Channel, readings: RegisterEnergy, period: PeriodEnergy): Line {
  const energy = readings.total === null ? null : kilo(readings.total);
  const losses = periodLosses(source, point.id, channel, period, energy);
  const intervals = period.metered.get(channel) ?? sumSteps([]);
  const total = energy === null ? null : atBoundary({ energy, status: 'valid' }, losses).energy;
  return { channel, energy, losses: losses?.losses ?? null, hasLosses: losses !== null, lack: losses?.lack ?? null, total, intervals };
}

/** One row for a meter; where it was replaced, one for each and the sum of the point. */
function lineRows(
  source: ReportSource,
  point: ChosenPoint,
  installed: readonly InstalledMeter[],
  readings: RegisterEnergy,
  line: Line,
): ReportRow[] {
  const { digits } = source.settings;
  const results = resultCells(source, line);
  const [only] = readings.parts;
  if (readings.parts.length === 1 && only !== undefined) {
    return [{ kind: 'data', cells: [...partCells(point, installed, only, line.channel), ...results] }];
  }
  const parts = readings.parts.map(
    (part): ReportRow => ({
      kind: 'data',
      cells: [
        ...partCells(point, installed, part, line.channel),
        figureCell(part.energy === null ? null : kilo(part.energy), digits),
        BLANK,
        BLANK,
        BLANK,
        BLANK,
      ],
    }),
  );
  const head = [plain(point.name), BLANK, plain(channelName(line.channel)), BLANK, BLANK, BLANK, BLANK];
  return [...parts, { kind: 'subtotal', cells: [...head, ...results] }];
}

function partCells(point: ChosenPoint, installed: readonly InstalledMeter[], part: RegisterPart, channel: Channel): ReportCell[] {
  const meter = installed.find(({ installation }) => installation.id === part.installation.id)?.meter;
  const reading = (wattHours: number | null) => figureCell(wattHours === null ? null : rational(wattHours, 1000), READING_DIGITS);
  return [
    plain(point.name),
    plain(meter?.serial ?? null),
    plain(channelName(channel)),
    reading(part.first),
    reading(part.last),
    reading(part.difference.energy),
    plain(ratioText(part.installation)),
  ];
}

function resultCells(source: ReportSource, line: Line): ReportCell[] {
  const { digits } = source.settings;
  const deviation = line.energy === null || line.intervals.energy === null ? null : subtract(line.intervals.energy, line.energy);
  const isWhole = line.intervals.status === 'valid' || line.intervals.status === 'replaced';
  return [
    figureCell(line.energy, digits),
    line.hasLosses ? figureCell(line.losses, digits) : BLANK,
    figureCell(line.total, digits),
    summedCell(line.intervals, digits),
    deviation === null ? BLANK : { value: rounded(deviation, digits), mark: isWhole ? null : 'incomplete' },
  ];
}

/** Sums by channel: of what there is, marked where a line of theirs has none. */
function totals(source: ReportSource, lines: readonly Line[]): ReportRow[] {
  const texts = reportTexts(source.language);
  const { digits } = source.settings;
  return CHANNELS.flatMap((channel): ReportRow[] => {
    const own = lines.filter((line) => line.channel === channel);
    if (own.length < 2) return [];
    const sum = (figures: readonly (Rational | null)[]) =>
      summedCell(sumSteps(figures.map((energy) => ({ energy, status: energy === null ? 'missing' : 'valid' }))), digits);
    const withLosses = own.filter(({ hasLosses }) => hasLosses);
    const cells = [
      plain(texts.total),
      BLANK,
      plain(channelName(channel)),
      BLANK,
      BLANK,
      BLANK,
      BLANK,
      sum(own.map(({ energy }) => energy)),
      withLosses.length === 0 ? BLANK : sum(withLosses.map(({ losses }) => losses)),
      sum(own.map(({ total }) => total)),
      summedCell(sumSteps(own.map(({ intervals }) => intervals)), digits),
      BLANK,
    ];
    return [{ kind: 'total', cells }];
  });
}

function notesOf(
  source: ReportSource,
  point: ChosenPoint,
  installed: readonly InstalledMeter[],
  channel: Channel,
  readings: RegisterEnergy,
  line: Line,
): string[] {
  const { statement: texts } = reportTexts(source.language);
  const serialOf = (part: RegisterPart) =>
    installed.find(({ installation }) => installation.id === part.installation.id)?.meter.serial ?? '';
  const ofParts = readings.parts.flatMap((part) => {
    const { verdict, reason } = part.difference;
    const named = { point: point.name, serial: serialOf(part), channel: channelName(channel) };
    if (verdict === 'roll-over') return [fillText(texts.rollOver, named)];
    // What is not there shows in the table by itself.
    return reason === null || reason === 'reading-missing' ? [] : [fillText(texts.suspect, { ...named, reason: texts.reasons[reason] })];
  });
  const uncovered = readings.uncovered.map(({ fromUtc, toUtc }) =>
    fillText(texts.uncovered, { point: point.name, from: momentText(fromUtc, source.zone), to: momentText(toUtc, source.zone) }),
  );
  const lacking =
    line.lack !== null && line.energy !== null ? [fillText(texts.noLosses, { point: point.name, what: texts.lacks[line.lack] })] : [];
  return [...ofParts, ...(channel === 'A+' ? uncovered : []), ...lacking];
}

/** With the typographic minus. */
export function channelName(channel: Channel): string {
  return channel.replace('-', '−');
}

function kilo(wattHours: Rational): Rational {
  return { numerator: wattHours.numerator, denominator: wattHours.denominator * 1000n };
}
