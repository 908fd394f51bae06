/** What is wrong, as scripts are told it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createPlant, type Plant } from '../../src/main/simulator/plant.ts';
import { openStore } from '../../src/main/store/store.ts';
import { feeder } from '../support/feeder-process.ts';

const SINCE = 1_795_507_800;
/** A midnight of the meters, lately. */
const DAY_START = Math.floor(Date.now() / 86_400_000) * 86_400 - 5 * 86_400 - 3 * 3600;
let folder: string;
let plant: Plant;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-findings-'));
  plant = createPlant({ clock: systemClock, historyDays: 1, hasWireTime: false, latencyMs: [0, 1] });
  await plant.start();
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  store.plant.applyImport(rows, 180, 'test');
  const { meters, lines } = store.plant.load();
  store.findings.note(
    { meterId: meters[0]?.id ?? 0 },
    { code: 'phase-reversed', weight: 'fault', params: { phase: '2', power: -41.5 } },
    SINCE,
  );
  store.findings.note({ lineId: lines[0]?.id ?? 0 }, { code: 'loss', weight: 'attention', params: { rate: 12.5 } }, SINCE + 60);
  store.findings.note({ lineId: lines[0]?.id ?? 0 }, { code: 'echo', weight: 'attention', params: { rate: 100 } }, SINCE);
  store.findings.close({ lineId: lines[0]?.id ?? 0 }, 'echo', SINCE + 300);
  const gap = {
    fromUtc: SINCE - 1800,
    toUtc: SINCE,
    sinceUtc: SINCE,
    tries: 3,
    nextTryUtc: null,
    deadlineUtc: null,
    state: 'open' as const,
  };
  const nowUtc = Math.floor(Date.now() / 1000);
  const volts = (count: number) => ({ count, scale: -2, unit: 'V' as const });
  const at = (index: number) => ({ meterId: meters[index]?.id ?? 0, atUtc: nowUtc });
  await Promise.all([
    store.commit({ ...at(1), gaps: [{ ...gap, reason: 'silent' }] }),
    store.commit({ ...at(2), gaps: [{ ...gap, reason: 'wrong-serial' }] }),
    store.commit({ ...at(3), sample: { U1: volts(22_000), U2: volts(0), U3: volts(22_100) } }),
    store.commit({ ...at(meters.length - 1), gaps: [{ ...gap, reason: 'line-down' }] }),
  ]);
  const figures = { sum: '21084.5', difference: '20946', tolerance: '26', agrees: false };
  const day = { meterId: meters[4]?.id ?? 0, startUtc: DAY_START, endUtc: DAY_START + 86_400, checkedUtc: SINCE };
  const channels = { 'A+': figures, 'A-': null, 'R+': null, 'R-': null };
  store.dayChecks.save([
    { ...day, verdict: 'mismatch', diagnosis: 'shifted-by-a-slot', figures: { channels } },
    {
      ...day,
      startUtc: DAY_START + 86_400,
      endUtc: DAY_START + 172_800,
      verdict: 'not-comparable',
      diagnosis: 'registers-missing',
      figures: {},
    },
  ]);
  store.close();
});
afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('feeder findings', () => {
  test('tells what the ledger and the last values say of meters and lines', async () => {
    const { lines } = await feeder(['findings', '--data', folder]);
    expect(lines.slice(2, 6)).toMatchObject([
      {
        code: 'line-down',
        weight: 'fault',
        subject: { kind: 'line', line: expect.stringMatching(/^tcp:/) },
        since: '2026-11-24T08:10:00Z',
      },
      {
        code: 'meter-silent',
        weight: 'fault',
        subject: { kind: 'point', meter_serial: expect.any(String) },
        message: expect.stringMatching(/^Счётчик не отвечает/),
      },
      { code: 'wrong-serial', weight: 'fault', subject: { kind: 'point' } },
      { code: 'phase-lost', weight: 'attention', subject: { kind: 'point' }, params: { phase: 2 }, hint: expect.stringMatching(/[а-я]/) },
    ]);
    expect(lines[6]).toMatchObject({
      code: 'sum-mismatch',
      weight: 'attention',
      subject: { kind: 'point', point_code: expect.any(String) },
      params: { day: isoDay(DAY_START + 86_400), diagnosis: 'shifted-by-a-slot' },
      message: expect.stringMatching(/^Сумма .* с показаниями: похоже, профиль сдвинут на интервал\./),
    });
    expect(lines).toHaveLength(7);
  });

  test('prints each lasting finding with its figures and in words, lines first', async () => {
    const { code, lines } = await feeder(['findings', '--data', folder]);
    expect(code).toBe(0);
    expect(lines.slice(0, 2)).toEqual([
      {
        code: 'loss',
        weight: 'attention',
        subject: { kind: 'line', name: expect.any(String), line: expect.stringMatching(/^tcp:127\.0\.0\.1:/) },
        since: '2026-11-24T08:11:00Z',
        params: { rate: 12.5 },
        message: expect.stringContaining('Теряются ответы счётчиков: 12,5 % запросов без ответа'),
        hint: expect.stringMatching(/[а-я]/),
      },
      {
        code: 'phase-reversed',
        weight: 'fault',
        subject: {
          kind: 'point',
          name: expect.any(String),
          point_code: expect.any(String),
          meter_serial: expect.stringMatching(/^\d{8}$/),
        },
        since: '2026-11-24T08:10:00Z',
        params: { phase: '2', power: -41.5 },
        message: expect.stringContaining('Мощность фазы отрицательна: фаза B, −41,5 Вт на вторичной стороне'),
        hint: expect.stringMatching(/[а-я]/),
      },
    ]);
  });
});

