import type { DecodedField } from '../../shared/api/methods.ts';
import type { CompletedExchange, ExchangeReply, ExchangeRequest, ExchangeTiming } from '../../shared/domain/exchange.ts';
import type { MeterInterval } from '../../shared/domain/interval.ts';
import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import type { MeterEvent } from '../../shared/domain/meter-event.ts';
import type { MeterWrite, PlannedRequest, SettingValue, WriteOutcome } from '../../shared/domain/meter-write.ts';
import type { DriverId } from '../../shared/domain/point.ts';
import type { InstantaneousValues } from '../../shared/domain/quantity.ts';
import type { RegisterKind, RegisterReading } from '../../shared/domain/register.ts';
import type { ClockBasis, UtcSeconds, WallTime } from '../../shared/domain/time.ts';

/** One line as a driver sees it. Rejects with `transport/*` for this exchange or `line/*` for the whole line. */
export interface MeterLink {
  exchange(request: ExchangeRequest): Promise<ExchangeReply>;
}

/** A value with the exchanges that it was decoded from, in order. */
export interface Reading<T> {
  readonly value: T;
  readonly exchanges: readonly CompletedExchange[];
}

export interface MeterPassword {
  /** Six bytes as they go over the wire. */
  readonly bytes: Uint8Array;
}

/** What the engine knows of a meter before it is asked. */
export interface MeterSettings {
  readonly address: number;
  /** Serial that must answer, leading zeros kept; `null` when a person has only an address (probe). */
  readonly expectedSerial: string | null;
  /** `null` = the default password of the level: binary form, then ASCII, once each, the winner remembered. */
  readonly password: MeterPassword | null;
  readonly accessLevel: 1 | 2;
  readonly clock: ClockBasis;
  readonly baudRate: number;
  /** Facts learned in earlier sessions with this serial and firmware. */
  readonly memory: MeterMemory;
}

/** Facts that are expensive or impolite to find out twice. Plain JSON, stored with the meter, void when serial or firmware change. */
export interface MeterMemory {
  readonly serial?: string;
  readonly firmware?: string;
  readonly passwordForm?: 'binary' | 'ascii';
  readonly profileAddressing?: 'bytes' | 'records' | 'relative';
  readonly seasonBit?: 'applied' | 'ignored';
  /** Commands that this meter answered with "not supported". */
  readonly unsupported?: readonly string[];
  /** Commands that some meters lack and this one has answered: silence to them is a fault of the line. */
  readonly answered?: readonly string[];
  /** Replies repeat the code of the request (mercury.md 1.2): such a meter cannot be read until that mode is off. */
  readonly repeatsCode?: boolean;
}

export interface MeterIdentity {
  /** Text, leading zeros kept. */
  readonly serial: string;
  /** ISO date, `null` when the meter's bytes are no date. */
  readonly manufactured: string | null;
}

/** What the meter says of its own execution. `null` = not said by this firmware. */
export interface MeterDescription extends MeterIdentity {
  readonly firmware: string | null;
  /** Execution variant word as hex, for the record. */
  readonly variantHex: string | null;
  /** A, imp per kWh (and per kvarh): the scale of profile counts. `null` = unknown: profile counts must not be interpreted. */
  readonly constantImpPerKwh: number | null;
  readonly hasProfile: boolean | null;
  /** Slots of the main profile's ring; `null` when unknown. */
  readonly ringSlots: number | null;
  readonly phases: 1 | 3 | null;
  readonly nominalVoltageV: string | null;
  readonly nominalCurrentA: string | null;
  readonly sumsByModulus: boolean | null;
  /** Ratios programmed inside, for reference only: the meter does not apply them. */
  readonly internalRatioVt: number | null;
  readonly internalRatioCt: number | null;
  readonly address: number;
}

export interface ClockReading {
  readonly wall: WallTime;
  readonly isSummer: boolean;
  /** By the meter's clock basis. */
  readonly meterUtc: UtcSeconds;
  /** Meter minus PC, milliseconds, half the round trip removed. */
  readonly deviationMs: number;
}

