/** Reports as scripts ask for them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { REPORT_NAMES } from '../../src/shared/api/reports.ts';
import { feeder } from '../support/feeder-process.ts';
import { importRow, interval, MIDNIGHT, stored } from '../unit/store/support.ts';

test('one line with the file, its rows and what is missing; an unknown name lists those that there are', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  store.plant.applyImport([importRow(1), importRow(2)], 180, 'test');
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 10), interval(1, 20)] });
  store.close();
  const out = join(folder, 'out');
  const ask = (name: string, ...more: string[]) =>
    feeder(['report', name, '--data', folder, '--from', '2026-11-22', '--to', '2026-11-22', '--out', out, ...more]);
  const file = (format: string) => join(out, `report_completeness_SITE1_20261122_20261122.${format}`);
  expect(await ask('completeness', '--format', 'xlsx', '--point', 'P1')).toMatchObject({
    code: 0,
    lines: [{ file: file('xlsx'), rows: 2 }],
  });
  expect(await ask('completeness', '--format', 'pdf', '--substation', 'TP-1')).toMatchObject({ code: 0, lines: [{ file: file('pdf') }] });
  expect(readFileSync(file('xlsx')).subarray(0, 2).toString()).toBe('PK');
  expect(readFileSync(file('pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  expect(readdirSync(out).sort()).toEqual([
    'report_completeness_SITE1_20261122_20261122.pdf',
    'report_completeness_SITE1_20261122_20261122.xlsx',
  ]);
  const unknown = await ask('yearly');
  expect(unknown).toMatchObject({ code: 1, lines: [{ error: { code: 'api/not-found' } }] });
  for (const name of REPORT_NAMES) expect(JSON.stringify(unknown.lines)).toContain(name);
  expect(await ask('completeness', '--substation', 'TP-9')).toMatchObject({ code: 1, lines: [{ error: { code: 'api/not-found' } }] });
  expect(await ask('completeness', '--format', 'doc')).toMatchObject({ code: 1, lines: [{ error: { code: 'api/invalid-argument' } }] });
});
