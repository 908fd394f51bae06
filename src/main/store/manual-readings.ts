import { AppError } from '../../shared/api/errors.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';
import type { RefuseClosed } from './months.ts';

/** A register that a person read at the meter. */
export interface ManualReading {
  readonly id: number;
  readonly pointId: number;
  readonly atUtc: UtcSeconds;
  /** Of the point. */
  readonly channel: Channel;
  /** 0 = sum. */
  readonly tariff: number;
  /** Whole Wh or varh, secondary side. */
  readonly readingWh: number;
  /** A person says that the register ran over before it. */
  readonly isRollOver: boolean;
  readonly author: string;
  readonly reason: string;
  readonly madeUtc: UtcSeconds;
  /** All null while it is in force. */
  readonly withdrawnUtc: UtcSeconds | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnReason: string | null;
}

export interface ManualReadingReader {
  /** In force, of one point, in order of time. */
  ofPoint(pointId: number): ManualReading[];
  /** Of moments in `[fromUtc, toUtc)`, those withdrawn too, in order of time. */
  list(fromUtc: UtcSeconds, toUtc: UtcSeconds): ManualReading[];
  get(id: number): ManualReading | null;
}

export interface ManualReadingWriter {
  /** Writes one down; audited, its number. Throws `api/conflict` where one stands already or the month is closed. */
  add(
    reading: Pick<ManualReading, 'pointId' | 'atUtc' | 'channel' | 'tariff' | 'readingWh' | 'isRollOver' | 'author' | 'reason'>,
    pointCode: string,
    who: string,
  ): number;
  /** Takes one back; audited. Throws `api/not-found`, and `api/conflict` where it is withdrawn already or its month is closed. */
  withdraw(id: number, pointCode: string, by: { readonly author: string; readonly who: string; readonly reason: string }): void;
}

type ReadingRow = Row & Omit<ManualReading, 'isRollOver'> & { readonly isRollOver: number };

const FIELDS = `id, point_id AS pointId, at_utc AS atUtc, channel, tariff, reading AS readingWh, is_roll_over AS isRollOver, author, reason,
  made_utc AS madeUtc, withdrawn_utc AS withdrawnUtc, withdrawn_by AS withdrawnBy, withdrawn_reason AS withdrawnReason`;

export function manualReadingReader(db: ReadableDb): ManualReadingReader {
  const ofPoint = db.query<[pointId: number], ReadingRow>(
    `SELECT ${FIELDS} FROM manual_reading WHERE point_id = ? AND withdrawn_utc IS NULL ORDER BY channel, tariff, at_utc`,
  );
  const list = db.query<[fromUtc: number, toUtc: number], ReadingRow>(
    `SELECT ${FIELDS} FROM manual_reading WHERE at_utc >= ? AND at_utc < ? ORDER BY at_utc`,
  );
  const get = db.query<[id: number], ReadingRow>(`SELECT ${FIELDS} FROM manual_reading WHERE id = ?`);
  return {
    ofPoint: (pointId) =>
      ofPoint
        .all(pointId)
        .map(readingOf)
        .sort((a, b) => a.atUtc - b.atUtc),
    list: (...args) => list.all(...args).map(readingOf),
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? null : readingOf(row);
    },
  };
}

/** Each call is a durable transaction of its own. */
export function manualReadingWriter(
  db: WritableDb,
  audit: AppendAudit,
  refuseClosed: RefuseClosed,
  nowUtc: () => UtcSeconds,
): ManualReadingWriter {
  const { get } = manualReadingReader(db);
  const known = db.query<[pointId: number, channel: string, tariff: number, atUtc: number], Row & { id: number }>(
    'SELECT id FROM manual_reading WHERE point_id = ? AND channel = ? AND tariff = ? AND at_utc = ? AND withdrawn_utc IS NULL',
  );
  const insert = db.command(
    `INSERT INTO manual_reading (point_id, at_utc, channel, tariff, reading, is_roll_over, author, reason, made_utc)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const end = db.command('UPDATE manual_reading SET withdrawn_utc = ?, withdrawn_by = ?, withdrawn_reason = ? WHERE id = ?');
  return {
    add: ({ pointId, atUtc, channel, tariff, readingWh, isRollOver, author, reason }, pointCode, who) =>
      db.transaction(() => {
        // At a midnight between two months it is the first figure of the later one.
        refuseClosed(atUtc, atUtc + 1);
        if (known.get(pointId, channel, tariff, atUtc) !== undefined) {
          throw new AppError('api/conflict', `A reading of point ${pointCode} for this moment is written down already`, {
            context: { point_code: pointCode, channel, tariff },
            hint: 'Withdraw it first if it is wrong.',
          });
        }
        const now = nowUtc();
        const id = insert.insert(pointId, atUtc, channel, tariff, readingWh, isRollOver ? 1 : 0, author, reason, now);
        const newValue = JSON.stringify({ reading: id, atUtc, channel, tariff, readingWh, isRollOver, author });
        audit({ who, action: 'reading.enter', subject: `point ${pointCode}`, oldValue: null, newValue, reason }, now);
        return id;
      }),
    withdraw: (id, pointCode, { author, who, reason }) =>
      db.transaction(() => {
        const reading = get(id);
        if (reading === null) throw new AppError('api/not-found', 'There is no such reading', { context: { readingId: id } });
        if (reading.withdrawnUtc !== null) throw new AppError('api/conflict', 'The reading is withdrawn already');
        refuseClosed(reading.atUtc, reading.atUtc + 1);
        const now = nowUtc();
        end.run(now, author, reason, id);
        const { atUtc, channel, tariff, readingWh } = reading;
        const oldValue = JSON.stringify({ reading: id, atUtc, channel, tariff, readingWh });
        audit(
          {
            who,
            action: 'reading.withdraw',
            subject: `point ${pointCode}`,
            oldValue,
            newValue: JSON.stringify({ withdrawnBy: author }),
            reason,
          },
          now,
        );
      }),
  };
}

function readingOf(row: ReadingRow): ManualReading {
  return { ...row, isRollOver: row.isRollOver === 1 };
}
