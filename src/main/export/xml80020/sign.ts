/** Signing by a command of the site: a signature of the state's standard is the business of a certified program, never of ours. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { AppError, asAppError } from '../../../shared/api/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FileAccess } from './files.ts';

/** A file with its bytes. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How a command ended: null = it was ended because it took too long. */
export interface CommandEnd {
  readonly exitCode: number | null;
  /** The beginning of what it wrote to its error output. */
  readonly said: string;
}

/** Runs a program without a shell in a folder. Rejects when it cannot be started. */
export type RunCommand = (argv: readonly string[], folder: string, limitMs: number) => Promise<CommandEnd>;

const LIMIT_MS = 60_000;
const MOST_FILES = 10;
const MOST_BYTES = 20_000_000;
const SAID_CHARS = 500;

export interface SignDeps {
  readonly files: FileAccess;
  readonly run: RunCommand;
  /** Folder of one signature, emptied before: nothing of an earlier attempt is taken for its result. */
  readonly folder: string;
}

/**
 * Writes the file into a folder of its own, runs the command with `{file}` as its full name, and gives what stands in the folder then, the
 * file itself first when it is still there. Throws `export/sign-failed` with the command's own words, and system errors as they are.
 */
export async function sign({ files, run, folder }: SignDeps, command: readonly string[], file: NamedBytes): Promise<NamedBytes[]> {
  await files.makeFolder(folder);
  for (const name of (await files.list(folder)) ?? []) await files.remove(path.join(folder, name));
  const place = path.join(folder, file.name);
  await files.write(place, file.bytes);
  const argv = command.map((part) => part.replaceAll('{file}', place));
  let end: CommandEnd;
  try {
    end = await run(argv, folder, LIMIT_MS);
  } catch (error) {
    throw failed(argv, `it cannot be started: ${asAppError(error).message}`, error);
  }
  if (end.exitCode === null) throw failed(argv, `it had not ended after ${LIMIT_MS / 1000} s`);
  if (end.exitCode !== 0) throw failed(argv, `it ended with ${end.exitCode}${end.said === '' ? '' : `: ${end.said}`}`);
  return leftIn(files, folder, file.name, argv);
}

async function leftIn(files: FileAccess, folder: string, first: string, argv: readonly string[]): Promise<NamedBytes[]> {
  const names = [...((await files.list(folder)) ?? [])].sort((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1));
  if (names.length === 0) throw failed(argv, 'it left no file');
  if (names.length > MOST_FILES) throw failed(argv, `it left ${names.length} files`);
  const left: NamedBytes[] = [];
  for (const name of names) {
    const bytes = await files.read(path.join(folder, name));
    if (bytes === null || bytes.length === 0) throw failed(argv, `its file ${name} is empty`);
    left.push({ name, bytes });
  }
  if (left.reduce((sum, { bytes }) => sum + bytes.length, 0) > MOST_BYTES) throw failed(argv, 'its files are too large');
  return left;
}

function failed([program]: readonly string[], why: string, cause?: unknown): AppError {
  return new AppError('export/sign-failed', `The signing command ${program ?? ''} has not signed the file: ${why}`, {
    context: { program: program ?? null },
    hint: 'Run the command by hand in the account that Feeder runs in; the file keeps its number and is sent by a repeat.',
    cause,
  });
}

/** Runs commands of the system. */
export function systemCommand(clock: Clock): RunCommand {
  return (argv, folder, limitMs) =>
    new Promise((resolve, reject) => {
      const [program = '', ...args] = argv;
      const child = spawn(program, args, { cwd: folder, shell: false, windowsHide: true, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      let isLate = false;
      const cancel = clock.after(limitMs, () => {
        isLate = true;
        child.kill('SIGKILL');
      });
      child.stderr.setEncoding('utf8');
      child.stderr.on('data', (text: string) => {
        if (said.length < SAID_CHARS) said = (said + text).slice(0, SAID_CHARS);
      });
      child.on('error', (error) => {
        cancel();
        reject(error);
      });
      child.on('close', (exitCode) => {
        cancel();
        resolve({ exitCode: isLate ? null : (exitCode ?? -1), said: said.trim() });
      });
    });
}
