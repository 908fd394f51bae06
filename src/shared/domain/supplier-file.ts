/** The supplier's file (layouts 80020 and 80040) on its way: one file of one day, from its number to the reply. */
import type { Channel } from './channel.ts';
import type { UtcSeconds } from './time.ts';

/**
 * `made`: numbered and kept, nothing left the house; `failed`: an attempt to hand it over did not come to its end, the next one
 * goes on; `sending`: a letter is being handed to the mail server, or was when the program ended; `sent`: handed over, the last
 * state where no reply is expected; `no-reply`: none came in time. The rest is what a reply of class 80021 said.
 */
export const SUPPLIER_FILE_STATES = [
  'made',
  'failed',
  'sending',
  'sent',
  'accepted',
  'accepted-with-remarks',
  'rejected',
  'no-reply',
] as const;
export type SupplierFileState = (typeof SUPPLIER_FILE_STATES)[number];

/**
 * Why a day is held back: no number is taken and nothing is sent until it is gone. `missing`, `incomplete`: no figure to rely on;
 * `replaced`: the recipient takes measured figures alone; `hourly`: the meter keeps hours; `no-channel`: the point has none of the
 * channels; `no-points`: no point with a code had a meter; `faulty`: the recipient's own rules would refuse the file.
 */
export const HOLD_CODES = ['missing', 'incomplete', 'replaced', 'hourly', 'no-channel', 'no-points', 'faulty'] as const;
export type HoldCode = (typeof HOLD_CODES)[number];

/** One reason of a held day. */
export interface HoldReason {
  readonly code: HoldCode;
  /** Code of the point in the file; null where it is about the file as a whole, like all below. */
  readonly pointCode: string | null;
  readonly pointName: string | null;
  /** null = the whole point. */
  readonly channel: Channel | null;
  readonly fromUtc: UtcSeconds | null;
  /** Not included. */
  readonly toUtc: UtcSeconds | null;
  /** Of `faulty`: the rule of the validator. */
  readonly rule: string | null;
  /** Of `faulty`: what it found, English; else null. */
  readonly text: string | null;
}

/** What rounding left over of one channel of a point at the end of a day, exact. */
export interface CarryRecord {
  /** Code of the point in the file. */
  readonly pointCode: string;
  readonly channel: Channel;
  /** kWh or kvarh as `numerator/denominator`. */
  readonly carry: string;
}

/** Sum of one channel over the points of a file, as printed: kWh or kvarh, exact decimal. */
export interface ChannelSum {
  readonly channel: Channel;
  readonly sum: string;
}

export interface SupplierFileContent {
  readonly points: number;
  /** Channels of all points. */
  readonly channels: number;
  readonly sums: readonly ChannelSum[];
  /** Half-hours with status 1. */
  readonly nonCommercial: number;
  /** Name with its ending. */
  readonly name: string;
  /** Of the XML document, whether it travels in an archive or not. */
  readonly bytes: number;
  readonly sha256: string;
}

export interface SupplierFileRecord {
  readonly id: number;
  readonly senderInn: string;
  readonly areaInn: string;
  readonly messageClass: '80020' | '80040';
  /** One sequence per sender without holes; a corrected day has a larger one. */
  readonly number: number;
  /** Day of the data, ISO date. */
  readonly day: string;
  /** `timestamp` of the file, yyyyMMddHHmmss: a file made again bears the one that it was first made with. */
  readonly timestamp: string;
  readonly madeUtc: UtcSeconds;
  /** Schedule that asked for it; null = a person. */
  readonly job: string | null;
  readonly state: SupplierFileState;
  /** Since when. */
  readonly stateUtc: UtcSeconds;
  /** What the state has to say: why it failed, what the reply said; null = nothing. */
  readonly note: string | null;
  readonly content: SupplierFileContent;
  /** The command of the settings has signed it; what it left is what is sent. */
  readonly isSigned: boolean;
  /** Where it goes, as the settings said when it was made; null = no folder. */
  readonly folder: string | null;
  /** Whether a letter belongs to it. */
  readonly isMailed: boolean;
  readonly folderUtc: UtcSeconds | null;
  readonly mailUtc: UtcSeconds | null;
  /** Since when other figures are known than it holds; null = they are not. */
  readonly staleUtc: UtcSeconds | null;
  /** Of the letter; the same in every attempt. */
  readonly messageId: string | null;
}

/** One entry of a file's history. */
export interface SupplierFileStep {
  readonly atUtc: UtcSeconds;
  readonly state: SupplierFileState;
  readonly note: string | null;
}

/** A day that could not be sent when it was looked at last. */
export interface HeldDay {
  readonly senderInn: string;
  readonly day: string;
  readonly sinceUtc: UtcSeconds;
  readonly checkedUtc: UtcSeconds;
  readonly reasons: readonly HoldReason[];
}
