import { SerialPort } from 'serialport';
import { AppError } from '../../shared/api/errors.ts';
import type { CharacterFormat, LineSettings } from './line-address.ts';
import type { Port } from './port.ts';
import { PortListeners } from './port-listeners.ts';

const FORMATS = {
  '8N1': { dataBits: 8, parity: 'none', stopBits: 1 },
  '8E1': { dataBits: 8, parity: 'even', stopBits: 1 },
  '8O1': { dataBits: 8, parity: 'odd', stopBits: 1 },
  '7E1': { dataBits: 7, parity: 'even', stopBits: 1 },
  '8N2': { dataBits: 8, parity: 'none', stopBits: 2 },
} as const satisfies Record<CharacterFormat, unknown>;

/** A serial port of this computer, locked for us alone. Modem lines are left alone: many adapters and every pseudo-terminal refuse them. */
export function createSerialPort(device: { readonly path: string; readonly settings: LineSettings; readonly description: string }): Port {
  return new SerialLinePort(device.path, device.settings, device.description);
}

class SerialLinePort implements Port {
  readonly kind = 'serial';
  readonly description: string;
  readonly #path: string;
  readonly #settings: LineSettings;
  readonly #listeners = new PortListeners();
  #handle: SerialPort | null = null;

  constructor(path: string, settings: LineSettings, description: string) {
    this.#path = path;
    this.#settings = settings;
    this.description = description;
  }

  async open(): Promise<void> {
    if (this.#handle !== null) throw new AppError('bug', `${this.description} is open already`);
    const handle = new SerialPort({
      path: this.#path,
      baudRate: this.#settings.baudRate,
      ...FORMATS[this.#settings.format],
      lock: true,
      autoOpen: false,
    });
    this.#handle = handle;
    try {
      await completed((done) => handle.open(done));
    } catch (error) {
      this.#handle = null;
      throw openError(this.description, error);
    }
    let reason = 'the adapter went away';
    handle.on('data', (segment: Uint8Array) => this.#listeners.data(segment));
    handle.on('error', (error) => {
      reason = error.message;
    });
    // Comes twice after a failed write (from the stream and from the binding), and without an error the first time.
    handle.on('close', (error: Error | null | undefined) => this.#down(handle, error?.message ?? reason));
  }

  async write(bytes: Uint8Array): Promise<void> {
    const handle = this.#handle;
    if (handle === null || !handle.isOpen) throw this.#lost('it is not open');
    try {
      await completed((done) => handle.write(Buffer.from(bytes), done));
    } catch (error) {
      throw this.#lost(messageOf(error));
    }
    // Some drivers cannot tell when the last bit has left; the bytes are theirs all the same.
    await completed((done) => handle.drain(done)).catch(() => undefined);
  }

  /** Best effort: pseudo-terminals and some virtual ports refuse it, and late bytes are dropped by the listeners besides. */
  async discardInput(): Promise<void> {
    const handle = this.#handle;
    if (handle === null || !handle.isOpen) return;
    await completed((done) => handle.flush(done)).catch(() => undefined);
  }

  onData(listener: (segment: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener);
  }

  onClose(listener: (lost: AppError | null) => void): () => void {
    return this.#listeners.onClose(listener);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    // An adapter that is gone may refuse to be closed: there is nothing left to hold.
    if (handle.isOpen) await completed((done) => handle.close(done)).catch(() => undefined);
    this.#listeners.closed(null);
  }

  #down(handle: SerialPort, reason: string): void {
    if (this.#handle !== handle) return;
    this.#handle = null;
    this.#listeners.closed(this.#lost(reason));
  }

  #lost(reason: string): AppError {
    return new AppError('line/lost', `${this.description} was lost: ${reason}`, {
      context: { port: this.description },
      hint: 'Check the cable and the power of the adapter; the line is opened again by itself',
    });
  }
}

function completed(start: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** The binding says what is wrong in words only: errno texts on Linux, fixed English sentences on Windows. */
function openError(description: string, error: unknown): AppError {
  const text = messageOf(error);
  const context = { port: description, cause: text };
  if (/cannot lock port|access denied|resource busy|temporarily unavailable/i.test(text)) {
    return new AppError('line/in-use', `${description} is in use by another program`, {
      context,
      hint: 'Close the other program: a terminal, a configurator or another poller',
      cause: error,
    });
  }
  const [message, hint] = /permission denied/i.test(text)
    ? ['may not be opened by this user', 'Add the user to the group that owns the device (dialout on Debian) and log in again']
    : /no such|file not found/i.test(text)
      ? ['is not there', 'Plug the adapter in and check its name in the device manager']
      : ['could not be opened', 'Unplug the adapter and plug it in again; check its driver'];
  return new AppError('line/open-failed', `${description} ${message}`, { context, hint, cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
