/** Where packages are asked for: by the screens, the command line and the schedules. */
import type { PackagePreview } from '../../shared/api/methods.ts';
import type { OnecFormat, OnecKind } from '../../shared/api/receivers.ts';
import type { PackageRecord } from '../../shared/domain/package.ts';
import type { Progress } from '../platform/progress.ts';

export interface PackageOrder {
  readonly kind: OnecKind;
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Instead of all formats that the receiver takes. */
  readonly format?: OnecFormat | undefined;
  /** `1c` when not given. */
  readonly receiver?: string | undefined;
  /** `full` when not given. */
  readonly mode?: PackageRecord['mode'] | undefined;
  /** Instead of the folder in the settings. */
  readonly folder?: string | undefined;
}

export interface CorrectionsOrder {
  readonly receiver: string;
  /** ISO dates of the site, both inclusive; what was sent when not given. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What is given a `progress` rejects with `api/cancelled` when it is to stop. */
export interface PackageDesk {
  /** Rejects with `export/*`, `api/not-found` for an unknown receiver, `api/invalid-argument` for the period. */
  preview(order: PackageOrder, progress?: Progress): Promise<PackagePreview>;
  /** What has changed since it was sent, by kinds; kinds without a change are left out. */
  corrections(order: CorrectionsOrder, progress?: Progress): Promise<PackagePreview[]>;
  /** `job` is the schedule's id; null = by hand. Throws `export/*`. */
  make(order: PackageOrder, job: string | null, progress?: Progress): Promise<PackageRecord>;
  redeliver(packageId: number): Promise<PackageRecord>;
}
