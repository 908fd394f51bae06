import { REPORT_NAMES, type ReportListItem, type ReportName } from '../../../shared/api/reports.ts';
import type { MethodParams } from '../../../shared/api/methods.ts';
import { type Query, selectionOf } from '../../app/routes.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import { createLongResource } from '../../client/works.ts';
import type { NumberStyle } from '../../ui/format.ts';
import { type PeriodKind, periodDays } from '../../ui/period.ts';
import { addMonths } from '../../ui/time.ts';

export const createReportListSlice = (services: Services) => createResource(services, 'reports.list');
export const createReportSlice = (services: Services) => createLongResource(services, 'reports.build');
export const createAccountsSlice = (services: Services) => createResource(services, 'reports.accounts');
export const createReportTreeSlice = (services: Services) => createResource(services, 'points.tree');
export const createReportSettingsSlice = (services: Services) => createResource(services, 'settings.get');

export const TABS = ['reports', 'balance', 'losses', 'formulas', 'paper'] as const;
export type Tab = (typeof TABS)[number];

/** What the address says of a report: its own words beside the points and the period that travel. */
export interface ReportChoice {
  readonly name: ReportName;
  readonly tab: Tab;
  readonly points: readonly number[];
  readonly substation: number | null;
  readonly formulas: readonly number[];
  readonly channel: MethodParams<'reports.build'>['channel'];
  readonly period: PeriodKind;
  readonly date: string;
}

/** Accountants work by months: a report begins with the last whole one unless the address says otherwise. */
export function choiceOf(query: Query, today: string): ReportChoice {
  const { points, date, channel, period } = selectionOf({ period: 'month', date: addMonths(today, -1), ...query }, today);
  return {
    name: REPORT_NAMES.find((known) => known === query.report) ?? 'hourly-matrix',
    tab: TABS.find((known) => known === query.tab) ?? 'reports',
    points,
    substation: numberOf(query.substation),
    formulas: (query.formulas ?? '').split(',').flatMap((text) => numberOf(text) ?? []),
    channel,
    period,
    date,
  };
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** The periods that a report takes. */
export function periodKinds(report: ReportListItem): readonly PeriodKind[] {
  return report.mostDays >= 366 ? ['day', 'month', 'year'] : ['day', 'month'];
}

/** What is asked of the server: only what this report lets a person choose. */
export function requestOf(report: ReportListItem, choice: ReportChoice): MethodParams<'reports.build'> {
  const takes = (what: ReportListItem['choices'][number]) => report.choices.includes(what);
  const kinds = periodKinds(report);
  const kind = kinds.includes(choice.period) ? choice.period : 'month';
  return {
    name: report.name,
    ...periodDays({ kind, date: choice.date }),
    ...(takes('points') && choice.points.length > 0 ? { pointIds: [...choice.points] } : {}),
    ...(takes('substation') && choice.substation !== null ? { substationId: choice.substation } : {}),
    ...(takes('formulas') && choice.formulas.length > 0 ? { formulaIds: [...choice.formulas] } : {}),
    ...(takes('channel') ? { channel: choice.channel } : {}),
  };
}

/** A decimal as people read it, on its way into a field. */
export function shownDecimal(text: string | null | undefined, { decimal }: NumberStyle): string {
  return (text ?? '').replace('.', decimal);
}

/** A decimal as a person types it: a comma counts as a point. Null when nothing was typed. */
export function typedDecimal(text: string): string | null {
  const trimmed = text.trim().replace(',', '.');
  return trimmed === '' ? null : trimmed;
}
