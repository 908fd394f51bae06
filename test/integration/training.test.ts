/** Practice beside the site: nothing of one reaches the other. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { Training } from '../../src/main/training.ts';
import type { ApiServer, CallContext } from '../../src/shared/api/dispatch.ts';
import type { MethodName, MethodParams, MethodResult } from '../../src/shared/api/methods.ts';

const ENGINEER: CallContext = { transport: 'http', role: 'engineer' };
let folder: string;
let app: App;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-training-'));
  app = await createApp({ dataFolder: folder, clock: systemClock, logger: silentLogger, checkResults: true });
  await app.start();
});

afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call<N extends MethodName>(server: ApiServer | undefined, name: N, params: MethodParams<N>): Promise<MethodResult<N>> {
  const outcome = await server?.dispatch(name, params, ENGINEER);
  if (outcome?.ok !== true) throw new Error(outcome?.error.code ?? 'no server');
  // checkResults has held it against the schema of the method.
  return outcome.data as MethodResult<N>;
}

const points = async (server: ApiServer | undefined) =>
  (await call(server, 'points.tree', {})).reduce((sum, substation) => sum + substation.points.length, 0);

test('the training plant has points of its own, and the site gets none of them', async () => {
  await expect(call(app.api.training, 'points.tree', {})).rejects.toThrow('api/conflict');
  const status = await call(app.api, 'training.start', { seed: 3 });
  expect(status).toMatchObject({ isRunning: true, seed: 3 });
  expect(status.points).toHaveLength(70);
  expect(status.lines).toHaveLength(4);
  expect(await points(app.api.training)).toBe(70);
  expect(await points(app.api)).toBe(0);
  await expect(call(app.api, 'training.start', {})).rejects.toThrow('api/conflict');
});

test('a fault is put in force and ended from either side, and is told with its kind and target', async () => {
  const { code } = (await call(app.api, 'training.status', {})).points[0] ?? { code: '' };
  await call(app.api.training, 'training.setFault', { fault: { kind: 'dead-meter', point: code } });
  expect((await call(app.api, 'training.status', {})).faults).toMatchObject([{ kind: 'dead-meter', target: code, until: null }]);
  await expect(call(app.api, 'training.setFault', { fault: { kind: 'dead-meter', point: 'nowhere' } })).rejects.toThrow('api/not-found');
  await expect(call(app.api, 'training.setFault', { fault: { kind: 'no such kind' } })).rejects.toThrow('api/invalid-argument');
  await call(app.api, 'training.clearFault', { kind: 'dead-meter', target: code });
  expect((await call(app.api, 'training.status', {})).faults).toEqual([]);
});

test('after a stop the same plant goes on where its data are; a fresh start forgets them', async () => {
  const { settings, ...before } = {
    settings: await call(app.api.training, 'settings.get', {}),
    lines: (await call(app.api, 'training.status', {})).lines,
  };
  await call(app.api.training, 'settings.set', { ...settings, site: { ...settings.site, name: 'Практика' } });
  await call(app.api, 'training.stop', {});
  await expect(call(app.api.training, 'points.tree', {})).rejects.toThrow('api/conflict');
  expect((await call(app.api, 'training.start', { seed: 9 })).lines).toEqual(before.lines);
  expect((await call(app.api, 'training.status', {})).seed).toBe(3);
  expect((await call(app.api.training, 'settings.get', {})).site.name).toBe('Практика');
  await call(app.api, 'training.stop', {});
  await call(app.api, 'training.start', { seed: 9, isFresh: true });
  expect((await call(app.api.training, 'settings.get', {})).site.name).not.toBe('Практика');
  expect(await points(app.api.training)).toBe(70);
  await call(app.api, 'training.stop', {});
});

test('a plant whose place was torn in the middle of writing is told of and begun afresh', async () => {
  writeFileSync(join(folder, 'training', 'training.json'), '{"seed": 9, "por');
  expect(await call(app.api, 'training.status', {})).toMatchObject({ isRunning: false, seed: 1 });
  expect((await call(app.api, 'training.start', { seed: 4 })).seed).toBe(4);
  expect(await points(app.api.training)).toBe(70);
  await call(app.api, 'training.stop', {});
});

test('a start that fails leaves nothing open, and nothing half set up to go on with', async () => {
  const at = join(folder, 'half');
  let isOpen = false;
  const training = new Training({
    folder: at,
    clock: systemClock,
    createApp: async () => {
      isOpen = true;
      const fault = { code: 'store/disk-full', message: 'no space' } as const;
      return {
        api: { dispatch: () => Promise.resolve({ ok: false, error: fault }), subscribe: () => () => {} },
        start: () => Promise.resolve(),
        stop: async () => {
          isOpen = false;
        },
      };
    },
    onChanged: () => {},
  });
  await expect(training.start(5, false)).rejects.toMatchObject({ code: 'store/disk-full' });
  expect([isOpen, existsSync(join(at, 'training.json')), training.status().isRunning]).toEqual([false, false, false]);
});
