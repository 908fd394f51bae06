import { type JournalRead, MARKING_EVENTS, type MeterEvent, type MeterEventKind, TWIN_EVENTS } from '../../shared/domain/meter-event.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Which events; what is left out does not narrow the list. */
export interface JournalFilter {
  readonly meterIds?: readonly number[];
  /** Moments [fromUtc, toUtc) by the meters' own clocks. */
  readonly fromUtc?: UtcSeconds;
  readonly toUtc?: UtcSeconds;
  readonly kinds?: readonly MeterEventKind[];
}

export type StoredEvent = MeterEvent & { readonly meterId: number };

/** Reads what meters wrote into their own journals. */
export interface JournalReader {
  /** Events of one meter in [fromUtc, toUtc) that say something of its intervals, oldest first. */
  marking(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): StoredEvent[];
  /** Journals of one meter that were read to their end. */
  reads(meterId: number): JournalRead[];
  /** Newest first; events of one moment in the opposite order of their key. `total` counts all that the filter lets through. */
  list(filter: JournalFilter, offset: number, limit: number): { readonly rows: StoredEvent[]; readonly total: number };
}

type EventRow = Row & {
  readonly meter_id: number;
  readonly journal: number;
  readonly at_utc: number;
  readonly event: MeterEventKind;
  readonly twin: string;
  readonly details: string | null;
};

/** Kinds as one text, so that a statement serves any number of them: `,power-on,power-off,`; empty = all. */
type Narrowing = [fromUtc: number, toUtc: number, kinds: string, kindsAgain: string];
const NARROWED = "at_utc >= ? AND at_utc < ? AND (? = '' OR instr(?, ',' || event || ',') > 0)";
const COLUMNS = 'meter_id, journal, at_utc, event, twin, details';
const NEWEST_FIRST = 'ORDER BY at_utc DESC, meter_id DESC, journal DESC, event DESC, twin DESC';

/** Meters in quarantine, or turned away from it, are none of the plant's. */
const PLACED = 'meter_id NOT IN (SELECT id FROM meter WHERE quarantined_utc IS NOT NULL)';

/** Journals of an open database. */
export function journalReader(db: ReadableDb): JournalReader {
  const page = db.query<[...Narrowing, limit: number, offset: number], EventRow>(
    `SELECT ${COLUMNS} FROM journal WHERE ${NARROWED} AND ${PLACED} ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
  );
  const count = db.query<Narrowing, Row & { n: number }>(`SELECT count(*) AS n FROM journal WHERE ${NARROWED} AND ${PLACED}`);
  const pageOfMeter = db.query<[meterId: number, ...Narrowing, limit: number], EventRow>(
    `SELECT ${COLUMNS} FROM journal WHERE meter_id = ? AND ${NARROWED} ${NEWEST_FIRST} LIMIT ?`,
  );
  const countOfMeter = db.query<[meterId: number, ...Narrowing], Row & { n: number }>(
    `SELECT count(*) AS n FROM journal WHERE meter_id = ? AND ${NARROWED}`,
  );
  const marking = db.query<[meterId: number, fromUtc: number, toUtc: number], EventRow>(
    `SELECT ${COLUMNS} FROM journal WHERE meter_id = ? AND at_utc >= ? AND at_utc < ?
       AND event IN (${MARKING_EVENTS.map((kind) => `'${kind}'`).join(', ')}) ORDER BY at_utc`,
  );
  const reads = db.query<[meterId: number], Row & JournalRead>(
    'SELECT journal, newest, at_utc AS atUtc FROM journal_read WHERE meter_id = ?',
  );
  return {
    reads: (meterId) => reads.all(meterId),
    marking: (...args) => marking.all(...args).map(storedEvent),
    list({ meterIds, fromUtc, toUtc, kinds }, offset, limit) {
      const names = kinds === undefined ? '' : `,${kinds.join(',')},`;
      const narrowing: Narrowing = [fromUtc ?? Number.MIN_SAFE_INTEGER, toUtc ?? Number.MAX_SAFE_INTEGER, names, names];
      if (meterIds === undefined) {
        return { rows: page.all(...narrowing, limit, offset).map(storedEvent), total: count.get(...narrowing)?.n ?? 0 };
      }
      const ids = [...new Set(meterIds)];
      // A point has seen a meter or two: each one's newest come in order by the key, and few are thrown away.
      const rows = ids.flatMap((id) => pageOfMeter.all(id, ...narrowing, offset + limit)).sort(newestFirst);
      return {
        rows: rows.slice(offset, offset + limit).map(storedEvent),
        total: ids.reduce((sum, id) => sum + (countOfMeter.get(id, ...narrowing)?.n ?? 0), 0),
      };
    },
  };
}

/**
 * Stores one event of a meter; the same record read again changes nothing, other details replace those before, or are another
 * event where a second may hold several. `exchangeId` is asked for only when something changes. Call it inside a transaction.
 */
export function journalWriter(db: WritableDb): (meterId: number, event: MeterEvent, exchangeId: () => number | null) => void {
  const known = db.query<[number, number, number, string, string], Row & { details: string | null }>(
    'SELECT details FROM journal WHERE meter_id = ? AND journal = ? AND at_utc = ? AND event = ? AND twin = ?',
  );
  const replace = db.command(`INSERT OR REPLACE INTO journal (${COLUMNS}, exchange_id) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  return (meterId, { journal, kind, atUtc, details }, exchangeId) => {
    const text = Object.keys(details).length === 0 ? null : JSON.stringify(details);
    const twin = TWIN_EVENTS.some((each) => each === kind) ? (text ?? '') : '';
    const before = known.get(meterId, journal, atUtc, kind, twin);
    if (before !== undefined && before.details === text) return;
    replace.run(meterId, journal, atUtc, kind, twin, text, exchangeId());
  };
}

/** Stores that a journal was read to its end; the last time counts. */
export function journalReadWriter(db: WritableDb): (meterId: number, read: JournalRead) => void {
  const upsert = db.command('INSERT OR REPLACE INTO journal_read (meter_id, journal, newest, at_utc) VALUES (?, ?, ?, ?)');
  return (meterId, { journal, newest, atUtc }) => {
    upsert.run(meterId, journal, newest, atUtc);
  };
}

function newestFirst(a: EventRow, b: EventRow): number {
  return (
    b.at_utc - a.at_utc || b.meter_id - a.meter_id || b.journal - a.journal || compareText(b.event, a.event) || compareText(b.twin, a.twin)
  );
}

/** As SQLite orders texts of ASCII. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function storedEvent(row: EventRow): StoredEvent {
  return {
    meterId: row.meter_id,
    journal: row.journal,
    kind: row.event,
    atUtc: row.at_utc,
    details: row.details === null ? {} : (JSON.parse(row.details) as MeterEvent['details']),
  };
}
