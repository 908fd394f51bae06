import type { BackupStatus } from '../../shared/api/backup.ts';

/** Backup copies as the API asks for them. */
export interface BackupDesk {
  status(): BackupStatus;
  /** Makes the copy of today, in the place of an earlier one of today. Rejects with `api/conflict` while one is made, else `store/*`. */
  make(): Promise<void>;
}
