/** Short form of `npm run proof:80020` (docs/proofs.md). */
import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { proveDays } from '../../proof/80020/days.ts';
import { quickFolder } from '../../proof/folder.ts';

test('days of chance in all zones give files that are right to the half-hour, sound by the schema and the same when made again', async () => {
  const folder = quickFolder('80020');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const report = await proveDays({ seed: 7, days: 60, folder });
  expect(report.faults).toEqual([]);
  expect(report.files).toBeGreaterThanOrEqual(60);
  expect(report.held).toBeGreaterThan(0);
  expect(report.transitions).toBeGreaterThan(0);
  // Where the system has no validator of its own the one of the product has judged alone.
  expect([report.files, null]).toContain(report.xmllintValid);
}, 60_000);
