import { AppError, asAppError, type ErrorCode } from '../../shared/api/errors.ts';
import type { CompletedExchange, ExchangeReply, ExchangeRequest, Heard, ListenRequest } from '../../shared/domain/exchange.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type BusCounters, Counts } from './bus-counters.ts';
import { type ChannelTiming, transmissionMs } from './channel-timing.ts';
import { type ByteRange, failureText, hexText } from './exchange-text.ts';
import { asListening } from './listening.ts';
import type { Port } from './port.ts';
import { type Outcome, Reception } from './reception.ts';

/** A timer that fires later than this has waited for a stalled process: the bytes that came meanwhile are not handed over yet and get as long. */
const STALL_GRACE_MS = 2;
/** Of what nobody was waiting for so much is kept for the next observer, the latest of it. */
const STRAY_BYTES_KEPT = 1024;
/** Somebody else talks on the line without a pause: send anyway after this long, since our turn would never come. */
const LONGEST_SILENCE_WAIT_MS = 2000;
/**
 * A port can be dead without saying so: some adapters' drivers never report the unplug, a gateway's connection may be half-open.
 * When this many exchanges in a row brought not a byte over this long, it is opened anew to be sure; seldom once that has not helped.
 */
const SILENT_EXCHANGES = 3;
const SILENCE_BEFORE_REOPEN_MS = 60_000;
const SILENCE_BEFORE_NEXT_REOPEN_MS = 600_000;

/** An exchange as it is shown to observers (line monitor, diagnosis), good or bad. */
export interface ObservedExchange {
  /** For a secret request `request` is empty, and `received` too unless a frame was accepted: the bytes, or their echo, hold a password. */
  readonly exchange: CompletedExchange;
  /** `null` when a frame was accepted or nobody had to answer. */
  readonly code: ErrorCode | null;
  readonly isSecret: boolean;
  /** Made by `listen`: `response` is `null` whatever came, and silence is no fault. */
  readonly isListening: boolean;
  /** Bytes that came since the exchange before and that nobody had asked for, the last 1024; never the echo of a secret. */
  readonly strayBefore: Uint8Array;
  /** In how many pieces `received` was handed over. */
  readonly segments: number;
}

const NO_BYTES = new Uint8Array(0);

/** What a line is made of besides its port. */
export interface BusDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly channel: ChannelTiming;
  readonly onExchange?: (observed: ObservedExchange) => void;
  /** Where passwords of another master stand among bytes that came: they reach no log and no error. */
  readonly passwordsIn?: (received: Uint8Array) => readonly ByteRange[];
}

/**
 * One bus behind one port: one exchange in flight, the mandatory silences kept, late bytes dropped.
 * `exchange` rejects with `transport/*` for this exchange or `line/*` when the line is gone; a second exchange while one is in flight is a bug.
 */
export interface Bus {
  readonly description: string;
  /** Speed of the port that it has now. */
  readonly baudRate: number;
  readonly isOpen: boolean;
  /** Rejects with `line/open-failed` or `line/in-use`. */
  open(): Promise<void>;
  /** An exchange in flight ends with `line/lost`. */
  close(): Promise<void>;
  exchange(request: ExchangeRequest): Promise<ExchangeReply>;
  /**
   * Sends bytes and hands over whatever comes: until `isEnough`, or a pause of `interByteMs` once `waitMs` have passed, and never
   * longer than a channel's longest reply. Only the echo of the request does not end the wait. Rejects with `line/*` only.
   */
  listen(request: ListenRequest): Promise<Heard>;
  /** Goes on over another port, its own from now on; opened when the one before was open. Rejects like `open`. Counters go on. */
  changePort(port: Port, channel: ChannelTiming): Promise<void>;
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

/** How one request went over the wire, before anybody judges it. */
interface Transaction {
  readonly reception: Reception;
  readonly strayBefore: Uint8Array;
  readonly sentAtMs: number;
  readonly durationMs: number;
  readonly outcome: Outcome | null;
  readonly fault: AppError | null;
}

class PortBus implements Bus {
  #port: Port;
  #channel: ChannelTiming;
  readonly #deps: BusDeps;
  #leavePort = () => {};
  readonly #lostListeners = new Set<(error: AppError) => void>();
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
  readonly #counts = new Counts();
  /** Since the last request. */
  #stray: Uint8Array = NO_BYTES;