/** Where the ring of the main profile stands now. */
export interface ProfileHead {
  /** Start of the newest recorded interval; `null` when the ring is empty. */
  readonly newestStartUtc: UtcSeconds | null;
  readonly periodMin: number;
  readonly ringSlots: number;
  /** Place of the newest record, 0 to `ringSlots` - 1, by which two heads tell how many records were closed between them; `null` = not told. */
  readonly place: number | null;
  /** The meter says that its ring has come round; false = what lies after the newest record was never written; `null` = not told. */
  readonly hasOverflowed: boolean | null;
  /** Each place stands for its time whatever happened: an empty one proves that nothing was recorded then. */
  readonly isCalendar: boolean;
  /** Records that one exchange can bring: 17, or 1 on old firmware. */
  readonly maxBatch: number;
  /** The driver's own: address of the newest record and how it is read. */
  readonly position: unknown;
}

/** One slot of the ring, counted back from the newest (0). */
export type ProfileSlot =
  | {
      readonly slotsBack: number;
      readonly kind: 'interval';
      readonly interval: MeterInterval;
      readonly isCut: boolean;
      readonly stamp: WallTime;
    }
  | { readonly slotsBack: number; readonly kind: 'never-written' }
  | { readonly slotsBack: number; readonly kind: 'implausible'; readonly why: string; readonly hex: string };

/** What a person may have read of a meter beside what polling reads; one exchange each. */
export interface InventoryItem {
  /** Unique in the meter: `energy.3.7.0`, `parameter.0A`, `archive.18.0.2026-11-01.0`. */
  readonly key: string;
  readonly group: InventoryGroup;
  /** In the protocol's words: `energy array 3 month 7 tariff 0`. */
  readonly label: string;
}

export const INVENTORY_GROUPS = ['identity', 'settings', 'energy', 'archive', 'maxima', 'profile', 'second-profile', 'state'] as const;
export type InventoryGroup = (typeof INVENTORY_GROUPS)[number];

/** One step through a journal: old firmware gives one record an exchange, newer all of them at once. */
export interface JournalStep {
  readonly events: readonly MeterEvent[];
  /** Where to go on; `null` = the journal is read to its end. */
  readonly next: number | null;
}

/** Registers as a meter froze them at a broadcast (mercury.md 13.10a): whole Wh and varh. */
export interface FrozenRegisters {
  /** When the meter froze them, by its own clock and basis; `null` = it does not tell. */
  readonly frozenAtUtc: UtcSeconds | null;
  readonly reading: RegisterReading;
  /** `freeze` by the broadcast, `timed` by a read at the boundary, where the firmware has no freeze. */
  readonly method: 'freeze' | 'timed';
}

/** What a write would do, before anything is written. */
export interface PlannedWrite {
  readonly requests: readonly PlannedRequest[];
  /** The setting as it is now. */
  readonly before: readonly SettingValue[];
  readonly accessLevel: 1 | 2;
}

export interface WriteReport {
  readonly outcome: WriteOutcome;
  /** Status byte of the meter; `null` = nothing came back. */
  readonly status: number | null;
  readonly after: readonly SettingValue[];
}

/**
 * An open conversation with one meter. Each method does one exchange where it can, so that more urgent work may go
 * between. Transient faults are retried inside with resynchronisation by identity; what is thrown is final for now:
 * `transport/*` (leave the meter for a while), `session/denied` (a person must act), `meter/unsupported`,
 * `meter/refused`, `meter/wrong-serial`, `data/implausible`, `line/*` (the line is gone).
 */
