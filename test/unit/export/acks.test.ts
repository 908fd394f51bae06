import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Receiver } from '../../../src/shared/api/receivers.ts';
import { parseAck, parseFaults } from '../../../src/main/export/onec/ack-file.ts';
import { nodeFiles } from '../../../src/main/export/onec/files.ts';
import { type PackageDeps, PackageMaker } from '../../../src/main/export/onec/package.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, MemoryStore, SETTINGS } from './support.ts';

const day = '2026-11-21';
const NAME = 'EN_ZAVOD1_IV_20261121_20261121_00000001';
const PACK_ID = '00000000-0000-4000-8000-000000000001';
const DAY_MS = 86_400_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);

let root = '';
let out = '';
let ack = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'feeder-acks-'));
  [out, ack] = [path.join(root, 'out'), path.join(root, 'ack')];
  await mkdir(out);
  await mkdir(ack);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function makerOf(over: Partial<PackageDeps> = {}, onec: Partial<Receiver> = {}) {
  const source = new MemorySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)] }));
  source.profile.set(
    1,
    halfHoursOf(day, siteZone('Europe/Moscow')).map((start) => interval(start, { 'A+': 2 })),
  );
  const store = new MemoryStore();
  const clock = new FakeClock('2026-11-22T03:00:00Z');
  let uuids = 0;
  const deps: PackageDeps = {
    store,
    source,
    files: nodeFiles,
    settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out, ...onec } }),
    packagesFolder: path.join(root, 'packages'),
    clock,
    newUuid: () => {
      uuids += 1;
      return `00000000-0000-4000-8000-${String(uuids).padStart(12, '0')}`;
    },
    log: silentLogger,
    onChanged: () => {},
    ...over,
  };
  return { maker: new PackageMaker(deps), store, clock, deps };
}

const make = (maker: PackageMaker) => maker.make({ kind: 'IV', from: day, to: day, job: null });
const answer = (text: string | Uint8Array, name = `${NAME}.ack`) => writeFile(path.join(ack, name), text);
const namesIn = async (folder: string) => (await readdir(folder)).sort();

describe('an answer of 1C', () => {
  test.each(['accepted', 'rejected'] as const)('%s becomes the state of the package, in UTF-8 and in windows-1251', async (status) => {
    for (const encode of [bytesOf, (text: string) => iconv.encode(text, 'win1251')]) {
      const { maker, store } = makerOf();
      for (const folder of [out, ack]) {
        await rm(folder, { recursive: true });
        await mkdir(folder);
      }
      await make(maker);
      await answer(
        encode(
          `pack_id=${PACK_ID}\r\npack_no=1\r\nstatus=${status}\r\nrows_ok=48\r\nrows_bad=0\r\nworker=Загрузка\r\ntext=Записано: период открыт\r\n`,
        ),
      );
      await maker.resume();
      expect(store.get(1)).toMatchObject({
        state: status,
        error: null,
        ack: { status, rowsOk: 48, rowsBad: 0, text: 'Записано: период открыт', faults: [], faultCount: 0 },
      });
    }
  });

  test('partial keeps the rows that were not taken and their reasons; a later answer takes its place', async () => {
    const changed: string[] = [];
    const { maker, store } = makerOf({ onChanged: (record) => changed.push(record.state) });
    await make(maker);
    await answer(`pack_id=${PACK_ID}\nstatus=partial\nrows_ok=46\nrows_bad=2\ntext=Дата запрета изменения\nМодуль(12)\n`);
    await answer('row;key;reason\r\n7;P1;A+;21.11.2026 03:00:00;period_closed\r\n;P1;A+;неизвестная точка\r\n', `${NAME}.err`);
    await maker.resume();
    expect(store.get(1)).toMatchObject({
      state: 'partial',
      ack: {
        text: 'Дата запрета изменения Модуль(12)',
        faultCount: 2,
        faults: [
          { row: 7, key: 'P1;A+;21.11.2026 03:00:00', reason: 'period_closed' },
          { row: null, key: 'P1;A+', reason: 'неизвестная точка' },
        ],
      },
    });
    await maker.resume();
    expect(changed).toEqual(['delivered', 'partial']);
    await rm(path.join(ack, `${NAME}.err`));
    await answer(`pack_id=${PACK_ID}\nstatus=accepted\n`);
    await maker.resume();
    expect(store.get(1)).toMatchObject({ state: 'accepted', ack: { rowsOk: null, text: '', faults: [] } });
  });

  test('is found in ack inside the folder, beside it, or where the settings say', async () => {
    for (const [place, chosen] of [
      [path.join(out, 'ack'), null],
      [ack, null],
      [path.join(root, 'answers'), path.join(root, 'answers')],
    ] as const) {
      await rm(out, { recursive: true });
      await rm(ack, { recursive: true, force: true });
      await mkdir(out);
      await mkdir(place, { recursive: true });
      const { maker, store } = makerOf({}, { acknowledges: { isExpected: true, withinH: 1, folder: chosen } });
      await make(maker);
      await writeFile(path.join(place, `${NAME}.ack`), `pack_id=${PACK_ID}\nstatus=accepted`);
      await maker.resume();
      expect(store.get(1)?.state).toBe('accepted');
    }
  });

  test('a receiver that gives none is served all the same', async () => {
    await rm(ack, { recursive: true });
    const { maker, store } = makerOf();
    await make(maker);
    await maker.resume();
    expect(store.get(1)?.state).toBe('delivered');
  });

  test('a package whose delivery was not noted before the answer came is delivered and accepted in one round', async () => {
    const { maker, store } = makerOf();
    await make(maker);
    store.setState(1, 'made', null, 0);
    await answer(`pack_id=${PACK_ID}\nstatus=accepted`);
    await maker.resume();
    expect(store.get(1)?.state).toBe('accepted');
  });
});

