import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { type FileAccess, nodeFiles } from '../../../src/main/export/onec/files.ts';
import type { PackageStore } from '../../../src/main/export/onec/package-store.ts';
import { type PackageDeps, PackageMaker, type PackageRequest } from '../../../src/main/export/onec/package.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, MemoryStore, readFlagFile, readStrictly, SETTINGS, sha256, sumOfPrinted } from './support.ts';

const zone = siteZone('Europe/Moscow');
const day = '2026-11-21';
const request: PackageRequest = { kind: 'IV', from: day, to: day, format: 'csv', job: null };
const anyFormat: PackageRequest = { kind: 'IV', from: day, to: day, job: null };
const NAME = 'EN_ZAVOD1_IV_20261121_20261121_00000001';

let root = '';
let out = '';
let local = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'feeder-export-'));
  [out, local] = [path.join(root, 'out'), path.join(root, 'packages')];
  await mkdir(out);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function filledSource(count = 2): MemorySource {
  const source = new MemorySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)] }));
  source.profile.set(
    1,
    halfHoursOf(day, zone).map((start) => interval(start, { 'A+': count })),
  );
  return source;
}

function depsOf(over: Partial<PackageDeps> = {}): PackageDeps {
  let uuids = 0;
  return {
    store: new MemoryStore(),
    source: filledSource(),
    files: nodeFiles,
    settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out } }),
    packagesFolder: local,
    clock: new FakeClock('2026-11-22T03:00:00Z'),
    newUuid: () => {
      uuids += 1;
      return `00000000-0000-4000-8000-${String(uuids).padStart(12, '0')}`;
    },
    log: silentLogger,
    onChanged: () => {},
    ...over,
  };
}

const namesIn = async (folder: string) => (await readdir(folder)).sort();
const bytesOf = async (...parts: string[]) => new Uint8Array(await readFile(path.join(...parts)));

/** Runs until the step of this number, which does not happen any more: the power is gone. */
class PowerCut {
  #left: number;
  constructor(steps: number) {
    this.#left = steps;
  }

  step(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Error('power cut');
  }

