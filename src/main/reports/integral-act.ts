/** Act of energy received and delivered by points, active and reactive (pp442.md 9). */
import type { ReportRow } from '../../shared/api/reports.ts';
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { type Rational, subtract } from '../metering/energy.ts';
import { BLANK, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { rounded, type Summed, summedCell, sumSteps } from './figures.ts';
import { atBoundary, periodEnergy, periodLosses } from './period.ts';
import { chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { numberText, reportTexts } from './words.ts';

type Figures = ReadonlyMap<Channel, Summed>;

export const integralAct: ReportDeclaration = {
  name: 'integral-act',
  choices: ['points', 'substation'],
  isLandscape: false,
  mostDays: 366,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const { digits } = source.settings;
    const { act } = texts;
    const column = (name: string, channel: Channel, unit: string) => numberColumn(`${name} ${channel.replace('-', '−')}`, unit, digits, 15);
    const chosen = chosenPoints(source, request);
    const settlement = chosen.filter(({ role }) => role === 'settlement');
    const isNarrowed = request.pointIds === undefined && settlement.length > 0 && settlement.length < chosen.length;
    return [
      {
        name: texts.titles['integral-act'],
        heading: null,
        columns: [
          textColumn(texts.point, 30),
          column(act.received, 'A+', texts.kWh),
          column(act.delivered, 'A-', texts.kWh),
          column(act.received, 'R+', texts.kvarh),
          column(act.delivered, 'R-', texts.kvarh),
        ],
        content: () => actContent(source, isNarrowed ? settlement : chosen, request, isNarrowed),
      },
    ];
  },
};

async function actContent(
  source: ReportSource,
  points: readonly ChosenPoint[],
  { from, to }: { readonly from: string; readonly to: string },
  isNarrowed: boolean,
): Promise<SectionContent> {
  const texts = reportTexts(source.language);
  const { digits } = source.settings;
  const rows: ReportRow[] = [];
  const all: Figures[] = [];
  for (const substation of new Set(points.map((point) => point.substation))) {
    rows.push({ kind: 'group', cells: [plain(substation)] });
    const own: { readonly point: ChosenPoint; readonly figures: Figures }[] = [];
    for (const point of points.filter((one) => one.substation === substation)) {
      own.push({ point, figures: figuresOf(source, point.id, from, to) });
      await source.turn();
    }
    for (const { point, figures } of own) rows.push({ kind: 'data', cells: [plain(point.name), ...cellsOf(figures, digits)] });
    const figures = own.map((one) => one.figures);
    if (own.length > 1) rows.push({ kind: 'subtotal', cells: [plain(texts.total), ...cellsOf(sumOf(figures), digits)] });
    all.push(...figures);
  }
  const total = sumOf(all);
  if (points.length > 1) rows.push({ kind: 'total', cells: [plain(texts.all), ...cellsOf(total, digits)] });
  const saldo = (name: string, [received, delivered]: readonly [Channel, Channel], unit: string) => {
    const text = rounded(difference(total.get(received)?.energy ?? null, total.get(delivered)), digits);
    return text === null ? [] : [{ label: `${texts.act.saldo}, ${name}`, value: `${numberText(text, source.language)} ${unit}` }];
  };
  return {
    facts: [],
    rows,
    results: [...saldo(texts.act.active, ['A+', 'A-'], texts.kWh), ...saldo(texts.act.reactive, ['R+', 'R-'], texts.kvarh)],
    notes: [...(points.length === 0 ? [texts.nothingChosen] : []), ...(isNarrowed ? [texts.act.settlementOnly] : []), texts.act.note],
  };
}

/** By the boundary: what was metered or replaced, with its losses. */
function figuresOf(source: ReportSource, pointId: number, from: string, to: string): Figures {
  const period = periodEnergy(source, pointId, from, to);
  return new Map(
    [...period.metered].map(([channel, metered]) => [
      channel,
      atBoundary(metered, periodLosses(source, pointId, channel, period, metered.energy)),
    ]),
  );
}

/** A channel that nothing keeps is not in the sum; null when nobody keeps it. */
function sumOf(all: readonly Figures[]): Figures {
  return new Map(
    CHANNELS.flatMap((channel) => {
      const own = all.flatMap((figures) => figures.get(channel) ?? []);
      return own.length === 0 ? [] : [[channel, sumSteps(own)] as const];
    }),
  );
}

function cellsOf(figures: Figures, digits: number) {
  return CHANNELS.map((channel) => {
    const figure = figures.get(channel);
    return figure === undefined ? BLANK : summedCell(figure, digits);
  });
}

/** A channel that nobody keeps delivers nothing; one that is kept and has no figure makes no difference known. */
function difference(received: Rational | null, delivered: Summed | undefined): Rational | null {
  if (received === null || delivered === undefined) return received;
  return delivered.energy === null ? null : subtract(received, delivered.energy);
}