describe('a file that is no answer', () => {
  const good = `pack_id=${PACK_ID}\nstatus=accepted\n`;
  test.each([
    ['rubbish', new Uint8Array([1, 2, 0, 3]), 'not-text'],
    ['empty', '', 'no-pack-id'],
    ['a line that is nothing', `${good}hello\n`, 'not-key-value'],
    ['a key twice', `${good}status=rejected\n`, 'key-twice'],
    ['no status', `pack_id=${PACK_ID}\n`, 'no-status'],
    ['an unknown status', `pack_id=${PACK_ID}\nstatus=maybe\n`, 'no-status'],
    ['a wrong count', `${good}rows_ok=-1\n`, 'not-a-number'],
    ['an enormous count', `${good}rows_ok=99999999999999999999\n`, 'not-a-number'],
    ['another pack_id', good.replace('0001', '0009'), 'other-pack-id'],
    ['another pack_no', `${good}pack_no=2\n`, 'other-pack-no'],
    ['too large', `${good}text=${'x'.repeat(1024 * 1024)}\n`, 'too-large'],
  ] as const)('%s changes nothing, stays in its place and is named once', async (_title, content, reason) => {
    const warned: unknown[] = [];
    const log = { ...silentLogger, warn: (fields: unknown) => warned.push(fields) };
    const { maker, store } = makerOf({ log });
    await make(maker);
    await answer(content);
    for (let round = 0; round < 3; round += 1) await maker.resume();
    expect(store.get(1)).toMatchObject({ state: 'delivered', ack: null });
    expect(await namesIn(ack)).toEqual([`${NAME}.ack`]);
    expect(store.refused).toMatchObject([{ receiver: '1c', folder: ack, file: `${NAME}.ack`, reason }]);
    expect(warned).toHaveLength(1);
    // The right one in its place is taken, and nothing is left to tell.
    await answer(good);
    await maker.resume();
    expect([store.get(1)?.state, store.refused]).toEqual(['accepted', []]);
  });

  test('a broken list of faults refuses the whole answer', async () => {
    const { maker, store } = makerOf();
    await make(maker);
    await answer(`pack_id=${PACK_ID}\nstatus=partial\n`);
    await answer('no columns here', `${NAME}.err`);
    await maker.resume();
    expect([store.get(1)?.state, store.refused[0]?.reason]).toEqual(['delivered', 'faults-unreadable']);
  });

  test('of a package that nobody sent is named; files of other sites and other names are none of ours', async () => {
    const { maker, store } = makerOf();
    await make(maker);
    await answer(good, 'EN_ZAVOD1_IV_20261121_20261121_00000077.ack');
    await answer(good, 'EN_ZAVOD1_RD_20261121_20261121_00000001.ack');
    await answer(good, 'EN_OTHER_IV_20261121_20261121_00000001.ack');
    await answer(good, 'notes.txt');
    await mkdir(path.join(ack, `${NAME}.ack`));
    await maker.resume();
    expect(store.get(1)?.state).toBe('delivered');
    expect(new Map(store.refused.map(({ file, reason }) => [file, reason]))).toEqual(
      new Map([
        [`${NAME}.ack`, 'unreadable'],
        ['EN_ZAVOD1_IV_20261121_20261121_00000077.ack', 'unknown-package'],
        ['EN_ZAVOD1_RD_20261121_20261121_00000001.ack', 'unknown-package'],
      ]),
    );
    await rm(path.join(ack, 'EN_ZAVOD1_IV_20261121_20261121_00000077.ack'));
    await maker.resume();
    expect(store.refused).toHaveLength(2);
  });

  test('is told no more once it is gone, or once nobody looks into its folder; a folder that is lost says nothing', async () => {
    let chosen: string | null = null;
    const { maker, store } = makerOf({
      settings: () => ({
        ...SETTINGS,
        onec: { ...SETTINGS.onec, folder: out, acknowledges: { isExpected: true, withinH: 1, folder: chosen } },
      }),
    });
    await make(maker);
    const file = path.join(ack, `${NAME}.ack`);
    await answer('rubbish');
    await maker.resume();
    await rename(ack, `${ack}-lost`);
    await maker.resume();
    expect(store.refused).toHaveLength(1);
    await rename(`${ack}-lost`, ack);
    await rm(file);
    await maker.resume();
    expect(store.refused).toEqual([]);
    await answer('rubbish');
    await maker.resume();
    expect(store.refused).toHaveLength(1);
    chosen = path.join(root, 'elsewhere');
    await maker.resume();
    expect(store.refused).toEqual([]);
  });

  test('parsers take any bytes: each answer is a value or a named fault', () => {
    let seed = 7;
    for (let round = 0; round < 2000; round += 1) {
      const bytes = new Uint8Array(round % 64).map(() => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return seed >> 16;
      });
      for (const parsed of [parseAck(bytes), parseFaults(bytes)]) expect(parsed.value === null).toBe(parsed.fault !== null);
    }
    const { value } = parseFaults(bytesOf(Array.from({ length: 1500 }, (_, index) => `${index};k;r`).join('\n')));
    expect([value?.faults.length, value?.count]).toEqual([1000, 1500]);
    expect(parseAck(bytesOf(`\uFEFFpack_id=a\nstatus=accepted\ntext=a\u202Eb\u0007c${'d'.repeat(9000)}`)).value?.text).toHaveLength(4000);
  });
});

