/** Hours of a month: days by hours for each point, and summed over the points (pp442.md 9). */
import type { Channel } from '../../shared/domain/channel.ts';
import type { Formula } from '../../shared/domain/formula.ts';
import type { ReportCell, ReportColumn, ReportRow } from '../../shared/api/reports.ts';
import { fillText } from '../../shared/i18n/language.ts';
import { formulaText } from '../metering/formula-text.ts';
import { BLANK, type DocumentSection, numberColumn, plain, type ReportDeclaration, type SectionContent } from './document.ts';
import { summedCell, sumSteps } from './figures.ts';
import { type HourGrid, hourGrid } from './hours.ts';
import { meterWords } from './meters.ts';
import { chosenFormulas, chosenPoints, type ChosenPoint, type ReportSource, unitOf } from './source.ts';
import { channelOfUnit, formulaSteps, isLacking, pointSteps, type Steps, sumOfSteps } from './steps.ts';
import { momentText, namesText, reportTexts } from './words.ts';

const HOUR_S = 3600;
const DAY_WIDTH = 11;
const HOUR_WIDTH = 9;
const TOTAL_WIDTH = 13;

export const hourlyMatrix: ReportDeclaration = {
  name: 'hourly-matrix',
  choices: ['points', 'channel', 'substation', 'formulas'],
  isLandscape: true,
  mostDays: 92,
  sections(source, request) {
    const points = chosenPoints(source, request);
    const grid = hourGrid(request.from, request.to, source.zone);
    const { channel } = request;
    const known = new Map<number, Steps>();
    const stepsOf = (point: ChosenPoint) => {
      const steps = known.get(point.id);
      if (steps !== undefined) return steps;
      const read = pointSteps(source, point.id, channel, grid.bounds);
      known.set(point.id, read);
      return read;
    };
    const columns = hourColumns(grid, channel, source);
    const texts = reportTexts(source.language);
    const total: DocumentSection = {
      name: texts.sum,
      heading: fillText(texts.sumOf, { count: String(points.length) }),
      columns,
      content: () => sumContent(points, stepsOf, grid, source),
    };
    const own = points.map(
      (point): DocumentSection => ({
        name: point.code,
        heading: `${point.substation}. ${point.name} (${point.code})`,
        columns,
        content: async () => pointContent(point, stepsOf(point), grid, channel, source),
      }),
    );
    const formulas = chosenFormulas(source, request).map(
      (formula): DocumentSection => ({
        name: formula.name,
        heading: formula.name,
        columns: hourColumns(grid, channelOfUnit(formula.unit), source),
        content: async () => formulaContent(formula, grid, source),
      }),
    );
    return [...(points.length < 2 ? [] : [total]), ...own, ...formulas];
  },
};

function hourColumns({ columns }: HourGrid, channel: Channel, source: ReportSource): ReportColumn[] {
  const texts = reportTexts(source.language);
  const { digits } = source.settings;
  const unit = unitOf(channel, source.language);
  const two = (hour: number) => String(hour).padStart(2, '0');
  return [
    { title: texts.date, unit: null, kind: 'day', digits: 0, width: DAY_WIDTH },
    ...columns.map(({ hour, pass }) => {
      const name = `${two(hour)}–${two(hour + 1)}`;
      return numberColumn(pass === 1 ? name : fillText(texts.again, { hour: name }), unit, digits, HOUR_WIDTH);
    }),
    numberColumn(texts.totalDay, unit, digits, TOTAL_WIDTH),
  ];
}

function pointContent(point: ChosenPoint, steps: Steps, grid: HourGrid, channel: Channel, source: ReportSource): SectionContent {
  const texts = reportTexts(source.language);
  const { bounds } = grid;
  const facts = meterWords(source, point.id, bounds[0] ?? 0, bounds.at(-1) ?? 0);
  if (steps === null) {
    const name = texts.channels[channel];
    const note = facts.length === 0 ? texts.noMeter : fillText(texts.notKept, { channel: name });
    return { facts, rows: [], results: [], notes: [note] };
  }
  return { facts, ...matrix(steps, grid, source) };
}

/** Hours by days with totals of both; an hour that is not over yet has no place in any of them. */
function matrix(steps: NonNullable<Steps>, grid: HourGrid, source: ReportSource): Omit<SectionContent, 'facts'> {
  const texts = reportTexts(source.language);
  const { digits } = source.settings;
  const { bounds, days, columns } = grid;
  const at = (index: number | null) => {
    if (index === null) return undefined;
    const endUtc = bounds[index + 1] ?? 0;
    return endUtc > source.nowUtc ? undefined : steps.get(bounds[index] ?? 0);
  };
  const cell = (index: number | null): ReportCell => {
    const step = at(index);
    return step === undefined ? { value: null, mark: 'void' } : summedCell(step, digits);
  };
  const total = (indexes: readonly (number | null)[]): ReportCell => {
    const parts = indexes.flatMap((index) => at(index) ?? []);
    return parts.length === 0 ? BLANK : summedCell(sumSteps(parts), digits);
  };
  const rows = days.map(
    ({ day, steps: own }): ReportRow => ({ kind: 'data', cells: [plain(day), ...own.map((index) => cell(index)), total(own)] }),
  );
  const byHour = columns.map((_, column) => total(days.map((day) => day.steps[column] ?? null)));
  rows.push({ kind: 'total', cells: [plain(texts.total), ...byHour, total(days.flatMap((day) => day.steps))] });
  return { rows, results: [], notes: [...runningNote(grid, source), texts.rounding] };
}

/** Says that the period is not over, when it is not. */
function runningNote({ bounds }: HourGrid, source: ReportSource): string[] {
  if ((bounds.at(-1) ?? 0) <= source.nowUtc) return [];
  const until = bounds.findLast((bound) => bound <= source.nowUtc) ?? bounds[0] ?? 0;
  return [fillText(reportTexts(source.language).notEnded, { until: momentText(until, source.zone) })];
}

async function sumContent(
  points: readonly ChosenPoint[],
  stepsOf: (point: ChosenPoint) => Steps,
  grid: HourGrid,
  source: ReportSource,
): Promise<SectionContent> {
  // Read now, one point at a time, and kept for their own sections.
  for (const point of points) {
    stepsOf(point);
    await source.turn();
  }
  const without = points.filter((point) => stepsOf(point) === null).map(({ name }) => name);
  const texts = reportTexts(source.language);
  const { notes, ...table } = matrix(sumOfSteps(points.map(stepsOf)), grid, source);
  const partly = points.filter((point) => isLacking(stepsOf(point), source.nowUtc - HOUR_S)).map(({ name }) => name);
  const lacks = [
    ...(without.length === 0 ? [] : [fillText(texts.sumLacks, { points: namesText(without, source.language) })]),
    ...(partly.length === 0 ? [] : [fillText(texts.incompleteIn, { points: namesText(partly, source.language) })]),
  ];
  return { facts: [], ...table, notes: [...lacks, ...notes] };
}

function formulaContent(formula: Formula, grid: HourGrid, source: ReportSource): SectionContent {
  const texts = reportTexts(source.language);
  const names = { points: source.plant().points, formulas: source.formulas() };
  const { notes, ...table } = matrix(formulaSteps(source, formula.id, grid.bounds) ?? new Map(), grid, source);
  return { facts: [{ label: texts.formula, value: formulaText(formula, names) }], ...table, notes: [texts.formulaLacks, ...notes] };
}
