import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Port } from './port.ts';
import { PortListeners } from './port-listeners.ts';

const CONNECT_TIMEOUT_MS = 5000;
const KEEP_ALIVE_MS = 30_000;

/** A connection that we open to a transparent gateway (gateways.md 1, kind 1). */
export function createTcpPort(
  endpoint: { readonly host: string; readonly port: number; readonly description: string },
  clock: Clock,
): Port {
  return new TcpPort(endpoint.description, (adopt) => dial(endpoint, clock, adopt));
}

/** A connection that a modem opened to us, past its identification. Once lost it cannot be opened again: the modem calls anew. */
export function portOfSocket(socket: Socket, description: string): Port {
  let isFresh = true;
  return new TcpPort(description, async (adopt) => {
    if (!isFresh || socket.destroyed) {
      throw new AppError('line/open-failed', `${description}: the modem has hung up`, {
        context: { port: description },
        hint: 'Wait until the modem connects again',
      });
    }
    isFresh = false;
    adopt(socket);
  });
}

/** Resolves once the socket is connected. `adopt` is given the socket at once, so that a close can end the attempt. */
type Dial = (adopt: (socket: Socket) => void) => Promise<void>;

function dial(
  { host, port, description }: { host: string; port: number; description: string },
  clock: Clock,
  adopt: (socket: Socket) => void,
) {
  return new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port });
    adopt(socket);
    const cancel = clock.after(CONNECT_TIMEOUT_MS, () => fail({ code: 'ETIMEDOUT' }));
    const fail = (cause: { code?: string } | null) => {
      cancel();
      socket.destroy();
      reject(openFailed(description, cause));
    };
    socket.once('error', fail);
    socket.once('close', () => fail(null));
    socket.once('connect', () => {
      cancel();
      resolve();
    });
  });
}

const OPEN_HINTS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ECONNREFUSED: ['refused the connection', 'Check the port and that no other program holds the only connection of the gateway'],
  ECONNRESET: ['ended the connection at once', 'Another program may hold the only connection of the gateway'],
  ETIMEDOUT: ['does not answer', 'Check the power of the gateway, its address, the cable and the firewall'],
  EHOSTUNREACH: ['cannot be reached', 'Check the cable, the network settings of this computer and the address of the gateway'],
  ENETUNREACH: ['cannot be reached', 'Check the cable and the network settings of this computer'],
  ENOTFOUND: ['is a name that nobody knows', 'Check the spelling of the name or write the IP address'],
  EAI_AGAIN: ['is a name that cannot be looked up now', 'Check the network, or write the IP address instead of the name'],
};

function openFailed(description: string, cause: { code?: string } | null): AppError {
  const code = cause?.code ?? '';
  const [message, hint] = OPEN_HINTS[code] ?? ['could not be opened', 'Check the gateway and the network'];
  return new AppError('line/open-failed', `${description} ${message}`, { context: { port: description, cause: code }, hint, cause });
}

class TcpPort implements Port {
  readonly kind = 'tcp';
  readonly description: string;
  readonly #dial: Dial;
  readonly #listeners = new PortListeners();
  #socket: Socket | null = null;
  #isOpen = false;

  constructor(description: string, dialer: Dial) {
    this.description = description;
    this.#dial = dialer;
  }

  async open(): Promise<void> {
    if (this.#socket !== null) throw new AppError('bug', `${this.description} is open already`);
    try {
      await this.#dial((made) => {
        this.#socket = made;
      });
    } catch (error) {
      this.#socket = null;
      throw error;
    }
    const socket = this.#current();
    if (socket === null) throw openFailed(this.description, null);
    // Nagle's delay would hold a request back until the gateway has acknowledged the one before.
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    let reason = 'the other end closed the connection';
    socket.on('data', (segment) => this.#listeners.data(segment));
    socket.on('end', () => socket.destroy());
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', () => this.#down(socket, reason));
    this.#isOpen = true;
  }

  write(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket === null || !this.#isOpen) return Promise.reject(this.#lost('it is not open'));
    return new Promise((resolve, reject) => {
      socket.write(bytes, (error) => {
        if (error) reject(this.#lost(error.message));
        else resolve();
      });
    });
  }

  /** A socket cannot be emptied unread: one turn of the event loop hands what waits there to the listeners, who drop it. */
  async discardInput(): Promise<void> {
    await nextTurn();
  }

  onData(listener: (segment: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener);
  }

  onClose(listener: (lost: AppError | null) => void): () => void {
    return this.#listeners.onClose(listener);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    const wasOpen = this.#isOpen;
    this.#socket = null;
    this.#isOpen = false;
    if (!socket.closed) {
      const closed = new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
      });
      socket.destroy();
      await closed;
    }
    if (wasOpen) this.#listeners.closed(null);
  }

  /** Read anew: a close during the attempt has taken the socket away. */
  #current(): Socket | null {
    return this.#socket;
  }

  #down(socket: Socket, reason: string): void {
    // After our own close another socket, or none, is in its place.
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#isOpen = false;
    this.#listeners.closed(this.#lost(reason));
  }

  #lost(reason: string): AppError {
    return new AppError('line/lost', `${this.description} was lost: ${reason}`, {
      context: { port: this.description },
      hint: 'Check the power of the gateway and the network; the line is opened again by itself',
    });
  }
}