describe('the archive', () => {
  async function archived(months: number) {
    const made = makerOf({}, { archiveMonths: months });
    await make(made.maker);
    await make(made.maker);
    await mkdir(path.join(out, 'archive'));
    for (const name of await namesIn(out)) {
      if (name.startsWith('EN_')) await rename(path.join(out, name), path.join(out, 'archive', name));
    }
    await writeFile(path.join(out, 'archive', 'EN_OTHER_IV_20201121_20201121_00000001.csv'), 'x');
    await writeFile(path.join(out, 'archive', 'readme.txt'), 'x');
    await answer(`pack_id=${PACK_ID}\nstatus=accepted`);
    await made.maker.resume();
    return made;
  }

  test('loses what was accepted once it is old, and nothing that others put there or that was not accepted', async () => {
    const { maker, store, clock } = await archived(2);
    const before = await namesIn(path.join(out, 'archive'));
    expect(before).toHaveLength(6);
    // From 22 November the second whole month after is over with January.
    await clock.advance(70 * DAY_MS);
    await maker.resume();
    expect(await namesIn(path.join(out, 'archive'))).toEqual(before);
    await clock.advance(2 * DAY_MS);
    await maker.resume();
    expect(await namesIn(path.join(out, 'archive'))).toEqual(before.filter((name) => !name.startsWith(NAME)));
    expect(await namesIn(path.join(root, 'packages'))).toEqual(before.filter((name) => /_00000002\./.test(name)));
    expect([...store.pruned]).toEqual([1]);
  });
});