  files(real: FileAccess): FileAccess {
    return {
      list: (folder) => this.#before(() => real.list(folder)),
      read: (file) => this.#before(() => real.read(file)),
      size: (file) => this.#before(() => real.size(file)),
      chunks: (file) => this.#before(() => real.chunks(file)),
      chunksNow: (file) => {
        this.step();
        return real.chunksNow(file);
      },
      write: async (file, bytes) => {
        // A cut inside a write leaves a part of the bytes.
        if (this.#left === 0) await real.write(file, bytes.subarray(0, bytes.length / 2));
        this.step();
        await real.write(file, bytes);
      },
      create: async (file) => {
        this.step();
        const growing = await real.create(file);
        return {
          write: async (bytes) => {
            if (this.#left === 0) await growing.write(bytes.subarray(0, bytes.length / 2));
            this.step();
            await growing.write(bytes);
          },
          close: () => this.#before(() => growing.close()),
          release: () => growing.release(),
        };
      },
      rename: (from, to) => this.#before(() => real.rename(from, to)),
      remove: (file) => this.#before(() => real.remove(file)),
      syncFolder: (folder) => this.#before(() => real.syncFolder(folder)),
      makeFolder: (folder) => this.#before(() => real.makeFolder(folder)),
    };
  }

  store(real: MemoryStore): PackageStore {
    const stopped = <A extends unknown[], R>(call: (...args: A) => R) => {
      return (...args: A): R => {
        this.step();
        return call(...args);
      };
    };
    return {
      reserve: stopped(real.reserve.bind(real)),
      begin: stopped(real.begin.bind(real)),
      remember: stopped(real.remember.bind(real)),
      complete: stopped(real.complete.bind(real)),
      setState: stopped(real.setState.bind(real)),
      saveAck: stopped(real.saveAck.bind(real)),
      saveRefusedAck: stopped(real.saveRefusedAck.bind(real)),
      dropRefusedAck: stopped(real.dropRefusedAck.bind(real)),
      markPruned: stopped(real.markPruned.bind(real)),
      unfinished: real.unfinished.bind(real),
      get: real.get.bind(real),
      byNumber: real.byNumber.bind(real),
      highestNumber: real.highestNumber.bind(real),
      sentBefore: real.sentBefore.bind(real),
      lastFull: real.lastFull.bind(real),
      refusedAcks: real.refusedAcks.bind(real),
      prunable: real.prunable.bind(real),
    };
  }

  async #before<T>(run: () => Promise<T>): Promise<T> {
    this.step();
    return run();
  }
}

function bound(real: PackageStore, name: string | symbol): unknown {
  const value: unknown = Reflect.get(real, name);
  return typeof value === 'function' ? value.bind(real) : value;
}

describe('a package', () => {
  test('lies in the folder whole, with everything 1C checks', async () => {
    const deps = depsOf();
    const { record, error } = await new PackageMaker(deps).make(request);
    expect(error).toBeNull();
    expect(record).toMatchObject({
      number: 1,
      state: 'delivered',
      error: null,
      content: { rows: 48, missingRows: 0, controlSum: '0.048' },
    });
    expect(await namesIn(out)).toEqual([`${NAME}.csv`, `${NAME}.ok`]);
    const data = await bytesOf(out, `${NAME}.csv`);
    const rows = readStrictly(data);
    expect(readFlagFile(await bytesOf(out, `${NAME}.ok`))).toEqual({
      format: 'energy-1c',
      version: '1.0',
      pack_id: '00000000-0000-4000-8000-000000000001',
      pack_no: '1',
      kind: 'IV',
      site_code: 'ZAVOD1',
      inn: '7701234567',
      kpp: '770101001',
      period_from: day,
      period_to: day,
      created: '2026-11-22T06:00:00+03:00',
      rows: String(rows.length),
      control_sum: '0.048',
      mode: 'full',
      encoding: 'windows-1251',
      [`sha256.${NAME}.csv`]: sha256(data),
    });
    expect(sumOfPrinted(rows.map((row) => row['energy'] ?? ''))).toBe(48n);
    expect(record.content?.files).toEqual([
      { name: `${NAME}.csv`, bytes: data.length, sha256: sha256(data) },
      { name: `${NAME}.ok`, bytes: expect.any(Number) as number, sha256: expect.any(String) as string },
    ]);
  });

  test('comes with all figures missing as well: that they are absent is the message', async () => {
    const deps = depsOf();
    (deps.source as MemorySource).profile.clear();
    const { record } = await new PackageMaker(deps).make(request);
    expect(record).toMatchObject({ state: 'delivered', content: { rows: 48, missingRows: 48, controlSum: null } });
    expect(readFlagFile(await bytesOf(out, `${NAME}.ok`))).toMatchObject({ rows: '48', control_sum: '0.000' });
  });

  test('numbers are one sequence over kinds, and a repeat raises only changed revisions', async () => {
    const deps = depsOf();
    const maker = new PackageMaker(deps);
    await maker.make(request);
    await maker.make({ ...request, kind: 'RD' });
    const [first = 0] = halfHoursOf(day, zone);
    (deps.source as MemorySource).profile.get(1)?.splice(0, 1, interval(first, { 'A+': 4 }));
    const { record } = await maker.make(request);
    expect(record.number).toBe(3);
    const rows = readStrictly(await bytesOf(out, 'EN_ZAVOD1_IV_20261121_20261121_00000003.csv'));
    expect(rows.map((row) => row['revision'])).toEqual(['2', ...Array<string>(47).fill('1')]);
  });

  test('two asked for at once are made one after the other', async () => {
    const maker = new PackageMaker(depsOf());
    const outcomes = await Promise.all([maker.make(request), maker.make(request), maker.resume()]);
    expect(outcomes.slice(0, 2).map((outcome) => ('record' in outcome ? [outcome.record.number, outcome.record.state] : null))).toEqual([
      [1, 'delivered'],
      [2, 'delivered'],
    ]);
    expect(await namesIn(out)).toHaveLength(4);
  });

  test('a kind that the receiver does not take is refused before a number is taken', async () => {
    const onec = { ...SETTINGS.onec, folder: out, kinds: ['RD' as const] };
    const deps = depsOf({ settings: () => ({ ...SETTINGS, onec }) });
    await expect(new PackageMaker(deps).make(request)).rejects.toMatchObject({ code: 'export/unsupported' });
    expect((deps.store as MemoryStore).records).toEqual([]);
  });

  test('a point code that the encoding cannot hold is refused before a number is taken', async () => {
    const deps = depsOf();
    (deps.source as MemorySource).site = plant({ points: [point(1, { code: 'P₽' })] });
    await expect(new PackageMaker(deps).make(request)).rejects.toMatchObject({ code: 'export/unsupported', context: { pointCode: 'P₽' } });
    expect((deps.store as MemoryStore).records).toEqual([]);
  });

  test('a period that ends before it begins and a folder that was never chosen are refused', async () => {
    const maker = new PackageMaker(depsOf({ settings: () => SETTINGS }));
    await expect(maker.make(request)).rejects.toMatchObject({ code: 'export/folder-unavailable' });
    await expect(maker.make({ ...request, to: '2026-11-20' })).rejects.toMatchObject({ code: 'api/invalid-argument' });
  });

  test('a preview counts without numbering or writing', async () => {
    const deps = depsOf();
    const maker = new PackageMaker(deps);
    const changes = { new: 48, changed: 0, same: 0, withdrawn: 0 };
    const counted = { rows: 48, missingRows: 0, sum: 48n, changes };
    expect(await maker.preview(request)).toEqual({
      ...counted,
      isEnded: true,
      isFirst: true,
      held: 0,
      differences: [],
      points: [{ ...counted, code: 'P1', name: 'Ввод 1', energy: '0.048', channels: [{ channel: 'A+', ...changes }] }],
    });
    expect(await maker.preview({ ...request, to: '2026-11-22' })).toMatchObject({ rows: 96, missingRows: 48, isEnded: false });
    expect([(deps.store as MemoryStore).records, await namesIn(out)]).toEqual([[], []]);
  });
});

describe('after a crash', () => {
  test.each([
    [['csv'], [`${NAME}.csv`], 30],
    [['dbf', 'xml'], [`${NAME}.dbf`, `${NAME}.xml`, `${NAME}H.dbf`], 50],
  ] as const)(
    'between any two steps the package as %j is finished once, under its number, without leavings',
    async (formats, data, steps) => {
      let crashes = 0;
      const whole = [...data, `${NAME}.ok`].sort();
      for (let left = 0; ; left += 1) {
        const folders = { out: path.join(root, `out-${left}`), local: path.join(root, `local-${left}`) };
        await mkdir(folders.out);
        const store = new MemoryStore();
        const cut = new PowerCut(left);
        const deps = depsOf({
          store,
          packagesFolder: folders.local,
          settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: folders.out, formats: [...formats] } }),
        });
        const dying = new PackageMaker({ ...deps, store: cut.store(store), files: cut.files(nodeFiles) });
        const crashed = await dying.make(anyFormat).then(
          () => false,
          (error: unknown) => error instanceof Error && error.message === 'power cut',
        );
        const [before] = store.records;
        const hadFlag = (await namesIn(folders.out)).includes(`${NAME}.ok`);
        const digests = async (folder: string) => Promise.all(data.map(async (name) => sha256(await bytesOf(folder, name))));
        const early = hadFlag || before?.content ? await digests(folders.local) : null;
        // The meters gave more in the meantime: what was rendered must not change, what was not may.
        const next = new PackageMaker({ ...deps, source: filledSource(4) });
        await next.resume();
        if (before === undefined) {
          expect([store.records, await namesIn(folders.out)]).toEqual([[], []]);
        } else {
          expect(store.records).toHaveLength(1);
          expect(store.get(1)).toMatchObject({ number: 1, packId: before.packId, state: 'delivered', error: null });
          expect([...(await namesIn(folders.out))].sort()).toEqual(whole);
          expect([...(await namesIn(folders.local))].sort()).toEqual(whole);
          const flag = readFlagFile(await bytesOf(folders.out, `${NAME}.ok`));
          expect(flag).toMatchObject({ pack_no: '1', pack_id: before.packId });
          const delivered = await digests(folders.out);
          const files = new Map(store.get(1)?.content?.files.map(({ name, sha256: digest }) => [name, digest]));
          expect(data.map((name) => flag[`sha256.${name}`])).toEqual(delivered);
          expect(data.map((name) => files.get(name))).toEqual(delivered);
          if (early !== null) expect(delivered).toEqual(early);
          // What was remembered by a try that came to nothing is not remembered beside the next one.
          expect(store.sent.get(1)?.map(({ key }) => key)).toEqual(['P1;A+']);
          const { record } = await next.make(anyFormat);
          expect(record.number).toBe(2);
        }
        if (!crashed) break;
        crashes += 1;
      }
      // Reserve, spool, render the files, complete, deliver them and mark: none of the steps between was passed over.
      expect(crashes).toBeGreaterThan(steps);
    },
    120_000,
  );

  test('a flag file that 1C has already moved to the archive is not written again', async () => {
    const store = new MemoryStore();
    const deps = depsOf({ store });
    await new PackageMaker(deps).make(request);
    await mkdir(path.join(out, 'archive'));
    for (const name of await namesIn(out)) if (name.startsWith('EN_')) await rename(path.join(out, name), path.join(out, 'archive', name));
    store.setState(1, 'made', null, 0);
    await rm(local, { recursive: true });
    const [outcome] = await new PackageMaker({ ...deps, source: filledSource(9) }).resume();
    expect(outcome).toMatchObject({ record: { state: 'delivered', content: { controlSum: '0.048' } }, error: null });
    expect(await namesIn(out)).toEqual(['archive']);
  });

  test('a rendered file that the disk spoilt before its delivery is rendered anew under the same number', async () => {
    const store = new MemoryStore();
    const deps = depsOf({ store });
    await rm(out, { recursive: true });
    await new PackageMaker(deps).make(request);
    await writeFile(path.join(local, `${NAME}.csv`), 'rubbish');
    await mkdir(out);
    await new PackageMaker(deps).resume();
    expect(store.get(1)).toMatchObject({ number: 1, state: 'delivered' });
    expect(readStrictly(await bytesOf(out, `${NAME}.csv`))).toHaveLength(48);
  });
});

