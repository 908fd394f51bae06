import { WritableDb } from '../../../src/main/store/database.ts';

const UNLIMITED_PAGES = 4_294_967_294;

/**
 * A disk that can be full: the database may not grow by a page, and SQLite itself refuses what does not fit into the pages
 * that it has. Make it before the store is opened: it takes the connection from the first transaction.
 */
export class DiskQuota {
  #db: WritableDb | null = null;
  #isFull = false;

  constructor() {
    const { transaction } = WritableDb.prototype;
    const take = (db: WritableDb) => {
      this.#db = db;
    };
    WritableDb.prototype.transaction = function taken<T>(this: WritableDb, run: () => T): T {
      take(this);
      return transaction.call(this, run) as T;
    };
  }

  set(isFull: boolean): void {
    if (isFull === this.#isFull || this.#db === null) return;
    this.#isFull = isFull;
    const pages = isFull ? Number(this.#db.pragma('page_count')) : UNLIMITED_PAGES;
    this.#db.pragma(`max_page_count = ${pages}`);
  }
}
