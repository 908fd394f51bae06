/** How commands reach a data folder: as its one writer, or as one of many readers. */
import { DEFAULT_SETTINGS, type Settings } from '../../shared/api/settings.ts';
import { hasCode } from '../../shared/api/errors.ts';
import { Site } from '../api/site.ts';
import { systemClock } from '../platform/clock.ts';
import { createPinoLogger } from '../platform/logger-pino.ts';
import type { Logger } from '../platform/logger.ts';
import { openStore, openStoreReader, type Store } from '../store/store.ts';

/** Warnings only, or every frame with `--trace`; always on stderr. */
export function commandLogger(isTracing: boolean): Logger {
  return createPinoLogger({ level: isTracing ? 'trace' : 'warn' });
}

export function openWriter(folder: string, isTracing: boolean): Store {
  return openStore({ folder, clock: systemClock, logger: commandLogger(isTracing) });
}

/** The site for reading only; `api/not-found` when there is no data folder. */
function openSite(folder: string): Site {
  return new Site({ store: openStoreReader({ folder }), clock: systemClock, engine: () => null });
}

/** Runs a question on the site of a folder, and gives the folder back whatever comes of it. */
export async function withSite(folder: string, ask: (site: Site) => Promise<void> | void): Promise<0> {
  const site = openSite(folder);
  try {
    await ask(site);
    return 0;
  } finally {
    site.store.close();
  }
}

/** Settings of a folder, the defaults where there is none yet. */
export function readerOrEmpty(folder: string): { settings: Settings } {
  try {
    const store = openStoreReader({ folder });
    try {
      return { settings: store.settings.load() };
    } finally {
      store.close();
    }
  } catch (error) {
    if (hasCode(error, 'api/not-found')) return { settings: DEFAULT_SETTINGS };
    throw error;
  }
}