describe('a share that goes for three days', () => {
  test('gets every package when it comes back, in order of the numbers, each once', async () => {
    const order: string[] = [];
    const files = {
      ...nodeFiles,
      rename: async (from: string, to: string) => {
        await nodeFiles.rename(from, to);
        if (path.dirname(to) === out) order.push(path.basename(to));
      },
    };
    const { maker, store, clock } = makerOf({ files });
    const lost = path.join(root, 'lost');
    await rename(out, lost);
    for (let index = 0; index < 3; index += 1) {
      for (const kind of ['IV', 'RD'] as const) await maker.make({ kind, from: day, to: day, job: 'daily' });
      await clock.advance(DAY_MS);
      await maker.resume();
    }
    expect(store.records.map(({ number, state }) => [number, state])).toEqual([1, 2, 3, 4, 5, 6].map((number) => [number, 'failed']));
    await rename(lost, out);
    await maker.resume();
    await maker.resume();
    expect(store.records.every(({ state }) => state === 'delivered')).toBe(true);
    expect(order.filter((name) => name.endsWith('.ok')).map((name) => Number(/_(\d{8})\./.exec(name)?.[1]))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(order.map((name) => path.extname(name))).toEqual(Array.from({ length: 6 }, () => ['.csv', '.ok']).flat());
    for (const name of await namesIn(out))
      expect(await readFile(path.join(out, name))).toEqual(await readFile(path.join(root, 'packages', name)));
  });

  test('one receiver without its share does not keep another waiting, and each goes on with its own numbers after a restore', async () => {
    const other = { ...SETTINGS.onec, id: 'shop', folder: path.join(root, 'shop') };
    await mkdir(path.join(other.folder, 'archive'), { recursive: true });
    await writeFile(path.join(other.folder, 'archive', 'EN_ZAVOD1_IV_20261101_20261101_00000041.csv'), '');
    await writeFile(path.join(out, 'EN_ZAVOD1_IV_20261101_20261101_00000007.ok'), '');
    const { maker } = makerOf({
      settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out }, receivers: [other] }),
    });
    expect((await make(maker)).record).toMatchObject({ receiver: '1c', number: 8, state: 'delivered' });
    await rm(out, { recursive: true });
    expect((await make(maker)).record).toMatchObject({ receiver: '1c', number: 9, state: 'failed' });
    expect((await maker.make({ kind: 'IV', from: day, to: day, receiver: 'shop', job: null })).record).toMatchObject({
      receiver: 'shop',
      number: 42,
      state: 'delivered',
    });
    expect((await maker.resume()).map(({ record }) => [record.receiver, record.number, record.state])).toEqual([['1c', 9, 'failed']]);
  });

  test('a fault of the program in the package of one receiver keeps neither another nor the answers waiting', async () => {
    const other = { ...SETTINGS.onec, id: 'shop', folder: path.join(root, 'shop') };
    await mkdir(other.folder);
    const { maker, store, deps } = makerOf({
      settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, folder: out }, receivers: [other] }),
    });
    await make(maker);
    await answer(`pack_id=${PACK_ID}\nstatus=accepted\n`);
    await maker.make({ kind: 'IV', from: day, to: day, receiver: 'shop', job: null });
    const fields = store.get(1);
    if (fields === null) throw new Error('not made');
    store.reserve({ ...fields, packId: 'unrendered' }, 0);
    store.setState(2, 'made', null, 0);
    const broken = {
      ...deps,
      source: Object.assign(deps.source, {
        intervals: () => {
          throw new TypeError('a bug');
        },
      }),
    };
    await expect(new PackageMaker(broken).resume()).rejects.toThrow('a bug');
    expect(store.records.map(({ receiver, state }) => [receiver, state])).toEqual([
      ['1c', 'accepted'],
      ['shop', 'delivered'],
      ['1c', 'made'],
    ]);
  });
});
