/** What a process did to the files of its database, in order, with what it said to be done between. */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ChildOrder } from '../chaos/child.ts';

export type FileStep =
  | { readonly kind: 'create' | 'sync' | 'unlink'; readonly file: string }
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  /** The names in the folder are on the disk. */
  | { readonly kind: 'sync-folder' }
  /** Intervals were said to be durable, as `meterId start`. */
  | { readonly kind: 'acknowledged'; readonly keys: readonly string[] };

/** Shared memory of the readers is made anew after a loss of power. */
const FILE = /^feeder\.db(-wal|-journal)?$/;
const CALLS = 'openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,close';
const CHILD = fileURLToPath(new URL('../chaos/child.ts', import.meta.url));
const NET = new URL('../net-in-memory.mjs', import.meta.url).href;

/** Whether this system lets one process follow the calls of another. */
export function canRecord(): boolean {
  return spawnSync('strace', ['-o', '/dev/null', '-e', 'trace=write', 'true']).status === 0;
}

/** Follows a process of the chaos proof that begins with an empty folder: engine, store and plant in simulated time. */
export async function record(order: ChildOrder): Promise<FileStep[]> {
  mkdirSync(order.folder, { recursive: true });
  const trace = join(order.folder, 'trace');
  // SQLite works on the main thread, the only one that is followed; nothing is cut short, and every byte is told.
  const args = [
    '-o',
    trace,
    '-xx',
    '-s',
    '1000000',
    '-e',
    `trace=${CALLS}`,
    process.execPath,
    '--import',
    NET,
    CHILD,
    JSON.stringify(order),
  ];
  const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`The recorded process ended with ${String(code)}`);
  const steps: FileStep[] = [];
  const parser = new TraceParser(order.folder);
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const step = parser.step(line);
    if (step !== null) steps.push(step);
  }
  rmSync(trace);
  return steps;
}

/** Turns lines of `strace -xx` into steps on the files of the database. */
export class TraceParser {
  readonly #folder: string;
  readonly #files = new Map<number, string>();
  readonly #existing = new Set<string>();
  #folderHandle: number | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  step(line: string): FileStep | null {
    const call = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(line);
    if (call === null) return null;
    const [, name = '', args = '', result = ''] = call;
    if (Number(result) < 0) return null;
    const handle = Number.parseInt(args, 10);
    const file = this.#files.get(handle);
    switch (name) {
      case 'openat':
        return this.#opened(stringIn(args), args.includes('O_CREAT'), Number(result));
      case 'close':
        this.#files.delete(handle);
        if (handle === this.#folderHandle) this.#folderHandle = null;
        return null;
      case 'fsync':
      case 'fdatasync':
        if (handle === this.#folderHandle) return { kind: 'sync-folder' };
        return file === undefined ? null : { kind: 'sync', file };
      case 'pwrite64':
        return file === undefined ? null : { kind: 'write', file, offset: Number(args.split(', ').at(-1)), bytes: bytesIn(args) };
      case 'ftruncate':
        return file === undefined ? null : { kind: 'truncate', file, size: Number(args.split(', ')[1]) };
      case 'unlink':
        return this.#unlinked(stringIn(args));
      case 'write':
        return handle === 1 ? acknowledged(new TextDecoder().decode(bytesIn(args))) : null;
      default:
        return null;
    }
  }

  #opened(path: string, isCreating: boolean, handle: number): FileStep | null {
    this.#files.delete(handle);
    if (path === this.#folder) this.#folderHandle = handle;
    const file = basename(path);
    if (!path.startsWith(this.#folder) || !FILE.test(file)) return null;
    this.#files.set(handle, file);
    if (!isCreating || this.#existing.has(file)) return null;
    this.#existing.add(file);
    return { kind: 'create', file };
  }

  #unlinked(path: string): FileStep | null {
    const file = basename(path);
    return this.#existing.delete(file) ? { kind: 'unlink', file } : null;
  }
}

/** Keeps a recording beside the tests, for systems that let nobody record. */
export function saveRecording(path: string, steps: readonly FileStep[]): void {
  const lines = steps.map((step) =>
    JSON.stringify(step.kind === 'write' ? { ...step, bytes: Buffer.from(step.bytes).toString('base64') } : step),
  );
  writeFileSync(path, gzipSync(lines.join('\n'), { level: 9 }));
}

export function loadRecording(path: string): FileStep[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .map((line) => {
      const step = JSON.parse(line) as FileStep & { readonly bytes?: string };
      return step.kind === 'write' ? { ...step, bytes: Uint8Array.from(Buffer.from(String(step.bytes), 'base64')) } : step;
    });
}

function acknowledged(text: string): FileStep | null {
  const [word, meter = '', starts = ''] = text.trim().split(' ');
  return word === 'a' ? { kind: 'acknowledged', keys: starts.split(',').map((start) => `${meter} ${start}`) } : null;
}

function stringIn(args: string): string {
  return new TextDecoder().decode(bytesIn(args));
}

/** The quoted string of a call, in which every byte stands as `\xNN`. */
function bytesIn(args: string): Uint8Array {
  const quoted = args.slice(args.indexOf('"') + 1, args.lastIndexOf('"'));
  return Uint8Array.from(Buffer.from(quoted.replaceAll('\\x', ''), 'hex'));
}
