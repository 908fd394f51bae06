/** What tenants used and what it comes to, by INN and contract. */
import type { ReportCell, ReportRow } from '../../shared/api/reports.ts';
import { fillText } from '../../shared/i18n/language.ts';
import { multiply, parseDecimal, type Rational, rational, roundHalfUp, sumOf } from '../metering/energy.ts';
import { periodOf } from '../metering/zone.ts';
import { BLANK, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { figureCell, type Summed, summedCell, sumSteps } from './figures.ts';
import { ratioText } from './meters.ts';
import { atBoundary, periodEnergy, periodLosses } from './period.ts';
import { metersOfPoint, readingsOfPoint, writtenNotes } from './readings.ts';
import { chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { numberText, reportTexts } from './words.ts';

const READING_DIGITS = 3;
const MONEY_DIGITS = 2;

interface Line {
  readonly energy: Summed;
  /** Roubles, rounded to a kopeck; null = no price, or no energy. */
  readonly sum: Rational | null;
  readonly vat: Rational | null;
  readonly cells: readonly ReportCell[];
  readonly isByIntervals: boolean;
  readonly notes: readonly string[];
}

export const tenants: ReportDeclaration = {
  name: 'tenants',
  choices: ['points', 'substation'],
  isLandscape: true,
  mostDays: 366,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const { statement, tenants: own } = texts;
    const { digits, tenantPrice } = source.settings;
    const money = (title: string) => numberColumn(title, texts.roubles, MONEY_DIGITS, 14);
    return [
      {
        name: texts.titles.tenants,
        heading: null,
        columns: [
          textColumn(texts.point, 28),
          textColumn(texts.serial, 13),
          numberColumn(statement.start, texts.kWh, READING_DIGITS, 14),
          numberColumn(statement.end, texts.kWh, READING_DIGITS, 14),
          numberColumn(texts.ratio, null, 0, 8),
          numberColumn(statement.energyTotal, texts.kWh, digits, 15),
          ...(tenantPrice === null ? [] : [numberColumn(own.price, own.perKWh, 5, 11), money(own.sum), money(own.vat), money(own.withVat)]),
        ],
        content: () => tenantContent(source, chosenPoints(source, request), request),
      },
    ];
  },
};

async function tenantContent(
  source: ReportSource,
  chosen: readonly ChosenPoint[],
  period: { readonly from: string; readonly to: string },
): Promise<SectionContent> {
  const texts = reportTexts(source.language);
  const { tenants: own } = texts;
  const { tenantPrice, vatPercent } = source.settings;
  const rented = chosen.filter(({ tenantInn }) => tenantInn !== null);
  const groups = new Map<string, ChosenPoint[]>();
  for (const point of rented) {
    const contract = point.tenantContract === null ? own.noContract : fillText(own.contractNo, { contract: point.tenantContract });
    const name = fillText(own.group, { inn: point.tenantInn ?? '', contract });
    groups.set(name, [...(groups.get(name) ?? []), point]);
  }
  const notes: string[] = [];
  const rows: ReportRow[] = [];
  const all: Line[] = [];
  for (const [name, points] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    rows.push({ kind: 'group', cells: [plain(name)] });
    const lines: Line[] = [];
    for (const point of points) {
      const line = lineOf(source, point, period);
      if (line.isByIntervals) notes.push(fillText(own.byIntervals, { point: point.name }));
      notes.push(...line.notes);
      lines.push(line);
      await source.turn();
    }
    rows.push(...lines.map((line): ReportRow => ({ kind: 'data', cells: [...line.cells, ...resultCells(source, line)] })));
    if (lines.length > 1)
      rows.push({ kind: 'subtotal', cells: [plain(own.totalOf), BLANK, BLANK, BLANK, BLANK, ...resultCells(source, sumLines(lines))] });
    all.push(...lines);
  }
  if (groups.size > 1)
    rows.push({ kind: 'total', cells: [plain(texts.all), BLANK, BLANK, BLANK, BLANK, ...resultCells(source, sumLines(all))] });
  if (rented.length === 0) return { facts: [], rows, results: [], notes: [own.none] };
  const rule = tenantPrice === null ? own.noPrice : fillText(own.rounding, { vat: numberText(vatPercent, source.language) });
  return { facts: [], rows, results: [], notes: [...notes, texts.statement.note, rule] };
}

/** By readings with losses; where an end is missing by the intervals, when they are whole. */
function lineOf(source: ReportSource, point: ChosenPoint, { from, to }: { readonly from: string; readonly to: string }): Line {
  const { digits, tenantPrice, vatPercent } = source.settings;
  const { fromUtc, toUtc } = periodOf(from, to, source.zone);
  const installed = metersOfPoint(source, point.id, fromUtc, toUtc);
  const readings = readingsOfPoint(source, point.id, installed, 'A+', fromUtc, toUtc);
  const period = periodEnergy(source, point.id, from, to);
  const byIntervals = period.metered.get('A+') ?? sumSteps([]);
  const isByIntervals = readings.total === null && (byIntervals.status === 'valid' || byIntervals.status === 'replaced');
  const metered: Summed =
    readings.total !== null
      ? { energy: multiply(readings.total, rational(1, 1000)), status: 'valid' }
      : isByIntervals
        ? byIntervals
        : sumSteps([]);
  const energy = atBoundary(metered, periodLosses(source, point.id, 'A+', period, metered.energy));
  // What is charged is the figure that stands on the paper, so that it can be worked out again by hand.
  const shown = energy.energy === null ? null : rational(roundHalfUp(energy.energy, digits), 10n ** BigInt(digits));
  const sum = shown === null || tenantPrice === null ? null : kopecks(multiply(shown, parseDecimal(tenantPrice)));
  const [only] = readings.parts;
  const reading = (wattHours: number | null) => figureCell(wattHours === null ? null : rational(wattHours, 1000), READING_DIGITS);
  return {
    energy,
    sum,
    vat: sum === null ? null : kopecks(multiply(multiply(sum, parseDecimal(vatPercent)), rational(1, 100))),
    cells: [
      plain(point.name),
      plain(installed.map(({ meter }) => meter.serial).join(', ')),
      ...(readings.parts.length === 1 && only !== undefined
        ? [reading(only.first), reading(only.last), plain(ratioText(only.installation))]
        : [BLANK, BLANK, BLANK]),
    ],
    isByIntervals,
    notes: writtenNotes(source, point.name, readings),
  };
}

function sumLines(lines: readonly Line[]): Pick<Line, 'energy' | 'sum' | 'vat'> {
  const sum = (figures: readonly (Rational | null)[]) => {
    const known = figures.flatMap((figure) => figure ?? []);
    return known.length === figures.length ? sumOf(known) : null;
  };
  return {
    energy: sumSteps(lines.map(({ energy }) => energy)),
    sum: sum(lines.map((line) => line.sum)),
    vat: sum(lines.map(({ vat }) => vat)),
  };
}

function resultCells(source: ReportSource, { energy, sum, vat }: Pick<Line, 'energy' | 'sum' | 'vat'>): ReportCell[] {
  const { digits, tenantPrice } = source.settings;
  const cells = [summedCell(energy, digits)];
  if (tenantPrice === null) return cells;
  const withVat = sum === null || vat === null ? null : sumOf([sum, vat]);
  return [...cells, plain(tenantPrice), ...[sum, vat, withVat].map((figure) => figureCell(figure, MONEY_DIGITS))];
}

function kopecks(roubles: Rational): Rational {
  return rational(roundHalfUp(roubles, MONEY_DIGITS), 100);
}
