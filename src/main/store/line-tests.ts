import type { LineTest } from '../../shared/api/search.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads the tests of lines that ran to their end. */
export interface LineTestReader {
  /** Newest first. */
  list(lineId: number): LineTest[];
  get(id: number): LineTest | null;
  /** 0 when there is none. */
  highestId(): number;
}

type LineTestRow = Row & { readonly id: number; readonly result: string };

/** Line tests of an open database. */
export function lineTestReader(db: ReadableDb): LineTestReader {
  const list = db.query<[lineId: number], LineTestRow>(
    'SELECT id, result FROM line_test WHERE line_id = ? ORDER BY started_utc DESC, id DESC',
  );
  const get = db.query<[id: number], LineTestRow>('SELECT id, result FROM line_test WHERE id = ?');
  const highest = db.query<[], Row & { highest: number | null }>('SELECT max(id) AS highest FROM line_test');
  return {
    list: (lineId) => list.all(lineId).map(testOf),
    get(id) {
      const row = get.get(id);
      return row === undefined ? null : testOf(row);
    },
    highestId: () => highest.get()?.highest ?? 0,
  };
}

/** Stores a finished test under its id; one durable transaction. */
export function lineTestWriter(db: WritableDb): (test: LineTest) => void {
  const insert = db.command('INSERT INTO line_test (id, line_id, started_utc, ended_utc, result) VALUES (?, ?, ?, ?, ?)');
  return ({ id, ...result }) =>
    db.transaction(() => {
      insert.run(id, result.lineId, seconds(result.startedAt), seconds(result.endedAt ?? result.startedAt), JSON.stringify(result));
    });
}

function testOf({ id, result }: LineTestRow): LineTest {
  const test: Omit<LineTest, 'id'> = JSON.parse(result);
  return { id, ...test };
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}
