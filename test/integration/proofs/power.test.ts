/** Short form of `npm run proof:power` (docs/proofs.md): made on the spot where the system lets one process follow another, else of a recording that was kept. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { CHAOS_START_MS } from '../../proof/chaos/scenario.ts';
import { quickFolder } from '../../proof/folder.ts';
import { cutPower } from '../../proof/power/power.ts';
import { canRecord, type FileStep, loadRecording, record } from '../../proof/power/recording.ts';

const KEPT = fileURLToPath(new URL('../../proof/power/recording.gz', import.meta.url));
let steps: FileStep[];

beforeAll(async () => {
  steps = canRecord() ? await recordNow() : loadRecording(KEPT);
}, 60_000);

async function recordNow(): Promise<FileStep[]> {
  const folder = quickFolder('power');
  const scenario = { seed: 2, days: 0.01, outageDays: 0, pointsPerLine: 1, replacements: 0, hasPowerCuts: false };
  try {
    return await record({ ...scenario, folder, fromMs: CHAOS_START_MS, life: 0, readsJournals: false });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function folderOfTest(): string {
  const folder = quickFolder('cut');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('power may go at any moment: what was said to be durable is there, and the database is whole', () => {
  const report = cutPower(steps, { seed: 1, cuts: 60, folder: folderOfTest() });
  expect(report.faults).toEqual([]);
  expect(report).toMatchObject({ losses: 0, broken: 0 });
  expect(report.acknowledged).toBeGreaterThan(100);
}, 60_000);

test('a disk that only says that it has flushed is found out: the cuts are able to lose something', () => {
  const report = cutPower(steps, { seed: 1, cuts: 20, folder: folderOfTest(), isLying: true });
  expect(report.losses).toBeGreaterThan(0);
}, 60_000);

test('the recording that is kept is sound too', () => {
  const report = cutPower(loadRecording(KEPT), { seed: 3, cuts: 20, folder: folderOfTest() });
  expect(report).toMatchObject({ losses: 0, broken: 0, faults: [] });
}, 60_000);
