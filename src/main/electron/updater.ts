import { app } from 'electron';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';

const CHECK_EVERY_MS = 24 * 3600 * 1000;

export interface UpdaterOptions {
  /** Address of the folder with `latest.yml`; `null` = this plant takes its updates from a file. */
  readonly feedUrl: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Looks for a new version once a day and installs it when Feeder is quit. Off without a feed and outside of an
 * installed product. What is downloaded must carry the signature of the publisher named in electron-builder.yml.
 * Returns the stop function.
 */
export async function startUpdater({ feedUrl, clock, logger }: UpdaterOptions): Promise<() => void> {
  if (feedUrl === null || !app.isPackaged) return () => {};
  if (!feedUrl.startsWith('https://')) {
    logger.warn({}, 'The address for updates is not https: updates are off');
    return () => {};
  }
  const { autoUpdater } = (await import('electron-updater')).default;
  autoUpdater.autoDownload = true;
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.logger = {
    info: (message: unknown) => logger.info({ updater: String(message) }, 'Updater'),
    warn: (message: unknown) => logger.warn({ updater: String(message) }, 'Updater'),
    error: (message: unknown) => logger.error({ updater: String(message) }, 'Updater'),
  };
  autoUpdater.setFeedURL({ provider: 'generic', url: feedUrl });

  let cancel = () => {};
  const check = () => {
    cancel = clock.after(CHECK_EVERY_MS, check);
    autoUpdater.checkForUpdates().catch((error: unknown) => logger.warn({ error: String(error) }, 'No update could be looked for'));
  };
  check();
  return () => cancel();
}
