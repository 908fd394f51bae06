import type { MethodParams, MethodResult } from '../../../shared/api/methods.ts';
import type { MonthLackView, ReplacementBasisView, ReplacementProposal } from '../../../shared/api/replacement.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import type { ReplacementMethod } from '../../../shared/domain/replacement.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import { createLongResource } from '../../client/works.ts';
import { energyPrefix, formatDecimal, formatEnergy, shiftDecimal } from '../../ui/format.ts';
import { energyUnitText, type Locale } from '../../ui/locale.ts';
import { monthName, printDate } from '../../ui/time.ts';

export const createGapsSlice = (services: Services) => createLongResource(services, 'replacements.propose');
export const createDaySlice = (services: Services) => createResource(services, 'replacements.day');
export const createReadingsSlice = (services: Services) => createResource(services, 'readings.list');
export const createMonthsSlice = (services: Services) => createResource(services, 'months.list');
export const createCheckSlice = (services: Services) => createLongResource(services, 'months.check');
export const createSettingsSlice = (services: Services) => createResource(services, 'settings.get');
export const createTreeSlice = (services: Services) => createResource(services, 'points.tree');

export type Choice = MethodParams<'replacements.approve'>['choices'][number];
export type MonthCheckResult = MethodResult<'months.check'>;

/** What a person has made of a gap: another method than the first, or a figure of his own. */
export interface GapDraft {
  readonly method: ReplacementMethod;
  /** kWh or kvarh as typed; only with the method manual. */
  readonly own: string;
}

export const gapKey = ({ pointId, channel, from }: Pick<ReplacementProposal, 'pointId' | 'channel' | 'from'>) =>
  `${pointId} ${channel} ${from}`;

/** The method that a gap would be filled by; null while there is none. */
export function methodOf(gap: ReplacementProposal, draft: GapDraft | undefined): ReplacementMethod | null {
  return draft?.method ?? gap.options[0]?.method ?? null;
}

/** Energy that would be put in, whole Wh; null while there is none. */
export function energyOf(gap: ReplacementProposal, draft: GapDraft | undefined): string | null {
  const method = methodOf(gap, draft);
  if (method === 'manual') return wattHoursOf(draft?.own ?? '');
  return gap.options.find((option) => option.method === method)?.energy ?? null;
}

/** What is sent for a gap; null while it has neither a proposal nor a figure. */
export function choiceOf(gap: ReplacementProposal, draft: GapDraft | undefined): Choice | null {
  const method = methodOf(gap, draft);
  const energy = energyOf(gap, draft);
  if (method === null || energy === null) return null;
  const { pointId, channel, from } = gap;
  if (method === 'manual') return { pointId, channel, from, method, energy };
  const fingerprint = gap.options.find((option) => option.method === method)?.fingerprint ?? null;
  return { pointId, channel, from, method, fingerprint };
}

/** Whole Wh of kWh with up to three decimals; null while it is none. */
export function wattHoursOf(text: string): string | null {
  const match = /^(\d{1,12})(?:[.,](\d{1,3}))?$/.exec(text.replaceAll(/\s/g, ''));
  return match === null ? null : shiftDecimal(match[2] === undefined ? `${match[1]}` : `${match[1]}.${match[2]}`, 3);
}

/** Groups in the order of their first members. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** What is open in a month: channels of a point that lack the same number of intervals are one line. */
export function lackGroups(lacks: readonly MonthLackView[]): (readonly [MonthLackView, ...MonthLackView[]])[] {
  const keyOf = ({ kind, pointCode, receiver, number, intervals }: MonthLackView) =>
    [kind, pointCode, receiver, number, intervals].join(' ');
  return groupBy(lacks, keyOf).flatMap(([first, ...others]) => (first === undefined ? [] : [[first, ...others] as const]));
}

/** Days of the site that a stretch of time touches. */
export function daysOf({ from, to }: { readonly from: string; readonly to: string }, { time }: Locale): string[] {
  const days: string[] = [];
  for (let at = Date.parse(time.dayStart(time.isoDate(from))); at < Date.parse(to); ) {
    const day = time.isoDate(at);
    days.push(day);
    // A day of 23 or 25 hours has its noon inside all the same.
    at = Date.parse(time.dayStart(time.isoDate(at + 36 * 3_600_000)));
  }
  return days;
}

