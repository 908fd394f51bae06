/** A report on paper. Pages are laid out in a thread of their own: meters are polled in this one. */
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../shared/api/errors.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { type Progress, unwatched } from '../../platform/progress.ts';
import { countRows, NOTHING_COUNTED, type ReportCount, type ReportDocument } from '../document.ts';
import type { FilledDocument, FilledSection } from './pdf-layout.ts';

/** Beyond that it is a file of figures and no paper: some 180 points of a month by hours. */
export const MOST_CELLS = 150_000;
/** What may be laid out in this thread, where another cannot be had: a second of work. */
const MOST_CELLS_HERE = 12_000;

/** The document as a PDF file. Throws `export/unsupported` for one with more than `MOST_CELLS` cells, and `api/cancelled`. */
export async function reportPdf(
  document: ReportDocument,
  madeUtc: UtcSeconds,
  progress: Progress = unwatched(),
): Promise<{ readonly bytes: Uint8Array; readonly count: ReportCount }> {
  let count = NOTHING_COUNTED;
  let cells = 0;
  const sections: FilledSection[] = [];
  for (const { name, heading, columns, content } of document.sections) {
    const filled = await content();
    count = countRows(count, filled.rows);
    cells += filled.rows.length * columns.length;
    if (cells > MOST_CELLS) throw tooLarge(cells, MOST_CELLS);
    sections.push({ name, heading, columns, ...filled });
    await nextTurn();
  }
  const bytes = await laidOut({ ...document, sections }, madeUtc, cells, progress);
  return { bytes, count };
}

/** In a thread; where that fails, here, as long as nobody notices. A fault of the document itself comes up again. */
async function laidOut(document: FilledDocument, madeUtc: UtcSeconds, cells: number, progress: Progress): Promise<Uint8Array> {
  await progress.step({ stage: 'pages', done: 0, of: 0 });
  const answer = await inThread(document, madeUtc, progress.signal);
  await progress.step({ stage: 'pages', done: 0, of: 0 });
  if (answer.bytes !== undefined) return answer.bytes;
  if (cells > MOST_CELLS_HERE) {
    throw answer.hasStarted ? new AppError('bug', `The pages could not be laid out: ${answer.message}`) : tooLarge(cells, MOST_CELLS_HERE);
  }
  const { layOut } = await import('./pdf-layout.ts');
  return layOut(document, madeUtc);
}

/** What the thread says: that it is there, then the pages or what went wrong. */
export type ThreadMessage = { readonly kind: 'started' } | { readonly kind: 'done'; readonly bytes: Uint8Array };

interface Answer {
  readonly bytes?: Uint8Array;
  readonly hasStarted: boolean;
  readonly message: string;
}

/** The thread ends with the signal: nobody waits for its pages any more. */
function inThread(document: FilledDocument, madeUtc: UtcSeconds, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    let hasStarted = false;
    const worker = new Worker(workerFile(), { workerData: { document, madeUtc } });
    const end = () => void worker.terminate();
    signal.addEventListener('abort', end, { once: true });
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'started') hasStarted = true;
      else resolve({ bytes: message.bytes, hasStarted, message: '' });
    });
    worker.on('error', (error: unknown) => {
      resolve({ hasStarted, message: error instanceof Error ? error.message : String(error) });
    });
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', end);
      resolve({ hasStarted, message: `the thread ended with ${code}` });
    });
  });
}

/** Beside this module in the sources; in a bundle beside its entry, of which this module may be a part or a chunk. */
function workerFile(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./pdf-thread.ts', import.meta.url);
  const beside = new URL('./pdf-thread.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../pdf-thread.js', import.meta.url);
}

function tooLarge(cells: number, most: number): AppError {
  return new AppError('export/unsupported', `A PDF takes ${most} cells at most, this report has ${cells} and more`, {
    context: { cells, most },
    hint: 'Choose fewer points or a shorter period, or take XLSX.',
  });
}
