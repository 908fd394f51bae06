/** Where a command speaks: results as JSON lines on stdout, progress and logs on stderr. */
export interface CommandIo {
  /** One result. Returns false when the reader is behind or gone: wait for `drained` before a long list goes on. */
  out(result: object): boolean;
  drained(): Promise<void>;
  /** One line of progress for a person. */
  log(text: string): void;
  /** The line that is written over and over, where a person sees it; an empty text takes it away. */
  progress(text: string): void;
  /** Aborts on Ctrl+C or when the service is told to end. */
  readonly signal: AbortSignal;
}

export function processIo(signal: AbortSignal): CommandIo {
  return {
    out: (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
    drained: () =>
      process.stdout.writableNeedDrain && !signal.aborted
        ? new Promise((resolve) => {
            process.stdout.once('drain', () => resolve());
            signal.addEventListener('abort', () => resolve(), { once: true });
          })
        : Promise.resolve(),
    log: (text) => {
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      // Back to the beginning of the line, and what was longer before is wiped.
      if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`);
    },
    signal,
  };
}

/** Prints a long list without holding it in memory. */
export async function outAll(io: CommandIo, rows: Iterable<object>): Promise<void> {
  for (const row of rows) {
    if (!io.out(row)) await io.drained();
    if (io.signal.aborted) return;
  }
}
