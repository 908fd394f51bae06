/** Who answers in place of whom, as scripts are told it and decide it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { feeder } from '../support/feeder-process.ts';
import { importRow } from '../unit/store/support.ts';

test('a meter in quarantine is listed and rejected with a reason, and never without one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-strangers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  store.plant.applyImport([importRow(1)], 180, 'test');
  store.strangers.meet({ expectedMeterId: 1, serial: '40000001', firstSeenUtc: 1_795_507_800, lastSeenUtc: 1_795_508_000 });
  store.close();
  const listed = {
    serial: '40000001',
    expected_serial: '01000001',
    point_code: 'P1',
    address: 1,
    first_seen: '2026-11-24T08:10:00Z',
    intervals: 0,
    is_denied: false,
  };
  expect(await feeder(['strangers', '--data', folder])).toMatchObject({ code: 0, lines: [{ ...listed, state: 'quarantined', who: null }] });
  expect(await feeder(['strangers', '--data', folder, '--reject', '40000001'])).toMatchObject({
    code: 1,
    lines: [{ error: { code: 'api/invalid-argument' } }],
  });
  expect(await feeder(['strangers', '--data', folder, '--reject', '777', '--reason', 'nobody'])).toMatchObject({
    code: 1,
    lines: [{ error: { code: 'api/not-found' } }],
  });
  expect(await feeder(['strangers', '--data', folder, '--reject', '40000001', '--reason', 'a portable meter'])).toMatchObject({
    code: 0,
    lines: [{ ...listed, state: 'rejected', who: 'command line', reason: 'a portable meter' }],
  });
});
