/** Every report, and how a document is made of one. */
import { AppError } from '../../shared/api/errors.ts';
import { REPORT_NAMES, type ReportFact, type ReportListItem, type ReportName, type ReportRequest } from '../../shared/api/reports.ts';
import { fillText, type Language } from '../../shared/i18n/language.ts';
import { daysBetween, periodOf } from '../metering/zone.ts';
import { balance } from './balance.ts';
import { completeness } from './completeness.ts';
import type { ReportDeclaration, ReportDocument } from './document.ts';
import { events } from './events.ts';
import { hourlyMatrix } from './hourly-matrix.ts';
import { integralAct } from './integral-act.ts';
import { maximumPower } from './maximum-power.ts';
import { monthStatement } from './month-statement.ts';
import { replaced } from './replaced.ts';
import { chosenPoints, type ReportSource } from './source.ts';
import { tenants } from './tenants.ts';
import { dayText, momentText, reportTexts, zoneText } from './words.ts';

const DECLARATIONS: Readonly<Record<ReportName, ReportDeclaration>> = {
  'hourly-matrix': hourlyMatrix,
  'month-statement': monthStatement,
  'integral-act': integralAct,
  balance,
  'maximum-power': maximumPower,
  completeness,
  replaced,
  events,
  tenants,
};

/** What reports there are, in the order in which they are offered. */
export function listReports(language: Language): ReportListItem[] {
  const texts = reportTexts(language);
  return REPORT_NAMES.map((name) => ({
    name,
    title: texts.titles[name],
    purpose: texts.purposes[name],
    choices: [...DECLARATIONS[name].choices],
    mostDays: DECLARATIONS[name].mostDays,
  }));
}

/** The report of this name. Throws `api/not-found` with the names that there are. */
export function reportNamed(name: string): ReportDeclaration {
  const declaration = Object.values(DECLARATIONS).find((known) => known.name === name);
  if (declaration !== undefined) return declaration;
  throw new AppError('api/not-found', `There is no report "${name}"`, {
    context: { name },
    hint: `Reports: ${Object.keys(DECLARATIONS).join(', ')}`,
  });
}

/**
 * The document of a request; its sections work their figures out when they are asked. Throws `api/invalid-argument` for a period
 * that is empty or too long, `api/not-found` for a point or a substation that is not there.
 */
export function makeDocument(source: ReportSource, request: ReportRequest): ReportDocument {
  const declaration = reportNamed(request.name);
  checkPeriod(declaration, request);
  checkChoice(source, request);
  const texts = reportTexts(source.language);
  return {
    name: declaration.name,
    title: texts.titles[declaration.name],
    language: source.language,
    isLandscape: declaration.isLandscape,
    head: headOf(declaration, source, request),
    sections: declaration.sections(source, request),
    signatures: source.settings.signatures,
  };
}

/** About how many turns of its source a report takes: what is counted while it is made. */
export function turnsOf(source: ReportSource, request: ReportRequest): number {
  return chosenPoints(source, request).length * (reportNamed(request.name).passes ?? 1);
}

function headOf(declaration: ReportDeclaration, source: ReportSource, request: ReportRequest): ReportFact[] {
  const { head: texts, channels } = reportTexts(source.language);
  const { site, settings, zone } = source;
  const codes = [
    ...(site.inn === '' ? [] : [fillText(texts.inn, { inn: site.inn })]),
    ...(site.kpp === '' ? [] : [fillText(texts.kpp, { kpp: site.kpp })]),
  ];
  const name = settings.organisation === '' ? site.name : settings.organisation;
  const { fromUtc, toUtc } = periodOf(request.from, request.to, zone);
  const period = fillText(texts.days, { from: dayText(request.from), to: dayText(request.to) });
  return [
    { label: texts.organisation, value: [name, ...codes].join(', ') },
    { label: texts.site, value: site.name },
    { label: texts.period, value: toUtc > source.nowUtc ? `${period}, ${texts.running}` : period },
    ...(declaration.choices.includes('channel') ? [{ label: texts.channel, value: channels[request.channel] }] : []),
    { label: texts.zone, value: zoneText(zone.offsetMinAt(fromUtc), source.language) },
    { label: texts.made, value: momentText(source.nowUtc - (source.nowUtc % 60), zone) },
  ];
}

function checkPeriod({ mostDays }: ReportDeclaration, { from, to }: ReportRequest): void {
  const days = daysBetween(from, to).length;
  if (days === 0) throw new AppError('api/invalid-argument', 'The period ends before it begins', { context: { from, to } });
  if (days <= mostDays) return;
  throw new AppError('api/invalid-argument', `This report takes ${mostDays} days at most, not ${days}`, {
    context: { from, to, mostDays },
    hint: 'Ask for a shorter period.',
  });
}

function checkChoice(source: ReportSource, { pointIds, substationId, formulaIds }: ReportRequest): void {
  const { points, substations } = source.plant();
  const unknown = pointIds?.find((id) => !points.some((point) => point.id === id));
  if (unknown !== undefined) {
    throw new AppError('api/not-found', `There is no metering point with number ${unknown}`, { context: { pointId: unknown } });
  }
  const formulas = formulaIds === undefined ? [] : source.formulas();
  const noFormula = formulaIds?.find((id) => !formulas.some((formula) => formula.id === id));
  if (noFormula !== undefined) {
    throw new AppError('api/not-found', `There is no formula with number ${noFormula}`, { context: { formulaId: noFormula } });
  }
  if (substationId !== undefined && !substations.some(({ id }) => id === substationId)) {
    throw new AppError('api/not-found', `There is no substation with number ${substationId}`, { context: { substationId } });
  }
}
