import { AppError, asAppError, type ErrorCode } from '../../shared/api/errors.ts';
import type { CompletedExchange, ExchangeReply, ExchangeRequest } from '../../shared/domain/exchange.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type ChannelTiming, transmissionMs } from './channel-timing.ts';
import { failureText, hexText } from './exchange-text.ts';
import type { Port } from './port.ts';
import { type Outcome, Reception } from './reception.ts';

/** After a stall of the process a timer fires before the bytes that came meanwhile are handed over: they get this long. */
const STALL_GRACE_MS = 2;
/** Somebody else talks on the line without a pause: send anyway after this long, since our turn would never come. */
const LONGEST_SILENCE_WAIT_MS = 2000;
/**
 * A port can be dead without saying so: some adapters' drivers never report the unplug, a gateway's connection may be half-open.
 * When this many exchanges in a row brought not a byte over this long, it is opened anew to be sure; seldom once that has not helped.
 */
const SILENT_EXCHANGES = 3;
const SILENCE_BEFORE_REOPEN_MS = 60_000;
const SILENCE_BEFORE_NEXT_REOPEN_MS = 600_000;

/** An exchange as it is shown to observers (line monitor, counters), good or bad. */
export interface ObservedExchange {
  /** For a secret request `request` is empty, and `received` too unless a frame was accepted: the bytes, or their echo, hold a password. */
  readonly exchange: CompletedExchange;
  /** `null` when a frame was accepted or nobody had to answer. */
  readonly code: ErrorCode | null;
  readonly isSecret: boolean;
}

/** What a line has done since it was made; grows for ever, through reopening too. */
export interface BusCounters {
  readonly exchanges: number;
  readonly failures: number;
  readonly failuresByCode: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Both directions, stray bytes included. */
  readonly bytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes that nobody was waiting for: late replies, noise, another master. */
  readonly strayBytes: number;
  /** From the first request byte to the last response byte or the time-out, summed, milliseconds. */
  readonly busyMs: number;
  /** PC clock, milliseconds since 1970; `null` before the first exchange. */
  readonly lastExchangeAtMs: number | null;
}

/** What a line is made of besides its port. */
export interface BusDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly channel: ChannelTiming;
  readonly onExchange?: (observed: ObservedExchange) => void;
}

/**
 * One bus behind one port: one exchange in flight, the mandatory silences kept, late bytes dropped.
 * `exchange` rejects with `transport/*` for this exchange or `line/*` when the line is gone; a second exchange while one is in flight is a bug.
 */
export interface Bus {
  readonly description: string;
  readonly baudRate: number;
  readonly isOpen: boolean;
  /** Rejects with `line/open-failed` or `line/in-use`. */
  open(): Promise<void>;
  /** An exchange in flight ends with `line/lost`. */
  close(): Promise<void>;
  exchange(request: ExchangeRequest): Promise<ExchangeReply>;
  /** Called when the line is torn away, not when it is closed. Returns the unsubscribe function. */
  onLost(listener: (error: AppError) => void): () => void;
  counters(): BusCounters;
}

/** A closed line over a port; the port is its own from now on. */
export function createBus(port: Port, deps: BusDeps): Bus {
  return new PortBus(port, deps);
}

/** The exchange in flight, as the port's events see it. */
interface Flight {
  segment(bytes: Uint8Array): void;
  down(error: AppError): void;
}

class PortBus implements Bus {
  readonly description: string;
  readonly baudRate: number;
  readonly #port: Port;
  readonly #deps: BusDeps;
  readonly #lostListeners = new Set<(error: AppError) => void>();
  readonly #failuresByCode: Partial<Record<ErrorCode, number>> = {};
  #isOpen = false;
  #isBusy = false;
  #flight: Flight | null = null;
  /** The last request held a password: what comes late may be its echo. */
  #mayEchoSecret = false;
  /** Monotonic: when a byte was last on the line in either direction, as far as we know. */
  #lastByteAtMs = 0;
  /** True once a byte has come since the port was opened. */
  #hasHeard = false;
  /** Exchanges in a row that brought not a byte, and since when (monotonic). */
  #silentExchanges = 0;
  #silentSinceMs = 0;
  #exchanges = 0;
  #failures = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #strayBytes = 0;
  #busyMs = 0;
  #lastExchangeAtMs: number | null = null;

