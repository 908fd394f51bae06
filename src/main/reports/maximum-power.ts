/** Largest mean power of a half-hour and of an hour by days, within the planned peak hours apart (pp442.md 3, N_net). */
import type { ReportCell, ReportFact, ReportRow } from '../../shared/api/reports.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { fillText } from '../../shared/i18n/language.ts';
import { stepBounds } from '../metering/consumption.ts';
import { add, inWattHours, multiply, type Rational, rational } from '../metering/energy.ts';
import { spansOfPoint } from '../metering/expected.ts';
import { type EnergyStep, type Maximum, maximumWithin } from '../metering/maxima.ts';
import { daysBetween, periodOf, type SiteZone } from '../metering/zone.ts';
import { BLANK, type DocumentSection, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { rounded } from './figures.ts';
import { meterWords } from './meters.ts';
import { chosenFormulas, chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { channelOfUnit, formulaSteps, isLacking, pointSteps, type Steps, sumOfSteps } from './steps.ts';
import { isWithinHours, isWorkingDay, peakHoursOf } from './working-days.ts';
import { dayText, namesText, numberText, reportTexts } from './words.ts';

const HOUR_S = 3600;

interface Period {
  readonly from: string;
  readonly to: string;
}

/** Steps of one thing by bounds: of a point, of several together, of a group. */
type StepsBy = (bounds: readonly UtcSeconds[]) => Steps | Promise<Steps>;

export const maximumPower: ReportDeclaration = {
  name: 'maximum-power',
  choices: ['points', 'channel', 'substation', 'formulas'],
  isLandscape: false,
  mostDays: 366,
  // What is lacking, half-hours, hours.
  passes: 3,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const { maximum } = texts;
    const { digits } = source.settings;
    const columns = [
      { title: texts.date, unit: null, kind: 'day' as const, digits: 0, width: 12 },
      textColumn(`${maximum.halfHour}: ${maximum.at.toLowerCase()}`, 14),
      numberColumn(maximum.power, texts.kW, digits, 14),
      textColumn(`${maximum.hour}: ${maximum.at.toLowerCase()}`, 14),
      numberColumn(maximum.power, texts.kW, digits, 14),
      textColumn(`${maximum.peak}: ${maximum.at.toLowerCase()}`, 18),
      numberColumn(maximum.power, texts.kW, digits, 14),
    ];
    const points = chosenPoints(source, request);
    const { fromUtc, toUtc } = periodOf(request.from, request.to, source.zone);
    const { channel } = request;
    const section = (
      name: string,
      heading: string,
      facts: () => readonly ReportFact[],
      stepsBy: StepsBy,
      isHourly: boolean,
    ): DocumentSection => ({
      name,
      heading,
      columns,
      content: async () => ({ ...(await maximaContent(source, request, stepsBy, isHourly)), facts: facts() }),
    });
    const isHourly = (id: number) => spansOfPoint(source.plant(), id, fromUtc, toUtc).some(({ lengthS }) => lengthS > 1800);
    const stepsOfSum = async (bounds: readonly UtcSeconds[]) => {
      const sums: Steps[] = [];
      for (const { id } of points) {
        sums.push(pointSteps(source, id, channel, bounds));
        await source.turn();
      }
      return sumOfSteps(sums);
    };
    const sum: DocumentSection = {
      name: texts.sum,
      heading: `${maximum.summary} (${points.length})`,
      columns,
      content: async () => {
        const hours = stepBounds(request.from, request.to, 'hour', source.zone);
        const lacking: ChosenPoint[] = [];
        for (const point of points) {
          if (isLacking(pointSteps(source, point.id, channel, hours), source.nowUtc - HOUR_S)) lacking.push(point);
          await source.turn();
        }
        const content = await maximaContent(
          source,
          request,
          stepsOfSum,
          points.some(({ id }) => isHourly(id)),
        );
        const names = namesText(
          lacking.map(({ name }) => name),
          source.language,
        );
        const notes = lacking.length === 0 ? [] : [fillText(texts.incompleteIn, { points: names })];
        return { ...content, facts: [], notes: [...notes, ...content.notes] };
      },
    };
    return [
      ...(points.length < 2 ? [] : [sum]),
      ...points.map((point) =>
        section(
          point.code,
          `${point.substation}. ${point.name} (${point.code})`,
          () => meterWords(source, point.id, fromUtc, toUtc),
          (bounds) => pointSteps(source, point.id, channel, bounds),
          isHourly(point.id),
        ),
      ),
      ...chosenFormulas(source, request).map(({ id, name, unit }) =>
        section(
          name,
          name,
          () => [{ label: texts.head.channel, value: texts.channels[channelOfUnit(unit)] }],
          (bounds) => formulaSteps(source, id, bounds),
          false,
        ),
      ),
    ];
  },
};

async function maximaContent(
  source: ReportSource,
  { from, to }: Period,
  stepsBy: StepsBy,
  isHourly: boolean,
): Promise<Omit<SectionContent, 'facts'>> {
  const texts = reportTexts(source.language);
  const { zone, settings } = source;
  const halves = isHourly ? [] : await energySteps(stepsBy, stepBounds(from, to, 'half-hour', zone));
  const hours = await energySteps(stepsBy, stepBounds(from, to, 'hour', zone));
  if (hours.length === 0) return { rows: [], results: [], notes: [texts.noMeter] };
  const [hoursOf, halvesOf] = [byDay(hours, zone), byDay(halves, zone)];
  const peaks: Rational[] = [];
  const rows = daysBetween(from, to).map((day): ReportRow => {
    const ofDay = hoursOf.get(day) ?? [];
    const within = peakHoursOf(day, settings);
    const counts = within !== null && isWorkingDay(day, settings);
    const peak = counts ? maximumWithin(ofDay, source.nowUtc, (at) => isWithinHours(at, within, zone)) : null;
    if (peak?.peak != null) peaks.push(peak.peak.power);
    return {
      kind: 'data',
      cells: [
        plain(day),
        ...(isHourly ? [BLANK, BLANK] : maximumCells(source, maximumWithin(halvesOf.get(day) ?? [], source.nowUtc, everywhere), false)),
        ...maximumCells(source, maximumWithin(ofDay, source.nowUtc, everywhere), false),
        ...(peak === null ? [BLANK, BLANK] : maximumCells(source, peak, false)),
      ],
    };
  });
  const isPeakHour = (at: UtcSeconds) => {
    const day = zone.dateOf(at);
    const within = peakHoursOf(day, settings);
    return within !== null && isWorkingDay(day, settings) && isWithinHours(at, within, zone);
  };
  const ofPeriod = maximumWithin(hours, source.nowUtc, isPeakHour);
  rows.push({
    kind: 'total',
    cells: [
      plain(texts.maximum.month),
      ...(isHourly ? [BLANK, BLANK] : maximumCells(source, maximumWithin(halves, source.nowUtc, everywhere), true)),
      ...maximumCells(source, maximumWithin(hours, source.nowUtc, everywhere), true),
      ...(ofPeriod.peak === null && ofPeriod.unknownSteps === 0 ? [BLANK, BLANK] : maximumCells(source, ofPeriod, true)),
    ],
  });
  return { rows, results: meanOf(source, peaks), notes: notesOf(source, { from, to }, rows) };
}

function byDay(steps: readonly EnergyStep[], zone: SiteZone): Map<string, EnergyStep[]> {
  const days = new Map<string, EnergyStep[]>();
  for (const step of steps) {
    const day = zone.dateOf(step.startUtc);
    const own = days.get(day);
    if (own === undefined) days.set(day, [step]);
    else own.push(step);
  }
  return days;
}

const everywhere = () => true;

/** In Wh, as the arithmetic of maxima takes them; a step that is not whole has no mean power. */
async function energySteps(stepsBy: StepsBy, bounds: readonly UtcSeconds[]): Promise<EnergyStep[]> {
  const minutesOf = new Map(bounds.slice(0, -1).map((startUtc, index) => [startUtc, ((bounds[index + 1] ?? startUtc) - startUtc) / 60]));
  return [...((await stepsBy(bounds)) ?? [])].map(([startUtc, { energy, status }]) => ({
    startUtc,
    minutes: minutesOf.get(startUtc) ?? 60,
    energy: energy === null ? null : inWattHours(energy),
    expected: 1,
    received: status === 'valid' || status === 'replaced' ? 1 : 0,
    lack: null,
  }));
}

/** Interval and kW; incomplete when the true one may lie in a step that is not whole. */
function maximumCells(source: ReportSource, { peak, unknownSteps }: Maximum, isWithDate: boolean): ReportCell[] {
  if (peak === null) return unknownSteps === 0 ? [BLANK, BLANK] : [BLANK, { value: null, mark: 'missing' }];
  const { zone, settings } = source;
  const clock = (at: UtcSeconds) => {
    const { hour, minute } = zone.wallOf(at);
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  };
  const endUtc = peak.startUtc + peak.minutes * 60;
  const end = endUtc % HOUR_S === 0 && zone.wallOf(endUtc).hour === 0 ? '24:00' : clock(endUtc);
  const date = isWithDate ? `${dayText(zone.dateOf(peak.startUtc)).slice(0, 5)} ` : '';
  const power = rounded(multiply(peak.power, rational(1, 1000)), settings.digits);
  return [plain(`${date}${clock(peak.startUtc)}–${end}`), { value: power, mark: unknownSteps === 0 ? null : 'incomplete' }];
}

/** Mean of the maxima of working days: what the network tariff is charged by. */
function meanOf(source: ReportSource, peaks: readonly Rational[]): ReportFact[] {
  if (peaks.length === 0) return [];
  const texts = reportTexts(source.language);
  const mean = rounded(multiply(peaks.reduce(add), rational(1, peaks.length * 1000)), source.settings.digits);
  const value = `${numberText(mean ?? '', source.language)} ${texts.kW} (${peaks.length})`;
  return [{ label: `${texts.maximum.peak}. ${texts.maximum.mean}`, value }];
}

function notesOf(source: ReportSource, { from, to }: Period, rows: readonly ReportRow[]): string[] {
  const { maximum } = reportTexts(source.language);
  const months = [...new Set(daysBetween(from, to).map((day) => day.slice(0, 7)))];
  const hours = months.map((month) => {
    const within = peakHoursOf(`${month}-01`, source.settings);
    const name = `${month.slice(5)}.${month.slice(0, 4)}`;
    return within === null
      ? fillText(maximum.noHours, { month: name })
      : fillText(maximum.hours, { hours: `${name} – ${within.replaceAll('-', '–')}` });
  });
  const isUnsure = rows.some(({ cells }) => cells.some(({ mark }) => mark === 'incomplete'));
  return [...hours, ...(isUnsure ? [maximum.unknown] : [])];
}
