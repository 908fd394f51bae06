import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/shared/api/dispatch.ts';
import { METHOD_NAMES, METHODS } from '../../src/shared/api/methods.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { createApp } from '../../src/main/app.ts';
import type { App } from '../../src/main/app.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { sampleOf } from '../support/sample.ts';
import { WAYS_IN } from './ways-in.ts';
import type { WayIn } from './ways-in.ts';

const PLANT = [
  'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio',
  'ТП-1;P-1;Ввод 1;tcp:127.0.0.1:9;mercury-23x;1;00000001;;1;600/5;6000/100',
  'ТП-1;P-2;Ввод 2;tcp:127.0.0.1:9;mercury-23x;2;00000002;;1;157.5;1',
].join('\n');

/** Parameters that make sense for the plant above, where a sample made from the schema does not. */
function paramsFor(name: string, folder: string): Record<string, unknown> {
  const file = { fileBase64: Buffer.from(PLANT).toString('base64') };
  const packet = { kind: 'IV', from: '2026-11-21', to: '2026-11-21' };
  const chosen: Readonly<Record<string, Record<string, unknown>>> = {
    'import.check': file,
    'import.apply': file,
    'why.get': { pointCode: 'P-1', at: '2026-11-22T06:00:00Z' },
    'intervals.list': { from: '2026-11-22T00:00:00Z', to: '2026-11-22T03:00:00Z' },
    'packages.preview': packet,
    'packages.make': { ...packet, folder },
    'search.plan': { line: 'tcp:127.0.0.1:10' },
    'search.start': { line: 'tcp:127.0.0.1:10' },
    'settings.set': DEFAULT_SETTINGS,
  };
  return chosen[name] ?? {};
}

describe.each(Object.entries(WAYS_IN))('the app itself over %s', (_title, open) => {
  let folder: string;
  let app: App;
  let wayIn: WayIn;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'feeder-contract-'));
    app = await createApp({ dataFolder: folder, clock: new FakeClock(), logger: silentLogger, checkResults: true });
    wayIn = await open(app.api);
    await wayIn.call('import.apply', paramsFor('import.apply', folder));
  });
  afterAll(async () => {
    await wayIn.close();
    await app.stop();
    rmSync(folder, { recursive: true });
  });

  const call = async (name: (typeof METHOD_NAMES)[number]): Promise<Outcome<unknown>> => {
    const sample = sampleOf(METHODS[name].params, 'input');
    return wayIn.call(name, { ...(sample as object), ...paramsFor(name, folder) });
  };

  it.each(METHOD_NAMES.filter((name) => name !== 'packages.redeliver'))('%s answers what its schema says', async (name) => {
    const outcome = await call(name);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
    if (outcome.ok) METHODS[name].result.parse(outcome.data);
  });

  it('what is not there is said to be not there', async () => {
    expect(await wayIn.call('points.get', { pointId: 999 })).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
    expect(await wayIn.call('packages.redeliver', { packageId: 999 })).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
    const why = await wayIn.call('why.get', { pointCode: 'P-9', at: '2026-11-22T06:00:00Z' });
    expect(why).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
  });
});
