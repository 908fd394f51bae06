/** Figures of a day as the areas of a document, or what holds the file back (xml-80020.md 5 and 6). */
import type { Channel } from '../../../shared/domain/channel.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { Rational } from '../../metering/energy.ts';
import type { SettlementStatus } from '../../metering/settlement.ts';
import type { MarketDay, MarketTime, MarketZone } from './day.ts';
import type { MarketArea, MarketDocument, MessageClass, Organisation } from './document.ts';
import type { Decimals } from './round.ts';

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
  /** The energy that it came from, without that of zeros sent in place of missing figures. */
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

export function composeDay(order: DayOrder): ComposedDay {
  return {
    kind: 'held',
    holds: order.areas.slice(0, 0).map(() => ({ reason: 'missing', pointCode: '', pointName: '', channel: null, fromUtc: 0, toUtc: 0 })),
  };
}

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
  return {
    messageClass: header.messageClass,
    version: '2',
    number: '',
    timestamp: '',
    daylightSaving: '',
    day: '',
    sender: header.sender,
    areas,
  };
}
