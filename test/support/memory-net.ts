/**
 * `node:net` without an operating system, for simulated time: connections inside this process whose bytes are there as soon
 * as what runs now has ended. Only what TCP ports and the gateways of the training plant use. Put it in place with
 * `vi.mock('node:net', ...)`.
 */
import { EventEmitter } from 'node:events';

const listening = new Map<number, MemoryServer>();
let lastPort = 40_000;

export class MemorySocket extends EventEmitter {
  destroyed = false;
  closed = false;
  peer: MemorySocket | null = null;

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  write(bytes: Uint8Array, done?: (error?: Error) => void): boolean {
    const { peer } = this;
    const copy = Uint8Array.from(bytes);
    queueMicrotask(() => {
      if (this.destroyed || peer === null) {
        done?.(new Error('the connection is closed'));
        return;
      }
      if (!peer.destroyed) peer.emit('data', copy);
      done?.();
    });
    return true;
  }

  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    const { peer } = this;
    queueMicrotask(() => {
      this.closed = true;
      this.emit('close');
      if (peer !== null && !peer.destroyed) peer.emit('end');
      peer?.destroy();
    });
    return this;
  }
}

class MemoryServer extends EventEmitter {
  listening = false;
  #port = 0;
  readonly #accept: (socket: MemorySocket) => void;

  constructor(accept: (socket: MemorySocket) => void) {
    super();
    this.#accept = accept;
  }

  listen(port: number, _host: string, ready: () => void): this {
    lastPort += 1;
    this.#port = port === 0 ? lastPort : port;
    listening.set(this.#port, this);
    this.listening = true;
    queueMicrotask(ready);
    return this;
  }

  address(): { port: number } {
    return { port: this.#port };
  }

  close(done: () => void): this {
    listening.delete(this.#port);
    this.listening = false;
    queueMicrotask(done);
    return this;
  }

  take(socket: MemorySocket): void {
    this.#accept(socket);
  }
}

export function createServer(_options: object, accept: (socket: MemorySocket) => void): MemoryServer {
  return new MemoryServer(accept);
}

export function connect({ port }: { readonly port: number }): MemorySocket {
  const client = new MemorySocket();
  queueMicrotask(() => {
    const server = listening.get(port);
    if (server === undefined) {
      client.emit('error', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
      return;
    }
    const accepted = new MemorySocket();
    client.peer = accepted;
    accepted.peer = client;
    client.emit('connect');
    server.take(accepted);
  });
  return client;
}
