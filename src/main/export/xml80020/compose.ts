/** Figures of a day as the areas of a document, or what holds the file back (xml-80020.md 5 and 6). */
import type { Channel } from '../../../shared/domain/channel.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../../shared/domain/time.ts';
import { fixedText, type Rational, sumOf, ZERO } from '../../metering/energy.ts';
import type { SettlementStatus } from '../../metering/settlement.ts';
import { daylightSavingOf, type MarketDay, type MarketTime, type MarketZone, timestampText } from './day.ts';
import {
  CHANNEL_CODES,
  CHANNEL_TITLES,
  compactDay,
  type MarketArea,
  type MarketChannel,
  type MarketDocument,
  type MarketPeriod,
  type MarketPoint,
  type MessageClass,
  type Organisation,
} from './document.ts';
import { type Decimals, halvesOf, roundEach, roundWithCarry } from './round.ts';

/** What is sent where nothing valid was measured; in order of preference (xml-80020.md 6). */
export const MISSING_RULES = ['hold', 'replacement', 'zero'] as const;
/** `carry-month`: the remainder is passed on through the month; `none`: each half-hour by itself. */
export const ROUNDINGS = ['carry-month', 'none'] as const;
/** What becomes of a meter that keeps hours: it holds the file, or its hour is halved. */
export const HOURLY_RULES = ['refuse', 'halves'] as const;

/** What a recipient wants. */
export interface MarketRules {
  readonly channels: readonly Channel[];
  readonly decimals: Decimals;
  readonly rounding: (typeof ROUNDINGS)[number];
  readonly missing: (typeof MISSING_RULES)[number];
  readonly hourlyMeters: (typeof HOURLY_RULES)[number];
}

/** A `SettlementStep` is one. */
export interface MarketFigure {
  readonly startUtc: UtcSeconds;
  /** kWh or kvarh, primary side, exact; null exactly when `missing`. */
  readonly energy: Rational | null;
  readonly status: SettlementStatus;
  /** Code of the group of points when the bypass point stood in for this one. */
  readonly bypassGroup?: string;
}

export interface PointOfDay {
  /** Code of the point in the layout. */
  readonly code: string;
  readonly name: string;
  /** Of one figure: 1800, or 3600 for a meter that keeps hours. */
  readonly lengthS: number;
  /** Channels that the point has; a channel without figures is not sent. */
  readonly channels: ReadonlyMap<Channel, readonly MarketFigure[]>;
}

export interface AreaOfDay extends Organisation {
  readonly timeZone: MarketZone;
  readonly points: readonly PointOfDay[];
}

export interface DayOrder {
  readonly day: MarketDay;
  readonly areas: readonly AreaOfDay[];
  readonly rules: MarketRules;
  /** Remainder at the start of the day: ZERO on the first of the month and wherever none is known. */
  readonly carryOf: (pointCode: string, channel: Channel) => Rational;
}

/**
 * `missing`, `incomplete`: no figure to rely on; `replaced`: the recipient takes measured figures alone; `hourly`: the meter keeps hours
 * and the recipient wants half-hours; `no-channel`: the point has none of the wanted channels.
 */
