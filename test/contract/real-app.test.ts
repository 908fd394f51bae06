import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/shared/api/dispatch.ts';
import type { ErrorCode } from '../../src/shared/api/errors.ts';
import { METHOD_NAMES, type MethodName, METHODS } from '../../src/shared/api/methods.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { createApp } from '../../src/main/app.ts';
import type { App } from '../../src/main/app.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { sampleOf } from '../support/sample.ts';
import { WAYS_IN } from './ways-in.ts';
import type { WayIn } from './ways-in.ts';

const MARKET_NAME = '80020_1834024515_20211031_4690_5600010900.xml';
const MARKET_FILE = new URL(`../vectors/80020/${MARKET_NAME}`, import.meta.url);
const PLANT = [
  'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio',
  'ТП-1;P-1;Ввод 1;tcp:127.0.0.1:9;mercury-23x;1;00000001;;1;600/5;6000/100',
  'ТП-1;P-2;Ввод 2;tcp:127.0.0.1:9;mercury-23x;2;00000002;;1;157.5;1',
].join('\n');

/** Parameters that make sense for the plant above, where a sample made from the schema does not. */
function paramsFor(name: string, folder: string): Record<string, unknown> {
  const file = { fileBase64: Buffer.from(PLANT).toString('base64') };
  const packet = { kind: 'IV', from: '2026-11-21', to: '2026-11-21' };
  // The same ratio written anew: what is imported later still fits.
  const change = {
    kind: 'change-ratio',
    pointId: 2,
    at: '2026-11-22T09:00:00Z',
    reason: 'act',
    ct: { primary: 315, secondary: 2 },
    vt: { primary: 1, secondary: 1 },
  };
  const chosen: Readonly<Record<string, Record<string, unknown>>> = {
    'import.check': file,
    'import.apply': file,
    'live.history': { from: '2026-11-01', to: '2026-11-22' },
    'completeness.get': { from: '2026-11-21', to: '2026-11-22' },
    'rereads.ask': { pointId: 1, from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z' },
    'points.checkChange': { change },
    'points.change': { change },
    'strangers.reject': { serial: '40000001', reason: 'test' },
    'why.get': { pointCode: 'P-1', at: '2026-11-22T06:00:00Z' },
    'intervals.list': { from: '2026-11-22T00:00:00Z', to: '2026-11-22T03:00:00Z' },
    'packages.preview': packet,
    'packages.make': { ...packet, folder },
    'packages.calendar': { month: '2026-11-22' },
    'jobs.run': { jobId: 'daily-iv' },
    'replacements.propose': { month: '2026-11', pointCode: 'P-1' },
    'replacements.day': { pointId: 1, channel: 'A+', day: '2026-11-21', method: 'legal' },
    'replacements.approve': {
      month: '2026-11',
      choices: [{ pointId: 1, channel: 'A+', from: '2026-10-31T21:00:00Z', method: 'manual', energy: '1000' }],
      author: 'Ivanov',
      reason: 'act',
    },
    'replacements.withdraw': { decisionId: 1, author: 'Ivanov', reason: 'act' },
    'readings.list': { month: '2026-11' },
    'readings.check': { pointId: 1, at: '2026-11-21T00:00:00Z', reading: '1000' },
    'readings.enter': { pointId: 1, at: '2026-11-21T00:00:00Z', reading: '1000', author: 'Ivanov', reason: 'act', isConfirmed: true },
    'readings.withdraw': { readingId: 1, author: 'Ivanov', reason: 'act' },
    'months.check': { month: '2026-10' },
    'months.close': { month: '2026-10', author: 'Ivanov', reason: 'act' },
    'months.open': { month: '2026-10', author: 'Ivanov', reason: 'act' },
    'search.plan': { line: 'tcp:127.0.0.1:10' },
    'search.start': { line: 'tcp:127.0.0.1:10' },
    'settings.set': DEFAULT_SETTINGS,
    'supplier.month': { month: '2026-11' },
    'supplier.preview': { day: '2026-11-20' },
    'supplier.make': { day: '2026-11-20' },
    'supplier.setMailPassword': { password: 'word' },
    'supplier.import': { fileBase64: readFileSync(MARKET_FILE).toString('base64'), name: MARKET_NAME },
    'supplier.compare': { day: '2021-10-31' },
    'reports.build': { name: 'month-statement', from: '2026-11-20', to: '2026-11-21' },
    'reports.make': { request: { name: 'month-statement', from: '2026-11-20', to: '2026-11-21' }, format: 'xlsx', folder },
    'reports.setBalance': {
      substationId: 1,
      balance: {
        members: [{ pointId: 1, channel: 'A+', section: 'received', ct: '0.5', vt: '0.5', line: null, meter: '0.5' }],
        transformers: [],
        allowed: null,
      },
    },
    'reports.setLosses': {
      pointId: 1,
      periods: [
        {
          from: '2026-11-01T00:00:00+03:00',
          losses: { meterStands: 'behind-boundary', elements: [{ kind: 'percent', active: '1.5', reactive: '0' }] },
        },
      ],
    },
    'reports.setFormulas': { formulas: [{ name: 'Вводы', unit: 'Wh', text: 'P-1 + P-2' }] },
  };
  return chosen[name] ?? {};
}

/** Methods that need a living meter, a running task or an earlier step, and what they say without. */
const REFUSED: Readonly<Partial<Record<MethodName, ErrorCode>>> = {
  'writes.perform': 'api/not-found',
  'work.cancel': 'api/not-found',
  'strangers.reject': 'api/not-found',
  'meter.inventory': 'api/conflict',
  // Nothing of October was read, and nobody has confirmed that.
  'months.close': 'api/conflict',
  'months.open': 'api/conflict',
  'meter.read': 'api/conflict',
  'meter.auditNow': 'api/conflict',
  'training.setFault': 'api/invalid-argument',
  'supplier.preview': 'api/invalid-argument',
  'supplier.make': 'api/invalid-argument',
  'supplier.get': 'api/not-found',
  'supplier.repeat': 'api/not-found',
  'supplier.download': 'api/not-found',
  'supplier.dropSource': 'api/not-found',
  'training.clearFault': 'api/conflict',
};
/** A plant lives in real time, and this app does not: test/integration/training.test.ts has them. */
const NEEDS_TIME: ReadonlySet<MethodName> = new Set(['training.start', 'training.stop']);

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

  const call = async (name: MethodName): Promise<Outcome<unknown>> => {
    const sample = sampleOf(METHODS[name].params, 'input');
    return wayIn.call(name, { ...(sample as object), ...paramsFor(name, folder) });
  };

  it.each(
    METHOD_NAMES.filter(
      (name) => name !== 'packages.redeliver' && name !== 'packages.get' && REFUSED[name] === undefined && !NEEDS_TIME.has(name),
    ),
  )('%s answers what its schema says', async (name) => {
    const outcome = await call(name);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
    if (outcome.ok) METHODS[name].result.parse(outcome.data);
  });

  it.each(Object.entries(REFUSED))('%s says %s where there is nothing to do it on', async (name, code) => {
    expect(await call(name as MethodName)).toMatchObject({ ok: false, error: { code } });
  });

  it('what is not there is said to be not there', async () => {
    expect(await wayIn.call('points.get', { pointId: 999 })).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
    expect(await wayIn.call('packages.get', { packageId: 999 })).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
    expect(await wayIn.call('packages.redeliver', { packageId: 999 })).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
    const why = await wayIn.call('why.get', { pointCode: 'P-9', at: '2026-11-22T06:00:00Z' });
    expect(why).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
  });
});
