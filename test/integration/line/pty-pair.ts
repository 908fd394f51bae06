import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A serial line without hardware: what goes into one device comes out of the other. */
export interface PtyPair {
  /** Our end. */
  readonly near: string;
  /** The meter's end. */
  readonly far: string;
  plug(): Promise<void>;
  /** As if the adapter were pulled out: both devices vanish. */
  unplug(): Promise<void>;
  /** Unplugs and removes the folder; belongs into `finally`, since a socat left over would put its devices back. */
  remove(): Promise<void>;
}

/** The devices exist only once `plug` has resolved. */
export function createPtyPair(): PtyPair {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-pty-'));
  const near = join(folder, 'near');
  const far = join(folder, 'far');
  let child: ChildProcess | null = null;
  const unplug = async () => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
    // Killed hard, socat leaves its links behind; a pulled adapter does not.
    rmSync(near, { force: true });
    rmSync(far, { force: true });
  };
  return {
    near,
    far,
    unplug,
    plug: async () => {
      child = await startSocat([`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], /starting data transfer loop/);
    },
    remove: async () => {
      await unplug();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts socat and resolves once its log says `ready`. Rejects with the name of the package when it is not installed. */
export async function startSocat(args: readonly string[], ready: RegExp): Promise<ChildProcess> {
  const child = spawn('socat', ['-d', '-d', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? new Error('These tests need socat: install the Debian package "socat"') : error);
    });
    const said: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      if (ready.test(line)) resolve();
    });
    child.once('exit', () => reject(new Error(`socat ended: ${said.join('\n')}`)));
  });
  return child;
}
