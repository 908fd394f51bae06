/** Average-power profile: descriptor 08 13 and records 06 (mercury.md 8). Counts are N of 1/(2A) kWh or kvarh. */
import { AppError } from '../../../shared/api/errors.ts';
import type { PerChannel } from '../../../shared/domain/channel.ts';
import type { WallTime } from '../../../shared/domain/time.ts';
import { implausible } from '../protocol-error.ts';
import { parseWall } from './clock.ts';
import type { Command } from './command.ts';
import { byteAt, parseW2 } from './formats.ts';

/** Bytes used of each slot. */
export const RECORD_LENGTH = 15;
/** Bytes from slot to slot. */
export const SLOT_LENGTH = 16;
/** Records of one reply to count FF. */
export const BATCH_RECORDS = 17;
/** Byte 3 of 06: memory 3 is the main profile. */
const MAIN_MEMORY = 0x03;

/** Status byte of the descriptor and of a record. */
export interface RecordStatus {
  readonly byte: number;
  readonly isWinter: boolean;
  readonly isInitialising: boolean;
  readonly isIncomplete: boolean;
  /** The ring has wrapped at least once. */
  readonly hasOverflowed: boolean;
  /** Bit 16 of the byte address in the descriptor of a 230; the profile's number on 234 and 236. */
  readonly bit4: 0 | 1;
}

/** Where the ring stands: 08 13. */
export interface ProfileDescriptor {
  /** A byte address or a record number: see `newestSlot`. */
  readonly addressField: number;
  readonly status: RecordStatus;
  /** Time of the last record; `null` = nothing recorded yet. */
  readonly stamp: WallTime | null;
  readonly periodMin: number;
}

/** One slot of the ring as its bytes say. Counts are unsigned, `null` = not kept by the meter. */
export type ProfileRecord =
  | {
      readonly kind: 'record';
      readonly status: RecordStatus;
      /** End of the interval, or the moment of the cut. */
      readonly stamp: WallTime;
      readonly periodMin: number;
      readonly counts: PerChannel<number | null>;
    }
  | { readonly kind: 'never-written' }
  | { readonly kind: 'implausible'; readonly why: string };

/** What the address field of the descriptor counts: bytes on the 230, records on 234 and 236 (mercury.md 8.1). */
export type ProfileAddressing = 'bytes' | 'records';

/** Where the main profile stands: 08 13. */
export function profileHeadCommand(): Command<ProfileDescriptor> {
  return { name: 'profile-head', label: 'profile head', body: Uint8Array.of(0x08, 0x13), replyLengths: [12], parse: parseDescriptor };
}

/** The record in one slot of the main profile. */
export function profileRecordCommand(slot: number): Command<ProfileRecord> {
  return {
    name: 'profile-record',
    label: `profile record ${slot}`,
    body: recordBody(slot, RECORD_LENGTH),
    replyLengths: [RECORD_LENGTH + 3],
    parse: (data) => parseRecord(data, 0),
  };
}

/** 17 records in ascending slots from `slot`, which must neither cross the end of the ring nor the newest record. 230 from firmware 2.2.2. */
export function profileBatchCommand(slot: number): Command<readonly ProfileRecord[]> {
  return {
    name: 'profile-batch',
    label: `profile records ${slot} to ${slot + BATCH_RECORDS - 1}`,
    body: recordBody(slot, 0xff),
    replyLengths: [BATCH_RECORDS * RECORD_LENGTH + 3],
    parse: parseBatch,
  };
}

/** Slot of a read request `06 b3 hi lo count` of the main profile, full records; `null` for anything else. */
export function slotOfRequest(body: Uint8Array): number | null {
  const [code, place, high, low] = body;
  if (code !== 0x06 || place === undefined || high === undefined || low === undefined) return null;
  const address = ((place & 0x80) << 9) | (high << 8) | low;
  return (place & 0x7f) === MAIN_MEMORY && address % SLOT_LENGTH === 0 ? address / SLOT_LENGTH : null;
}

/** Slot that the descriptor names, by either meaning of its field; address arithmetic is modulo the ring. */
export function newestSlot(head: ProfileDescriptor, addressing: ProfileAddressing, ringSlots: number): number {
  const slot = addressing === 'records' ? head.addressField : Math.floor((head.addressField + head.status.bit4 * 0x10000) / SLOT_LENGTH);
  return slot % ringSlots;
}

