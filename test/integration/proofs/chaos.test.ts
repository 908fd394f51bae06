/** Short form of `npm run proof:chaos`: some days, some meters, everything else as in the long one (docs/proofs.md). */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { type ChaosReport, runChaos } from '../../proof/chaos/chaos.ts';
import { judgeChaos } from '../../proof/chaos/verdict.ts';
import { quickFolder } from '../../proof/folder.ts';

const OPTIONS = { seed: 4, days: 4, outageDays: 1, pointsPerLine: 2, replacements: 1, hasPowerCuts: false };

let folder: string;
let report: ChaosReport;

beforeAll(async () => {
  folder = quickFolder('chaos');
  report = await runChaos(OPTIONS, folder, () => {});
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('whatever happens to lines, clocks, meters, disk and process, every slot that could be had is stored once and right', () => {
  expect(report.missing).toEqual([]);
  expect(report.wrong).toEqual([]);
  expect(report).toMatchObject({ missingCount: 0, wrongCount: 0, revised: 0, acknowledgedLost: 0, frozenWrong: 0, integrity: 'ok' });
  expect(report.stored).toBe(report.reachable);
  // Five days of history and four of its own, eight meters.
  expect(report.reachable).toBeGreaterThan(3000);
  expect(report.kills).toBeGreaterThanOrEqual(3);
  expect(report.failures).toBeGreaterThan(200);
  expect(report.refusals).toBeGreaterThan(0);
});

test('a lost slot, a changed one and one that never was are found', async () => {
  const db = new Database(join(folder, DATABASE_FILE));
  const [lost, changed] = db
    .prepare<[], { m: number; s: number }>('SELECT meter_id AS m, start_utc AS s FROM interval LIMIT 2 OFFSET 100')
    .all();
  if (lost === undefined || changed === undefined) throw new Error('the database is empty');
  db.prepare('DELETE FROM interval WHERE meter_id = ? AND start_utc = ?').run(lost.m, lost.s);
  db.prepare('UPDATE interval SET a_plus = a_plus + 1, revision = 2 WHERE meter_id = ? AND start_utc = ?').run(changed.m, changed.s);
  db.prepare('INSERT INTO interval (meter_id, start_utc, length_s, a_plus, source, flags, revision) VALUES (?, ?, 1800, 7, 0, 0, 1)').run(
    lost.m,
    lost.s - 3650 * 86_400,
  );
  db.close();
  const verdict = await judgeChaos(OPTIONS, folder, report.lives, new Set([`${lost.m} ${lost.s}`]));
  expect(verdict).toMatchObject({ missingCount: 1, wrongCount: 2, revised: 1, acknowledgedLost: 1 });
}, 60_000);
