import Database from 'better-sqlite3';
import { AppError } from '../../shared/api/errors.ts';
import { asStore, storeError } from './errors.ts';

/** A value of a column. Integers fit in 2^53: the store holds no larger figures. */
export type Cell = string | number | Uint8Array | null;
/** A row by column names. */
export type Row = Readonly<Record<string, Cell>>;

/** A prepared SELECT. `Result` is the shape of its rows, by column names; the tests hold it against a schema. */
export interface Query<Params extends readonly Cell[], Result> {
  get(...params: Params): Result | undefined;
  all(...params: Params): Result[];
}

/** A prepared statement that writes. */
export interface Command<Params extends readonly Cell[]> {
  /** Returns how many rows changed. */
  run(...params: Params): number;
  /** Runs an INSERT and returns the new row's id. */
  insert(...params: Params): number;
}

/** A connection for reading. Whatever its statements throw is an `AppError`. Repositories that only read take this one; a statement that writes is refused as a bug. */
export class ReadableDb {
  readonly folder: string;
  protected readonly connection: Database.Database;

  constructor(folder: string, connection: Database.Database) {
    this.folder = folder;
    this.connection = connection;
  }

  query<Params extends readonly Cell[], Result extends Row>(sql: string): Query<Params, Result> {
    const { folder } = this;
    const statement = asStore(folder, () => this.connection.prepare<Cell[], Result>(sql));
    if (!statement.readonly) throw new AppError('bug', `This is no query: ${sql}`);
    // Tried in place: a closure for each call is what a batch would spend most of its time on.
    return {
      get(...params) {
        try {
          return statement.get(...params);
        } catch (error) {
          throw storeError(error, folder);
        }
      },
      all(...params) {
        try {
          return statement.all(...params);
        } catch (error) {
          throw storeError(error, folder);
        }
      },
    };
  }

  /** Copies the whole database to a file, so many pages at a time; what is written meanwhile belongs to the copy. */
  async backUp(file: string, pagesAStep: number): Promise<void> {
    try {
      await this.connection.backup(file, { progress: () => pagesAStep });
    } catch (error) {
      throw storeError(error, this.folder);
    }
  }

  /** First column of the first row of a pragma. */
  pragma(text: string): unknown {
    return this.connection.pragma(text, { simple: true });
  }

  close(): void {
    this.connection.close();
  }
}

/** The one connection that writes. */
export class WritableDb extends ReadableDb {
  command<Params extends readonly Cell[] = Cell[]>(sql: string): Command<Params> {
    const { folder } = this;
    const statement = asStore(folder, () => this.connection.prepare<Cell[]>(sql));
    const run = (params: Params) => {
      try {
        return statement.run(...params);
      } catch (error) {
        throw storeError(error, folder);
      }
    };
    return { run: (...params) => run(params).changes, insert: (...params) => Number(run(params).lastInsertRowid) };
  }

  /** Statements without parameters: migrations. */
  execute(sql: string): void {
    asStore(this.folder, () => this.connection.exec(sql));
  }

  /** All or nothing; inside another transaction a savepoint. `run` is synchronous: an `await` inside would hold the lock open. */
  transaction<T>(run: () => T): T {
    return asStore(this.folder, () => this.connection.transaction(run).immediate());
  }
}

/** The database file in a data folder. */
export const DATABASE_FILE = 'feeder.db';

/** Readers never wait for a writer under WAL; this is for the moments of recovery and of the last close. */
const BUSY_MS = 5000;
/** A write-ahead log that a long read made large is cut back to this. */
const JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** Opens or creates the database for writing. The caller owns the folder. Throws as SQLite does. */
export function openWritable(folder: string, file: string): WritableDb {
  const connection = connect(file, {});
  return configured(connection, () => {
    // Only a database without tables takes it; an older one is made anew once (migrate.ts).
    if (connection.pragma('page_count', { simple: true }) === 0) connection.pragma('auto_vacuum = INCREMENTAL');
    connection.pragma('journal_mode = WAL');
    // The package's own default; said here because durability hangs on it (DESIGN.md 8).
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma(`journal_size_limit = ${JOURNAL_LIMIT_BYTES}`);
    return new WritableDb(folder, connection);
  });
}

/** Opens an existing database for reading. Throws as SQLite does. */
export function openReadable(folder: string, file: string): ReadableDb {
  const connection = connect(file, { readonly: true, fileMustExist: true });
  return configured(connection, () => {
    connection.pragma('query_only = ON');
    return new ReadableDb(folder, connection);
  });
}

/** Opens a SQLite file. Throws `platform/old-node`, or as SQLite does. */
export function connect(file: string, options: Database.Options): Database.Database {
  // The native module needs Node-API 10: under an older Node it ends the process instead of throwing.
  if (Number(process.versions.napi) < 10) {
    throw new AppError('platform/old-node', `Node ${process.versions.node} is too old: the database needs Node 22 or newer`, {
      hint: 'Start Feeder with its own Node: npm run, or node_modules/.bin/node.',
    });
  }
  return new Database(file, { timeout: BUSY_MS, ...options });
}

function configured<T>(connection: Database.Database, run: () => T): T {
  try {
    return run();
  } catch (error) {
    connection.close();
    throw error;
  }
}
