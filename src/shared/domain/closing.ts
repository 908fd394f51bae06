import type { Channel } from './channel.ts';

/** Why a month is not whole: a figure is lacking or not to be trusted, or the receiver has not taken what it was sent. */
export const MONTH_LACKS = ['missing', 'incomplete', 'package-failed', 'package-rejected'] as const;

/** What was known to be open when a month was closed. */
export type MonthLack =
  | {
      readonly kind: 'missing' | 'incomplete';
      readonly pointCode: string;
      readonly channel: Channel;
      /** Half-hours, or hours of an hourly profile. */
      readonly intervals: number;
    }
  | {
      readonly kind: 'package-failed' | 'package-rejected';
      readonly receiver: string;
      readonly number: number;
    };

/** Why a change is refused: its moment, or a moment after it, lies in a month that is closed. In `context.obstacle` of the error. */
export const MONTH_CLOSED = 'month-closed';