describe('a folder that cannot be used', () => {
  test('leaves the package numbered and failed; a repeat delivers what was rendered, in order', async () => {
    const deps = depsOf();
    const maker = new PackageMaker(deps);
    await rm(out, { recursive: true });
    const first = await maker.make(request);
    expect(first.error).toMatchObject({ code: 'export/folder-unavailable' });
    expect(first.record).toMatchObject({ number: 1, state: 'failed', content: { rows: 48 } });
    expect(first.record.error).toContain('export/folder-unavailable');
    const rendered = sha256(await bytesOf(local, `${NAME}.csv`));
    expect((await maker.make(request)).record).toMatchObject({ number: 2, state: 'failed' });

    (deps.source as MemorySource).profile.clear();
    await mkdir(out);
    const order: string[] = [];
    const files = {
      ...nodeFiles,
      rename: async (from: string, to: string) => {
        order.push(path.basename(to));
        await nodeFiles.rename(from, to);
      },
    };
    const { record, error } = await new PackageMaker({ ...deps, files }).redeliver(2);
    expect([record.state, record.error, error]).toEqual(['delivered', null, null]);
    expect(order.map((name) => name.replace(/^.*0000000/, ''))).toEqual(['1.csv', '1.ok', '2.csv', '2.ok']);
    expect(sha256(await bytesOf(out, `${NAME}.csv`))).toBe(rendered);
    await maker.redeliver(1);
    expect(order).toHaveLength(4);
    await expect(maker.redeliver(3)).rejects.toMatchObject({ code: 'api/not-found' });
  });

  test('a share lost in the middle leaves no flag file, and the next try begins with the leavings removed', async () => {
    const deps = depsOf();
    const lost = Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'rename' });
    const files = {
      ...nodeFiles,
      rename: async (from: string, to: string) => {
        if (path.dirname(to) === out) throw lost;
        await nodeFiles.rename(from, to);
      },
    };
    const { record, error } = await new PackageMaker({ ...deps, files }).make(request);
    expect([record.state, error?.code, error?.context['cause']]).toEqual(['failed', 'export/folder-unavailable', 'EIO']);
    expect(await namesIn(out)).toEqual([`${NAME}.csv.part`]);
    await new PackageMaker(deps).resume();
    expect(await namesIn(out)).toEqual([`${NAME}.csv`, `${NAME}.ok`]);
  });

  test('a share that fails for one package alone does not let a later number overtake it', async () => {
    const deps = depsOf();
    let failures = 0;
    const files = {
      ...nodeFiles,
      rename: async (from: string, to: string) => {
        if (path.dirname(to) === out && failures < 2) {
          failures += 1;
          throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'rename' });
        }
        await nodeFiles.rename(from, to);
      },
    };
    const flaky = new PackageMaker({ ...deps, files });
    await flaky.make(request);
    expect((await flaky.make(request)).record).toMatchObject({ number: 2, state: 'failed' });
    expect(await namesIn(out)).toEqual([`${NAME}.csv.part`]);
    expect((await flaky.resume()).map(({ record }) => [record.number, record.state])).toEqual([
      [1, 'delivered'],
      [2, 'delivered'],
    ]);
  });

  test('a fault of the program itself is thrown; before the number it takes none, after it the package waits for the next start', async () => {
    const deps = depsOf();
    const source = filledSource();
    source.intervals = () => {
      throw new TypeError('a bug');
    };
    await expect(new PackageMaker({ ...deps, source }).make(request)).rejects.toThrow('a bug');
    expect((deps.store as MemoryStore).records).toEqual([]);
    const complete = () => {
      throw new TypeError('a bug');
    };
    const store = new Proxy(deps.store, { get: (real, name) => (name === 'complete' ? complete : bound(real, name)) });
    await expect(new PackageMaker({ ...deps, store }).make(request)).rejects.toThrow('a bug');
    expect(deps.store.get(1)).toMatchObject({ state: 'made', error: null, content: null });
    await new PackageMaker(deps).resume();
    expect(deps.store.get(1)).toMatchObject({ number: 1, state: 'delivered' });
  });

  test('a data folder that is full before the rows are there takes no number', async () => {
    const deps = depsOf();
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    const files = { ...nodeFiles, create: () => Promise.reject(full) };
    await expect(new PackageMaker({ ...deps, files }).make(request)).rejects.toMatchObject({ code: 'store/disk-full' });
    expect([(deps.store as MemoryStore).records, await namesIn(local)]).toEqual([[], []]);
    expect((await new PackageMaker(deps).make(request)).record).toMatchObject({ number: 1, state: 'delivered' });
  });

  test('a full disk of the data folder is named as such and the number is kept for later', async () => {
    const deps = depsOf();
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    const create = (file: string) => (file.includes('package.') ? nodeFiles.create(file) : Promise.reject(full));
    const files = { ...nodeFiles, create };
    const { record, error } = await new PackageMaker({ ...deps, files }).make(request);
    expect([record.number, record.state, error?.code]).toEqual([1, 'failed', 'store/disk-full']);
    await new PackageMaker(deps).resume();
    expect(deps.store.get(1)).toMatchObject({ number: 1, state: 'delivered' });
  });

  test('one receiver waiting for a lost folder does not keep another folder waiting', async () => {
    const deps = depsOf();
    const maker = new PackageMaker(deps);
    await maker.make({ ...request, folder: path.join(root, 'absent') });
    expect((await maker.make(request)).record).toMatchObject({ number: 2, state: 'delivered' });
  });
});

describe('after a restore from a backup', () => {
  test.each(['', 'archive', 'failed', 'ack', '../ack'])('numbers go on above the highest one seen in out/%s', async (place) => {
    await mkdir(path.join(out, place), { recursive: true });
    const seen = place.endsWith('ack') ? 'EN_ZAVOD1_RD_20261101_20261101_00000041.ack' : 'EN_ZAVOD1_RD_20261101_20261101_00000041.csv';
    await writeFile(path.join(out, place, seen), '');
    await writeFile(path.join(out, 'EN_OTHER_RD_20261101_20261101_00000099.csv'), '');
    expect((await new PackageMaker(depsOf()).make(request)).record.number).toBe(42);
  });

  test('a number that turns out to be taken is a conflict, and the other file stays', async () => {
    const deps = depsOf();
    const maker = new PackageMaker(deps);
    await rm(out, { recursive: true });
    await maker.make(request);
    await mkdir(out);
    await writeFile(path.join(out, `${NAME}.ok`), 'pack_id=another\n');
    const [outcome] = await maker.resume();
    expect(outcome).toMatchObject({ record: { state: 'failed' }, error: { code: 'api/conflict' } });
    expect(await namesIn(out)).toEqual([`${NAME}.ok`]);
  });
});
