/** A copy of the database every day, at a quiet moment, whether anybody thinks of it or not. */
import { join } from 'node:path';
import type { BackupDesk } from './api/backup-desk.ts';
import { AppError, asAppError, type ErrorCode } from '../shared/api/errors.ts';
import { isoUtc, type UtcSeconds } from '../shared/domain/time.ts';
import { type Clock, every } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { backupName, listBackups, type Store, tidyBackups } from './store/store.ts';

const LOOK_EVERY_MS = 60_000;
/** The half-hour closes everywhere at once: nothing else is begun around it. */
const QUIET_S = 120;
const HALF_HOUR_S = 1800;
/** A copy that failed is tried again after this. */
const RETRY_MS = 3_600_000;

export interface DailyBackupsDeps {
  readonly store: Pick<Store, 'backUpTo' | 'folder'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of the settings; null = inside the data folder. */
  readonly chosenFolder: () => string | null;
  /** ISO date of the site. */
  readonly today: () => string;
}

export class DailyBackups implements BackupDesk {
  readonly #deps: DailyBackupsDeps;
  #running: Promise<void> | null = null;
  #failure: { readonly code: ErrorCode; readonly atUtc: UtcSeconds; readonly atMs: number } | null = null;
  #cancel: (() => void) | null = null;

  constructor(deps: DailyBackupsDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#cancel ??= every(this.#deps.clock, LOOK_EVERY_MS, () => this.#look());
  }

  /** A copy in work is finished first: the database must not be closed under it. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    await this.#running?.catch(() => {});
  }

  status(): ReturnType<BackupDesk['status']> {
    return {
      folder: this.#folder,
      isRunning: this.#running !== null,
      failure: this.#failure === null ? null : { code: this.#failure.code, at: isoUtc(this.#failure.atUtc) },
      files: this.#files().map(({ day, bytes, file }) => ({ day, bytes, file })),
    };
  }

  async make(): Promise<void> {
    if (this.#running !== null) throw new AppError('api/conflict', 'A backup copy is being made', { hint: 'Wait until it is done.' });
    this.#running = this.#copy();
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  get #folder(): string {
    return this.#deps.chosenFolder() ?? join(this.#deps.store.folder, 'backups');
  }

  #files(): ReturnType<typeof listBackups> {
    try {
      return listBackups(this.#folder);
    } catch {
      // A folder that cannot be read has no copies to show; making one tells why.
      return [];
    }
  }

  #look(): void {
    const { clock, logger, today } = this.#deps;
    const intoHalfHourS = Math.floor(clock.now() / 1000) % HALF_HOUR_S;
    const isQuiet = intoHalfHourS >= QUIET_S && intoHalfHourS < HALF_HOUR_S - QUIET_S;
    const hasFailedLately = this.#failure !== null && clock.monotonic() - this.#failure.atMs < RETRY_MS;
    if (this.#running !== null || !isQuiet || hasFailedLately || this.#files()[0]?.day === today()) return;
    this.make().catch((error: unknown) => logger.error({ code: asAppError(error).code }, 'the daily backup copy failed'));
  }

  async #copy(): Promise<void> {
    const { store, clock, today } = this.#deps;
    const folder = this.#folder;
    try {
      await store.backUpTo(join(folder, backupName(today())));
      tidyBackups(folder);
      this.#failure = null;
    } catch (thrown) {
      const error = asAppError(thrown);
      this.#failure = { code: error.code, atUtc: Math.floor(clock.now() / 1000), atMs: clock.monotonic() };
      throw error;
    }
  }
}
