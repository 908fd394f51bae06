import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { MeterSpec } from './assembly.ts';
import { damage, type FaultBoard } from './faults.ts';
import { hash, pick } from './hash.ts';
import type { Answer } from './meter.ts';
import { frame, isWhole } from './wire.ts';

/** 9600 8N1: ten bits a byte. */
const BYTE_MS = 10_000 / 9600;
/** Silence after which a meter takes a request for ended (mercury.md 1). */
const SILENCE_MS = 5;
/** Bytes that the gateway gathers before it sends a segment. */
const GATEWAY_BYTES = 16;
const REOPEN_RETRY_MS = 200;
const UNIVERSAL_ADDRESS = 0x00;
const BROADCAST_ADDRESS = 0xfe;
const FORGIVEN_MS = 1;
const HOST = '127.0.0.1';

/** What a line needs of a meter. */
export interface MeterOnLine {
  readonly spec: MeterSpec;
  answer(body: Uint8Array): Answer;
  /** Executes a broadcast. */
  obey(body: Uint8Array): void;
}

/** What went over a line since its start; the figures that a bench compares line use with. */
export interface LineTraffic {
  readonly requests: number;
  readonly replies: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  /** Sum of what the meters took before their first byte. */
  readonly meterMs: number;
  /** Requests that did not wait until the bus had been silent for 5 ms; real meters drop them. 1 ms is forgiven to the timers of a PC. */
  readonly hastyRequests: number;
}

export interface LineOptions {
  readonly name: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly meters: readonly MeterOnLine[];
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly seed: number;
  /** Bytes take their time at 9600 8N1. */
  readonly hasWireTime: boolean;
}

/**
 * A bus of meters behind a transparent TCP gateway. One frame is on the wire at a time; what comes meanwhile waits in
 * the gateway. Several clients may connect: a reply goes to the one who asked.
 */
export class SimulatedLine {
  readonly name: string;
  readonly #options: LineOptions;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: { readonly request: Uint8Array; readonly socket: Socket }[] = [];
  #server: Server | null = null;
  #port: number;
  #isBusy = false;
  /** When the last byte was on the bus. */
  #quietSinceMs = -Infinity;
  #cancel: () => void = () => {};
  #cancelReopen: () => void = () => {};
  #exchange = 0;
  #traffic: LineTraffic = { requests: 0, replies: 0, requestBytes: 0, replyBytes: 0, meterMs: 0, hastyRequests: 0 };

  constructor(options: LineOptions) {
    this.name = options.name;
    this.#options = options;
    this.#port = options.port;
  }

  /** The port listened on; known once `open` has resolved. */
  get port(): number {
    return this.#port;
  }

  get traffic(): LineTraffic {
    return this.#traffic;
  }

