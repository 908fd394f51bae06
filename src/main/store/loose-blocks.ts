/** Stretches of intervals whose pages are half empty: rows that were read newest first split each page in the middle. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Row, WritableDb } from './database.ts';

/** Rows that are written anew at once: a few milliseconds. */
const BLOCK_S = 30 * 86_400;
/** A block that is still being filled would be loose again at once. */
const SETTLED_AFTER_S = 3600;

/** Call it before the rows go in. Notes the blocks that they fall into, unless they only go on where the meter's newest one ended. */
export type NoteLoose = (meterId: number, firstUtc: UtcSeconds, lastUtc: UtcSeconds, nowUtc: UtcSeconds) => void;

export interface LooseBlocks {
  readonly note: NoteLoose;
  /** Writes one settled block anew; false when there is none. A durable transaction of its own. */
  tighten(nowUtc: UtcSeconds): boolean;
}

export function looseBlocks(db: WritableDb): LooseBlocks {
  const lookUp = db.query<[meterId: number], Row & { newest: number | null }>(
    'SELECT max(start_utc) AS newest FROM interval WHERE meter_id = ?',
  );
  const newest = new Map<number, UtcSeconds>();
  /** When each block was written to last; those of an earlier run of the program are long settled. */
  const touched = new Map<string, UtcSeconds>();
  const add = db.command('INSERT OR IGNORE INTO loose_block (meter_id, block) VALUES (?, ?)');
  const all = db.query<[], Row & { meter_id: number; block: number }>('SELECT meter_id, block FROM loose_block ORDER BY meter_id, block');
  const remove = db.command('DELETE FROM loose_block WHERE meter_id = ? AND block = ?');
  db.execute('CREATE TEMP TABLE IF NOT EXISTS tight AS SELECT * FROM interval WHERE 0');
  const take = db.command('INSERT INTO tight SELECT * FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?');
  const empty = db.command('DELETE FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?');
  const put = db.command('INSERT INTO interval SELECT * FROM tight ORDER BY meter_id, start_utc');
  const forget = db.command('DELETE FROM tight');
  return {
    note(meterId, firstUtc, lastUtc, nowUtc) {
      const before = newest.get(meterId) ?? lookUp.get(meterId)?.newest ?? Number.NEGATIVE_INFINITY;
      newest.set(meterId, Math.max(before, lastUtc));
      if (firstUtc > before) return;
      for (let block = Math.floor(firstUtc / BLOCK_S); block <= Math.floor(lastUtc / BLOCK_S); block += 1) {
        const key = `${meterId} ${block}`;
        if (!touched.has(key)) add.run(meterId, block);
        touched.set(key, nowUtc);
      }
    },
    tighten(nowUtc) {
      const settled = all.all().find(({ meter_id, block }) => (touched.get(`${meter_id} ${block}`) ?? 0) <= nowUtc - SETTLED_AFTER_S);
      if (settled === undefined) return false;
      const { meter_id: meterId, block } = settled;
      const range = [meterId, block * BLOCK_S, (block + 1) * BLOCK_S] as const;
      db.transaction(() => {
        // Earlier revisions point to the rows that are gone for a moment.
        db.execute('PRAGMA defer_foreign_keys = ON');
        take.run(...range);
        empty.run(...range);
        put.run();
        forget.run();
        remove.run(meterId, block);
      });
      touched.delete(`${meterId} ${block}`);
      return true;
    },
  };
}
