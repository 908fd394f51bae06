import { setImmediate as nextTurn } from 'node:timers/promises';

/** Where a writer puts bytes: a file being written. Awaiting it gives back-pressure; hashing and flushing are its maker's. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Meters are polled in the same process: after so many rows they get their turn. */
const ROWS_AT_ONCE = 1000;

/** Bytes of rows, so many at a time; between two lots everything else in the process gets its turn. */
export async function* inLots<R>(
  rows: Iterable<R>,
  bytesOf: (lot: readonly R[]) => Uint8Array,
  size = ROWS_AT_ONCE,
): AsyncGenerator<Uint8Array> {
  let lot: R[] = [];
  for (const row of rows) {
    lot.push(row);
    if (lot.length < size) continue;
    yield bytesOf(lot);
    lot = [];
    await nextTurn();
  }
  if (lot.length > 0) yield bytesOf(lot);
}

/** Writes rows by lots of a thousand; see `inLots`. */
export async function writeInLots<R>(rows: Iterable<R>, bytesOf: (lot: readonly R[]) => Uint8Array, sink: ByteSink): Promise<void> {
  for await (const bytes of inLots(rows, bytesOf)) await sink.write(bytes);
}
