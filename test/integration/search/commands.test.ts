/** `feeder scan` and `feeder line-test` as a script starts them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { createPlant, type Plant } from '../../../src/main/simulator/plant.ts';
import { feeder, startFeeder } from '../../support/feeder-process.ts';

let folder: string;
let plant: Plant;
let line: string;
let meters: readonly { readonly serial: string; readonly address: number }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-scan-'));
  plant = createPlant({ clock: systemClock, historyDays: 0, hasWireTime: false, latencyMs: [0, 5] });
  await plant.start();
  const [first] = plant.lines;
  line = `tcp:127.0.0.1:${first?.port}`;
  meters = plant.truth.meters.filter((meter) => meter.line === first?.name).sort((a, b) => a.address - b.address);
});

afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('scan prints each meter found, then the summary, and the raw exchanges on stderr', async () => {
  const [meter] = meters;
  const range = `${meter?.address}-${(meter?.address ?? 0) + 3}`;
  const inside = meters.filter(({ address }) => address <= (meter?.address ?? 0) + 3);
  const scan = await feeder(['scan', '--line', line, '--addresses', range, '--trace']);
  expect(scan.code).toBe(0);
  expect(scan.lines).toHaveLength(inside.length + 1);
  expect(scan.lines[0]).toEqual({
    found: {
      line: `${line}`,
      address: meter?.address,
      serial: meter?.serial,
      driver: 'mercury-23x',
      manufactured: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      speed: '9600-8N1',
      first_byte_ms: expect.any(Number),
      expected: false,
    },
  });
  expect(scan.lines.at(-1)).toMatchObject({ summary: { state: 'done', found: inside.length, missing: [], findings: 0 } });
  const trace = scan.stderr.split('\n').filter((row) => row.startsWith('{'));
  expect(trace.map((row) => (JSON.parse(row) as { text: string }).text)).toContain(`Answer from ${meter?.address}: meter ${meter?.serial}`);
});

test('scan with serials finds where they stand, and a serial that nobody has keeps it open', async () => {
  const file = join(folder, 'serials.txt');
  writeFileSync(file, `\uFEFFserial\r\n${meters[3]?.serial};ввод 1\r\n99999999\r\n`);
  const scan = await feeder(['scan', '--line', line, '--serials', file]);
  expect(scan.code).toBe(3);
  expect(scan.lines).toContainEqual({
    found: expect.objectContaining({ serial: meters[3]?.serial, address: meters[3]?.address, expected: true }),
  });
  expect(scan.lines.at(-1)).toMatchObject({ summary: { missing: ['99999999'] } });
});

test('scan ended by Ctrl+C prints its summary and exits 3', async () => {
  const running = startFeeder(['scan', '--line', line, '--addresses', '1-240']);
  expect(await running.ready).toHaveProperty('found');
  const finished = new Promise<number | null>((resolve) => running.child.on('close', resolve));
  running.child.kill('SIGINT');
  expect(await finished).toBe(3);
});

test('scan of a silent line names it in words, with what to do', async () => {
  const silent = plant.lines[1];
  if (silent === undefined) throw new Error('the plant has no such line');
  plant.setFault({ kind: 'silent-line', line: silent.name });
  const scan = await feeder(['scan', '--line', `tcp:127.0.0.1:${silent.port}`, '--addresses', '1-3']);
  plant.clearFault({ kind: 'silent-line', line: silent.name });
  expect(scan.code).toBe(3);
  expect(scan.lines).toEqual([
    {
      finding: {
        code: 'line-silent',
        message: expect.stringMatching(/Молчит вся линия/),
        hint: expect.stringMatching(/питание/),
        weight: 'fault',
        params: expect.any(Object),
      },
    },
    { summary: expect.objectContaining({ found: 0, findings: 1 }) },
  ]);
});

test('line-test grades the meters that it finds', async () => {
  const [meter] = meters;
  const tested = await feeder(['line-test', '--line', line, '--addresses', String(meter?.address), '--exchanges', '10']);
  expect(tested.code).toBe(0);
  expect(tested.lines[0]).toMatchObject({ meter: { serial: meter?.serial, exchanges: 10, lost: 0, grade: 'good' } });
  expect(tested.lines.at(-1)).toMatchObject({ summary: { grade: 'good', meters: 1, exchanges: 10 } });
});

test.each([
  [['scan'], 'api/invalid-argument'],
  [['scan', '--line', 'tcp:127.0.0.1:4001', '--speeds', '9600-8N1'], 'api/invalid-argument'],
  [['scan', '--line', 'tcp:127.0.0.1:4001', '--addresses', '0-500'], 'api/invalid-argument'],
  [['scan', '--line', 'tcp:127.0.0.1:1'], 'line/open-failed'],
  [['scan', '--line', 'tcp:127.0.0.1:4001', '--driver', 'mercury-200'], 'api/invalid-argument'],
])('%j ends with a typed error and exit 1', async (args, code) => {
  const result = await feeder(args);
  expect(result.code).toBe(1);
  expect(result.lines).toEqual([{ error: expect.objectContaining({ code }) }]);
});
