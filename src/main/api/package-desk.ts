/** Where packages are asked for: by the screens, the command line and the schedules. */
import type { PackagePreview } from '../../shared/api/methods.ts';
import type { OnecFormat, OnecKind } from '../../shared/api/settings.ts';
import type { PackageRecord } from '../../shared/domain/package.ts';

export interface PackageOrder {
  readonly kind: OnecKind;
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly format: OnecFormat;
  /** Instead of the folder in the settings. */
  readonly folder?: string | undefined;
}

export interface PackageDesk {
  preview(order: PackageOrder): PackagePreview;
  /** `job` is the schedule's id; null = by hand. Throws `export/*`. */
  make(order: PackageOrder, job: string | null): Promise<PackageRecord>;
  redeliver(packageId: number): Promise<PackageRecord>;
}
