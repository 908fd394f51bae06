/** Addresses of the screens: `#/points/12?period=month&date=2026-11-01`. Every object has one page and one address. */
import { useSyncExternalStore } from 'react';
import type { STEPS } from '../../shared/api/methods.ts';
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import type { PeriodKind } from '../ui/period.ts';

export const SCREENS = [
  'overview',
  'live',
  'points',
  'consumption',
  'completeness',
  'closing',
  'reports',
  'packages',
  'supplier',
  'events',
  'setup',
  'search',
  'training',
  'system',
] as const;
export type Screen = (typeof SCREENS)[number];
export type Query = Readonly<Record<string, string>>;

export interface Route {
  readonly screen: Screen;
  /** Object that the page is about; null for a list. */
  readonly id: number | null;
  readonly query: Query;
}

/** An address of an older version or of nothing leads to the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
  const [, name = '', idText = ''] = path.split('/');
  const screen = SCREENS.find((known) => known === name) ?? 'overview';
  const id = /^[1-9]\d*$/.test(idText) ? Number(idText) : null;
  return { screen, id, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function routeHref(screen: Screen, id: number | null = null, query: Query = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${screen}${id === null ? '' : `/${id}`}${search === '' ? '' : `?${search}`}`;
}

/** What goes along from screen to screen: the points and the period. The rest of an address belongs to its own screen. */
export function travelling({ points, period, date, step, channel }: Query): Query {
  return Object.fromEntries(
    Object.entries({ points, period, date, step, channel }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener);
      return () => window.removeEventListener('hashchange', listener);
    },
    () => window.location.hash,
  );
  return parseRoute(hash);
}

export function navigate(href: string): void {
  window.location.hash = href;
}

export type Step = (typeof STEPS)[number];

/** What is looked at: travels from screen to screen in the address. */
export interface Selection {
  readonly points: readonly number[];
  readonly period: PeriodKind;
  /** ISO date inside the period. */
  readonly date: string;
  readonly step: Step;
  readonly channel: Channel;
}

/** Steps that make sense for a period, the default first. */
export const STEPS_OF: Readonly<Record<PeriodKind, readonly Step[]>> = {
  day: ['half-hour', 'hour'],
  month: ['day', 'hour', 'half-hour'],
  year: ['month', 'day'],
};

/** More points than the server answers at once. */
const MAX_POINTS = 100;

/** What the address says, mended where it does not fit together. */
export function selectionOf(query: Query, today: string): Selection {
  const periods: readonly PeriodKind[] = ['day', 'month', 'year'];
  const period = periods.find((known) => known === query.period) ?? 'day';
  const points = (query.points ?? '').split(',').filter((text) => /^[1-9]\d{0,8}$/.test(text));
  const date = query.date ?? '';
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date));
  const steps = STEPS_OF[period];
  return {
    points: [...new Set(points.map(Number))].slice(0, MAX_POINTS),
    period,
    date: isDate ? date : today,
    step: steps.find((known) => known === query.step) ?? steps[0] ?? 'half-hour',
    channel: CHANNELS.find((known) => known === query.channel) ?? 'A+',
  };
}

export function selectionQuery({ points, period, date, step, channel }: Selection): Query {
  return { ...(points.length === 0 ? {} : { points: points.join(',') }), period, date, step, channel };
}
