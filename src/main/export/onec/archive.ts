import path from 'node:path';
import type { Receiver } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import { siteZone, startOfMonth } from '../../metering/zone.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { archiveOf } from './deliver.ts';
import { type FileAccess, systemCode } from './files.ts';
import type { PackageStore } from './package-store.ts';

export interface ArchiveDeps {
  readonly store: Pick<PackageStore, 'prunable' | 'markPruned'>;
  readonly files: FileAccess;
  readonly settings: () => Settings;
  readonly packagesFolder: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Takes packages that were accepted and are older than the receiver keeps them out of its archive, and their copies out of the data
 * folder: the files that this site put there, by their names, and no others. What was never accepted stays. A folder that cannot be
 * used is left for the next round.
 */
export async function pruneArchive({ store, files, settings, packagesFolder, clock, log }: ArchiveDeps, receiver: Receiver): Promise<void> {
  const zone = siteZone(settings().site.timeZone);
  const nowUtc = Math.floor(clock.now() / 1000);
  const beforeUtc = zone.startOfDay(startOfMonth(zone.dateOf(nowUtc), -receiver.archiveMonths));
  for (const record of store.prunable(receiver.id, beforeUtc)) {
    try {
      for (const { name } of record.content?.files ?? []) {
        for (const folder of [archiveOf(record.folder), packagesFolder]) await removeIfThere(files, path.join(folder, name));
      }
      store.markPruned(record.id, nowUtc);
    } catch (error) {
      const code = systemCode(error);
      if (code === null) throw error;
      log.warn({ receiver: receiver.id, package: record.number, cause: code }, 'an archived package cannot be removed');
      return;
    }
  }
}

async function removeIfThere(files: FileAccess, file: string): Promise<void> {
  if ((await files.size(file)) !== null) await files.remove(file);
}
