/** Average-power profile: descriptor 08 13 and records 06 (mercury.md 8). Counts are N of 1/(2A) kWh or kvarh. */
import { AppError } from '../../../shared/api/errors.ts';
import type { Channel, PerChannel } from '../../../shared/domain/channel.ts';
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
/** Memory of 06 and 16 that holds a profile. */
export const PROFILE_MEMORIES = { main: 0x03, second: 0x05 } as const;
/** The profile of every meter, or the second one of some (variant byte 6 bit 3). */
export type Profile = keyof typeof PROFILE_MEMORIES;
/** Parameter of 08 that tells where a profile stands. */
const HEAD_PARAMETERS = { main: 0x13, second: 0x15 } as const;
/** Channels of the kinds 1..4 in a request of 06. */
const KIND_CHANNELS = ['A+', 'A-', 'R+', 'R-'] as const;
/** The most bytes of averages of one channel: eight of them. */
const MOST_AVERAGES = 16;

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

/** Where a profile stands: 08 13, 08 15. */
export function profileHeadCommand(profile: Profile = 'main'): Command<ProfileDescriptor> {
  return {
    name: `${prefix(profile)}-head`,
    label: `${words(profile)} head`,
    body: Uint8Array.of(0x08, HEAD_PARAMETERS[profile]),
    replyLengths: [12],
    parse: parseDescriptor,
  };
}

/** The record in one slot of a profile. */
export function profileRecordCommand(slot: number, profile: Profile = 'main'): Command<ProfileRecord> {
  return {
    name: `${prefix(profile)}-record`,
    label: `${words(profile)} record ${slot}`,
    body: recordBody(slot, RECORD_LENGTH, profile),
    replyLengths: [RECORD_LENGTH + 3],
    parse: (data) => parseRecord(data, 0),
  };
}

/** 17 records in ascending slots from `slot`, which must neither cross the end of the ring nor the newest record. 230 from firmware 2.2.2. */
export function profileBatchCommand(slot: number, profile: Profile = 'main'): Command<readonly ProfileRecord[]> {
  return {
    name: `${prefix(profile)}-batch`,
    label: `${words(profile)} records ${slot} to ${slot + BATCH_RECORDS - 1}`,
    body: recordBody(slot, 0xff, profile),
    replyLengths: [BATCH_RECORDS * RECORD_LENGTH + 3],
    parse: (data) => parseRecords(data, BATCH_RECORDS),
  };
}

/** `count` records, 1..17, oldest first, of which the newest lies `back` records behind the last: 16. No public code is known to use it. */
export function relativeRecordsCommand(back: number, count: number, profile: Profile = 'main'): Command<readonly ProfileRecord[]> {
  return {
    name: `${prefix(profile)}-relative`,
    label: `${words(profile)} ${count} records from ${back} back`,
    body: Uint8Array.of(0x16, PROFILE_MEMORIES[profile], back >> 8, back & 0xff, count),
    replyLengths: [count * RECORD_LENGTH + 3],
    parse: (data) => parseRecords(data, count),
  };
}

/** Consecutive averages of one channel, up to eight: 06 with the kinds 1..4. */
export function averagesCommand(body: Uint8Array): Command<readonly (number | null)[]> {
  const count = (body[4] ?? 0) >> 1;
  return {
    name: 'profile-averages',
    label: `profile averages ${averagesChannel(body)}`,
    body,
    replyLengths: [count * 2 + 3],
    parse: (data) => Array.from({ length: count }, (_, index) => parseW2(data, index * 2)),
  };
}

/** Channel that a request of averages names. */
export function averagesChannel(body: Uint8Array): Channel {
  return KIND_CHANNELS[(((body[1] ?? 0) >> 4) & 7) - 1] ?? 'A+';
}

/** Command of a request body that begins with 06 or 16 and reads a profile; `null` for anything else. */
export function profileCommandOf(body: Uint8Array): Command<unknown> | null {
  const [code, place = 0, high = 0, low = 0, count = 0] = body;
  const profile = place % 0x10 === PROFILE_MEMORIES.main ? 'main' : place % 0x10 === PROFILE_MEMORIES.second ? 'second' : null;
  if (body.length !== 5 || profile === null) return null;
  if (code === 0x16) {
    return place < 0x10 && count >= 1 && count <= BATCH_RECORDS ? relativeRecordsCommand((high << 8) | low, count, profile) : null;
  }
  const kind = (place >> 4) & 7;
  if (kind > KIND_CHANNELS.length) return null;
  if (kind > 0) return count > 0 && count <= MOST_AVERAGES && count % 2 === 0 ? averagesCommand(body) : null;
  const address = ((place & 0x80) << 9) | (high << 8) | low;
  if (address % SLOT_LENGTH !== 0) return null;
  if (count === RECORD_LENGTH) return profileRecordCommand(address / SLOT_LENGTH, profile);
  return count === 0xff ? profileBatchCommand(address / SLOT_LENGTH, profile) : null;
}

function prefix(profile: Profile): string {
  return profile === 'main' ? 'profile' : 'second-profile';
}

function words(profile: Profile): string {
  return profile === 'main' ? 'profile' : 'second profile';
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
function recordBody(slot: number, count: number, profile: Profile): Uint8Array {
  const address = slot * SLOT_LENGTH;
  return Uint8Array.of(0x06, PROFILE_MEMORIES[profile] | (address > 0xffff ? 0x80 : 0), (address >> 8) & 0xff, address & 0xff, count);
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

function parseRecords(data: Uint8Array, count: number): readonly ProfileRecord[] {
  const records: ProfileRecord[] = [];
  for (let index = 0; index < count; index += 1) records.push(parseRecord(data, index * RECORD_LENGTH));
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
