/** `npm run demo -- --once` as a newcomer runs it, and the same on a rough day. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/demo.mjs', import.meta.url));

async function demo(args: readonly string[]): Promise<{ code: number | null; said: string; files: string[] }> {
  const cwd = mkdtempSync(join(tmpdir(), 'feeder-demo-'));
  try {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, said, files: readdirSync(join(cwd, 'demo-out')) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

test.concurrent('one full cycle: every meter that has a driver, every half-hour equal to the truth, the package delivered', async () => {
  const { code, said, files } = await demo(['--once']);
  const [, identified, polled] = /identified by serial\s+(\d+) of (\d+)/.exec(said) ?? [];
  expect(identified).toBe(polled);
  // Two of the seventy speak the second protocol.
  expect(Number(polled)).toBeGreaterThanOrEqual(68);
  expect(said).toMatch(/0 absent, 0 wrong/);
  const sums = /control sum ([\d.]+), truth ([\d.]+)/.exec(said);
  expect(sums?.[1]).toBe(sums?.[2]);
  expect(files.filter((name) => name.endsWith('.ok'))).toHaveLength(2);
  expect(code).toBe(0);
}, 120_000);

test.concurrent('a rough day: what can be reached is complete, the dead meter is named, no value is wrong', async () => {
  const { code, said } = await demo(['--once', '--rough']);
  expect(said).toMatch(/Faults\s+\S+: silent/);
  expect(said).toMatch(/absent, 0 wrong/);
  expect(code).toBe(0);
}, 240_000);
