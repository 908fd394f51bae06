import { AppError } from '../../shared/api/errors.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { ReceivedDay, ReceivedFile, ReceivedInterval, ReceivedOutcome } from '../../shared/domain/received.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads figures that came in files of others. */
export interface ReceivedReader {
  /** Newest first. */
  files(offset: number, limit: number): { readonly rows: ReceivedFile[]; readonly total: number };
  file(id: number): ReceivedFile | null;
  /** What counts of a day, by point and channel. */
  ofDay(day: string): ReceivedDay[];
  /** What counts of a point for days in `[from, to]`, by day and channel; of one sender. */
  ofPoint(senderInn: string, pointCode: string, from: string, to: string): ReceivedDay[];
  /** First day that this sender has told of the point; null = none. */
  firstDay(senderInn: string, pointCode: string): string | null;
  /** Whose files a point without a link lives by; null = it does not. */
  sourceOf(pointId: number): string | null;
  sources(): { readonly pointId: number; readonly senderInn: string }[];
}

/** A point that lives by files of others and is made for it. */
export interface NewSourcePoint {
  readonly code: string;
  readonly name: string;
  readonly substation: string;
  readonly code80020: string;
}

/** Writes figures that came in files of others. */
export interface ReceivedWriter {
  /**
   * Keeps a file with its figures, all or nothing; audited. The same bytes again change nothing. Throws `api/conflict` when the sender has used
   * the number of this day for other contents.
   */
  add(file: Omit<ReceivedFile, 'id'>, days: readonly ReceivedDay[]): { readonly id: number; readonly outcome: ReceivedOutcome };
  /** Points without a link live by the files of this sender from now on; those that are not there are made. Audited. */
  addSources(senderInn: string, pointIds: readonly number[], made: readonly NewSourcePoint[], who: string, nowUtc: UtcSeconds): void;
  /** A point does not live by files any more; what came stays. */
  dropSource(pointId: number, who: string, nowUtc: UtcSeconds): void;
}

const FILE = 'id, sender_inn, sender_name, class, number, day, timestamp, name, sha256, received_utc, who';
type FileRow = Row & {
  readonly id: number;
  readonly sender_inn: string;
  readonly sender_name: string;
  readonly class: string;
  readonly number: number;
  readonly day: string;
  readonly timestamp: string;
  readonly name: string;
  readonly sha256: string;
  readonly received_utc: number;
  readonly who: string;
};
const FIGURE = 'sender_inn, area_inn, point_code, channel, day, figures';
type FigureRow = Row & {
  readonly sender_inn: string;
  readonly area_inn: string;
  readonly point_code: string;
  readonly channel: Channel;
  readonly day: string;
  readonly figures: string;
};

/** Received figures of an open database. */
export function receivedReader(db: ReadableDb): ReceivedReader {
  const page = db.query<[limit: number, offset: number], FileRow>(`SELECT ${FILE} FROM received_file ORDER BY id DESC LIMIT ? OFFSET ?`);
  const count = db.query<[], Row & { n: number }>('SELECT count(*) AS n FROM received_file');
  const file = db.query<[id: number], FileRow>(`SELECT ${FILE} FROM received_file WHERE id = ?`);
  const ofDay = db.query<[day: string], FigureRow>(
    `SELECT ${FIGURE} FROM received_figure WHERE is_current = 1 AND day = ? ORDER BY point_code, channel`,
  );
  const ofPoint = db.query<[code: string, from: string, to: string, sender: string], FigureRow>(
    `SELECT ${FIGURE} FROM received_figure WHERE is_current = 1 AND point_code = ? AND day >= ? AND day <= ? AND sender_inn = ?
     ORDER BY day, channel`,
  );
  const firstDay = db.query<[code: string, sender: string], Row & { first: string | null }>(
    'SELECT min(day) AS first FROM received_figure WHERE is_current = 1 AND point_code = ? AND sender_inn = ?',
  );
  const source = db.query<[pointId: number], Row & { sender_inn: string }>('SELECT sender_inn FROM received_source WHERE point_id = ?');
  const sources = db.query<[], Row & { point_id: number; sender_inn: string }>(
    'SELECT point_id, sender_inn FROM received_source ORDER BY point_id',
  );
  return {
    files: (offset, limit) => ({ rows: page.all(limit, offset).map(fileOf), total: count.get()?.n ?? 0 }),
    file(id) {
      const row = file.get(id);
      return row === undefined ? null : fileOf(row);
    },
    ofDay: (day) => ofDay.all(day).map(dayOf),
    ofPoint: (senderInn, pointCode, from, to) => ofPoint.all(pointCode, from, to, senderInn).map(dayOf),
    firstDay: (senderInn, pointCode) => firstDay.get(pointCode, senderInn)?.first ?? null,
    sourceOf: (pointId) => source.get(pointId)?.sender_inn ?? null,
    sources: () => sources.all().map(({ point_id, sender_inn }) => ({ pointId: point_id, senderInn: sender_inn })),
  };
}

