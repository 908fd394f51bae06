/** Gaps, replacements and the closing of a month, as scripts go through them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { feeder } from '../support/feeder-process.ts';
import { importRow, stored } from '../unit/store/support.ts';

/** October 2024 at the meridian of Moscow: long over for any clock that runs this. */
const FROM = Date.parse('2024-09-30T21:00:00Z') / 1000;
const HALF_HOURS = 31 * 48;

test('a month with a hole is filled, closed by whoever names what is open, and opened again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-closing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  store.plant.applyImport([importRow(1)], 180, 'test');
  const one = (n: number) => ({
    startUtc: FROM + n * 1800,
    lengthS: 1800,
    counts: { 'A+': 1, 'A-': null, 'R+': null, 'R-': null },
    flags: [],
    source: 'profile' as const,
  });
  const register = (momentUtc: number, aPlus: number) => ({
    kind: 'day-start' as const,
    momentUtc,
    tariff: 0,
    energy: { 'A+': aPlus, 'A-': null, 'R+': null, 'R-': null },
  });
  const numbers = Array.from({ length: HALF_HOURS }, (_, n) => n);
  await stored(store, {
    meterId: 1,
    atUtc: FROM,
    facts: { ...NO_FACTS, constantImpPerKwh: 500, profilePeriodMin: 30 },
    intervals: numbers.filter((n) => n !== 100 && n !== 1400).map(one),
    registers: [register(FROM, 0), register(FROM + 10 * 86_400, 484)],
  });
  store.close();

  // Looking is allowed beside the one process that writes.
  const service = openStore({ folder, clock: systemClock, logger: silentLogger });
  const listed = await feeder(['replace-missing', '--data', folder, '--month', '2024-10']);
  // 484 less 479 counts of 1 Wh, times 120; behind the last reading nothing is known.
  expect(listed).toMatchObject({
    code: 3,
    lines: [
      { point_code: 'P1', channel: 'A+', from: '2024-10-02T23:00:00Z', intervals: 1, method: 'readings-by-profile', energy: '600' },
      { point_code: 'P1', from: '2024-10-30T01:00:00Z', method: null, energy: null },
    ],
  });
  expect(await feeder(['month', 'list', '--data', folder])).toMatchObject({ code: 0 });
  service.close();
  const by = ['--author', 'Ivanov', '--reason', 'act 12'];
  expect(await feeder(['replace-missing', '--data', folder, '--month', '2024-10', '--approve', ...by])).toMatchObject({
    code: 3,
    lines: [{ id: 1, method: 'readings-by-profile', energy: '600', author: 'Ivanov', reason: 'act 12', not_needed: 0 }],
  });
  const check = await feeder(['month', 'check', '2024-10', '--data', folder]);
  expect(check).toMatchObject({
    code: 3,
    lines: [
      { energy: String((HALF_HOURS - 2) * 120 + 600), replaced: '600', replacedShare: '0.34', lacks: [{ pointCode: 'P1', intervals: 1 }] },
    ],
  });
  const close = ['month', 'close', '2024-10', '--data', folder, ...by];
  expect(await feeder(close)).toMatchObject({ code: 1, lines: [{ error: { code: 'api/conflict' } }] });
  const confirmation = String((check.lines[0] as { confirmation: string }).confirmation);
  expect(await feeder([...close, '--confirm', confirmation])).toMatchObject({
    code: 0,
    lines: [{ month: '2024-10', closed: { by: 'Ivanov' } }],
  });
  expect(await feeder(['replace-missing', '--data', folder, '--withdraw', '1', ...by])).toMatchObject({
    code: 1,
    lines: [{ error: { code: 'api/conflict', details: { obstacle: 'month-closed' } } }],
  });
  expect(await feeder(['month', 'open', '2024-10', '--data', folder, ...by])).toMatchObject({ code: 0, lines: [{ closed: null }] });
  expect(await feeder(['replace-missing', '--data', folder, '--withdraw', '1', ...by])).toMatchObject({
    code: 0,
    lines: [{ id: 1, withdrawn: { by: 'Ivanov', reason: 'act 12' } }],
  });
}, 120_000);
