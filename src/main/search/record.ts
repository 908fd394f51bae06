/** What the addresses of a line have said so far, at one speed and format. */
import type { FoundReply } from '../drivers/driver.ts';
import type { Judgement } from './judgement.ts';

/** More examples of damaged bytes than this tell nothing new. */
const EXAMPLES_KEPT = 8;

export interface AddressRecord {
  readonly address: number;
  asks: number;
  /** Asks that brought a whole reply. */
  answers: number;
  /** Asks that brought bytes like a reply and no good one. */
  damaged: number;
  /** Asks that brought a reply and then half of another. */
  trailed: number;
  /** Asks that brought a few bytes that were no answer, then or before the next ask, and how many bytes. */
  strays: number;
  strayBytes: number;
  /** Those among the damaged and among the stray that were the beginning of an answer. */
  shortDamaged: number;
  shortStrays: number;
  repeatsCode: number;
  /** Meters that answered when this address was asked, by serial. */
  readonly serials: Map<string, FoundReply>;
  /** How often each of them was heard. */
  readonly sightings: Map<string, number>;
  /** Serials in replies that came from this address when another one was asked. */
  readonly overheard: Set<string>;
  /** Replies from this address that came when another one was asked. */
  lateReplies: number;
  readonly examples: Uint8Array[];
}

export class LineRecord {
  /** `9600-8N1`. */
  readonly setting: string;
  readonly addresses = new Map<number, AddressRecord>();
  exchanges = 0;
  echoes = 0;
  foreignFrames = 0;
  modbusReplies = 0;
  #before: AddressRecord | null = null;

  constructor(setting: string) {
    this.setting = setting;
  }

  of(address: number): AddressRecord {
    const known = this.addresses.get(address);
    if (known !== undefined) return known;
    const fresh: AddressRecord = {
      address,
      asks: 0,
      answers: 0,
      damaged: 0,
      trailed: 0,
      strays: 0,
      strayBytes: 0,
      shortDamaged: 0,
      shortStrays: 0,
      repeatsCode: 0,
      serials: new Map(),
      sightings: new Map(),
      overheard: new Set(),
      lateReplies: 0,
      examples: [],
    };
    this.addresses.set(address, fresh);
    return fresh;
  }

  /** Addresses where a meter has answered. */
  get answering(): readonly AddressRecord[] {
    return [...this.addresses.values()].filter(({ serials }) => serials.size > 0);
  }

  /** Whoever was heard is told apart, and no address has brought bytes that may hide a meter. */
  get isClear(): boolean {
    return [...this.addresses.values()].every((each) => !isOdd(each) && (each.serials.size > 0 || each.overheard.size === 0));
  }

  /** `replyBytes` is the length of a plain reply: what is half as long may be one. */
  add(address: number, replyBytes: number, judged: Judgement): void {
    this.exchanges += 1;
    if (judged.hasEcho) this.echoes += 1;
    if (judged.isModbusTcp) this.modbusReplies += 1;
    this.foreignFrames += judged.foreignFrames;
    const record = this.of(address);
    record.asks += 1;
    if (judged.repeatsCode) record.repeatsCode += 1;
    if (judged.own.length > 0) record.answers += 1;
    for (const reply of judged.own) {
      record.serials.set(reply.serial, reply);
      record.sightings.set(reply.serial, (record.sightings.get(reply.serial) ?? 0) + 1);
    }
    for (const { address: other, serial } of judged.overheard) {
      const record = this.of(other);
      record.overheard.add(serial);
      record.lateReplies += 1;
    }
    const isLikeReply = judged.rest.length >= replyBytes / 2;
    if (isLikeReply) {
      if (judged.own.length > 0) record.trailed += 1;
      else record.damaged += 1;
      if (record.examples.length < EXAMPLES_KEPT) record.examples.push(judged.rest);
    }
    if (judged.isShort) {
      if (isLikeReply) record.shortDamaged += 1;
      else record.shortStrays += 1;
    }
    // What came before the request follows upon the ask before: two meters at one address answer one after the other.
    addStray(this.#before ?? record, judged.strayBefore.length);
    if (!isLikeReply) addStray(record, judged.rest.length);
    this.#before = record;
  }
}

/** Everybody who was heard at an address. */
export function serialsAt({ serials, overheard }: AddressRecord): string[] {
  return [...new Set([...serials.keys(), ...overheard])].sort();
}

/** Something at this address is not as with one healthy meter. */
export function isOdd(record: AddressRecord): boolean {
  return record.damaged > 0 || record.trailed > 0 || serialsAt(record).length > 1;
}

/**
 * Whether a serial heard at this address is a meter's: where answers collide, one in 65,536 heaps of bytes has a good checksum
 * by chance, and what it says there was said by nobody. Twice the same is no chance.
 */
export function isCertain(record: AddressRecord, serial: string): boolean {
  return !isOdd(record) || (record.sightings.get(serial) ?? 0) > 1;
}

function addStray(record: AddressRecord, bytes: number): void {
  if (bytes === 0) return;
  record.strays += 1;
  record.strayBytes += bytes;
}