  /** Listens; the port stays the same when a closed line opens again. Rejects with `line/open-failed`. */
  open(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => {
        this.#server = null;
        reject(
          new AppError('line/open-failed', `Port ${this.#port} of ${this.name} cannot be opened`, { context: { port: this.#port }, cause }),
        );
      });
      server.listen(this.#port, HOST, () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        resolve();
      });
    });
  }

  /** Tears every connection and refuses new ones until `open` or `reopen`. */
  async close(): Promise<void> {
    this.#cancelReopen();
    this.#cancel();
    this.#isBusy = false;
    this.#waiting.length = 0;
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    if (!server.listening) await once(server, 'listening').catch(() => []);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Opens again after a drop; while somebody else holds the port it tries again. */
  reopen(): void {
    if (this.#server !== null) return;
    this.open().catch(() => {
      this.#cancelReopen = this.#options.clock.after(REOPEN_RETRY_MS, () => this.reopen());
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let received = new Uint8Array();
    let forget = () => {};
    socket.on('data', (segment) => {
      forget();
      const bytes = new Uint8Array(received.length + segment.length);
      bytes.set(received);
      bytes.set(segment, received.length);
      received = bytes;
      if (isWhole(received)) {
        const quietMs = this.#options.clock.monotonic() - this.#quietSinceMs;
        if (this.#isBusy || quietMs < SILENCE_MS - FORGIVEN_MS) this.#count({ hastyRequests: 1 });
        this.#waiting.push({ request: received, socket });
        received = new Uint8Array();
        this.#next();
        return;
      }
      // The rest may be on its way; after the silence the meters drop what they have.
      forget = this.#options.clock.after(SILENCE_MS, () => {
        received = new Uint8Array();
      });
    });
    // A client that tears its connection is no trouble of the plant.
    socket.on('error', () => {});
    socket.on('close', () => {
      forget();
      this.#sockets.delete(socket);
    });
  }

  #next(): void {
    if (this.#isBusy) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#isBusy = true;
    this.#count({ requests: 1, requestBytes: next.request.length });
    const endMs = this.#options.clock.monotonic() + this.#wireMs(next.request.length);
    this.#at(endMs, () => this.#deliver(next.request, endMs, next.socket));
  }

  /** The request has arrived at the meters. What follows is timed from `endMs`, so that late timers of the PC do not add up. */
  #deliver(request: Uint8Array, endMs: number, socket: Socket): void {
    const address = request[0] ?? UNIVERSAL_ADDRESS;
    const body = request.subarray(1, -2);
    const isAlive = ({ spec }: MeterOnLine) => !this.#options.faults.isDead(spec);
    if (address === BROADCAST_ADDRESS) for (const each of this.#options.meters.filter(isAlive)) each.obey(body);
    const meter = this.#meterAt(address);
    const data = meter !== null && isAlive(meter) ? meter.answer(body) : null;
    if (meter === null || data === null) {
      this.#release();
      return;
    }
    this.#exchange += 1;
    const { spec } = meter;
    const latencyMs = spec.latencyMs + pick(hash(spec.seed, this.#exchange), 0, spec.jitterMs);
    const whole = frame(address, data);
    const reply = damage(whole, this.#options.faults.corruptRate(this.name), this.#options.seed, this.#exchange);
    this.#count({ replies: 1, replyBytes: reply.length, meterMs: latencyMs });
    this.#send(reply, 0, endMs + latencyMs, socket);
  }

  /** Sends a reply piece by piece, each when its last byte has come over the wire. */
  #send(reply: Uint8Array, from: number, startMs: number, socket: Socket): void {
    if (from >= reply.length) {
      this.#release();
      return;
    }
    const segmentBytes = this.#options.faults.segmentBytes(this.name);
    const to = Math.min(reply.length, from + (segmentBytes ?? (this.#options.hasWireTime ? GATEWAY_BYTES : reply.length)));
    const write = () => {
      if (!socket.destroyed) socket.write(reply.subarray(from, to));
      this.#send(reply, to, startMs, socket);
    };
    // Without wire time a turn of the event loop keeps the segments apart.
    if (from > 0 && !this.#options.hasWireTime) this.#later(write);
    else this.#at(startMs + this.#wireMs(to), write);
  }

  #release(): void {
    this.#isBusy = false;
    this.#quietSinceMs = this.#options.clock.monotonic();
    this.#next();
  }

  /** Address 0 is answered by a lone meter only (1.1). */
  #meterAt(address: number): MeterOnLine | null {
    const { meters } = this.#options;
    if (address === UNIVERSAL_ADDRESS) return meters.length === 1 ? (meters[0] ?? null) : null;
    return meters.find(({ spec }) => spec.address === address) ?? null;
  }

  #wireMs(bytes: number): number {
    return this.#options.hasWireTime ? bytes * BYTE_MS : 0;
  }

  #at(monotonicMs: number, run: () => void): void {
    const ms = monotonicMs - this.#options.clock.monotonic();
    if (ms <= 0) run();
    else this.#cancel = this.#options.clock.after(ms, run);
  }

  #later(run: () => void): void {
    const turn = setImmediate(run);
    this.#cancel = () => clearImmediate(turn);
  }

  #count(added: Partial<LineTraffic>): void {
    const sum = this.#traffic;
    this.#traffic = {
      requests: sum.requests + (added.requests ?? 0),
      replies: sum.replies + (added.replies ?? 0),
      requestBytes: sum.requestBytes + (added.requestBytes ?? 0),
      replyBytes: sum.replyBytes + (added.replyBytes ?? 0),
      meterMs: sum.meterMs + (added.meterMs ?? 0),
      hastyRequests: sum.hastyRequests + (added.hastyRequests ?? 0),
    };
  }
}
