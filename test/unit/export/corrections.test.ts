import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../../src/main/export/onec/files.ts';
import { type PackageDeps, PackageMaker, type PackageRequest } from '../../../src/main/export/onec/package.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, MemoryStore, readFlagFile, readStrictly, SETTINGS } from './support.ts';

const zone = siteZone('Europe/Moscow');
const [first, second] = ['2026-11-20', '2026-11-21'] as const;
const starts = [first, second].flatMap((day) => halfHoursOf(day, zone));
const at = (index: number) => starts[index] ?? 0;
const request: PackageRequest = { kind: 'IV', from: first, to: second, job: null };
const delta: PackageRequest = { ...request, mode: 'delta' };

let root = '';
let out = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'feeder-corrections-'));
  out = path.join(root, 'out');
  await mkdir(out);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function makerOf(over: Partial<PackageDeps> = {}) {
  const source = new MemorySource(
    plant({ points: [point(1), point(2)], meters: [meter(1), meter(2)], installations: [installation(1, 1), installation(2, 2)] }),
  );
  for (const id of [1, 2]) {
    source.profile.set(
      id,
      starts.map((start) => interval(start, { 'A+': 2 })),
    );
  }
  let uuids = 0;
  const deps: PackageDeps = {
    store: new MemoryStore(),
    source,
    files: nodeFiles,
    settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out } }),
    packagesFolder: path.join(root, 'packages'),
    clock: new FakeClock('2026-11-22T03:00:00Z'),
    newUuid: () => {
      uuids += 1;
      return `00000000-0000-4000-8000-${String(uuids).padStart(12, '0')}`;
    },
    log: silentLogger,
    onChanged: () => {},
    ...over,
  };
  return { maker: new PackageMaker(deps), source, deps };
}

const change = (source: MemorySource, meterId: number, index: number, count: number) =>
  source.profile.get(meterId)?.splice(index, 1, interval(at(index), { 'A+': count }));

const fileOf = async (number: number, ending: string) =>
  new Uint8Array(await readFile(path.join(out, `EN_ZAVOD1_IV_20261120_20261121_${String(number).padStart(8, '0')}.${ending}`)));
const rowsOf = async (number: number) => readStrictly(await fileOf(number, 'csv'));
const told = (row: Record<string, string>) => [row['point_code'], row['begin'], row['energy'], row['status'], row['revision']];

