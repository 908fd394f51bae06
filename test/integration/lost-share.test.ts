/** A share that goes for three days and comes back, a restart in between: packages of two receivers and the supplier's files are there in order, each once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Site } from '../../src/main/api/site.ts';
import { addDays } from '../../src/main/metering/zone.ts';
import { createPackageDesk } from '../../src/main/packages.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { createSupplierDesk } from '../../src/main/supplier.ts';
import { settings as settingsSchema, DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { HALF_HOUR, importRow, stored, temporaryFolder } from '../unit/store/support.ts';

const DAY_MS = 86_400_000;
const FIRST_DAY = '2026-11-18';
const DAYS = 5;
/** The share goes before the files of the second day and is back before those of the fifth. */
const [GOES, IS_BACK] = [1, 4];
const SENDER = '7701234567';
const RECEIVERS = ['1c', 'shop'] as const;

/** Names of the files that arrive last of each package, or of the supplier's files, by the moment at which they were written. */
function inOrder(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name, at: statSync(join(folder, name), { bigint: true }).mtimeNs }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ name }) => name);
}

/** Everything below a folder with its place on the disk, its time and its content: a file written again is another one. */
function marksOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { ino, mtimeNs, size } = statSync(join(folder, name), { bigint: true });
      return `${name} ${ino} ${mtimeNs} ${size}`;
    });
}

test('every package and every supplier file arrives in order and once', async () => {
  const root = temporaryFolder();
  const share = join(root, 'share');
  const folders = { '1c': join(share, '1c'), shop: join(share, 'shop'), supplier: join(share, 'supplier') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const clock = new FakeClock(`${addDays(FIRST_DAY, 1)}T06:00:00Z`);
  const first = openStore({ folder: join(root, 'data'), clock, logger: silentLogger });
  first.plant.applyImport([importRow(1, { code80020: '560000000000001' })], 180, 'test');
  const { folder: _none, ...usual } = DEFAULT_SETTINGS.onec;
  first.settings.save(
    settingsSchema.parse({
      ...DEFAULT_SETTINGS,
      onec: { ...usual, folder: folders['1c'] },
      receivers: [{ ...usual, id: 'shop', name: 'Цех', folder: folders.shop }],
      xml80020: {
        sender: { inn: SENDER, name: 'АО «Завод»' },
        area: { inn: '5600010901', name: 'Площадка' },
        delivery: { folder: folders.supplier },
      },
    }),
    'test',
  );
  const open = (store: typeof first) => {
    const site = new Site({ store, clock, engine: () => null });
    const packages = createPackageDesk({ store, site, clock, logger: silentLogger, onChanged: () => {} });
    const supplier = createSupplierDesk({ store, site, clock, logger: silentLogger, onChanged: () => {} });
    return { store, packages, supplier };
  };
  let product = open(first);
  /** One round of what the product does by itself. */
  const round = async () => {
    await product.packages.resume();
    product.supplier.start();
    await product.supplier.stop();
  };

  for (let index = 0; index < DAYS; index += 1) {
    const day = addDays(FIRST_DAY, index);
    if (index === GOES) renameSync(share, `${share}-away`);
    if (index === IS_BACK) renameSync(`${share}-away`, share);
    if (index === GOES + 2) {
      product.store.close();
      product = open(openStore({ folder: join(root, 'data'), clock, logger: silentLogger }));
    }
    const start = Date.parse(`${day}T00:00:00+03:00`) / 1000;
    const intervals = Array.from({ length: 48 }, (_, at) => ({
      startUtc: start + at * HALF_HOUR,
      lengthS: HALF_HOUR,
      counts: { 'A+': 1000 * index + 7 * at + 1, 'A-': null, 'R+': 7, 'R-': null },
      flags: [],
      source: 'profile' as const,
      exchange: null,
    }));
    await stored(product.store, {
      meterId: 1,
      atUtc: start,
      facts: { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 },
      intervals,
    });
    const isAway = index >= GOES && index < IS_BACK;
    if (index === IS_BACK) await round();
    for (const receiver of RECEIVERS) {
      const { state } = await product.packages.make({ receiver, kind: 'IV', from: day, to: day, format: 'csv' }, 'daily');
      expect([day, receiver, state]).toEqual([day, receiver, isAway ? 'failed' : 'delivered']);
    }
    const outcome = await product.supplier.make({ day, job: 'daily-80020' });
    expect([day, outcome.kind === 'held' ? null : outcome.record.state]).toEqual([day, isAway ? 'failed' : 'sent']);
    await round();
    await clock.advance(DAY_MS);
  }

  const numbers = Array.from({ length: DAYS }, (_, index) => index + 1);
  for (const receiver of RECEIVERS) {
    const folder = folders[receiver];
    expect(inOrder(folder, '.ok').map((name) => Number(/_(\d{8})\.ok$/.exec(name)?.[1]))).toEqual(numbers);
    expect(inOrder(folder, '.csv').map((name) => /_IV_(\d{8})_\1_(\d{8})\.csv$/.exec(name)?.[2])).toEqual(
      numbers.map((number) => String(number).padStart(8, '0')),
    );
    for (const name of readdirSync(folder)) {
      const place = join(folder, name);
      const made = product.store.packages
        .list(0, 100)
        .rows.flatMap(({ receiver: id, content }) => (id === receiver ? (content?.files ?? []) : []))
        .find((file) => file.name === name);
      expect([name, createHash('sha256').update(readFileSync(place)).digest('hex')]).toEqual([name, made?.sha256]);
    }
  }
  expect(inOrder(folders.supplier, '.xml')).toEqual(
    numbers.map((number) => `80020_${SENDER}_${addDays(FIRST_DAY, number - 1).replaceAll('-', '')}_${number}_5600010900.xml`),
  );
  expect(readdirSync(folders.supplier)).toHaveLength(DAYS);
  // The receivers take their files away, one leaves a note of its own: nothing comes again.
  writeFileSync(join(folders.supplier, 'note.txt'), 'x');
  mkdirSync(join(folders['1c'], 'archive'));
  for (const name of readdirSync(folders['1c'])) {
    if (name.startsWith('EN_')) renameSync(join(folders['1c'], name), join(folders['1c'], 'archive', name));
  }
  const before = marksOf(share);
  for (let index = 0; index < 3; index += 1) {
    await round();
    await clock.advance(DAY_MS);
  }
  expect(marksOf(share)).toEqual(before);
  product.store.close();
});
