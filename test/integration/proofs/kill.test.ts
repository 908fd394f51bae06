/** Short form of `npm run proof:kill` (docs/proofs.md). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runKills } from '../../proof/kill/kill.ts';

test('kill -9 during back-fill and export loses nothing that was said to be done and leaves no half file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const report = await runKills({ seed: 2, times: 5, folder }, () => {});
  expect(report.faults).toEqual([]);
  expect(report).toMatchObject({ kills: 5, storedWrong: 0 });
  expect(report.acknowledgedIntervals).toBeGreaterThan(500);
  expect(report.acknowledgedPackages).toBeGreaterThan(5);
  expect(report.acknowledgedSupplierFiles).toBeGreaterThan(0);
}, 120_000);