describe('corrections', () => {
  test('hold only the rows that changed, with the next revision and the same keys; the next ones go on from there', async () => {
    const { maker, source } = makerOf();
    await maker.make(request);
    await expect(maker.make(delta)).rejects.toMatchObject({ code: 'api/conflict' });
    change(source, 1, 3, 10);
    change(source, 2, 50, 8);
    const { record } = await maker.make(delta);
    expect(record).toMatchObject({ number: 2, mode: 'delta', replacesPackId: null, content: { rows: 2, controlSum: '0.009' } });
    expect(readFlagFile(await fileOf(2, 'ok'))).toMatchObject({ mode: 'delta', rows: '2', control_sum: '0.009' });
    expect((await rowsOf(2)).map(told)).toEqual([
      ['P1', '20.11.2026 01:30:00', '0,005', '0', '2'],
      ['P2', '21.11.2026 01:00:00', '0,004', '0', '2'],
    ]);
    change(source, 1, 3, 12);
    await maker.make(delta);
    expect((await rowsOf(3)).map(told)).toEqual([['P1', '20.11.2026 01:30:00', '0,006', '0', '3']]);
    // A full repeat says everything at the revisions reached, and names what it repeats.
    const repeat = await maker.make(request);
    expect(repeat.record.replacesPackId).toBe('00000000-0000-4000-8000-000000000001');
    expect(readFlagFile(await fileOf(4, 'ok'))['replaces_pack_id']).toBe('00000000-0000-4000-8000-000000000001');
    const revisions = (await rowsOf(4)).map((row) => row['revision']);
    expect(revisions.filter((one) => one !== '1')).toEqual(['3', '2']);
  });

  test('a row that is none any more is taken back once: empty with status 2; and it may come again', async () => {
    const { maker, source } = makerOf();
    await maker.make(request);
    const { installations } = source.site;
    source.site = { ...source.site, installations: [installation(1, 1, { fromUtc: at(2) }), installation(2, 2)] };
    const { record } = await maker.make(delta);
    expect(record.content).toMatchObject({ rows: 2, missingRows: 2, controlSum: null });
    expect((await rowsOf(2)).map(told)).toEqual([
      ['P1', '20.11.2026 00:00:00', '', '2', '2'],
      ['P1', '20.11.2026 00:30:00', '', '2', '2'],
    ]);
    await expect(maker.make(delta)).rejects.toMatchObject({ code: 'api/conflict' });
    expect((await maker.make(request)).record.content).toMatchObject({ rows: 190 });
    source.site = { ...source.site, installations };
    await maker.make(delta);
    expect((await rowsOf(4)).map(told)).toEqual([
      ['P1', '20.11.2026 00:00:00', '0,001', '0', '3'],
      ['P1', '20.11.2026 00:30:00', '0,001', '0', '3'],
    ]);
  });

  test('days of which nothing was told are no corrections', async () => {
    const { maker, source } = makerOf();
    await maker.make({ ...request, to: first });
    change(source, 1, 60, 10);
    await expect(maker.make(delta)).rejects.toMatchObject({ code: 'api/conflict' });
    expect(await maker.preview(delta)).toMatchObject({ rows: 0, isFirst: false });
  });

  test('a closed day stays as it was told, and is corrected once it is opened again', async () => {
    let closed: string | null = first;
    const { maker, source } = makerOf({ isClosed: (day) => (day === closed ? 'closed' : null) });
    await maker.make(request);
    change(source, 1, 3, 10);
    expect(await maker.preview(delta)).toMatchObject({ rows: 0, held: 1 });
    await expect(maker.make(delta)).rejects.toMatchObject({ code: 'api/conflict' });
    change(source, 1, 60, 8);
    await maker.make(delta);
    expect((await rowsOf(2)).map(told)).toEqual([['P1', '21.11.2026 06:00:00', '0,004', '0', '2']]);
    closed = null;
    await maker.make(delta);
    expect((await rowsOf(3)).map(told)).toEqual([['P1', '20.11.2026 01:30:00', '0,005', '0', '2']]);
  });

  test('each receiver is told its own', async () => {
    const other = { ...SETTINGS.onec, id: 'shop', folder: path.join(root, 'shop') };
    await mkdir(other.folder);
    const settings = () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out }, receivers: [other] });
    const { maker, source } = makerOf({ settings });
    await maker.make(request);
    change(source, 1, 3, 10);
    const { record } = await maker.make({ ...request, receiver: 'shop' });
    expect(record).toMatchObject({ receiver: 'shop', number: 1, folder: other.folder });
    await expect(maker.make({ ...delta, receiver: 'shop' })).rejects.toMatchObject({ code: 'api/conflict' });
    expect((await maker.make(delta)).record).toMatchObject({ receiver: '1c', number: 2 });
    await expect(maker.make({ ...request, receiver: 'nobody' })).rejects.toMatchObject({ code: 'api/not-found' });
  });

  test('a replaced figure and its status are a change, and so are the intervals of a month statement', async () => {
    const { maker, source } = makerOf();
    source.profile.get(1)?.splice(3, 1);
    await maker.make(request);
    source.replaced.push({ pointId: 1, channel: 'A+', startUtc: at(3), lengthS: 1800, energyWh: 1, method: 'manual' });
    await maker.make(delta);
    expect(await rowsOf(2)).toMatchObject([{ energy: '0,001', status: '1', method: 'manual', revision: '2' }]);
    const month = { ...request, kind: 'MN', from: '2026-11-01', to: '2026-11-30' } as const;
    await maker.make(month);
    change(source, 1, 10, 20);
    expect((await maker.make({ ...month, mode: 'delta' })).record.content).toMatchObject({ rows: 1 });
  });
});

describe('a preview', () => {
  test('tells by point and channel what is new, changed and the same, and the first differences', async () => {
    const { maker, source } = makerOf();
    await maker.make(request);
    change(source, 1, 3, 10);
    source.profile.get(2)?.splice(0, 1);
    const preview = await maker.preview(request);
    expect(preview).toMatchObject({
      rows: 192,
      sum: 192n - 1n + 4n,
      isFirst: false,
      changes: { new: 0, changed: 2, same: 190, withdrawn: 0 },
      points: [{ code: 'P1', channels: [{ channel: 'A+', changed: 1, same: 95 }] }, { code: 'P2' }],
    });
    expect(preview.differences.map(({ row, change: how, before, now }) => [row.key, row.instantUtc, how, before, now])).toEqual([
      ['P1;A+', at(3), 'changed', expect.objectContaining({ figures: '0.001', revision: 1 }), { figures: '0.005', status: 0, revision: 2 }],
      ['P2;A+', at(0), 'changed', expect.objectContaining({ figures: '0.001' }), { figures: '', status: 2, revision: 2 }],
    ]);
    expect(await maker.preview(delta)).toMatchObject({ rows: 2, sum: 5n });
  });
});

test('rows are spooled point by point: the next point is asked for when the one before is on the disk', async () => {
  const steps: string[] = [];
  const files = {
    ...nodeFiles,
    create: async (file: string) => {
      const growing = await nodeFiles.create(file);
      const isSpool = file.endsWith('.rows.part');
      return {
        ...growing,
        write: async (bytes: Uint8Array) => {
          if (isSpool) steps.push(`${new TextDecoder().decode(bytes).split('\n').length - 1} rows`);
          await growing.write(bytes);
        },
      };
    },
  };
  const { deps, source } = makerOf({ files });
  const intervals = source.intervals.bind(source);
  source.intervals = (meterId, fromUtc, toUtc) => {
    steps.push(`meter ${meterId}`);
    return intervals(meterId, fromUtc, toUtc);
  };
  await new PackageMaker(deps).make(request);
  expect(steps).toEqual(['meter 1', '96 rows', 'meter 2', '96 rows']);
});
