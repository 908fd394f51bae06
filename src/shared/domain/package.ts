import type { OnecFormat, OnecKind } from '../api/settings.ts';
import type { UtcSeconds } from './time.ts';

export type PackageState = 'made' | 'delivered' | 'accepted' | 'partial' | 'rejected' | 'failed';

export interface PackageFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A set of files for one receiver. `number` is one sequence per receiver and site without holes (onec.md 3). */
export interface PackageRecord {
  readonly id: number;
  readonly receiver: string;
  readonly siteCode: string;
  readonly number: number;
  /** UUID. */
  readonly packId: string;
  readonly kind: OnecKind;
  readonly format: OnecFormat;
  readonly mode: 'full' | 'delta';
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly createdUtc: UtcSeconds;
  /** Offset of the site at that moment. */
  readonly createdOffsetMin: number;
  readonly folder: string;
  readonly job: string | null;
  readonly state: PackageState;
  readonly error: string | null;
  /** Filled by `complete`; null while the package is only numbered. */
  readonly content: PackageContent | null;
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
 * key together with the instant: `POINT;A+` for IV, `POINT;SERIAL;A+;0` for RD.
 */
export interface SentDay {
  readonly key: string;
  /** ISO date of the site. */
  readonly day: string;
  /** [instant UTC, revision, status, printed figure or ''] in the order of the file. */
  readonly rows: readonly (readonly [number, number, number, string])[];
}
