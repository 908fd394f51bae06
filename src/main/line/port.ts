import type { AppError } from '../../shared/api/errors.ts';

/**
 * A handle on bytes: a serial port, a TCP connection to a transparent gateway, later a connection that a modem
 * opened to us. It knows nothing of frames, addresses or meters.
 *
 * `open` rejects with `line/open-failed` or `line/in-use`. After `open` the port is usable until `onClose` fires:
 * with `null` when we closed it, with `line/lost` when it was torn away. A closed port may be opened again.
 */
export interface Port {
  /** For logs and screens: `tcp:10.0.0.5:4001` or `serial:COM4`. */
  readonly description: string;
  readonly kind: 'serial' | 'tcp' | 'memory';
  open(): Promise<void>;
  /** One buffer, written at once: a gap inside a request makes a meter drop it (mercury.md 13.8). */
  write(bytes: Uint8Array): Promise<void>;
  /** Throws away what the operating system still holds of earlier input. */
  discardInput(): Promise<void>;
  /** Segments as they come, merged and split at will. Returns the unsubscribe function. */
  onData(listener: (segment: Uint8Array) => void): () => void;
  onClose(listener: (lost: AppError | null) => void): () => void;
  close(): Promise<void>;
}
