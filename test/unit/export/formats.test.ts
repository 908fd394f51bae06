/** Every kind in every format of one package: readers that are not the writers find the same rows and the same sum. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DBFFile } from 'dbffile';
import exceljs from 'exceljs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ONEC_COLUMNS, ONEC_FORMATS, ONEC_KINDS, type OnecKind } from '../../../src/shared/api/receivers.ts';
import type { RegisterReading } from '../../../src/shared/domain/register.ts';
import { nodeFiles } from '../../../src/main/export/onec/files.ts';
import { PackageMaker } from '../../../src/main/export/onec/package.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, MemoryStore, readFlagFile, readStrictly, SETTINGS, sha256, sumOfPrinted } from './support.ts';

const zone = siteZone('Europe/Moscow');
/** The month with the repeated hour. */
const [FROM, TO] = ['2014-10-01', '2014-10-31'];
const SCHEMA = readFileSync(path.join(import.meta.dirname, '../../../resources/1c/energy-1c-1.0.xsd'));
const FIGURE: Readonly<Record<OnecKind, string>> = { RF: 'ratio_ct', RD: 'reading', IV: 'energy', DY: 'energy', MN: 'energy' };

let out = '';

beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'feeder-formats-'));
  await mkdir(path.join(out, 'out'));
});

afterEach(async () => {
  await rm(out, { recursive: true, force: true });
});

function hostileSource(): MemorySource {
  const source = new MemorySource(
    plant({
      points: [
        point(1, { code: 'РП1-Я12', name: 'РП-1 "Северная"; яч. <№12> & \t№13', departmentCode: '007', tenantInn: '0012345678' }),
        point(2, { code: 'A', name: 'без счётчика' }),
      ],
      meters: [meter(1, { serial: '00123456' })],
      installations: [installation(1, 1, { ct: { primary: 600, secondary: 5 }, vt: { primary: 15750, secondary: 100 } })],
    }),
  );
  const days = Array.from({ length: 31 }, (_, index) => `2014-10-${String(index + 1).padStart(2, '0')}`);
  const starts = days.flatMap((day) => halfHoursOf(day, zone));
  source.profile.set(
    1,
    starts.flatMap((start, index) => (index % 97 === 7 ? [] : [interval(start, { 'A+': index % 50, 'R+': 65534 })])),
  );
  const reading = (date: string, tariff: number, wh: number): RegisterReading => ({
    kind: 'day-start',
    momentUtc: zone.startOfDay(date),
    tariff,
    energy: { 'A+': wh, 'A-': null, 'R+': null, 'R-': null },
  });
  source.readings.set(
    1,
    [...days, '2014-11-01'].flatMap((day, index) =>
      index === 5 ? [] : [0, 1].map((tariff) => reading(day, tariff, 4_294_000_000 + index * 1001)),
    ),
  );
  return source;
}

async function made(kind: OnecKind, settings = SETTINGS.onec) {
  const folder = path.join(out, 'out');
  const maker = new PackageMaker({
    store: new MemoryStore(),
    source: hostileSource(),
    files: nodeFiles,
    settings: () => ({ ...SETTINGS, onec: { ...settings, formats: [...ONEC_FORMATS], folder } }),
    packagesFolder: path.join(out, 'packages'),
    clock: new FakeClock('2014-11-01T03:00:00Z'),
    newUuid: () => '00000000-0000-4000-8000-000000000001',
    log: silentLogger,
    onChanged: () => {},
  });
  const outcome = await maker.make({ kind, from: FROM, to: TO, job: null });
  return { ...outcome, folder };
}

const pointed = (sum: bigint) => `${sum / 1000n}.${String(sum % 1000n).padStart(3, '0')}`;

