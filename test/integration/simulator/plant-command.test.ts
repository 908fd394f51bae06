import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseArguments } from '../../../src/main/cli/args.ts';
import { plantCommand } from '../../../src/main/cli/commands/plant.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RawClient } from './client.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plant-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command; `onReady` is called with its one line, then the command is told to end. */
async function run(args: string[], onReady: (ready: object) => Promise<void> = async () => {}) {
  const stop = new AbortController();
  const lines: object[] = [];
  const used: Promise<void>[] = [];
  const io = {
    out: (line: object) => {
      lines.push(line);
      used.push(onReady(line).finally(() => stop.abort()));
      return true;
    },
    drained: async () => {},
    progress: () => {},
    log: () => {},
    signal: stop.signal,
  };
  const code = await plantCommand.run(parseArguments(args, plantCommand.flags, plantCommand.words), io);
  await Promise.all(used);
  return { code, lines };
}

/** A port from which four are free at the moment. */
async function freePorts(): Promise<number> {
  for (let base = 21_000; ; base += 4) {
    const plant = createPlant({ clock: new FakeClock(), portBase: base });
    try {
      await plant.start();
    } catch {
      continue;
    }
    await plant.stop();
    return base;
  }
}

test('the command prints one ready line, writes the list, answers and ends when told', async () => {
  const base = await freePorts();
  const list = join(folder, 'list.csv');
  const { code, lines } = await run(['--port-base', String(base), '--seed', '5', '--wire', 'off', '--list', list], async () => {
    const rows = (await readFile(list, 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(71);
    const [, , , line = '', , address = '', serial = ''] = rows[40]?.split(';') ?? [];
    const raw = await RawClient.open(Number(line.split(':')[2]));
    const data = await raw.ask(Number(address), [0x08, 0x00], 10);
    expect(
      data
        .slice(0, 4)
        .map((byte) => String(byte).padStart(2, '0'))
        .join(''),
    ).toBe(serial);
    raw.close();
  });
  expect(code).toBe(0);
  expect(lines).toEqual([
    {
      ready: true,
      lines: [
        { name: 'ТП-1', port: base, meters: 18 },
        { name: 'ТП-2', port: base + 1, meters: 18 },
        { name: 'ТП-3', port: base + 2, meters: 17 },
        { name: 'ТП-4', port: base + 3, meters: 17 },
      ],
    },
  ]);
});

test('faults of meters and lines that are not there are refused by name', async () => {
  const faults = join(folder, 'faults.json');
  for (const fault of [
    { kind: 'echo', line: 'ТП-9' },
    { kind: 'zero-only', point: 'TP9-99' },
  ]) {
    await writeFile(faults, JSON.stringify([fault]));
    await expect(run(['--port-base', '21000', '--faults', faults])).rejects.toMatchObject({ code: 'api/not-found' });
  }
});

test('bad flags and faulty fault files are refused by name', async () => {
  const faults = join(folder, 'faults.json');
  await writeFile(faults, '[{"kind":"corrupt","rate":7}]');
  const text = join(folder, 'text.json');
  await writeFile(text, 'not json');
  const wrong = [
    [],
    ['--port-base', '0'],
    ['--port-base', '65535'],
    ['--port-base', 'x'],
    ['--port-base', '21000', '--wire', 'maybe'],
    ['--port-base', '21000', '--history', '-1'],
    ['--port-base', '21000', '--fault', 'x'],
    ['--port-base', '21000', '--faults', faults],
    ['--port-base', '21000', '--faults', text],
    ['--port-base', '21000', '--faults', join(folder, 'absent.json')],
  ];
  for (const args of wrong) await expect(run(args), args.join(' ')).rejects.toMatchObject({ code: 'api/invalid-argument' });
});
