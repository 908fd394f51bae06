/** The `feeder` command as a script starts it: a process of its own, results as JSON lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/feeder.mjs', import.meta.url));
/** Flags of V8 that the command is started with: those of its first line. */
export const FEEDER_FLAGS: readonly string[] = /^#!.* node (.+)\n/.exec(readFileSync(BIN, 'utf8'))?.[1]?.split(' ') ?? [];

export interface Finished {
  readonly code: number | null;
  /** stdout, parsed line by line. */
  readonly lines: Record<string, unknown>[];
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function feeder(
  args: readonly string[],
  options: { readonly stdin?: string; readonly env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [...FEEDER_FLAGS, BIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.stdin ?? '');
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, lines: parseLines(stdout), stderr };
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the first line on stdout. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Ends the process as a person would (or as a power cut, with SIGKILL) and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a command that runs until it is told to end. */
export function startFeeder(args: readonly string[]): Running {
  const child = spawn(process.execPath, [...FEEDER_FLAGS, BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const end = stdout.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(stdout.slice(0, end)) as Record<string, unknown>);
    });
    void closed.then((code) => reject(new Error(`ended with ${code} before it was ready: ${stdout}${stderr}`)));
  });
  return {
    child,
    ready,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return closed;
    },
  };
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