/** Writes received figures into an open database. */
export function receivedWriter(db: WritableDb, audit: AppendAudit): ReceivedWriter {
  const known = db.query<[sha256: string], Row & { id: number }>('SELECT id FROM received_file WHERE sha256 = ?');
  const sameNumber = db.query<[day: string, sender: string, number: number], Row & { id: number }>(
    'SELECT id FROM received_file WHERE day = ? AND sender_inn = ? AND number = ?',
  );
  const addFile = db.command(
    `INSERT INTO received_file (sender_inn, sender_name, class, number, day, timestamp, name, sha256, received_utc, who)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const current = db.query<[code: string, day: string, channel: string, sender: string, area: string], Row & { number: number }>(
    `SELECT number FROM received_figure JOIN received_file ON received_file.id = file_id
     WHERE is_current = 1 AND point_code = ? AND received_figure.day = ? AND channel = ? AND received_figure.sender_inn = ? AND area_inn = ?`,
  );
  const supersede = db.command(
    `UPDATE received_figure SET is_current = 0
     WHERE is_current = 1 AND point_code = ? AND day = ? AND channel = ? AND sender_inn = ? AND area_inn = ?`,
  );
  const addFigure = db.command(
    `INSERT INTO received_figure (sender_inn, area_inn, point_code, channel, day, file_id, figures, is_current) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const substation = db.query<[name: string], Row & { id: number }>('SELECT id FROM substation WHERE name = ?');
  const addSubstation = db.command('INSERT INTO substation (name) VALUES (?)');
  const addPoint = db.command(
    "INSERT INTO point (substation_id, code, name, role, owner, code_80020) VALUES (?, ?, ?, 'settlement', 'network-company', ?)",
  );
  const addSource = db.command(
    `INSERT INTO received_source (point_id, sender_inn, since_utc, who) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sender_inn = excluded.sender_inn`,
  );
  const dropSource = db.command('DELETE FROM received_source WHERE point_id = ?');

  const addDay = (fileId: number, number: number, day: ReceivedDay): boolean => {
    const key = [day.pointCode, day.day, day.channel, day.senderInn, day.areaInn] as const;
    const before = current.get(...key)?.number ?? null;
    const isCurrent = before === null || number > before;
    if (isCurrent) supersede.run(...key);
    const figures = JSON.stringify(day.intervals);
    addFigure.run(day.senderInn, day.areaInn, day.pointCode, day.channel, day.day, fileId, figures, isCurrent ? 1 : 0);
    return isCurrent;
  };
  return {
    add: (file, days) =>
      db.transaction(() => {
        const before = known.get(file.sha256);
        if (before !== undefined) return { id: before.id, outcome: 'known' };
        const { senderInn, senderName, messageClass, number, day, timestamp, name, sha256, receivedUtc, who } = file;
        if (sameNumber.get(day, senderInn, number) !== undefined) {
          throw new AppError('api/conflict', `Sender ${senderInn} has used number ${number} of ${day} for a file with other contents`, {
            context: { senderInn, number, day },
            hint: 'A corrected day has a larger number: ask the sender which of the two files counts.',
          });
        }
        const id = addFile.insert(senderInn, senderName, messageClass, number, day, timestamp, name, sha256, receivedUtc, who);
        const kept = days.filter((one) => addDay(id, number, one)).length;
        const newValue = JSON.stringify({ sender: senderInn, number, day, name, channels: days.length, current: kept });
        audit({ who, action: 'received.add', subject: `file ${name}`, oldValue: null, newValue, reason: null }, receivedUtc);
        return { id, outcome: kept === 0 && days.length > 0 ? 'older' : 'stored' };
      }),
    addSources: (senderInn, pointIds, made, who, nowUtc) => {
      db.transaction(() => {
        const added = made.map(({ code, name, substation: place, code80020 }) =>
          addPoint.insert(substation.get(place)?.id ?? addSubstation.insert(place), code, name, code80020),
        );
        for (const pointId of [...pointIds, ...added]) {
          addSource.run(pointId, senderInn, nowUtc, who);
          const subject = `point ${pointId}`;
          audit({ who, action: 'received.source', subject, oldValue: null, newValue: senderInn, reason: null }, nowUtc);
        }
      });
    },
    dropSource: (pointId, who, nowUtc) => {
      db.transaction(() => {
        if (dropSource.run(pointId) === 0) return;
        audit({ who, action: 'received.source', subject: `point ${pointId}`, oldValue: 'set', newValue: null, reason: null }, nowUtc);
      });
    },
  };
}

function fileOf(row: FileRow): ReceivedFile {
  return {
    id: row.id,
    senderInn: row.sender_inn,
    senderName: row.sender_name,
    messageClass: row.class,
    number: row.number,
    day: row.day,
    timestamp: row.timestamp,
    name: row.name,
    sha256: row.sha256,
    receivedUtc: row.received_utc,
    who: row.who,
  };
}

function dayOf({ sender_inn, area_inn, point_code, channel, day, figures }: FigureRow): ReceivedDay {
  const intervals: ReceivedInterval[] = JSON.parse(figures);
  return { senderInn: sender_inn, areaInn: area_inn, pointCode: point_code, channel, day, intervals };
}