  constructor(port: Port, deps: BusDeps) {
    this.#port = port;
    this.#channel = deps.channel;
    this.#deps = deps;
    this.#hearPort();
  }

  get description(): string {
    return this.#port.description;
  }

  get baudRate(): number {
    return this.#channel.baudRate;
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
    this.#stray = NO_BYTES;
    this.#deps.logger.info({ port: this.description }, 'the line is open');
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    return this.#alone(request.label, async () => {
      if (this.#isOpen) await this.#reopenIfSilent();
      return this.#finish(request, await this.#transact(request, this.#channel));
    });
  }

  listen(request: ListenRequest): Promise<Heard> {
    return this.#alone(request.label, async () => this.#heard(request, await this.#transact(...asListening(request, this.#channel))));
  }

  changePort(port: Port, channel: ChannelTiming): Promise<void> {
    return this.#alone('another port', async () => {
      const wasOpen = this.#isOpen;
      await this.#port.close();
      this.#leavePort();
      this.#port = port;
      this.#channel = channel;
      this.#hearPort();
      if (wasOpen) await this.open();
    });
  }

  onLost(listener: (error: AppError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  counters(): BusCounters {
    return this.#counts.snapshot();
  }

  async #alone<T>(label: string, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) throw new AppError('bug', `${this.description}: two exchanges at once`, { context: { label } });
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }

  #hearPort(): void {
    const offs = [this.#port.onData((segment) => this.#received(segment)), this.#port.onClose((lost) => this.#down(lost))];
    this.#leavePort = () => {
      for (const off of offs) off();
    };
  }

  async #transact(request: ExchangeRequest, channel: ChannelTiming): Promise<Transaction> {
    const { clock } = this.#deps;
    await this.#keepSilence(request.timing.silenceMs);
    if (!this.#isOpen) throw this.#notOpen();

    const strayBefore = this.#stray;
    this.#stray = NO_BYTES;
    const sentAtMs = clock.now();
    const startMs = clock.monotonic();
    const reception = new Reception(request, channel, startMs);
    const transmitMs = transmissionMs(channel, request.bytes.length);
    this.#lastByteAtMs = startMs + transmitMs;
    this.#counts.bytesOut += request.bytes.length;
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
    return { reception, strayBefore, sentAtMs, durationMs: endMs - startMs, outcome, fault };
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
      const leftMs = waitMs();
      if (leftMs > 0) await clock.sleep(Math.ceil(leftMs));
      await this.#port.discardInput();
      if (waitMs() <= 0) return;
    }
  }

  /** Nobody answers: over when the bits have left and the line has been silent. */
  async #broadcast(request: ExchangeRequest, reception: Reception): Promise<Outcome> {
    const { clock } = this.#deps;
    return new Promise<Outcome>((resolve, reject) => {
      const cancel = clock.after(Math.ceil(transmissionMs(this.#channel, request.bytes.length) + request.timing.silenceMs), () =>
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
          if (waitMs > 0) cancel = clock.after(Math.ceil(waitMs), () => expire(untilMs));
          else settle(ending);
        } catch (error) {
          fail(error);
        }
      };
      const expire = (dueMs: number) => {
        if (clock.monotonic() - dueMs > STALL_GRACE_MS) cancel = clock.after(STALL_GRACE_MS, judge);
        else judge();
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

  #finish(request: ExchangeRequest, done: Transaction): ExchangeReply {
    const { reception, outcome, fault, sentAtMs, durationMs } = done;
    const isSecret = request.secret === true;
    const frame = outcome !== null && 'frame' in outcome ? outcome.frame : null;
    const exchange: CompletedExchange = {
      label: request.label,
      request: isSecret ? NO_BYTES : request.bytes,
      response: frame,
      received: isSecret ? (frame ?? NO_BYTES) : reception.received,
      sentAtMs,
      firstByteMs: reception.firstByteMs,
      durationMs,
      attempt: request.attempt ?? 1,
    };
    const code = frame === null ? (fault?.code ?? (outcome !== null && 'code' in outcome ? outcome.code : 'bug')) : null;
    if (code === 'transport/timeout') {
      this.#silentExchanges += 1;
      if (this.#silentExchanges === 1) this.#silentSinceMs = this.#deps.clock.monotonic() - durationMs;
    }
    // Made only for who reads them: a busy plant has a hundred exchanges a second that go well.
    const texts = () => ({
      label: request.label,
      requestHex: hexText(request.bytes, isSecret),
      receivedHex: this.#receivedText(isSecret && frame !== null ? frame : reception.received, isSecret && frame === null),
      firstByteMs: exchange.firstByteMs,
      attempt: exchange.attempt,
    });
    this.#deps.logger.trace(() => ({ port: this.description, code, durationMs, ...texts() }), 'exchange');
    this.#note(done, { exchange, code, isSecret, isListening: false });
    if (frame !== null) return { frame, exchange };
    const context = { port: this.description, ...fault?.context, ...texts() };
    if (fault !== null) throw withContext(fault, context);
    throw new AppError(code ?? 'bug', failureText(code ?? 'bug', request), { context });
  }

  #heard(request: ListenRequest, done: Transaction): Heard {
    const { reception, strayBefore, sentAtMs, durationMs, fault } = done;
    const { label, bytes } = request;
    const { received, firstByteMs, segments } = reception;
    const exchange = { label, request: bytes, response: null, received, sentAtMs, firstByteMs, durationMs, attempt: 1 };
    const texts = { label, requestHex: hexText(bytes, false), receivedHex: this.#receivedText(received, false), firstByteMs };
    this.#deps.logger.trace(() => ({ port: this.description, code: fault?.code ?? null, durationMs, ...texts }), 'heard');
    this.#note(done, { exchange, code: fault?.code ?? null, isSecret: false, isListening: true });
    if (fault !== null) throw withContext(fault, { port: this.description, ...fault.context, ...texts });
    return { sentAtMs, firstByteMs, durationMs, strayBefore, received, segments };
  }

  #note({ strayBefore, reception }: Transaction, observed: Omit<ObservedExchange, 'strayBefore' | 'segments'>): void {
    this.#counts.ended(observed.code, observed.exchange.durationMs, this.#deps.clock.now());
    this.#deps.onExchange?.({ ...observed, strayBefore, segments: reception.segments });
  }

  #received(segment: Uint8Array): void {
    this.#lastByteAtMs = this.#deps.clock.monotonic();
    this.#counts.bytesIn += segment.length;
    this.#hasHeard = true;
    this.#silentExchanges = 0;
    if (this.#flight !== null) {
      this.#flight.segment(segment);
      return;
    }
    this.#counts.strayBytes += segment.length;
    if (!this.#mayEchoSecret) this.#stray = Uint8Array.from([...this.#stray, ...segment].slice(-STRAY_BYTES_KEPT));
    // In pieces: a password that another master sends is not known by one of them.
    this.#deps.logger.trace(() => ({ port: this.description, bytes: segment.length }), 'stray bytes dropped');
  }

  #receivedText(received: Uint8Array, isMasked: boolean): string {
    return hexText(received, isMasked, this.#deps.passwordsIn?.(received) ?? []);
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

function withContext(fault: AppError, context: Readonly<Record<string, unknown>>): AppError {
  const { code, message, hint } = fault;
  return new AppError(code, message, { context, cause: fault, ...(hint === undefined ? {} : { hint }) });
}