  constructor(port: Port, deps: BusDeps) {
    this.#port = port;
    this.#deps = deps;
    this.description = port.description;
    this.baudRate = deps.channel.baudRate;
    port.onData((segment) => this.#received(segment));
    port.onClose((lost) => this.#down(lost));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(): Promise<void> {
    await this.#port.open();
    this.#isOpen = true;
    this.#lastByteAtMs = this.#deps.clock.monotonic();
    this.#hasHeard = false;
    this.#silentExchanges = 0;
    this.#deps.logger.info({ port: this.description }, 'the line is open');
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  async exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    if (this.#isBusy) throw new AppError('bug', `${this.description}: two exchanges at once`, { context: { label: request.label } });
    this.#isBusy = true;
    try {
      return await this.#perform(request);
    } finally {
      this.#isBusy = false;
    }
  }

  onLost(listener: (error: AppError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  counters(): BusCounters {
    return {
      exchanges: this.#exchanges,
      failures: this.#failures,
      failuresByCode: { ...this.#failuresByCode },
      bytes: this.#bytesIn + this.#bytesOut,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      strayBytes: this.#strayBytes,
      busyMs: this.#busyMs,
      lastExchangeAtMs: this.#lastExchangeAtMs,
    };
  }

  async #perform(request: ExchangeRequest): Promise<ExchangeReply> {
    const { clock, channel } = this.#deps;
    if (this.#isOpen) await this.#reopenIfSilent();
    await this.#keepSilence(request.timing.silenceMs);
    if (!this.#isOpen) throw this.#notOpen();

    const sentAtMs = clock.now();
    const startMs = clock.monotonic();
    const reception = new Reception(request, channel, startMs);
    const transmitMs = transmissionMs(channel, request.bytes.length);
    this.#lastByteAtMs = startMs + transmitMs;
    this.#bytesOut += request.bytes.length;
    this.#mayEchoSecret = request.secret === true;

    let outcome: Outcome | null = null;
    let fault: AppError | null = null;
    try {
      outcome = request.replyBytes === 0 ? await this.#broadcast(request, reception) : await this.#await(request, reception);
    } catch (error) {
      fault = asAppError(error);
    } finally {
      this.#flight = null;
    }
    // A broadcast ends with its last bit, an answered exchange with the last byte of the answer, a failed one with the end of the wait.
    const isAnswered = outcome !== null && 'frame' in outcome;
    const endMs = isAnswered ? (reception.lastByteAtMs ?? startMs + transmitMs) : clock.monotonic();
    return this.#finish(request, reception, { sentAtMs, durationMs: endMs - startMs, outcome, fault });
  }

  async #reopenIfSilent(): Promise<void> {
    const limitMs = this.#hasHeard ? SILENCE_BEFORE_REOPEN_MS : SILENCE_BEFORE_NEXT_REOPEN_MS;
    if (this.#silentExchanges < SILENT_EXCHANGES || this.#deps.clock.monotonic() - this.#silentSinceMs < limitMs) return;
    this.#deps.logger.info({ port: this.description }, 'nothing comes in: the line is opened anew');
    await this.#port.close();
    await this.open();
  }

  /** Waits until the line has been silent for `silenceMs` and nothing lies unread; what comes meanwhile is stray and starts the wait anew. */
  async #keepSilence(silenceMs: number): Promise<void> {
    const { clock } = this.#deps;
    const giveUpAtMs = clock.monotonic() + Math.max(LONGEST_SILENCE_WAIT_MS, silenceMs);
    const waitMs = () => Math.min(this.#lastByteAtMs + silenceMs, giveUpAtMs) - clock.monotonic();
    while (this.#isOpen) {
      if (waitMs() > 0) await clock.sleep(Math.ceil(waitMs()));
      await this.#port.discardInput();
      if (waitMs() <= 0) return;
    }
  }

  /** Nobody answers: over when the bits have left and the line has been silent. */
  async #broadcast(request: ExchangeRequest, reception: Reception): Promise<Outcome> {
    const { clock, channel } = this.#deps;
    return new Promise<Outcome>((resolve, reject) => {
      const cancel = clock.after(Math.ceil(transmissionMs(channel, request.bytes.length) + request.timing.silenceMs), () =>
        resolve({ frame: new Uint8Array(0) }),
      );
      const down = (error: AppError) => {
        cancel();
        reject(error);
      };
      this.#flight = { segment: (bytes) => reception.add(bytes, clock.monotonic()), down };
      this.#port.write(request.bytes).catch((error: unknown) => down(asAppError(error)));
    });
  }

  /** Sends and collects until the protocol has its frame or more waiting is pointless. */
  async #await(request: ExchangeRequest, reception: Reception): Promise<Outcome> {
    const { clock } = this.#deps;
    return new Promise<Outcome>((resolve, reject) => {
      let cancel = () => {};
      let isOver = false;
      let isWritten = false;
      const fail = (error: unknown) => {
        isOver = true;
        cancel();
        reject(asAppError(error));
      };
      const settle = (outcome: Outcome) => {
        if (!isWritten && 'code' in outcome) {
          fail(new AppError('line/lost', `${this.description} does not take bytes any more`, { hint: 'Check the adapter or the gateway' }));
          return;
        }
        isOver = true;
        cancel();
        resolve(outcome);
      };
      const judge = () => {
        if (isOver) return;
        cancel();
        try {
          const { untilMs, ending } = reception.verdict();
          const waitMs = untilMs - clock.monotonic();
          if (waitMs > 0) cancel = clock.after(Math.ceil(waitMs), expire);
          else settle(ending);
        } catch (error) {
          fail(error);
        }
      };
      const expire = () => {
        cancel = clock.after(STALL_GRACE_MS, judge);
      };
      this.#flight = {
        segment: (bytes) => {
          reception.add(bytes, clock.monotonic());
          judge();
        },
        down: fail,
      };
      this.#port.write(request.bytes).then(() => {
        isWritten = true;
        reception.written(clock.monotonic());
        judge();
      }, fail);
      judge();
    });
  }

  #finish(
    request: ExchangeRequest,
    reception: Reception,
    end: { sentAtMs: number; durationMs: number; outcome: Outcome | null; fault: AppError | null },
  ): ExchangeReply {
    const { outcome, sentAtMs, durationMs } = end;
    const isSecret = request.secret === true;
    const frame = outcome !== null && 'frame' in outcome ? outcome.frame : null;
    const nothing = new Uint8Array(0);
    const exchange: CompletedExchange = {
      label: request.label,
      request: isSecret ? nothing : request.bytes,
      response: frame,
      received: isSecret ? (frame ?? nothing) : reception.received,
      sentAtMs,
      firstByteMs: reception.firstByteMs,
      durationMs,
      attempt: request.attempt ?? 1,
    };
    const code = frame === null ? (end.fault?.code ?? (outcome !== null && 'code' in outcome ? outcome.code : 'bug')) : null;
    this.#count(code, exchange);
    if (code === 'transport/timeout') {
      this.#silentExchanges += 1;
      if (this.#silentExchanges === 1) this.#silentSinceMs = this.#deps.clock.monotonic() - durationMs;
    }
    const texts = {
      label: request.label,
      requestHex: hexText(request.bytes, isSecret),
      receivedHex: hexText(isSecret && frame !== null ? frame : reception.received, isSecret && frame === null),
      firstByteMs: exchange.firstByteMs,
      attempt: exchange.attempt,
    };
    this.#deps.logger.trace(() => ({ port: this.description, code, durationMs, ...texts }), 'exchange');
    this.#deps.onExchange?.({ exchange, code, isSecret });
    if (frame !== null) return { frame, exchange };
    const context = { port: this.description, ...end.fault?.context, ...texts };
    if (end.fault !== null) {
      const { message, hint } = end.fault;
      throw new AppError(end.fault.code, message, { context, cause: end.fault, ...(hint === undefined ? {} : { hint }) });
    }
    throw new AppError(code ?? 'bug', failureText(code ?? 'bug', request), { context });
  }

  #count(code: ErrorCode | null, exchange: CompletedExchange): void {
    this.#exchanges += 1;
    this.#busyMs += exchange.durationMs;
    this.#lastExchangeAtMs = this.#deps.clock.now();
    if (code === null) return;
    this.#failures += 1;
    this.#failuresByCode[code] = (this.#failuresByCode[code] ?? 0) + 1;
  }

  #received(segment: Uint8Array): void {
    this.#lastByteAtMs = this.#deps.clock.monotonic();
    this.#bytesIn += segment.length;
    this.#hasHeard = true;
    this.#silentExchanges = 0;
    if (this.#flight !== null) {
      this.#flight.segment(segment);
      return;
    }
    this.#strayBytes += segment.length;
    this.#deps.logger.trace(() => ({ port: this.description, receivedHex: hexText(segment, this.#mayEchoSecret) }), 'stray bytes dropped');
  }

  #down(lost: AppError | null): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#flight?.down(lost ?? new AppError('line/lost', `${this.description} was closed`));
    if (lost === null || !wasOpen) return;
    this.#deps.logger.warn({ port: this.description, code: lost.code, error: lost.message }, 'the line is lost');
    for (const listener of this.#lostListeners) listener(lost);
  }

  #notOpen(): AppError {
    return new AppError('line/lost', `${this.description} is not open`, { context: { port: this.description } });
  }
}