export const HOLD_REASONS = ['missing', 'incomplete', 'replaced', 'hourly', 'no-channel'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** Why a file is held: a stretch of one channel, or a whole point. */
export interface Hold {
  readonly reason: HoldReason;
  readonly pointCode: string;
  readonly pointName: string;
  /** null = the whole point. */
  readonly channel: Channel | null;
  readonly fromUtc: UtcSeconds;
  /** Not included. */
  readonly toUtc: UtcSeconds;
}

/** One channel of a composed day. */
export interface ChannelOfDay {
  readonly pointCode: string;
  readonly channel: Channel;
  /** What stands in the file, decimal text, kWh or kvarh. */
  readonly sum: string;
  /** The energy that it came from. */
  readonly exactSum: Rational;
  /** At the end of the day; as it came when nothing is carried. */
  readonly carry: Rational;
  /** Half-hours sent with status 1. */
  readonly nonCommercial: number;
}

export type ComposedDay =
  | { readonly kind: 'ready'; readonly areas: readonly MarketArea[]; readonly channels: readonly ChannelOfDay[] }
  /** No file; `holds` names every stretch that stands in the way. */
  | { readonly kind: 'held'; readonly holds: readonly Hold[] };

/**
 * The areas of a day. A half-hour goes in without a mark when it was measured and valid, with status 1 when it stands in for one that
 * was not; a channel that the point does not have is left out, never sent as zeros. Throws RangeError for negative energy.
 */
export function composeDay(order: DayOrder): ComposedDay {
  const holds: Hold[] = [];
  const channels: ChannelOfDay[] = [];
  const areas = order.areas.map(({ inn, name, timeZone, points }) => ({
    inn,
    name,
    timeZone: String(timeZone),
    points: points.map((point) => composePoint(point, order, holds, channels)),
  }));
  return holds.length > 0 ? { kind: 'held', holds } : { kind: 'ready', areas, channels };
}

function composePoint(point: PointOfDay, order: DayOrder, holds: Hold[], summaries: ChannelOfDay[]): MarketPoint {
  const { day, rules } = order;
  const hold = (reason: HoldReason, channel: Channel | null, fromUtc: UtcSeconds, toUtc: UtcSeconds) =>
    holds.push({ reason, pointCode: point.code, pointName: point.name, channel, fromUtc, toUtc });
  const sent = rules.channels.filter((channel) => (point.channels.get(channel)?.length ?? 0) > 0);
  if (sent.length === 0) hold('no-channel', null, day.fromUtc, day.toUtc);
  if (point.lengthS !== HALF_HOUR_S && rules.hourlyMeters === 'refuse') hold('hourly', null, day.fromUtc, day.toUtc);
  const channels = sent.map((channel) => {
    const cells = cellsOf(point, channel, day).map((cell) => ruled(cell, rules));
    for (const stretch of stretchesOf(cells, day)) hold(stretch.reason, channel, stretch.fromUtc, stretch.toUtc);
    const { composed, summary } = composeChannel(point.code, channel, cells, order);
    summaries.push(summary);
    return composed;
  });
  return { code: point.code, name: point.name, channels };
}

/** One half-hour on its way into the file. */
interface Cell {
  /** null = nothing to send, and `reason` says why. */
  readonly energy: Rational | null;
  readonly isCommercial: boolean;
  readonly bypassGroup: string | null;
  /** Why it holds the file. */
  readonly reason: HoldReason | null;
}

type Judged = Omit<MarketFigure, 'startUtc'>;

/** Figures by half-hour; an hour gives two halves, what nobody told of is missing. */
function cellsOf({ lengthS, channels }: PointOfDay, channel: Channel, { halfHours }: MarketDay): Judged[] {
  const byStart = new Map((channels.get(channel) ?? []).map((figure) => [figure.startUtc, figure]));
  const missing: Judged = { energy: null, status: 'missing' };
  return halfHours.map(({ startUtc }) => {
    if (lengthS === HALF_HOUR_S) return byStart.get(startUtc) ?? missing;
    // Hours begin on a whole hour by UTC in every zone of the market.
    const isSecond = startUtc % lengthS !== 0;
    const hour = byStart.get(isSecond ? startUtc - HALF_HOUR_S : startUtc);
    if (hour === undefined) return missing;
    return hour.energy === null ? hour : { ...hour, energy: halvesOf(hour.energy)[isSecond ? 1 : 0] };
  });
}

/** What the recipient's rule makes of a figure. */
function ruled({ energy, status, bypassGroup }: Judged, { missing }: MarketRules): Cell {
  const cell = { energy, isCommercial: false, bypassGroup: bypassGroup ?? null, reason: null };
  switch (status) {
    case 'valid':
      return { ...cell, isCommercial: bypassGroup === undefined };
    case 'replaced':
      return missing === 'hold' ? { ...cell, reason: 'replaced' } : cell;
    case 'incomplete':
    case 'missing':
      // A part of the energy is no figure of the half-hour: it is not sent as one. A zero in its place leaves the remainder as it is.
      return missing === 'zero' ? { ...cell, energy: ZERO } : { ...cell, energy: null, reason: status };
  }
}

/** Neighbouring half-hours that hold the file for one reason. */
function stretchesOf(cells: readonly Cell[], day: MarketDay): { reason: HoldReason; fromUtc: UtcSeconds; toUtc: UtcSeconds }[] {
  const stretches: { reason: HoldReason; fromUtc: UtcSeconds; toUtc: UtcSeconds }[] = [];
  for (const [index, { reason }] of cells.entries()) {
    const startUtc = day.halfHours[index]?.startUtc;
    if (reason === null || startUtc === undefined) continue;
    const last = stretches.at(-1);
    if (last?.reason === reason && last.toUtc === startUtc) last.toUtc = startUtc + HALF_HOUR_S;
    else stretches.push({ reason, fromUtc: startUtc, toUtc: startUtc + HALF_HOUR_S });
  }
  return stretches;
}

function composeChannel(
  pointCode: string,
  channel: Channel,
  cells: readonly Cell[],
  { day, rules, carryOf }: DayOrder,
): { readonly composed: MarketChannel; readonly summary: ChannelOfDay } {
  const { decimals, rounding } = rules;
  const before = carryOf(pointCode, channel);
  const figures = cells.map(({ energy }) => energy ?? ZERO);
  const { units, carry } =
    rounding === 'none' ? { units: roundEach(figures, decimals), carry: before } : roundWithCarry(figures, decimals, before);
  const periods = cells.map(({ isCommercial, bypassGroup }, index): MarketPeriod => {
    const { start = '', end = '', isSummer = false } = day.halfHours[index] ?? {};
    return {
      start,
      end,
      isSummer,
      value: fixedText(units[index] ?? 0n, decimals),
      status: isCommercial ? null : '1',
      extendedStatus: bypassGroup === null ? null : BYPASS_STATUS,
      param1: bypassGroup,
    };
  });
  const total = units.reduce((sum, unit) => sum + unit, 0n);
  return {
    composed: { code: CHANNEL_CODES[channel], description: CHANNEL_TITLES[channel], periods },
    summary: {
      pointCode,
      channel,
      sum: fixedText(total, decimals),
      exactSum: sumOf(figures),
      carry,
      nonCommercial: cells.filter(({ isCommercial }) => !isCommercial).length,
    },
  };
}

/** The bypass point stood in (xml-80020.md 6). */
const BYPASS_STATUS = '1114';

/** What a document has besides its figures. */
export interface DocumentHeader {
  readonly messageClass: MessageClass;
  readonly number: number;
  readonly createdUtc: UtcSeconds;
  readonly time: MarketTime;
  readonly day: MarketDay;
  /** On ordinary days; a day of a change of the clock says 2. */
  readonly daylightSaving: 0 | 1;
  readonly sender: Organisation;
}

/** The document of a composed day: the same header and areas give the same document. */
export function marketDocument(header: DocumentHeader, areas: readonly MarketArea[]): MarketDocument {
  const { messageClass, number, createdUtc, time, day, daylightSaving, sender } = header;
  return {
    messageClass,
    version: '2',
    number: String(number),
    timestamp: timestampText(createdUtc, time),
    daylightSaving: String(daylightSavingOf(day, daylightSaving)),
    day: compactDay(day.date),
    sender,
    areas,
  };
}
