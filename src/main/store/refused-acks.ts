import type { AckFault } from '../../shared/domain/package.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** A file in a folder of answers that is no answer to be believed. */
export interface RefusedAck {
  readonly receiver: string;
  readonly folder: string;
  readonly file: string;
  readonly reason: AckFault;
  /** Tells a file that was changed from the one that was refused. */
  readonly digest: string;
  readonly foundUtc: UtcSeconds;
}

/** Reads the refused files. */
export interface RefusedAckReader {
  /** Of one receiver, by folder and name. */
  refusedAcks(receiver: string): RefusedAck[];
}

/** Writes the refused files; each call is one durable transaction. */
export interface RefusedAckWriter {
  /** Takes the place of what was said of the same file before. */
  saveRefusedAck(refused: RefusedAck): void;
  dropRefusedAck(receiver: string, folder: string, file: string): void;
}

type RefusalRow = Row & {
  readonly receiver: string;
  readonly folder: string;
  readonly file: string;
  readonly reason: AckFault;
  readonly digest: string;
  readonly found_utc: number;
};

export function refusedAckReader(db: ReadableDb): RefusedAckReader {
  const all = db.query<[receiver: string], RefusalRow>(
    'SELECT receiver, folder, file, reason, digest, found_utc FROM ack_refusal WHERE receiver = ? ORDER BY folder, file',
  );
  return { refusedAcks: (receiver) => all.all(receiver).map(({ found_utc, ...rest }) => ({ ...rest, foundUtc: found_utc })) };
}

export function refusedAckWriter(db: WritableDb): RefusedAckWriter {
  const save = db.command('INSERT OR REPLACE INTO ack_refusal VALUES (?, ?, ?, ?, ?, ?)');
  const drop = db.command('DELETE FROM ack_refusal WHERE receiver = ? AND folder = ? AND file = ?');
  return {
    saveRefusedAck({ receiver, folder, file, reason, digest, foundUtc }) {
      save.run(receiver, folder, file, reason, digest, foundUtc);
    },
    dropRefusedAck(receiver, folder, file) {
      drop.run(receiver, folder, file);
    },
  };
}
