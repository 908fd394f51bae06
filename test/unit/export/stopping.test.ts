import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../../src/main/export/onec/files.ts';
import { type PackageDeps, PackageMaker, type PackageRequest } from '../../../src/main/export/onec/package.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { type Progress, progressOf, type WorkStep } from '../../../src/main/platform/progress.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, MemoryStore, SETTINGS } from './support.ts';

const POINTS = [1, 2, 3];
const request: PackageRequest = { kind: 'IV', from: '2026-10-31', to: '2026-11-01', job: null };

let root = '';
let out = '';
let local = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'feeder-stopping-'));
  [out, local] = [path.join(root, 'out'), path.join(root, 'packages')];
  await mkdir(out);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function makerOf() {
  const source = new MemorySource(
    plant({
      points: POINTS.map((id) => point(id)),
      meters: POINTS.map((id) => meter(id)),
      installations: POINTS.map((id) => installation(id, id)),
    }),
  );
  const starts = [request.from, request.to].flatMap((day) => halfHoursOf(day, siteZone('Europe/Moscow')));
  for (const id of POINTS) {
    source.profile.set(
      id,
      starts.map((start) => interval(start, { 'A+': 2 })),
    );
  }
  const store = new MemoryStore();
  const deps: PackageDeps = {
    store,
    source,
    files: nodeFiles,
    settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out, formats: ['csv', 'xml'] } }),
    packagesFolder: local,
    clock: new FakeClock('2026-11-22T03:00:00Z'),
    newUuid: () => '00000000-0000-4000-8000-000000000001',
    log: silentLogger,
    onChanged: () => {},
  };
  return { maker: new PackageMaker(deps), store, deps };
}

const listed = async (folder: string): Promise<string[]> => (await readdir(folder).catch((): string[] => [])).sort();

/** Progress that is stopped when it tells the step of this number, from 1; `steps` are those that were told. */
function stoppedAt(number: number): { readonly progress: Progress; readonly steps: WorkStep[] } {
  const stop = new AbortController();
  const steps: WorkStep[] = [];
  const progress = progressOf(stop.signal, (step) => {
    steps.push(step);
    if (steps.length === number) stop.abort();
  });
  return { progress, steps };
}

describe('a package that is stopped', () => {
  test('counts the points, each month of a point a step', async () => {
    const { maker } = makerOf();
    const { progress, steps } = stoppedAt(0);
    await maker.make(request, progress);
    expect(steps.map(({ done, of }) => `${done}/${of}`)).toEqual(['0/3', '0/3', '1/3', '1/3', '2/3', '2/3']);
    expect(new Set(steps.map(({ stage }) => stage))).toEqual(new Set(['points']));
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'at its step %i takes no number and leaves nothing; the next one takes the first number',
    async (number) => {
      const { maker, store } = makerOf();
      await expect(maker.make(request, stoppedAt(number).progress)).rejects.toMatchObject({ code: 'api/cancelled' });
      expect([store.records, [...store.sent], await listed(local), await listed(out)]).toEqual([[], [], [], []]);
      expect((await maker.make(request)).record).toMatchObject({ number: 1, state: 'delivered' });
    },
  );

  test('is not stopped any more once it has its number', async () => {
    const { deps, store } = makerOf();
    const stop = new AbortController();
    let isCommitted = false;
    const files = {
      ...nodeFiles,
      create: (file: string) => {
        // The first file after the spools: the number is taken.
        if (!path.basename(file).startsWith('package.')) stop.abort();
        return nodeFiles.create(file);
      },
    };
    const progress = progressOf(
      stop.signal,
      () => {},
      () => {
        expect(store.records).toEqual([]);
        isCommitted = true;
      },
    );
    const { record } = await new PackageMaker({ ...deps, files }).make(request, progress);
    expect([stop.signal.aborted, isCommitted, record.state, record.number]).toEqual([true, true, 'delivered', 1]);
    expect(await listed(local)).toEqual(await listed(out));
    expect(await listed(out)).toHaveLength(3);
  });

  test('while it waits for another one, does not touch that one', async () => {
    const { maker, store } = makerOf();
    const stop = new AbortController();
    const first = maker.make(request);
    const second = maker.make(
      request,
      progressOf(stop.signal, () => {}),
    );
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: 'api/cancelled' });
    expect((await first).record.state).toBe('delivered');
    expect(store.records).toHaveLength(1);
  });

  test('as a preview just stops', async () => {
    const { maker } = makerOf();
    const { progress, steps } = stoppedAt(3);
    await expect(maker.preview(request, progress)).rejects.toMatchObject({ code: 'api/cancelled' });
    expect(steps).toHaveLength(3);
  });
});
