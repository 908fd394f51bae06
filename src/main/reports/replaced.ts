/** What stands in for missing data: how much, by which rule, who put it in and why (quality.md 3). */
import type { ReportRow } from '../../shared/api/reports.ts';
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import type { RecordedReplacement } from '../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { divide, multiply, type Rational, rational, sumOf } from '../metering/energy.ts';
import { periodOf } from '../metering/zone.ts';
import { BLANK, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { countCell, figureCell, type Summed } from './figures.ts';
import { type PeriodEnergy, periodEnergy } from './period.ts';
import { chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { isoMoment, reportTexts } from './words.ts';

/** Neighbouring intervals that were replaced together. */
interface Run {
  readonly first: RecordedReplacement;
  readonly endUtc: UtcSeconds;
  readonly intervals: number;
  /** kWh or kvarh. */
  readonly energy: Rational;
}

export const replaced: ReportDeclaration = {
  name: 'replaced',
  choices: ['points', 'substation'],
  isLandscape: true,
  mostDays: 366,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const { replaced: own } = texts;
    const moment = (title: string) => ({ title, unit: null, kind: 'moment' as const, digits: 0, width: 16 });
    return [
      {
        name: texts.titles.replaced,
        heading: null,
        columns: [
          textColumn(texts.point, 24),
          textColumn(texts.statement.channel, 8),
          moment(own.from),
          moment(own.to),
          numberColumn(own.intervals, null, 0, 10),
          numberColumn(own.energy, texts.kWhOrKvarh, source.settings.digits, 13),
          numberColumn(own.share, texts.percent, 2, 8),
          textColumn(own.method, 22),
          textColumn(own.author, 14),
          textColumn(own.reason, 26),
          moment(own.made),
        ],
        content: () => replacedContent(source, chosenPoints(source, request), request),
      },
    ];
  },
};

async function replacedContent(
  source: ReportSource,
  points: readonly ChosenPoint[],
  period: { readonly from: string; readonly to: string },
): Promise<SectionContent> {
  const texts = reportTexts(source.language);
  const rows: ReportRow[] = [];
  const sums = new Map<Channel, { readonly energy: Rational[]; intervals: number }>();
  const { fromUtc, toUtc } = periodOf(period.from, period.to, source.zone);
  for (const point of points) {
    const records = source.replacements(point.id, fromUtc, toUtc);
    if (records.length === 0) continue;
    await source.turn();
    const energy = periodEnergy(source, point.id, period.from, period.to);
    for (const run of runsOf(records.filter((record) => standsIn(record, energy)))) {
      const { channel } = run.first;
      const sum = sums.get(channel) ?? { energy: [], intervals: 0 };
      sum.energy.push(run.energy);
      sum.intervals += run.intervals;
      sums.set(channel, sum);
      rows.push(rowOf(source, point, run, energy.metered.get(channel)));
    }
  }
  for (const channel of CHANNELS) {
    const sum = sums.get(channel);
    if (sum === undefined) continue;
    const cells = [plain(texts.total), plain(channelName(channel)), BLANK, BLANK, countCell(sum.intervals)];
    rows.push({
      kind: 'total',
      cells: [...cells, figureCell(sumOf(sum.energy), source.settings.digits), BLANK, BLANK, BLANK, BLANK, BLANK],
    });
  }
  return { facts: [], rows, results: [], notes: rows.length === 0 ? [texts.replaced.none] : [texts.replaced.note] };
}

/** A measured figure that came later has taken its place. */
function standsIn(record: RecordedReplacement, { steps, bounds }: PeriodEnergy): boolean {
  const bound = bounds.findLast((at) => at <= record.startUtc);
  return steps.get(record.channel)?.find(({ startUtc }) => startUtc === bound)?.status === 'replaced';
}

function runsOf(records: readonly RecordedReplacement[]): Run[] {
  const runs: Run[] = [];
  for (const record of records) {
    const energy = rational(record.energyWh, 1000);
    const endUtc = record.startUtc + record.lengthS;
    const last = runs.at(-1);
    if (last !== undefined && last.endUtc === record.startUtc && isSameOrigin(last.first, record)) {
      runs[runs.length - 1] = { ...last, endUtc, intervals: last.intervals + 1, energy: sumOf([last.energy, energy]) };
    } else runs.push({ first: record, endUtc, intervals: 1, energy });
  }
  return runs;
}

function isSameOrigin(a: RecordedReplacement, b: RecordedReplacement): boolean {
  return a.channel === b.channel && a.method === b.method && a.author === b.author && a.reason === b.reason && a.madeUtc === b.madeUtc;
}

function rowOf(source: ReportSource, point: ChosenPoint, { first, endUtc, intervals, energy }: Run, all: Summed | undefined): ReportRow {
  const { zone, settings, language } = source;
  const whole = all?.energy ?? null;
  const share = whole === null || whole.numerator === 0n ? null : multiply(divide(energy, whole), rational(100));
  return {
    kind: 'data',
    cells: [
      plain(point.name),
      plain(channelName(first.channel)),
      plain(isoMoment(first.startUtc, zone)),
      plain(isoMoment(endUtc, zone)),
      countCell(intervals),
      figureCell(energy, settings.digits),
      share === null ? BLANK : figureCell(share, 2),
      plain(reportTexts(language).replaced.methods[first.method]),
      plain(first.author),
      plain(first.reason),
      plain(isoMoment(first.madeUtc, zone)),
    ],
  };
}

function channelName(channel: Channel): string {
  return channel.replace('-', '−');
}