test.each(ONEC_KINDS)(
  'the package %s says the same in five formats',
  async (kind) => {
    const { record, folder, error } = await made(kind);
    expect([error, record.state]).toEqual([null, 'delivered']);
    const name = `EN_ZAVOD1_${kind}_20141001_20141031_00000001`;
    expect((await readdir(folder)).sort()).toEqual(
      [`${name}.csv`, `${name}.dbf`, `${name}.json`, `${name}.ok`, `${name}.xlsx`, `${name}.xml`, `${name}H.dbf`].sort(),
    );
    const bytes = async (ending: string) => new Uint8Array(await readFile(path.join(folder, `${name}${ending}`)));
    const flag = readFlagFile(await bytes('.ok'));
    for (const ending of ['.csv', '.dbf', 'H.dbf', '.json', '.xlsx', '.xml'])
      expect(flag[`sha256.${name}${ending}`], ending).toBe(sha256(await bytes(ending)));

    const csv = readStrictly(await bytes('.csv'));
    const column = FIGURE[kind];
    const figures = csv.map((row) => row[column] ?? '');
    expect(flag['rows']).toBe(String(csv.length));
    if (kind !== 'RF') {
      expect(figures.some((figure) => figure === '')).toBe(kind === 'MN' ? false : true);
      expect(flag['control_sum']).toBe(pointed(sumOfPrinted(figures)));
    } else expect([flag['control_sum'], csv.length]).toEqual(['0.000', 2]);
    expect(Object.keys(csv[0] ?? {})).toEqual([...ONEC_COLUMNS[kind]]);
    const numbers = figures.map((figure) => (figure === '' ? null : Number(figure.replace(',', '.'))));
    const serials = kind === 'IV' ? null : csv.map((row) => row['meter_serial']);

    const json: { header: Record<string, unknown>; rows: Record<string, unknown>[] } = JSON.parse(
      new TextDecoder().decode(await bytes('.json')),
    );
    expect(json.rows.map((row) => row[column])).toEqual(numbers);
    expect([json.header['rows'], json.header['pack_no'], json.header['kind']]).toEqual([csv.length, 1, kind]);
    expect(json.rows.map((row) => row['point_name'])).toContain('РП-1 "Северная"; яч. <№12> & \t№13');
    if (serials !== null) expect(json.rows.map((row) => row['meter_serial'] ?? '')).toEqual(serials);

    using schema = XmlDocument.fromBuffer(SCHEMA);
    using validator = XsdValidator.fromDoc(schema);
    using xml = XmlDocument.fromBuffer(await bytes('.xml'));
    validator.validate(xml);
    const space = { e: 'http://energy-metering.local/1c/1.0' };
    expect(xml.find('/e:package/e:rows/*', space)).toHaveLength(csv.length);
    expect(xml.find(`/e:package/e:rows/*/e:${column}`, space).map((node) => Number(node.content))).toEqual(
      numbers.filter((one) => one !== null),
    );

    const dbf = await DBFFile.open(path.join(folder, `${name}.dbf`), { encoding: 'cp1251' });
    const records = await dbf.readRecords(csv.length + 1);
    const dbfName = { RF: 'K_CT', RD: 'RDNG', IV: 'ENERGY', DY: 'ENERGY', MN: 'ENERGY' }[kind];
    expect(records.map((row) => row[dbfName])).toEqual(numbers);
    if (serials !== null) expect(records.map((row) => row['SERIAL'] ?? '')).toEqual(serials);
    const header = await DBFFile.open(path.join(folder, `${name}H.dbf`), { encoding: 'cp1251' });
    expect(await header.readRecords(9)).toMatchObject([
      { PACK_NO: 1, KIND: kind, ROWS: csv.length, CTRL_SUM: Number(flag['control_sum']) },
    ]);

    const book = new exceljs.Workbook();
    await book.xlsx.readFile(path.join(folder, `${name}.xlsx`));
    const [sheet, headerSheet] = book.worksheets;
    const names = ((sheet?.getRow(1).values ?? []) as unknown[]).slice(1);
    expect(names).toEqual([...ONEC_COLUMNS[kind]]);
    const cells = Array.from({ length: csv.length }, (_, index) => sheet?.getCell(index + 2, names.indexOf(column) + 1).value ?? null);
    expect([cells, sheet?.rowCount, headerSheet?.name]).toEqual([numbers, csv.length + 1, 'Пакет']);
  },
  60_000,
);

test('a flag stands in the column of each of the formats, a header without a repeat names none', async () => {
  const { folder } = await made('MN');
  const name = 'EN_ZAVOD1_MN_20141001_20141031_00000001';
  const csv = readStrictly(new Uint8Array(await readFile(path.join(folder, `${name}.csv`))));
  expect(csv.map((row) => [row['month'], row['zone'], row['replaced_meter'], row['rollover']])).toEqual([
    ['10.2014', '0', '0', '0'],
    ['10.2014', '1', '0', '0'],
  ]);
  expect(readFlagFile(new Uint8Array(await readFile(path.join(folder, `${name}.ok`))))).not.toHaveProperty('replaces_pack_id');
});

test('names of DBF files by 8.3 fit 1C 7.7; the flag file keeps its name and lists them', async () => {
  const { folder } = await made('IV', { ...SETTINGS.onec, shortNames: true });
  const names = await readdir(folder);
  expect(names.filter((name) => /\.dbf$/i.test(name)).sort()).toEqual(['IV00001.DBF', 'IV00001H.DBF']);
  const flag = readFlagFile(new Uint8Array(await readFile(path.join(folder, 'EN_ZAVOD1_IV_20141001_20141031_00000001.ok'))));
  expect(Object.keys(flag)).toEqual(expect.arrayContaining(['sha256.IV00001.DBF', 'sha256.IV00001H.DBF']));
});

test('the separator and the decimal sign of the CSV file are those of the receiver', async () => {
  const { folder } = await made('MN', { ...SETTINGS.onec, csv: { separator: '\t', decimal: '.' } });
  const text = await readFile(path.join(folder, 'EN_ZAVOD1_MN_20141001_20141031_00000001.csv'), 'latin1');
  const [names, first] = text.split('\r\n').map((line) => line.split('\t'));
  expect(names).toEqual([...ONEC_COLUMNS.MN]);
  expect(first?.[names?.indexOf('ratio_vt') ?? -1]).toBe('157.5');
});
