/** What the engine needs from its surroundings; `app.ts` passes the implementations in. */
import type { MeterBatch } from '../../shared/domain/batch.ts';
import type { ExchangeReply, ExchangeRequest, Heard, ListenRequest } from '../../shared/domain/exchange.ts';
import type { Gap } from '../../shared/domain/gap.ts';
import type { JournalRead } from '../../shared/domain/meter-event.ts';
import type { LineRecord, LinkedMeter } from '../../shared/domain/plant.ts';
import type { StrangerSighting } from '../../shared/domain/stranger.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ObservedExchange } from '../line/bus.ts';
import type { Range } from './ranges.ts';

/** The part of the store that the engine writes to and starts from. */
export interface EngineStore {
  /** Resolves once the batch is durable; rejects with `store/*` when nothing of it was stored. */
  commit(batch: MeterBatch): Promise<void>;
  /** Resolves when everything handed over before is durable or refused. */
  flush(): Promise<void>;
  /** Runs of stored intervals inside [from, to), merged. */
  coveredRanges(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly Range[];
  gaps(meterId: number): readonly Gap[];
  /** Starts of days within [from, to) whose registers, the sum of tariffs, are stored. */
  dayStarts(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly UtcSeconds[];
  /** Journals that were read to their end, in whatever run. */
  journalReads(meterId: number): readonly JournalRead[];
  password(meterId: number): Uint8Array | null;
  /** Keeps who is heard in place of a meter; the meter in quarantine that is to be polled, or null when nobody is. Throws `store/*`. */
  meetStranger(sighting: StrangerSighting): LinkedMeter | null;
  /** A meter in quarantine has refused its passwords: it is not to be polled any more, not after a restart either. Throws `store/*`. */
  refusedInQuarantine(meterId: number): void;
}

export interface LineCounters {
  readonly exchanges: number;
  readonly failures: number;
  /** Both directions. */
  readonly bytes: number;
  /** From the first request byte to the last response byte or the time-out, summed. */
  readonly busyMs: number;
  readonly lastExchangeAtMs: number | null;
}

/** A line as the engine uses it: one exchange at a time, opened and reopened by its worker. */
export interface EngineLine {
  /** Of the setting that it has now. */
  readonly baudRate: number;
  open(): Promise<void>;
  close(): Promise<void>;
  exchange(request: ExchangeRequest): Promise<ExchangeReply>;
  /** Sends bytes and hands over whatever comes; rejects with `line/*` only. */
  listen(request: ListenRequest): Promise<Heard>;
  /** Opens a serial port with another speed and format (`2400-8O1`), or with its own again (`null`). Rejects with `line/*`, or `api/invalid-argument` on TCP. */
  retune(setting: string | null): Promise<void>;
  /** Called with every exchange, good or bad, as it ends: for diagnosis and the line monitor. Returns the unsubscribe function. */
  observe(observer: (observed: ObservedExchange) => void): () => void;
  counters(): LineCounters;
}

/** A line in one's own hands for the length of a slice. */
export type LineAccess = Pick<EngineLine, 'baudRate' | 'exchange' | 'listen' | 'retune'>;

/** A line lent for a task beside polling: its slices take turns with the work that is due. */
export interface LineLoan {
  /**
   * Runs `work` with the line to itself; keep it under half a second. Polling has its turn before the next slice: half-hours and
   * live values all of it, everything else as long as the slice took. A setting that `work` retunes to is there again in the next
   * slice. Rejects with what the work throws, `line/*` when the line is down, `api/cancelled` once the loan is over.
   */
  slice<T>(work: (line: LineAccess) => Promise<T>): Promise<T>;
  /** Gives the line back; a retuned port gets its own setting again. */
  release(): Promise<void>;
}

export type OpenLine = (line: LineRecord) => EngineLine;
