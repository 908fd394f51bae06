/** Short form of `npm run proof:chaos`: some days, some meters, everything else as in the long one (docs/proofs.md). */
import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { runChaos } from '../../proof/chaos/chaos.ts';
import { quickFolder } from '../../proof/folder.ts';

test('whatever happens to lines, clocks, meters, disk and process, every slot that could be had is stored once and right', async () => {
  const folder = quickFolder('chaos');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = { seed: 4, days: 4, outageDays: 1, pointsPerLine: 3, replacements: 1 };
  const report = await runChaos(options, folder, () => {});
  expect(report.missing).toEqual([]);
  expect(report.wrong).toEqual([]);
  expect(report).toMatchObject({ missingCount: 0, wrongCount: 0, revised: 0, acknowledgedLost: 0, frozenWrong: 0, integrity: 'ok' });
  expect(report.stored).toBe(report.reachable);
  // Five days of history and three of its own, twelve meters.
  expect(report.reachable).toBeGreaterThan(4000);
  expect(report.kills).toBeGreaterThanOrEqual(3);
  expect(report.failures).toBeGreaterThan(500);
}, 120_000);
