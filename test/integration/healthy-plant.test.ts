/** The training plant without faults, in simulated time: what is said of it is true, and no fault is among it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createApp } from '../../src/main/app.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { TRAINING_PLANT } from '../../src/main/simulator/layout.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { openStore } from '../../src/main/store/store.ts';
import type { MethodResult } from '../../src/shared/api/methods.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

test('seventy meters of all families on four lines', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-healthy-'));
  const clock = new FakeClock('2026-11-24T08:10:00Z');
  const plant = createPlant({ clock, historyDays: 1 });
  await plant.start();
  const store = openStore({ folder, clock, logger: silentLogger });
  store.settings.save({ ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'Europe/Moscow' } }, 'test');
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  store.plant.applyImport(rows, 180, 'test');
  store.close();
  const app = await createApp({ dataFolder: folder, clock, logger: silentLogger, plan: { ...CONTINUOUS_PLAN, depthDays: 1 } });
  onTestFinished(async () => {
    await clock.finish(app.stop());
    await plant.stop();
    rmSync(folder, { recursive: true });
  });
  await app.start();
  await clock.advance(15 * 60_000);
  const call = async <T>(name: string) => {
    const outcome = await app.api.dispatch(name, {}, { role: 'engineer', transport: 'test' } as never);
    return (outcome as { data: T }).data;
  };
  const findings = await call<MethodResult<'findings.list'>>('findings.list');
  const { attention } = await call<MethodResult<'overview.get'>>('overview.get');
  const points = TRAINING_PLANT.flatMap((substation) => substation.points);
  const namesOf = (code: string) => findings.flatMap((finding) => (finding.code === code ? finding.subject.name : [])).sort();
  const rowsWith = (isMeant: (row: (typeof points)[number]) => boolean) =>
    points
      .filter(isMeant)
      .map(({ name }) => name)
      .sort();

  // The hourly profile and the meters without one, the phases that never had voltage, the mark that is decoration: all of it is so.
  expect(namesOf('profile-period')).toEqual(rowsWith(({ periodMin }) => periodMin === 60));
  expect(namesOf('season-bit-stale')).toEqual(rowsWith(({ season }) => season === 'stale'));
  const codes = new Set(findings.map(({ code, weight }) => `${code} ${weight}`));
  expect([...codes].sort()).toEqual([
    'default-password info',
    'firmware-old info',
    'profile-off attention',
    'profile-period attention',
    'ratio-inside info',
    'ring-short info',
    'season-bit-stale info',
  ]);
  const asked = attention.map(({ code, subject }) => `${code} ${subject.name}`).sort();
  expect(asked).toEqual(
    [
      ...namesOf('profile-off').map((name) => `meter-unsupported ${name}`),
      ...namesOf('profile-period').map((name) => `profile-period ${name}`),
      ...points.flatMap(({ name, lostPhases }) => lostPhases.map(() => `phase-lost ${name}`)),
      // It lost its supply for an hour and a half while its neighbours worked.
      ...points.flatMap(({ name, outages }) => outages.map(() => `supply-off-alone ${name}`)),
    ].sort(),
  );
});
