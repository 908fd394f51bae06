import { addDays, addMonths } from './time.ts';

export type PeriodKind = 'day' | 'month' | 'year';

/** A calendar period of the site: the day, month or year that holds `date`. */
export interface Period {
  readonly kind: PeriodKind;
  /** ISO date. */
  readonly date: string;
}

/** First and last day of a period, both inclusive. */
export function periodDays({ kind, date }: Period): { readonly from: string; readonly to: string } {
  if (kind === 'day') return { from: date, to: date };
  if (kind === 'month') {
    const from = `${date.slice(0, 7)}-01`;
    return { from, to: addDays(addMonths(from, 1), -1) };
  }
  return { from: `${date.slice(0, 4)}-01-01`, to: `${date.slice(0, 4)}-12-31` };
}

export function movePeriod({ kind, date }: Period, by: number): Period {
  if (kind === 'day') return { kind, date: addDays(date, by) };
  return { kind, date: addMonths(date, kind === 'month' ? by : by * 12) };
}
