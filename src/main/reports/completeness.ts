/** Received, valid, replaced and missing intervals by points and channels (quality.md 1). */
import type { ReportCell, ReportRow } from '../../shared/api/reports.ts';
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { consumptionSeries } from '../metering/consumption.ts';
import { add, type Rational, sumOf } from '../metering/energy.ts';
import { spansOfPoint } from '../metering/expected.ts';
import { periodOf } from '../metering/zone.ts';
import { BLANK, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { countCell, figureCell, type Summed, summedCell, sumSteps } from './figures.ts';
import { periodEnergy } from './period.ts';
import { channelsOfPoint, metersOfPoint } from './readings.ts';
import { chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { reportTexts } from './words.ts';

/** Intervals of one point and channel, or of several together. */
interface Fullness {
  readonly channel: Channel;
  readonly expected: number;
  readonly received: number;
  readonly valid: number;
  readonly replaced: number;
  readonly missing: number;
  readonly energy: Summed;
  readonly replacedEnergy: Rational | null;
}

export const completeness: ReportDeclaration = {
  name: 'completeness',
  choices: ['points', 'substation'],
  isLandscape: true,
  mostDays: 92,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const { fullness } = texts;
    const { digits } = source.settings;
    const count = (title: string) => numberColumn(title, fullness.intervals, 0, 11);
    return [
      {
        name: texts.titles.completeness,
        heading: null,
        columns: [
          textColumn(texts.point, 28),
          textColumn(fullness.channel, 8),
          count(fullness.expected),
          count(fullness.received),
          numberColumn(fullness.receivedPart, texts.percent, 2, 10),
          count(fullness.valid),
          numberColumn(fullness.validPart, texts.percent, 2, 11),
          count(fullness.replaced),
          count(fullness.missing),
          numberColumn(fullness.energy, texts.kWhOrKvarh, digits, 16),
          numberColumn(fullness.replacedEnergy, texts.kWhOrKvarh, digits, 15),
        ],
        content: () => fullnessContent(source, chosenPoints(source, request), request),
      },
    ];
  },
};

async function fullnessContent(
  source: ReportSource,
  points: readonly ChosenPoint[],
  period: { readonly from: string; readonly to: string },
): Promise<SectionContent> {
  const texts = reportTexts(source.language);
  const rows: ReportRow[] = [];
  const all: Fullness[] = [];
  for (const substation of new Set(points.map((point) => point.substation))) {
    rows.push({ kind: 'group', cells: [plain(substation)] });
    for (const point of points.filter((one) => one.substation === substation)) {
      const own = fullnessOf(source, point, period);
      await source.turn();
      all.push(...own);
      rows.push(...own.map((line): ReportRow => ({ kind: 'data', cells: [plain(point.name), ...cellsOf(source, line)] })));
    }
  }
  for (const channel of CHANNELS) {
    const own = all.filter((line) => line.channel === channel);
    if (own.length > 1) rows.push({ kind: 'total', cells: [plain(texts.total), ...cellsOf(source, together(channel, own))] });
  }
  return { facts: [], rows, results: [], notes: [...(points.length === 0 ? [texts.nothingChosen] : []), texts.fullness.note] };
}

function fullnessOf(source: ReportSource, point: ChosenPoint, { from, to }: { readonly from: string; readonly to: string }): Fullness[] {
  const { fromUtc, toUtc } = periodOf(from, to, source.zone);
  const installed = metersOfPoint(source, point.id, fromUtc, toUtc);
  const energy = periodEnergy(source, point.id, from, to);
  const data = spansOfPoint(source.plant(), point.id, fromUtc, toUtc).map((span) => ({
    span,
    constant: span.meter.facts.constantImpPerKwh,
    intervals: source.intervals(span.meter.id, span.fromUtc, span.toUtc),
    reasonAt: source.reasonAt(span.meter.id),
  }));
  return channelsOfPoint(source, installed).map((channel) => {
    const series = consumptionSeries({ from, to, step: 'month', channel, zone: source.zone, nowUtc: source.nowUtc, data });
    const steps = (energy.steps.get(channel) ?? []).filter(({ startUtc }) => startUtc < source.nowUtc);
    const replaced = steps.filter(({ status }) => status === 'replaced');
    const { expected } = series.completeness;
    const ended = expected === 0 ? [] : steps.filter((step) => isOver(step.startUtc, energy.bounds, source.nowUtc));
    return {
      channel,
      ...series.completeness,
      valid: series.valid,
      replaced: replaced.length,
      missing: ended.filter(({ status }) => status === 'missing').length,
      energy: sumSteps(ended),
      replacedEnergy: replaced.length === 0 ? null : sumOf(replaced.flatMap((step) => step.energy ?? [])),
    };
  });
}

function isOver(startUtc: number, bounds: readonly number[], nowUtc: number): boolean {
  const length = (bounds[1] ?? 0) - (bounds[0] ?? 0);
  return startUtc + length <= nowUtc;
}

function together(channel: Channel, lines: readonly Fullness[]): Fullness {
  const sum = (of: (line: Fullness) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    channel,
    expected: sum(({ expected }) => expected),
    received: sum(({ received }) => received),
    valid: sum(({ valid }) => valid),
    replaced: sum(({ replaced }) => replaced),
    missing: sum(({ missing }) => missing),
    energy: sumSteps(lines.map(({ energy }) => energy)),
    replacedEnergy: lines.reduce<Rational | null>(
      (total, { replacedEnergy }) => (replacedEnergy === null ? total : total === null ? replacedEnergy : add(total, replacedEnergy)),
      null,
    ),
  };
}

function cellsOf(source: ReportSource, line: Fullness): ReportCell[] {
  const { digits } = source.settings;
  const { channel, expected, received, valid, replaced, missing, energy, replacedEnergy } = line;
  return [
    plain(channel.replace('-', '−')),
    countCell(expected),
    countCell(received),
    partCell(received, expected),
    countCell(valid),
    partCell(valid, expected),
    countCell(replaced),
    countCell(missing),
    summedCell(energy, digits),
    replacedEnergy === null ? BLANK : figureCell(replacedEnergy, digits),
  ];
}

/** Percent to two digits, rounded down: 99.997 % is never printed as 100. */
function partCell(part: number, whole: number): ReportCell {
  if (whole === 0) return BLANK;
  const hundredths = Math.floor((part * 10_000) / whole);
  return plain(`${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`);
}
