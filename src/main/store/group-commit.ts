import { AppError } from '../../shared/api/errors.ts';
import type { MeterBatch } from '../../shared/domain/batch.ts';
import type { Clock } from '../platform/clock.ts';
import type { WritableDb } from './database.ts';
import { isStoreFault, storeError } from './errors.ts';

/** The first batch of a group waits this long at most. */
export const GROUP_WAIT_MS = 250;
/** A group of this size does not wait. */
export const GROUP_BATCHES = 500;

interface Waiting {
  readonly batch: MeterBatch;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
}

/** Every batch was stored. */
const NOBODY: ReadonlyMap<Waiting, AppError> = new Map();

/**
 * Collects the batches of all lines and stores them in one synchronous, durable transaction: one flush of the disk serves
 * them all. A promise resolves after the COMMIT. A fault of the disk rejects the whole group; a batch that is wrong by
 * itself is left out and rejected alone, so that one line cannot keep the figures of the others from being stored.
 */
export class GroupCommit {
  readonly #db: WritableDb;
  readonly #clock: Clock;
  readonly #store: (batch: MeterBatch) => void;
  readonly #onStored: (batch: MeterBatch) => void;
  #waiting: Waiting[] = [];
  #cancelTimer: (() => void) | null = null;
  #isClosed = false;

  constructor(deps: {
    readonly db: WritableDb;
    readonly clock: Clock;
    readonly store: (batch: MeterBatch) => void;
    /** Called for every batch that has become durable, before its promise resolves. */
    readonly onStored: (batch: MeterBatch) => void;
  }) {
    this.#db = deps.db;
    this.#clock = deps.clock;
    this.#store = deps.store;
    this.#onStored = deps.onStored;
  }

  /** Resolves when the batch is durable. Rejects with `store/*`, `api/cancelled` after the end, or with the batch's own fault. */
  commit(batch: MeterBatch): Promise<void> {
    if (this.#isClosed) return Promise.reject(new AppError('api/cancelled', 'The store is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      if (this.#waiting.length >= GROUP_BATCHES) this.#run();
      else this.#cancelTimer ??= this.#clock.after(GROUP_WAIT_MS, () => this.#run());
    });
  }

  /** Stores what is waiting now. Never throws: each batch learns of its own fate. */
  flush(): void {
    this.#run();
  }

  /** Stores what is waiting and takes nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#run();
  }

  #run(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    let refused: ReadonlyMap<Waiting, AppError> = NOBODY;
    try {
      refused = this.#storeAll(group);
    } catch (error) {
      const fault = storeError(error, this.#db.folder);
      for (const { reject } of group) reject(fault);
      return;
    }
    for (const waiting of group) {
      const fault = refused.get(waiting);
      if (fault !== undefined) {
        waiting.reject(fault);
        continue;
      }
      this.#onStored(waiting.batch);
      waiting.resolve();
    }
  }

  /**
   * All of them in one transaction. Savepoints cost a batch more than its rows, so they come only when one of the batches turns out
   * to be wrong: then the group is stored again from the beginning, each in its own. Throws faults of the disk.
   */
  #storeAll(group: readonly Waiting[]): ReadonlyMap<Waiting, AppError> {
    try {
      this.#db.transaction(() => {
        for (const { batch } of group) this.#store(batch);
      });
      return NOBODY;
    } catch (error) {
      const fault = storeError(error, this.#db.folder);
      if (isStoreFault(fault)) throw fault;
    }
    const refused = new Map<Waiting, AppError>();
    this.#db.transaction(() => {
      for (const waiting of group) {
        try {
          this.#db.transaction(() => this.#store(waiting.batch));
        } catch (error) {
          const fault = storeError(error, this.#db.folder);
          if (isStoreFault(fault)) throw fault;
          refused.set(waiting, fault);
        }
      }
    });
    return refused;
  }
}
