import type { CompletedExchange, ExchangeReply, ExchangeRequest } from '../../shared/domain/exchange.ts';
import type { MeterInterval } from '../../shared/domain/interval.ts';
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
  readonly profileAddressing?: 'bytes' | 'records';
  readonly seasonBit?: 'applied' | 'ignored';
  /** Commands that this meter answered with "not supported". */
  readonly unsupported?: readonly string[];
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
  readInstantaneous(): Promise<Reading<InstantaneousValues>>;
  readProfileHead(): Promise<Reading<ProfileHead>>;
  /** `count` slots whose newest is `slotsBack`; `count` is at most `head.maxBatch`. The ring's end may shorten the answer. */
  readProfile(head: ProfileHead, slotsBack: number, count: number): Promise<Reading<ProfileSlot[]>>;
  close(): Promise<void>;
  /** What was learned so far; the engine stores it. */
  readonly memory: MeterMemory;
}

export interface MeterDriver {
  readonly id: DriverId;
  /** For screens: the types that this driver reads. */
  readonly title: string;
  connect(link: MeterLink, meter: MeterSettings, now: () => number): MeterSession;
}