/** `14.11.2026 05:00–06:00`, or both dates when it goes over a midnight. */
export function stretchText({ from, to }: { readonly from: string; readonly to: string }, { time }: Locale): string {
  const [first, last] = [time.date(from), time.date(Date.parse(to) - 1)];
  if (first !== last) return `${time.dateTime(from)} – ${time.dateTime(to)}`;
  return `${first} ${time.interval(from, (Date.parse(to) - Date.parse(from)) / 60_000)}`;
}

/** The same without the year, which stands over the table: `18.11 09:00–13:30`. */
export function shortStretchText({ from, to }: { readonly from: string; readonly to: string }, { time }: Locale): string {
  const [first, last] = [time.date(from).slice(0, 5), time.date(Date.parse(to) - 1).slice(0, 5)];
  const [begins, ends] = time.interval(from, (Date.parse(to) - Date.parse(from)) / 60_000).split('–');
  return first === last ? `${first} ${begins}–${ends}` : `${first} ${begins} – ${last} ${ends}`;
}

/** Energy with its unit; `prefix` is that of its column, by itself the one that fits it. */
export function energyText(wattHours: string, channel: Channel, locale: Locale, prefix = energyPrefix([wattHours])): string {
  return `${formatEnergy(wattHours, prefix, locale.numbers)} ${energyUnitText(locale, channel.startsWith('A') ? 'Wh' : 'varh', prefix)}`;
}

/** `ноябрь 2026` */
export function monthText(month: string, { language }: Locale): string {
  return `${monthName(Number(month.slice(5, 7)), language, 'long')} ${month.slice(0, 4)}`;
}

/** What a figure was computed from, a sentence each. */
export function basisTexts(basis: ReplacementBasisView, channel: Channel, locale: Locale): string[] {
  const { t, time, numbers } = locale;
  const percent = (ppm: number) => formatDecimal(shiftDecimal(String(ppm), -4), 2, numbers);
  const [only, second] = basis.points;
  const isOne = only !== undefined && second === undefined;
  const points = isOne
    ? [
        only.sharePpm === 1_000_000
          ? t('closing.basis.source', { code: only.code })
          : t('closing.basis.share', { code: only.code, share: percent(only.sharePpm) }),
      ]
    : basis.points.map(({ code, sharePpm }) => t(sharePpm < 0 ? 'closing.basis.minus' : 'closing.basis.plus', { code })).join(' ');
  return [
    ...(typeof points === 'string' ? (points === '' ? [] : [points]) : points),
    ...basis.windows.map(({ from, to, energy, known }) =>
      t('closing.basis.window', {
        from: time.dateTime(from),
        to: time.dateTime(to),
        energy: energyText(energy, channel, locale),
        known: energyText(known, channel, locale),
      }),
    ),
    ...(basis.windows.some(({ isManual }) => isManual) ? [t('closing.basis.manualReading')] : []),
    ...shapeTexts(basis, locale),
    ...(basis.referenceMonth === null ? [] : [t('closing.basis.month', { month: monthText(basis.referenceMonth, locale) })]),
    ...(basis.maxPower === null || basis.hoursPerDay === null
      ? []
      : [
          t('closing.basis.power', {
            power: `${formatDecimal(shiftDecimal(basis.maxPower, -3), 0, numbers)} ${t('unit.kW')}`,
            hours: basis.hoursPerDay,
          }),
        ]),
    ...(basis.isSplitByLaw ? [t('closing.basis.law')] : []),
  ];
}

function shapeTexts({ shapes }: ReplacementBasisView, { t }: Locale): string[] {
  return shapes.map(({ day, likeDay, neighbour }) => {
    if (likeDay !== null) return t('closing.basis.shape', { day: printDate(day), likeDay: printDate(likeDay) });
    if (neighbour !== null) return t('closing.basis.neighbour', { day: printDate(day), code: neighbour });
    return t('closing.basis.even', { day: printDate(day) });
  });
}
