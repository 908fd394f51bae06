/** Where the supplier's files are asked for: by the screens, the command line and the jobs. */
import type { DayOrder, DayOutcome, DayPreview } from '../export/xml80020/maker.ts';
import type { SupplierFileRecord } from '../../shared/domain/supplier-file.ts';

export interface SupplierDesk {
  preview(day: string): Promise<DayPreview>;
  /** Throws `api/invalid-argument` for settings that lack something and for a day that is not over. */
  make(order: DayOrder): Promise<DayOutcome>;
  repeat(fileId: number): Promise<SupplierFileRecord>;
  /** After a password, a server or a folder was changed: what waited for that is tried again, by and by. */
  tryAgain(): void;
  /** Everything that a day's file needs is stored or proven absent; false when nothing is expected. */
  isComplete(day: string): boolean;
  /** Days that this job has made, the newest first. */
  madeDays(job: string): readonly string[];
  /** Points, codes and a place to hand files over are there: a job may begin. */
  isReady(): boolean;
}