export interface MeterSession {
  /** 1 exchange without opening a channel; checks the serial against the expected one. */
  identify(): Promise<Reading<MeterIdentity>>;
  /** Opens the channel; later methods open it by themselves when it has lapsed. */
  open(): Promise<void>;
  describe(): Promise<Reading<MeterDescription>>;
  readClock(): Promise<Reading<ClockReading>>;
  /**
   * The registers of one kind for the tariffs given; kinds that the meter lacks give `meter/unsupported`.
   * `periodsBack` 1 asks for the start of the day, month or year before the running one.
   */
  readRegisters(kind: RegisterKind, tariffs: readonly number[], periodsBack?: 0 | 1): Promise<Reading<RegisterReading[]>>;
  /**
   * Sum of tariffs at the start of a day before yesterday, from an archive by date; `day` counts days of the meter's calendar since 1970.
   * Empty when the archive does not hold it; `meter/unsupported` for a meter that keeps none.
   */
  readPastDayStart(day: number): Promise<Reading<RegisterReading[]>>;
  readInstantaneous(): Promise<Reading<InstantaneousValues>>;
  readProfileHead(): Promise<Reading<ProfileHead>>;
  /** `count` slots whose newest is `slotsBack`; `count` is at most `head.maxBatch`. The ring's end may shorten the answer. */
  readProfile(head: ProfileHead, slotsBack: number, count: number): Promise<Reading<ProfileSlot[]>>;
  /** Journals that this meter keeps, by its variant and firmware; numbers of its own protocol. */
  journals(): Promise<readonly number[]>;
  /**
   * What the meter wrote last into a journal, one exchange: equal texts prove that nothing was written between. `null`, without an
   * exchange where that is known, when this meter cannot be asked so.
   */
  readNewestRecord(journal: number): Promise<Reading<string | null>>;
  /** One exchange of a journal; begin with step 0, go on with `next`. */
  readJournal(journal: number, step: number): Promise<Reading<JournalStep>>;
  /** The settings that the audit judges; a few exchanges, each of which a normal poll makes as well. */
  readConfiguration(): Promise<Reading<MeterConfiguration>>;
  /** Registers at the last boundary, for meters without a profile. `tariff` 0 is the sum. */
  readFrozen(tariff: number): Promise<Reading<FrozenRegisters>>;
  /** Everything else that this variant and firmware may be asked for. */
  inventory(): Promise<readonly InventoryItem[]>;
  /** Throws `api/not-found` for a key that `inventory` does not name. */
  readItem(key: string): Promise<Reading<readonly DecodedField[]>>;
  /** Reads what stands there now and makes the bytes; nothing is written. `meter/unsupported` for what the family cannot. */
  planWrite(write: MeterWrite): Promise<Reading<PlannedWrite>>;
  /** Sends the write once and reads the setting back; never repeats it. */
  performWrite(write: MeterWrite): Promise<Reading<WriteReport>>;
  close(): Promise<void>;
  /** What was learned so far; the engine stores it. */
  readonly memory: MeterMemory;
}

/** An identity reply found among the bytes of a bus. */
export interface FoundReply extends MeterIdentity {
  readonly address: number;
  /** Place of the frame in the bytes given. */
  readonly offset: number;
  readonly length: number;
}

/** How meters of a family are searched for: by an identity read that needs no channel and no password (mercury.md 13.3a). */
export interface MeterFinder {
  /** Every legal address, ascending; `null` = too many to be asked one by one: only serials lead to them. */
  readonly addresses: readonly number[] | null;
  /** Answered by any meter of the family, for a line with one meter and for "is anybody there"; `null` = the family has none. */
  readonly universalAddress: number | null;
  /** Addresses that the maker's rule derives from a serial, the likeliest first. */
  addressesOf(serial: string): readonly number[];
  /** The identity read; its `match` accepts a reply from `address` only. */
  request(address: number, baudRate: number): ExchangeRequest;
  /** Every whole identity reply with a good checksum and a plausible serial, from whatever address. */
  replies(received: Uint8Array): readonly FoundReply[];
  timing(baudRate: number): ExchangeTiming;
}

export interface MeterDriver {
  readonly id: DriverId;
  /** For screens: the types that this driver reads. */
  readonly title: string;
  readonly finder: MeterFinder;
  /** The broadcast that freezes the registers of every meter of the family on a line; `null` = the family has none. */
  freezeRequest(baudRate: number): ExchangeRequest | null;
  connect(link: MeterLink, meter: MeterSettings, now: () => number): MeterSession;
}
