/** Balance of a substation with its allowed imbalance, in the columns of the public act (quality.md 5). */
import type { ReportCell, ReportFact, ReportRow } from '../../shared/api/reports.ts';
import type { BalanceMember, BalanceOfSubstation } from '../../shared/api/report-settings.ts';
import type { SubstationRecord } from '../../shared/domain/plant.ts';
import { fillText } from '../../shared/i18n/language.ts';
import {
  type Balance,
  type BalanceElement,
  type BalanceLine,
  type BalanceSection,
  complexErrorSquared,
  computeBalance,
} from '../metering/balance.ts';
import { lossesOfPeriod } from '../metering/boundary.ts';
import { inWattHours, multiply, parseDecimal, type Rational, rational, subtract } from '../metering/energy.ts';
import { periodOf } from '../metering/zone.ts';
import { BLANK, type DocumentSection, numberColumn, plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { figureCell, rounded } from './figures.ts';
import { ratioText } from './meters.ts';
import { periodEnergy } from './period.ts';
import { metersOfPoint, readingsOfPoint, writtenNotes } from './readings.ts';
import type { ReportSource } from './source.ts';
import { namesText, numberText, reportTexts } from './words.ts';

const SECTIONS: readonly BalanceSection[] = ['received', 'delivered', 'own-needs', 'transformer-losses'];
const READING_DIGITS = 3;
/** Of percent. */
const PERCENT_DIGITS = 3;

/** A line of the act: what the arithmetic takes, and the cells that stand before the energy. */
interface ActLine {
  readonly element: BalanceElement;
  /** Serial, object, readings, coefficient. */
  readonly cells: readonly ReportCell[];
  /** Its energy is the sum of the intervals. */
  readonly isByIntervals: boolean;
  readonly notes: readonly string[];
}

export const balance: ReportDeclaration = {
  name: 'balance',
  choices: ['substation'],
  isLandscape: true,
  mostDays: 366,
  sections(source, request) {
    const texts = reportTexts(source.language);
    const { digits } = source.settings;
    const { substations } = source.plant();
    const own =
      request.substationId === undefined
        ? substations.filter(({ id }) => source.balance(id) !== null)
        : substations.filter(({ id }) => id === request.substationId);
    const columns = [
      textColumn(texts.balance.number, 5),
      textColumn(texts.serial, 13),
      textColumn(texts.balance.object, 28),
      numberColumn(texts.balance.end, texts.kWh, READING_DIGITS, 14),
      numberColumn(texts.balance.start, texts.kWh, READING_DIGITS, 14),
      numberColumn(texts.ratio, null, 0, 8),
      numberColumn(texts.balance.energy, texts.kWh, digits, 15),
      numberColumn(texts.balance.share, texts.percent, PERCENT_DIGITS, 9),
      numberColumn(texts.balance.error, texts.percent, PERCENT_DIGITS, 10),
      numberColumn(texts.balance.part, texts.percent, PERCENT_DIGITS, 12),
    ];
    const sections = own.map(
      (substation): DocumentSection => ({
        name: substation.name,
        heading: substation.name,
        columns,
        content: () => balanceContent(source, substation, request),
      }),
    );
    if (sections.length > 0) return sections;
    const nothing = { facts: [], rows: [], results: [], notes: [texts.balance.noSubstation] };
    return [{ name: texts.titles.balance, heading: null, columns, content: () => Promise.resolve(nothing) }];
  },
};

async function balanceContent(
  source: ReportSource,
  substation: SubstationRecord,
  period: { readonly from: string; readonly to: string },
): Promise<SectionContent> {
  const { balance: texts } = reportTexts(source.language);
  const made = source.balance(substation.id);
  if (made === null || made.members.length === 0) {
    return { facts: [], rows: [], results: [], notes: [fillText(texts.noMembers, { substation: substation.name })] };
  }
  const lines: ActLine[] = [];
  for (const member of made.members) {
    lines.push(memberLine(source, member, period));
    await source.turn();
  }
  lines.push(...made.transformers.map((transformer) => transformerLine(source, transformer, period)));
  const elements = lines.map(({ element }) => element);
  const result = judge(elements, made.allowed, source.settings.balanceLimit);
  const isFixed = result.allowed !== null && (made.allowed !== null || computeBalance(elements).allowed === null);
  return {
    facts: [],
    rows: actRows(source, lines, result),
    results: verdictFacts(source, result),
    notes: [
      ...obstacleNotes(source, result),
      ...mixedNotes(source, lines),
      ...lines.flatMap(({ notes }) => notes),
      ...(isFixed ? [texts.fixed] : [texts.formula]),
    ],
  };
}

/** A limit that was given for this balance stands instead of the classes; the site's one only where they are not known. */
function judge(elements: readonly BalanceElement[], allowed: string | null, siteLimit: string | null): Balance {
  const result = computeBalance(elements, allowed === null ? null : parseDecimal(allowed));
  return result.obstacle === 'errors-unknown' && siteLimit !== null ? computeBalance(elements, parseDecimal(siteLimit)) : result;
}

function memberLine(source: ReportSource, member: BalanceMember, { from, to }: { readonly from: string; readonly to: string }): ActLine {
  const texts = reportTexts(source.language);
  const { fromUtc, toUtc } = periodOf(from, to, source.zone);
  const { pointId, channel, section, ct, vt, line, meter } = member;
  const point = source.plant().points.find(({ id }) => id === pointId);
  const installed = metersOfPoint(source, pointId, fromUtc, toUtc);
  const byReadings = readingsOfPoint(source, pointId, installed, channel, fromUtc, toUtc);
  const { parts, total } = byReadings;
  // The act is checked by its readings; where an end is missing the intervals stand in, when they are whole.
  const metered = total === null ? periodEnergy(source, pointId, from, to).metered.get(channel) : undefined;
  const isWhole = metered?.status === 'valid' || metered?.status === 'replaced';
  const energy = total ?? (isWhole && metered.energy !== null ? inWattHours(metered.energy) : null);
  const [only] = parts;
  const readings =
    parts.length === 1 && only !== undefined
      ? [readingCell(only.last), readingCell(only.first), plain(ratioText(only.installation))]
      : [BLANK, BLANK, BLANK];
  return {
    element: {
      section,
      name: point?.name ?? String(pointId),
      energy,
      reason: energy === null ? texts.balance.noFigure : null,
      errorSquared: meter === null ? null : complexErrorSquared({ ct, vt, line, meter }),
    },
    cells: [
      plain(installed.map((one) => one.meter.serial).join(', ')),
      plain(`${point?.name ?? pointId} ${channel.replace('-', '−')}`),
      ...readings,
    ],
    isByIntervals: total === null && energy !== null,
    notes: writtenNotes(source, point?.name ?? String(pointId), byReadings),
  };
}

function readingCell(wattHours: number | null): ReportCell {
  return figureCell(wattHours === null ? null : rational(wattHours, 1000), READING_DIGITS);
}

/** Losses of a transformer from what went through its input, both ways. */
function transformerLine(
  source: ReportSource,
  { name, pointId, losses }: BalanceOfSubstation['transformers'][number],
  { from, to }: { readonly from: string; readonly to: string },
): ActLine {
  const texts = reportTexts(source.language);
  const { steps, bounds } = periodEnergy(source, pointId, from, to);
  const model = [{ fromUtc: Number.NEGATIVE_INFINITY, losses: { meterStands: 'behind-boundary' as const, elements: [losses] } }];
  const inward = lossesOfPeriod('A+', steps, bounds, model);
  const outward = lossesOfPeriod('A-', steps, bounds, model);
  const known =
    inward === null || inward.losses === null
      ? null
      : outward === null
        ? inward.losses
        : outward.losses === null
          ? null
          : subtract(inward.losses, outward.losses);
  return {
    element: {
      section: 'transformer-losses',
      name,
      energy: known === null ? null : inWattHours(known),
      reason: known === null ? texts.balance.noReactive : null,
      errorSquared: null,
    },
    cells: [BLANK, plain(name), BLANK, BLANK, BLANK],
    isByIntervals: false,
    notes: [],
  };
}

function actRows(source: ReportSource, lines: readonly ActLine[], result: Balance): ReportRow[] {
  const { balance: texts } = reportTexts(source.language);
  const { digits } = source.settings;
  let number = 0;
  return SECTIONS.flatMap((section): ReportRow[] => {
    const own = result.lines.flatMap((line, index) => (line.section === section ? [{ line, cells: lines[index]?.cells ?? [] }] : []));
    if (own.length === 0) return [];
    const name = texts.sections[section];
    const rows = own.map(({ line, cells }): ReportRow => {
      number += 1;
      return { kind: 'data', cells: [plain(String(number)), ...cells, energyCell(line.energy, digits), ...shareCells(line)] };
    });
    const head = [BLANK, BLANK, plain(fillText(texts.subtotal, { section: name })), BLANK, BLANK, BLANK];
    const share = result.totals[section] === null ? BLANK : plain('100');
    return [
      { kind: 'group', cells: [plain(name)] },
      ...rows,
      { kind: 'subtotal', cells: [...head, energyCell(result.totals[section], digits), share, BLANK, BLANK] },
    ];
  });
}

function energyCell(wattHours: Rational | null, digits: number): ReportCell {
  return figureCell(wattHours === null ? null : kilo(wattHours), digits);
}

/** Share, error, and both multiplied: what the line adds to the allowed imbalance under the root. */
function shareCells({ section, share, error }: BalanceLine): ReportCell[] {
  if (section !== 'received' && section !== 'delivered') return [share === null ? BLANK : figureCell(share, PERCENT_DIGITS), BLANK, BLANK];
  const part = share === null || error === null ? null : multiply(multiply(share, error), rational(1, 100));
  return [share, error, part].map((value) => (value === null ? BLANK : figureCell(value, PERCENT_DIGITS)));
}

function verdictFacts(source: ReportSource, result: Balance): ReportFact[] {
  const { balance: texts, kWh } = reportTexts(source.language);
  const fact = (label: string, value: Rational | null, digits: number, unit: string) => {
    const text = rounded(value, digits);
    return text === null ? [] : [{ label, value: `${numberText(text, source.language)}${unit}` }];
  };
  const allowed = rounded(result.allowed, PERCENT_DIGITS);
  return [
    ...fact(texts.imbalance, result.imbalance === null ? null : kilo(result.imbalance), source.settings.digits, ` ${kWh}`),
    ...fact(texts.actual, result.actual, PERCENT_DIGITS, ''),
    ...(allowed === null ? [] : [{ label: texts.allowed, value: `± ${numberText(allowed, source.language)}` }]),
    { label: texts.verdict, value: texts[result.verdict] },
  ];
}

/** Names those whose energy is the sum of their intervals, where that of others is by readings. */
function mixedNotes(source: ReportSource, lines: readonly ActLine[]): string[] {
  const { balance: texts } = reportTexts(source.language);
  const counted = lines.filter(({ element }) => element.section !== 'transformer-losses' && element.energy !== null);
  const names = counted.filter(({ isByIntervals }) => isByIntervals).map(({ element }) => element.name);
  if (names.length === 0 || names.length === counted.length) return [];
  return [fillText(texts.byIntervals, { names: namesText(names, source.language) })];
}

function obstacleNotes(source: ReportSource, { obstacle, missing }: Balance): string[] {
  if (obstacle === null) return [];
  const { balance: texts } = reportTexts(source.language);
  return [fillText(texts.obstacles[obstacle], { names: missing.map(({ name }) => name).join(', ') })];
}

function kilo(wattHours: Rational): Rational {
  return multiply(wattHours, rational(1, 1000));
}
