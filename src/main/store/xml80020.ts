import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { AppError } from '../../shared/api/errors.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type {
  CarryRecord,
  HeldDay,
  HoldReason,
  SupplierFileContent,
  SupplierFileRecord,
  SupplierFileState,
  SupplierFileStep,
} from '../../shared/domain/supplier-file.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { bytesOf } from './columns.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** A file as it leaves the house: the document itself, or what the signing command made of it. */
export interface SupplierFilePart {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** A reply as it was judged. */
export interface SupplierReply {
  readonly sha256: string;
  readonly name: string;
  readonly seenUtc: UtcSeconds;
  /** null = refused. */
  readonly fileId: number | null;
  readonly status: number | null;
  readonly error: string | null;
}

/** What a file is numbered with. */
export type SupplierFileFields = Omit<
  SupplierFileRecord,
  'id' | 'state' | 'stateUtc' | 'note' | 'isSigned' | 'folderUtc' | 'mailUtc' | 'staleUtc' | 'messageId'
>;

/** Reads the supplier's files. */
export interface SupplierFileReader {
  get(id: number): SupplierFileRecord | null;
  byNumber(senderInn: string, number: number): SupplierFileRecord | null;
  /** Of days in `[from, to]`, by day, then number. */
  ofDays(senderInn: string, from: string, to: string): SupplierFileRecord[];
  /** The largest number of a day, which is the one that counts; null = none was made. */
  ofDay(senderInn: string, day: string): SupplierFileRecord | null;
  /** In states `made`, `failed` and `sending`, by id. */
  unfinished(): SupplierFileRecord[];
  /** In state `sent` since `sinceUtc` or later, by that moment. */
  waiting(sinceUtc: UtcSeconds): SupplierFileRecord[];
  /** The earliest day that a file was made for; null = none ever was. */
  firstDay(senderInn: string): string | null;
  /** 0 when the sender has none. */
  highestNumber(senderInn: string): number;
  parts(id: number): SupplierFilePart[];
  /** In order of time. */
  steps(id: number): SupplierFileStep[];
  carryOf(id: number): CarryRecord[];
  /** The newest file of the latest day in `[from, before)`: what it left over goes on; null = there is none. */
  latestBefore(senderInn: string, from: string, before: string): SupplierFileRecord | null;
  /** Of days in `[from, to]`, by day. */
  holds(senderInn: string, from: string, to: string): HeldDay[];
  hold(senderInn: string, day: string): HeldDay | null;
  /** Days whose file was made for this job, the newest first. */
  daysOfJob(job: string, limit: number): string[];
  reply(sha256: string): SupplierReply | null;
  repliesOf(fileId: number): SupplierReply[];
  /** Refused ones, the newest first. */
  refusedReplies(limit: number): SupplierReply[];
  hasMailPassword(): boolean;
}

/** Writes the supplier's files. Every call is one durable transaction. */
export interface SupplierFileWriter {
  /**
   * Numbers a file, keeps its bytes and what rounding left over, and lifts the hold of its day. `fields.number` must be one
   * above the highest of the sender and above `floor`: throws `api/conflict` otherwise.
   */
  make(fields: SupplierFileFields, floor: number, parts: readonly SupplierFilePart[], carry: readonly CarryRecord[]): SupplierFileRecord;
  /** Puts what the signing command left in the place of the unsigned parts. Throws `api/not-found`. */
  sign(id: number, parts: readonly SupplierFilePart[]): void;
  /** Throws `api/not-found`. `marks` are set beside the state; what they leave out stays. */
  setState(
    id: number,
    state: SupplierFileState,
    note: string | null,
    atUtc: UtcSeconds,
    marks?: { readonly folderUtc?: UtcSeconds; readonly mailUtc?: UtcSeconds; readonly messageId?: string },
  ): void;
  /** A file that was handed over goes out once more, byte for byte, in a letter of its own. Throws `api/not-found`. */
  reopen(id: number, note: string, nowUtc: UtcSeconds): void;
  /** Other figures are known than a file holds, or (null) they are not any more; the first moment stays. */
  setStale(id: number, sinceUtc: UtcSeconds | null): void;
  /** A day that is held already keeps its `sinceUtc`. */
  setHold(senderInn: string, day: string, reasons: readonly HoldReason[], nowUtc: UtcSeconds): void;
  liftHold(senderInn: string, day: string): void;
  /** Remembers a reply; with a file also what it said. The same bytes again change nothing. */
  addReply(reply: SupplierReply, outcome: { readonly state: SupplierFileState; readonly note: string } | null): void;
}

const COLUMNS = `id, sender_inn, number, area_inn, class, day, timestamp, made_utc, job, content, state, state_utc, note, is_signed, folder,
  is_mailed, folder_utc, mail_utc, stale_utc, message_id`;

type FileRow = Row & {
  readonly id: number;
  readonly sender_inn: string;
  readonly number: number;
  readonly area_inn: string;
  readonly class: SupplierFileRecord['messageClass'];
  readonly day: string;
  readonly timestamp: string;
  readonly made_utc: number;
  readonly job: string | null;
  readonly content: string;
  readonly state: SupplierFileState;
  readonly state_utc: number;
  readonly note: string | null;
  readonly is_signed: number;
  readonly folder: string | null;
  readonly is_mailed: number;
  readonly folder_utc: number | null;
  readonly mail_utc: number | null;
  readonly stale_utc: number | null;
  readonly message_id: string | null;
};
type HoldRow = Row & {
  readonly sender_inn: string;
  readonly day: string;
  readonly since_utc: number;
  readonly checked_utc: number;
  readonly reasons: string;
};
type ReplyRow = Row & {
  readonly sha256: string;
  readonly name: string;
  readonly seen_utc: number;
  readonly file_id: number | null;
  readonly status: number | null;
  readonly error: string | null;
};

/** The supplier's files of an open database. */
export function supplierFileReader(db: ReadableDb): SupplierFileReader {
  const one = <P extends readonly (string | number)[]>(where: string) => {
    const query = db.query<P, FileRow>(`SELECT ${COLUMNS} FROM supplier_file ${where}`);
    return (...params: P): SupplierFileRecord | null => {
      const row = query.get(...params);
      return row === undefined ? null : recordOf(row);
    };
  };
  const many = <P extends readonly (string | number)[]>(where: string) => {
    const query = db.query<P, FileRow>(`SELECT ${COLUMNS} FROM supplier_file ${where}`);
    return (...params: P): SupplierFileRecord[] => query.all(...params).map(recordOf);
  };
  const highest = db.query<[senderInn: string], Row & { highest: number | null }>(
    'SELECT max(number) AS highest FROM supplier_file WHERE sender_inn = ?',
  );
  const firstDay = db.query<[senderInn: string], Row & { first: string | null }>(
    'SELECT min(day) AS first FROM supplier_file WHERE sender_inn = ?',
  );
  const parts = db.query<[id: number], Row & { name: string; packed: Uint8Array; sha256: string }>(
    'SELECT name, packed, sha256 FROM supplier_file_part WHERE file_id = ? ORDER BY place',
  );
  const steps = db.query<[id: number], Row & { at_utc: number; state: SupplierFileState; note: string | null }>(
    'SELECT at_utc, state, note FROM supplier_file_step WHERE file_id = ? ORDER BY id',
  );
  const carry = db.query<[id: number], Row & { point_code: string; channel: Channel; carry: string }>(
    'SELECT point_code, channel, carry FROM supplier_carry WHERE file_id = ? ORDER BY point_code, channel',
  );
  const holds = db.query<[senderInn: string, from: string, to: string], HoldRow>(
    'SELECT sender_inn, day, since_utc, checked_utc, reasons FROM supplier_hold WHERE sender_inn = ? AND day >= ? AND day <= ? ORDER BY day',
  );
  const daysOfJob = db.query<[job: string, limit: number], Row & { day: string }>(
    'SELECT day FROM supplier_file WHERE job = ? ORDER BY id DESC LIMIT ?',
  );
  const REPLY = 'SELECT sha256, name, seen_utc, file_id, status, error FROM supplier_reply';
  const reply = db.query<[sha256: string], ReplyRow>(`${REPLY} WHERE sha256 = ?`);
  const repliesOf = db.query<[fileId: number], ReplyRow>(`${REPLY} WHERE file_id = ?`);
  const refused = db.query<[limit: number], ReplyRow>(`${REPLY} WHERE error IS NOT NULL ORDER BY seen_utc DESC LIMIT ?`);
  const mailSecret = db.query<[], Row & { secret_id: number }>('SELECT secret_id FROM supplier_mail_secret WHERE id = 1');
  const holdsOf = (senderInn: string, from: string, to: string) => holds.all(senderInn, from, to).map(heldDayOf);
  return {
    get: one<[id: number]>('WHERE id = ?'),
    byNumber: one<[senderInn: string, number: number]>('WHERE sender_inn = ? AND number = ?'),
    ofDays: many<[senderInn: string, from: string, to: string]>('WHERE sender_inn = ? AND day >= ? AND day <= ? ORDER BY day, number'),
    ofDay: one<[senderInn: string, day: string]>('WHERE sender_inn = ? AND day = ? ORDER BY number DESC LIMIT 1'),
    unfinished: many<[]>("WHERE state IN ('made', 'failed', 'sending') ORDER BY id"),
    waiting: many<[sinceUtc: number]>("WHERE state = 'sent' AND state_utc >= ? ORDER BY state_utc"),
    firstDay: (senderInn) => firstDay.get(senderInn)?.first ?? null,
    highestNumber: (senderInn) => highest.get(senderInn)?.highest ?? 0,
    parts: (id) =>
      parts.all(id).map(({ name, packed, sha256 }) => ({ name, bytes: new Uint8Array(inflateRawSync(bytesOf(packed))), sha256 })),
    steps: (id) => steps.all(id).map(({ at_utc, state, note }) => ({ atUtc: at_utc, state, note })),
    carryOf: (id) => carry.all(id).map(({ point_code, channel, carry: rest }) => ({ pointCode: point_code, channel, carry: rest })),
    latestBefore: one<[senderInn: string, from: string, before: string]>(
      'WHERE sender_inn = ? AND day >= ? AND day < ? ORDER BY day DESC, number DESC LIMIT 1',
    ),
    holds: holdsOf,
    hold: (senderInn, day) => holdsOf(senderInn, day, day)[0] ?? null,
    daysOfJob: (job, limit) => daysOfJob.all(job, limit).map(({ day }) => day),
    reply(sha256) {
      const row = reply.get(sha256);
      return row === undefined ? null : replyOf(row);
    },
    repliesOf: (fileId) => repliesOf.all(fileId).map(replyOf),
    refusedReplies: (limit) => refused.all(limit).map(replyOf),
    hasMailPassword: () => mailSecret.get() !== undefined,
  };
}

/** Writes the supplier's files into an open database. */
export function supplierFileWriter(db: WritableDb, reader: SupplierFileReader): SupplierFileWriter {
  const insert = db.command(
    `INSERT INTO supplier_file (sender_inn, number, area_inn, class, day, timestamp, made_utc, job, content, state, state_utc, folder, is_mailed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'made', ?, ?, ?)`,
  );
  const addPart = db.command('INSERT INTO supplier_file_part (file_id, place, name, packed, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)');
  const dropParts = db.command('DELETE FROM supplier_file_part WHERE file_id = ?');
  const markSigned = db.command('UPDATE supplier_file SET is_signed = 1 WHERE id = ?');
  const addStep = db.command('INSERT INTO supplier_file_step (file_id, at_utc, state, note) VALUES (?, ?, ?, ?)');
  const addCarry = db.command('INSERT INTO supplier_carry (file_id, point_code, channel, carry) VALUES (?, ?, ?, ?)');
  const setState = db.command(
    `UPDATE supplier_file SET state = ?, state_utc = ?, note = ?, folder_utc = coalesce(?, folder_utc), mail_utc = coalesce(?, mail_utc),
       message_id = coalesce(?, message_id) WHERE id = ?`,
  );
  const clearMarks = db.command('UPDATE supplier_file SET folder_utc = NULL, mail_utc = NULL, message_id = NULL WHERE id = ?');
  const setStale = db.command('UPDATE supplier_file SET stale_utc = iif(? IS NULL, NULL, coalesce(stale_utc, ?)) WHERE id = ?');
  const setHold = db.command(
    `INSERT INTO supplier_hold (sender_inn, day, since_utc, checked_utc, reasons) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET checked_utc = excluded.checked_utc, reasons = excluded.reasons`,
  );
  const liftHold = db.command('DELETE FROM supplier_hold WHERE sender_inn = ? AND day = ?');
  const addReply = db.command(
    'INSERT INTO supplier_reply (sha256, name, seen_utc, file_id, status, error) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const existing = (id: number): SupplierFileRecord => {
    const record = reader.get(id);
    if (record === null) throw new AppError('api/not-found', `There is no supplier's file ${id}`, { context: { id } });
    return record;
  };
  const keepParts = (id: number, parts: readonly SupplierFilePart[]) => {
    dropParts.run(id);
    for (const [place, { name, bytes, sha256 }] of parts.entries())
      addPart.run(id, place, name, new Uint8Array(deflateRawSync(bytes)), bytes.length, sha256);
  };
  const change: SupplierFileWriter['setState'] = (id, state, note, atUtc, marks = {}) => {
    const before = existing(id);
    setState.run(state, atUtc, note, marks.folderUtc ?? null, marks.mailUtc ?? null, marks.messageId ?? null, id);
    if (before.state !== state || before.note !== note) addStep.run(id, atUtc, state, note);
  };
  return {
    make: (fields, floor, parts, carry) =>
      db.transaction(() => {
        const { senderInn, number, areaInn, messageClass, day, timestamp, madeUtc, job, content, folder, isMailed } = fields;
        const next = Math.max(reader.highestNumber(senderInn), floor) + 1;
        if (number !== next) {
          throw new AppError('api/conflict', `Number ${number} is not the next one, which is ${next}`, { context: { number, next } });
        }
        const text = JSON.stringify(content);
        const id = insert.insert(
          senderInn,
          number,
          areaInn,
          messageClass,
          day,
          timestamp,
          madeUtc,
          job,
          text,
          madeUtc,
          folder,
          isMailed ? 1 : 0,
        );
        keepParts(id, parts);
        for (const { pointCode, channel, carry: rest } of carry) addCarry.run(id, pointCode, channel, rest);
        addStep.run(id, madeUtc, 'made', null);
        liftHold.run(senderInn, day);
        return existing(id);
      }),
    sign: (id, parts) =>
      db.transaction(() => {
        existing(id);
        keepParts(id, parts);
        markSigned.run(id);
      }),
    setState: (...args) => db.transaction(() => change(...args)),
    reopen: (id, note, nowUtc) =>
      db.transaction(() => {
        clearMarks.run(id);
        change(id, 'made', note, nowUtc);
      }),
    setStale(id, sinceUtc) {
      setStale.run(sinceUtc, sinceUtc, id);
    },
    setHold(senderInn, day, reasons, nowUtc) {
      setHold.run(senderInn, day, nowUtc, nowUtc, JSON.stringify(reasons));
    },
    liftHold(senderInn, day) {
      liftHold.run(senderInn, day);
    },
    addReply: ({ sha256, name, seenUtc, fileId, status, error }, outcome) =>
      db.transaction(() => {
        const isNew = addReply.run(sha256, name, seenUtc, fileId, status, error) > 0;
        if (isNew && fileId !== null && outcome !== null) change(fileId, outcome.state, outcome.note, seenUtc);
      }),
  };
}

function recordOf(row: FileRow): SupplierFileRecord {
  const content: SupplierFileContent = JSON.parse(row.content);
  return {
    id: row.id,
    senderInn: row.sender_inn,
    areaInn: row.area_inn,
    messageClass: row.class,
    number: row.number,
    day: row.day,
    timestamp: row.timestamp,
    madeUtc: row.made_utc,
    job: row.job,
    state: row.state,
    stateUtc: row.state_utc,
    note: row.note,
    content,
    isSigned: row.is_signed === 1,
    folder: row.folder,
    isMailed: row.is_mailed === 1,
    folderUtc: row.folder_utc,
    mailUtc: row.mail_utc,
    staleUtc: row.stale_utc,
    messageId: row.message_id,
  };
}

function heldDayOf({ sender_inn, day, since_utc, checked_utc, reasons }: HoldRow): HeldDay {
  const list: HoldReason[] = JSON.parse(reasons);
  return { senderInn: sender_inn, day, sinceUtc: since_utc, checkedUtc: checked_utc, reasons: list };
}

function replyOf({ sha256, name, seen_utc, file_id, status, error }: ReplyRow): SupplierReply {
  return { sha256, name, seenUtc: seen_utc, fileId: file_id, status, error };
}
