/** The thread in which pages are laid out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage } from './pdf.ts';
import { type FilledDocument, layOut } from './pdf-layout.ts';

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const { document, madeUtc } = workerData as { readonly document: FilledDocument; readonly madeUtc: number };

say({ kind: 'started' });
say({ kind: 'done', bytes: await layOut(document, madeUtc) });
