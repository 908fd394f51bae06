import type { OnecFormat, OnecKind } from '../api/receivers.ts';
import type { UtcSeconds } from './time.ts';

export type PackageState = 'made' | 'delivered' | 'accepted' | 'partial' | 'rejected' | 'failed';

export interface PackageFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A row that the receiver did not take, as its list of faults says. */
export interface PackageFault {
  /** Number of the row in the data file, from 1 without the line of names; null = the list does not say. */
  readonly row: number | null;
  readonly key: string;
  /** In the receiver's own words; `period_closed` = its month is closed for changes. */
  readonly reason: string;
}

/** What the receiver answered. */
export interface PackageAck {
  readonly readUtc: UtcSeconds;
  readonly status: 'accepted' | 'partial' | 'rejected';
  /** null = the answer does not say. */
  readonly rowsOk: number | null;
  readonly rowsBad: number | null;
  readonly text: string;
  /** At most so many as are kept; `faultCount` tells all. */
  readonly faults: readonly PackageFault[];
  readonly faultCount: number;
  /** SHA-256 of the answer and its list: a changed answer is a new one. */
  readonly digest: string;
}

/** What is wrong with a file that is to be an answer and is not believed. */
export const ACK_FAULTS = [
  'too-large',
  'unreadable',
  'not-text',
  'not-key-value',
  'key-twice',
  'no-pack-id',
  'no-status',
  'not-a-number',
  'faults-too-large',
  'faults-unreadable',
  'unknown-package',
  'other-pack-id',
  'other-pack-no',
] as const;
export type AckFault = (typeof ACK_FAULTS)[number];

/** A set of files for one receiver. `number` is one sequence per receiver and site without holes (onec.md 3). */
export interface PackageRecord {
  readonly id: number;
  readonly receiver: string;
  readonly siteCode: string;
  readonly number: number;
  /** UUID. */
  readonly packId: string;
  readonly kind: OnecKind;
  /** The first of `formats`. */
  readonly format: OnecFormat;
  readonly formats: readonly OnecFormat[];
  readonly mode: 'full' | 'delta';
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly createdUtc: UtcSeconds;
  /** Offset of the site at that moment. */
  readonly createdOffsetMin: number;
  readonly folder: string;
  readonly job: string | null;
  /** The package of the same kind and period that this one repeats in full; null = it repeats none. */
  readonly replacesPackId: string | null;
  readonly state: PackageState;
  readonly error: string | null;
  /** When it first lay whole in its folder; null = not yet, or before this was noted. */
  readonly deliveredUtc: UtcSeconds | null;
  /** Filled by `complete`; null while the package is only numbered. */
  readonly content: PackageContent | null;
  readonly ack: PackageAck | null;
}

export interface PackageContent {
  readonly rows: number;
  readonly missingRows: number;
  /** Exact decimal, 3 digits after the point; null when no row carries a figure. */
  readonly controlSum: string | null;
  readonly files: readonly PackageFile[];
}

/**
 * What a receiver was told of one point, channel and day: the base of revisions. `key` is what makes the row's natural
 * key together with the instant: `POINT;A+` for IV, `POINT;SERIAL;A+;0` for RD, `POINT;A+;0` for DY and MN.
 */
export interface SentDay {
  readonly key: string;
  /** ISO date of the site. */
  readonly day: string;
  /** [instant UTC, revision, status, printed figures or ''] in the order of the file. */
  readonly rows: readonly (readonly [number, number, number, string])[];
}
