import type { AppError } from '../../shared/api/errors.ts';

type DataListener = (segment: Uint8Array) => void;
type CloseListener = (lost: AppError | null) => void;

/** Who listens to a port; what every kind of port has in common. */
export class PortListeners {
  readonly #data = new Set<DataListener>();
  readonly #close = new Set<CloseListener>();

  onData(listener: DataListener): () => void {
    this.#data.add(listener);
    return () => this.#data.delete(listener);
  }

  onClose(listener: CloseListener): () => void {
    this.#close.add(listener);
    return () => this.#close.delete(listener);
  }

  data(segment: Uint8Array): void {
    for (const listener of this.#data) listener(segment);
  }

  closed(lost: AppError | null): void {
    for (const listener of this.#close) listener(lost);
  }
}
