/**
 * The layouts 80020 and 80040, version 2, as they stand in a file (xml-80020.md 2): the tree is the same, only the class differs.
 * Fields are the text of the file, so that a faulty file can be held, named and judged; `marketDocument` makes a sound one.
 */
import type { Channel } from '../../../shared/domain/channel.ts';

export const MESSAGE_CLASSES = ['80020', '80040'] as const;
export type MessageClass = (typeof MESSAGE_CLASSES)[number];

/** Codes of the channels of a measuring point (xml-80020.md 2, Channel codes). */
export const CHANNEL_CODES: Readonly<Record<Channel, string>> = { 'A+': '01', 'A-': '02', 'R+': '03', 'R-': '04' };

/** What the channels are usually called. */
export const CHANNEL_TITLES: Readonly<Record<Channel, string>> = {
  'A+': 'счетчик, акт. прием',
  'A-': 'счетчик, акт. отдача',
  'R+': 'счетчик, реакт. прием',
  'R-': 'счетчик, реакт. отдача',
};

/** The channel that a code of the file stands for, `1` as well as `01`; null for any other. */
export function channelOfCode(code: string): Channel | null {
  switch (code.padStart(2, '0')) {
    case '01':
      return 'A+';
    case '02':
      return 'A-';
    case '03':
      return 'R+';
    case '04':
      return 'R-';
    default:
      return null;
  }
}

export interface Organisation {
  /** Digits; of an area it is its code and no tax number. */
  readonly inn: string;
  readonly name: string;
}

/** One half-hour (or hour, in files of others) of one channel. null = the attribute or the text is not there. */
export interface MarketPeriod {
  /** Wall clock `HHmm`. */
  readonly start: string;
  readonly end: string;
  /** On a day of a change of the clock: this half-hour is by the later of its two offsets. */
  readonly isSummer: boolean;
  /** kWh or kvarh of the period, primary side, decimal text. */
  readonly value: string | null;
  /** null or `0` = commercial, `1` = not to be used commercially (xml-80020.md 6). */
  readonly status: string | null;
  /** `1114` = replaced by the bypass point whose group `param1` names. */
  readonly extendedStatus: string | null;
  readonly param1: string | null;
}

export interface MarketChannel {
  readonly code: string;
  readonly description: string;
  readonly periods: readonly MarketPeriod[];
}

export interface MarketPoint {
  readonly code: string;
  readonly name: string;
  readonly channels: readonly MarketChannel[];
}

export interface MarketArea extends Organisation {
  /** `1` = UTC+3, `3` = UTC+10; null = not written, which means 1. */
  readonly timeZone: string | null;
  readonly points: readonly MarketPoint[];
}

export interface MarketDocument {
  readonly messageClass: MessageClass;
  readonly version: string;
  /** Of the sender, growing. */
  readonly number: string;
  /** Moment of creation, wall clock `yyyyMMddHHmmss`. */
  readonly timestamp: string;
  /** `0`, `1`, or `2` on a day of a change of the clock. */
  readonly daylightSaving: string;
  /** The day of the data, `yyyyMMdd`. */
  readonly day: string;
  readonly sender: Organisation;
  readonly areas: readonly MarketArea[];
}

/** Code of the AIIS that an area belongs to: the area's with its last two digits replaced by 00 (xml-80020.md 2, Codes). */
export function aiisCodeOf(areaInn: string): string {
  return `${areaInn.slice(0, -2)}00`;
}

/** `20211031` of `2021-10-31`. */
export function compactDay(date: string): string {
  return date.replaceAll('-', '');
}

/** `2021-10-31` of `20211031`; null for text that is no day of the calendar. */
export function dayOfCompact(text: string): string | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return null;
  const date = `${year}-${month}-${day}`;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) ? date : null;
}