test('feeder probe tells what the settings of the meter give reason to tell', async () => {
  const [line] = plant.lines;
  const [meter] = plant.truth.meters.filter((each) => each.line === line?.name && each.driver === 'mercury-23x');
  const { code, lines } = await feeder(['probe', `tcp:127.0.0.1:${line?.port}`, String(meter?.address)]);
  expect(code).toBe(0);
  const { findings } = lines[0] as { findings: { code: string; weight: string; message: string; hint: string }[] };
  expect(findings.map(({ code: name }) => name)).toContain('default-password');
  for (const { message, hint } of findings) expect(`${message} ${hint}`).toMatch(/[а-я]{3}/);
});

test('feeder probe tries no password twice that the meter has refused', async () => {
  // A type with D: it takes the default in ASCII alone.
  const meter = plant.truth.meters.find(({ name }) => name === 'Станки с ЧПУ');
  const line = plant.lines.find(({ name }) => name === meter?.line);
  const { code, stderr } = await feeder(['probe', `tcp:127.0.0.1:${line?.port}`, String(meter?.address), '--trace']);
  expect(code).toBe(0);
  const openings = stderr.split('\n').filter((entry) => entry.includes('"open channel level 1"'));
  expect(openings.filter((entry) => entry.includes('"receivedHex"')).length).toBeGreaterThan(0);
  // Binary digits refused, ASCII taken; the second conversation begins with what the first has learned.
  expect(openings).toHaveLength(3);
});

describe('feeder checks', () => {
  test('tells each compared day with its exact figures, or why there are none', async () => {
    const { lines } = await feeder(['checks', '--data', folder]);
    const [first, second] = [isoDay(DAY_START + 86_400), isoDay(DAY_START + 172_800)];
    expect(lines).toMatchObject([
      {
        day: first,
        verdict: 'mismatch',
        diagnosis: 'shifted-by-a-slot',
        channels: { 'A+': { sum: '21084.5', difference: '20946', tolerance: '26' } },
      },
      { day: second, verdict: 'not-comparable', diagnosis: 'registers-missing', channels: null },
    ]);
    expect(Object.keys(lines[0] ?? {}).slice(0, 3)).toEqual(['point_code', 'meter_serial', 'day']);
    expect((await feeder(['checks', '--data', folder, '--from', second])).lines).toHaveLength(1);
    expect((await feeder(['checks', '--data', folder, '--to', '2026-02-30'])).lines).toMatchObject([
      { error: { code: 'api/invalid-argument' } },
    ]);
  });
});

function isoDay(atUtc: number): string {
  return new Date(atUtc * 1000).toISOString().slice(0, 10);
}
