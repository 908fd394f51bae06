import type { OnecKind } from '../../../shared/api/receivers.ts';
import type { AckFault, PackageAck, PackageContent, PackageRecord, PackageState, SentDay } from '../../../shared/domain/package.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';

/** What a package is numbered with; the rest of its record comes with its content, its delivery and its answer. */
export type PackageFields = Omit<PackageRecord, 'id' | 'number' | 'state' | 'error' | 'content' | 'deliveredUtc' | 'ack'>;

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

/** Where packages are remembered. Every call is one synchronous, durable transaction. */
export interface PackageStore {
  /**
   * A new record in state `made` without content. Its number is one above the highest of the receiver, and above `floor`:
   * the highest number seen among files, which is ahead of the store after a restore from a backup (onec.md 4.5a).
   */
  reserve(fields: PackageFields, floor: number): PackageRecord;
  /** Forgets what an earlier try to render the package remembered. */
  begin(id: number): void;
  /** Keeps what the package says of a point; it counts once the package is complete. */
  remember(id: number, sent: readonly SentDay[]): void;
  /** Gives a package its content; again for the same package it replaces it. */
  complete(id: number, content: PackageContent): void;
  /** `atUtc` = when it came to lie in its folder; only the first such moment is kept. */
  setState(id: number, state: PackageState, error: string | null, atUtc: UtcSeconds): void;
  /** Packages in states `made` and `failed`, by number. */
  unfinished(receiver: string): readonly PackageRecord[];
  get(id: number): PackageRecord | null;
  byNumber(receiver: string, number: number): PackageRecord | null;
  /** 0 when the receiver has none. */
  highestNumber(receiver: string): number;
  /**
   * What the receiver was told last of each key and day of a point, by complete packages below a number; days are ISO dates, both
   * inclusive.
   */
  sentBefore(
    receiver: string,
    kind: OnecKind,
    pointCode: string,
    days: { from: string; to: string },
    belowNumber: number,
  ): readonly SentDay[];
  /** pack_id of the last complete full package of exactly this kind and period; null = there was none. */
  lastFull(receiver: string, kind: OnecKind, from: string, to: string): string | null;
  /** An answer of the receiver: it becomes the state of the package. */
  saveAck(id: number, ack: PackageAck): void;
  refusedAcks(receiver: string): readonly RefusedAck[];
  saveRefusedAck(refused: RefusedAck): void;
  dropRefusedAck(receiver: string, folder: string, file: string): void;
  /** Accepted packages that were made before a moment and whose files are still kept, by number. */
  prunable(receiver: string, beforeUtc: UtcSeconds): readonly PackageRecord[];
  markPruned(id: number, atUtc: UtcSeconds): void;
}
