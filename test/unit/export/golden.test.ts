import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RegisterReading } from '../../../src/shared/domain/register.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { nodeFiles } from '../../../src/main/export/onec/files.ts';
import { PackageMaker } from '../../../src/main/export/onec/package.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, MemoryStore, readFlagFile, readStrictly, SETTINGS, sha256, sumOfPrinted } from './support.ts';

const GOLDEN = path.join(import.meta.dirname, '../../golden/onec');
const DAY = '2014-10-26';

/** The day with 25 hours, a ratio that is not whole, an absent, an incomplete and a cut half-hour, and a name that needs cleaning. */
function goldenSource(): MemorySource {
  const zone = siteZone('Europe/Moscow');
  const source = new MemorySource(
    plant({
      points: [point(1, { code: 'РП1-Я12', name: 'РП-1 "Северная"; яч. №12' })],
      meters: [meter(1, { serial: '00123456' })],
      installations: [installation(1, 1, { ct: { primary: 600, secondary: 5 }, vt: { primary: 15750, secondary: 100 } })],
    }),
  );
  source.profile.set(
    1,
    halfHoursOf(DAY, zone).flatMap((start, index) => {
      if (index === 7) return [];
      const flags = index === 4 ? (['clock-set'] as const) : index === 10 ? (['power-cut', 'incomplete'] as const) : [];
      return [interval(start, { 'A+': index * 3, 'R+': index === 0 ? 65534 : index }, flags)];
    }),
  );
  const reading = (date: string, tariff: number, active: number, reactive: number): RegisterReading => ({
    kind: 'day-start',
    momentUtc: zone.startOfDay(date),
    tariff,
    energy: { 'A+': active, 'A-': null, 'R+': reactive, 'R-': null },
  });
  source.readings.set(1, [
    reading('2014-10-26', 0, 3_196_201, 12_345),
    reading('2014-10-26', 1, 2_000_001, 12_345),
    reading('2014-10-27', 0, 3_198_038, 12_360),
  ]);
  return source;
}

let out = '';

beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'feeder-golden-'));
  await mkdir(path.join(out, 'out'));
});

afterEach(async () => {
  await rm(out, { recursive: true, force: true });
});

test.each([
  ['IV', 'windows-1251', 1],
  ['RD', 'windows-1251', 2],
  ['IV', 'utf-8', 3],
] as const)('the package %s in %s is byte for byte what it was', async (kind, encoding, number) => {
  const folder = path.join(out, 'out');
  const store = new MemoryStore();
  const maker = new PackageMaker({
    store,
    source: goldenSource(),
    files: nodeFiles,
    settings: () => ({ ...SETTINGS, onec: { ...SETTINGS.onec, encoding, folder } }),
    packagesFolder: path.join(out, 'packages'),
    clock: new FakeClock('2014-10-27T03:00:00Z'),
    newUuid: () => `00000000-0000-4000-8000-00000000000${number}`,
    log: silentLogger,
    onChanged: () => {},
  });
  store.highestNumber = () => number - 1;
  const { record } = await maker.make({ kind, from: DAY, to: DAY, format: 'csv', job: null });
  const [data, flag] = record.content?.files ?? [];
  if (data === undefined || flag === undefined) throw new Error('not delivered');
  const made = { data: await readFile(path.join(folder, data.name)), flag: await readFile(path.join(folder, flag.name)) };
  expect(made.data).toEqual(await readFile(path.join(GOLDEN, data.name)));
  expect(made.flag).toEqual(await readFile(path.join(GOLDEN, flag.name)));

  const rows = readStrictly(made.data, encoding);
  const fields = readFlagFile(made.flag);
  const figures = rows.map((row) => row[kind === 'IV' ? 'energy' : 'reading'] ?? '');
  expect(fields['rows']).toBe(String(rows.length));
  expect(BigInt((fields['control_sum'] ?? '').replace('.', ''))).toBe(sumOfPrinted(figures));
  expect(fields[`sha256.${data.name}`]).toBe(sha256(made.data));
  expect(new Set(rows.map((row) => row['point_name']))).toEqual(new Set(["РП-1 'Северная', яч. №12"]));
});