/** A byte address is a multiple of 16: a field that is not can only be a record number. */
export function addressingOf(head: ProfileDescriptor): ProfileAddressing | null {
  return head.addressField % SLOT_LENGTH === 0 ? null : 'records';
}

/** The 17th address bit goes to bit 7 of the memory byte (mercury.md 8.2). */
function recordBody(slot: number, count: number): Uint8Array {
  const address = slot * SLOT_LENGTH;
  return Uint8Array.of(0x06, MAIN_MEMORY | (address > 0xffff ? 0x80 : 0), (address >> 8) & 0xff, address & 0xff, count);
}

function parseDescriptor(data: Uint8Array): ProfileDescriptor {
  const periodMin = byteAt(data, 8);
  const head = { addressField: (byteAt(data, 0) << 8) | byteAt(data, 1), status: statusAt(data, 2) };
  if (isAll(data, 3, 5, 0x00) || isAll(data, 3, 5, 0xff)) return { ...head, stamp: null, periodMin };
  const stamp = stampAt(data, 3);
  if (stamp === null) throw implausible('The stamp of the last record is no date', 4, 'BCD hh mm dd MM yy');
  if (!isPeriod(periodMin)) throw implausible(`A period of ${periodMin} min does not exist`, 9, '1 to 60');
  return { ...head, stamp, periodMin };
}

function parseBatch(data: Uint8Array): readonly ProfileRecord[] {
  const records: ProfileRecord[] = [];
  for (let index = 0; index < BATCH_RECORDS; index += 1) records.push(parseRecord(data, index * RECORD_LENGTH));
  return records;
}

/** Record at `offset` of the data. Total over whole records; throws `transport/short-frame` when fewer than 15 bytes are left. */
function parseRecord(data: Uint8Array, offset: number): ProfileRecord {
  const last = byteAt(data, offset + RECORD_LENGTH - 1);
  if ((last === 0x00 || last === 0xff) && isAll(data, offset, RECORD_LENGTH, last)) return { kind: 'never-written' };
  const stamp = stampAt(data, offset + 1);
  if (stamp === null) return { kind: 'implausible', why: 'the stamp is no date' };
  const periodMin = byteAt(data, offset + 6);
  if (!isPeriod(periodMin)) return { kind: 'implausible', why: `a period of ${periodMin} min does not exist` };
  return {
    kind: 'record',
    status: statusAt(data, offset),
    stamp,
    periodMin,
    counts: {
      'A+': parseW2(data, offset + 7),
      'A-': parseW2(data, offset + 9),
      'R+': parseW2(data, offset + 11),
      'R-': parseW2(data, offset + 13),
    },
  };
}

/** Every status there is: 17 of them a batch are looked up, not made. */
const STATUSES: readonly RecordStatus[] = Array.from({ length: 256 }, (_, byte) => ({
  byte,
  isWinter: (byte & 0x08) !== 0,
  isInitialising: (byte & 0x04) !== 0,
  isIncomplete: (byte & 0x02) !== 0,
  hasOverflowed: (byte & 0x01) !== 0,
  bit4: (byte & 0x10) === 0 ? 0 : 1,
}));

function statusAt(data: Uint8Array, offset: number): RecordStatus {
  const byte = byteAt(data, offset);
  const status = STATUSES[byte];
  if (status === undefined) throw new AppError('bug', `Byte ${byte} is no byte`);
  return status;
}

/** `hh mm dd MM yy` in BCD. */
function stampAt(data: Uint8Array, offset: number): WallTime | null {
  return parseWall(
    byteAt(data, offset + 4),
    byteAt(data, offset + 3),
    byteAt(data, offset + 2),
    byteAt(data, offset),
    byteAt(data, offset + 1),
    0,
  );
}

function isPeriod(minutes: number): boolean {
  return minutes >= 1 && minutes <= 60;
}

function isAll(data: Uint8Array, offset: number, length: number, value: number): boolean {
  for (let index = offset; index < offset + length; index += 1) if (data[index] !== value) return false;
  return true;
}
