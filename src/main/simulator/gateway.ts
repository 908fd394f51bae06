import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Master, SimulatedBus } from './bus.ts';
import type { FaultBoard } from './faults.ts';
import { RequestFramer } from './framer.ts';
import { hash, pick } from './hash.ts';
import { silenceMs, type WireSettings } from './uart.ts';

const REOPEN_RETRY_MS = 200;
const HOST = '127.0.0.1';
/** Exception "the target device does not respond" of Modbus. */
const TARGET_SILENT = 0x0b;
const JITTER = 61;

export interface GatewayOptions {
  /** Name of the line. */
  readonly name: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly bus: SimulatedBus;
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly seed: number;
}

/** A TCP gateway on a bus. Several clients may connect: a reply goes to the one who asked. */
export class SimulatedGateway {
  readonly #options: GatewayOptions;
  readonly #clients = new Set<GatewayClient>();
  #server: Server | null = null;
  #port: number;
  #cancelReopen: () => void = () => {};
  /** One-client gateways: monotonic time until which a connection that has ended keeps its place. */
  #placeTakenUntilMs = -Infinity;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** The port listened on; known once `open` has resolved. */
  get port(): number {
    return this.#port;
  }

  /** Listens; the port stays the same when a closed gateway opens again. Rejects with `line/open-failed`. */
  open(): Promise<void> {
    const { name } = this.#options;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => {
        this.#server = null;
        reject(
          new AppError('line/open-failed', `Port ${this.#port} of ${name} cannot be opened`, { context: { port: this.#port }, cause }),
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
    for (const client of this.#clients) client.drop();
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

  /** A gateway that has become one of a single client keeps the first. */
  keepOneClient(): void {
    for (const client of [...this.#clients].slice(1)) client.drop();
  }

  #accept(socket: Socket): void {
    const { bus, clock, faults, name } = this.#options;
    const oneClient = faults.onLine('one-client', name);
    if (oneClient?.second === 'drops-first') for (const client of this.#clients) client.drop();
    else if (oneClient !== null && (this.#clients.size > 0 || clock.monotonic() < this.#placeTakenUntilMs)) {
      socket.destroy();
      return;
    }
    const client = new GatewayClient(socket, this.#options);
    this.#clients.add(client);
    bus.join(client);
    // A client that tears its connection is no trouble of the plant.
    socket.on('error', () => {});
    socket.on('close', () => {
      client.drop();
      bus.leave(client);
      this.#clients.delete(client);
      const staleS = faults.onLine('one-client', name)?.stale_s ?? 0;
      this.#placeTakenUntilMs = clock.monotonic() + staleS * 1000;
    });
  }
}

/** One connection: what it sends goes to the bus request by request, what the bus says goes back with the delays of the network. */
class GatewayClient implements Master {
  readonly #socket: Socket;
  readonly #options: GatewayOptions;
  readonly #framer: RequestFramer;
  readonly #pending = new Set<() => void>();
  #writes = 0;
  /** No byte overtakes another. */
  #lastWriteMs = -Infinity;

  constructor(socket: Socket, options: GatewayOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#framer = new RequestFramer(options.clock, silenceMs(options.bus.settings), (request) => this.#pass(request));
    socket.on('data', (segment) => {
      if (!this.#isFrozen) this.#framer.add(segment);
    });
  }

  get settings(): WireSettings {
    const { bus, faults, name } = this.#options;
    const fault = faults.onLine('wrong-parity', name);
    if (fault === null) return bus.settings;
    const otherFormat = bus.settings.format[1] === 'N' ? '8E1' : '8N1';
    return {
      baudRate: fault.baud_rate ?? bus.settings.baudRate,
      format: fault.format ?? (fault.baud_rate === undefined ? otherFormat : bus.settings.format),
    };
  }

  hear(bytes: Uint8Array): void {
    const { clock, faults, name, seed } = this.#options;
    if (this.#isFrozen) return;
    const slow = faults.onLine('slow-gateway', name);
    const now = clock.monotonic();
    this.#writes += 1;
    const delayMs = slow === null ? 0 : slow.latency_ms + pick(hash(seed, JITTER, this.#writes), 0, slow.jitter_ms ?? 0);
    const atMs = Math.max(now + delayMs, this.#lastWriteMs);
    this.#lastWriteMs = atMs;
    if (atMs <= now) {
      this.#write(bytes);
      return;
    }
    const cancel = clock.after(atMs - now, () => {
      this.#pending.delete(cancel);
      this.#write(bytes);
    });
    this.#pending.add(cancel);
  }

  drop(): void {
    this.#framer.clear();
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
    this.#socket.destroy();
  }

  get #isFrozen(): boolean {
    return this.#options.faults.onLine('frozen-gateway', this.#options.name) !== null;
  }

  /** A gateway of Modbus TCP finds no header in the request: it says nothing, or makes one of its first bytes and refuses. */
  #pass(request: Uint8Array): void {
    const { bus, faults, name } = this.#options;
    const modbus = faults.onLine('modbus-gateway', name);
    if (modbus === null) bus.request(request, this);
    else if (modbus.answer === 'exception') this.hear(modbusException(request));
  }

  #write(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }
}

/** MBAP: transaction, protocol 0, length 3, unit; then the function with its top bit set and the exception. */
function modbusException([first = 0, second = 0]: Uint8Array): Uint8Array {
  return Uint8Array.from([first, second, 0, 0, 0, 3, first, second | 0x80, TARGET_SILENT]);
}
