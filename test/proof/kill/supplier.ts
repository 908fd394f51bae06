/** Supplier's files after a kill: each number once and without a hole, each file whole, each remainder passed on to the last digit. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marketDay } from '../../../src/main/export/xml80020/day.ts';
import {
  add,
  compare,
  magnitude,
  multiply,
  parseDecimal,
  type Rational,
  ratioOf,
  rational,
  subtract,
  ZERO,
} from '../../../src/main/metering/energy.ts';
import { startOfMonth } from '../../../src/main/metering/zone.ts';
import type { PlantTruth, TruthMeter } from '../../../src/main/simulator/truth.ts';
import type { StoreReader } from '../../../src/main/store/store.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/shared/api/settings.ts';
import { CHANNELS, type Channel } from '../../../src/shared/domain/channel.ts';
import type { ImportRow } from '../../../src/shared/domain/plant.ts';
import type { SupplierFileRecord } from '../../../src/shared/domain/supplier-file.ts';

export const SENDER_INN = '7701234567';
const AREA_INN = '5600010901';
/** Points with a code: few, so that whole days are there soon after the start. */
const CODED_POINTS = 2;
const MARKET_TIME = { kind: 'market', zone: 1 } as const;
const CODES: Readonly<Record<Channel, string>> = { 'A+': '01', 'A-': '02', 'R+': '03', 'R-': '04' };
const HALF = rational(1, 2);

/** The same rows; the first points with a profile have a code of the layout. */
export function withCodes(rows: readonly ImportRow[], truth: PlantTruth): ImportRow[] {
  const coded = rows
    .filter(({ serial }) =>
      truth.meters.some((meter) => meter.serial === serial && meter.intervals === 'profile' && meter.periodMin === 30),
    )
    .slice(0, CODED_POINTS);
  return rows.map((row) => {
    const place = coded.indexOf(row);
    return place < 0 ? row : { ...row, code80020: `56000000000000${place + 1}` };
  });
}

/** `areaName` stands in every file: another one makes all days anew, with larger numbers. */
export function supplierSettings(folder: string, areaName: string): Settings {
  return {
    ...DEFAULT_SETTINGS,
    xml80020: {
      ...DEFAULT_SETTINGS.xml80020,
      sender: { inn: SENDER_INN, name: 'АО «Завод»' },
      area: { inn: AREA_INN, name: areaName },
      delivery: { folder, mail: null, repliesFolder: null },
    },
  };
}

/** What is wrong with the files in the folder and with their numbers; `sent` are the numbers that were said to be handed over. */
export function supplierFaults(store: StoreReader, folder: string, sent: ReadonlySet<number>): string[] {
  const records = recordsOf(store);
  const names = readdirSync(folder);
  const byName = new Map(records.map((record) => [record.content.name, record]));
  const faults = records.flatMap(({ number }, index) => (number === index + 1 ? [] : [`supplier's file ${number} in place ${index + 1}`]));
  for (const name of names.filter((one) => !one.endsWith('.part'))) {
    const record = byName.get(name);
    if (record === undefined) faults.push(`${name} has no number`);
    else if (record.content.sha256 !== digestOf(join(folder, name))) faults.push(`${name} is not what was made`);
  }
  for (const record of records) {
    const isThere = names.includes(record.content.name);
    if (sent.has(record.number) && record.state !== 'sent') faults.push(`supplier's file ${record.number} was said to be handed over`);
    if (record.state === 'sent' && !isThere) faults.push(`supplier's file ${record.number} is not in its folder`);
  }
  for (const number of sent)
    if (number > records.length) faults.push(`supplier's file ${number} was said to be handed over and is not known`);
  return faults;
}

/** After a clean end: nothing on its way, nothing half, and every figure and remainder as the truth of the plant has it. */
export function unfinishedSupplier(store: StoreReader, folder: string, truth: PlantTruth): string[] {
  const records = recordsOf(store);
  return [
    ...records.filter(({ state }) => state !== 'sent').map(({ number, state }) => `supplier's file ${number} is ${state}`),
    ...readdirSync(folder)
      .filter((name) => name.endsWith('.part'))
      .map((name) => `${name} was left`),
    ...records.flatMap((record, index) => figureFaults(store, folder, truth, record, records.slice(0, index))),
  ];
}

/** Files on their way: the kill came between two of their steps. */
export function supplierHalfway(store: StoreReader): number {
  return recordsOf(store).filter(({ state }) => state !== 'sent').length;
}

function recordsOf(store: StoreReader): SupplierFileRecord[] {
  return store.supplierFiles.ofDays(SENDER_INN, '0001-01-01', '9999-12-31').sort((a, b) => a.number - b.number);
}

/**
 * The file is read as text. Of each channel: the remainder of the day before (its newest file of those made earlier), what the meters
 * measured, and what is printed give the remainder that was kept; at no half-hour is more owed than half a unit.
 */
function figureFaults(
  store: StoreReader,
  folder: string,
  truth: PlantTruth,
  record: SupplierFileRecord,
  earlier: readonly SupplierFileRecord[],
): string[] {
  const before = earlier
    .filter(({ day }) => day >= startOfMonth(record.day) && day < record.day)
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.number - b.number))
    .at(-1);
  const [carriedIn, carriedOut] = [before === undefined ? new Map() : carriesOf(store, before.id), carriesOf(store, record.id)];
  const text = new TextDecoder('windows-1251').decode(readFileSync(join(folder, record.content.name)));
  const plant = store.plant.load();
  const faults: string[] = [];
  let channels = 0;
  for (const { code, code80020 } of plant.points) {
    if (code80020 === null) continue;
    const meter = truth.meters.find(({ pointCode }) => pointCode === code);
    const [, body = ''] = new RegExp(`<measuringpoint code="${code80020}"[^>]*>(.*?)</measuringpoint>`, 's').exec(text) ?? [];
    for (const channel of CHANNELS) {
      const [, printed] = new RegExp(`<measuringchannel code="${CODES[channel]}"[^>]*>(.*?)</measuringchannel>`, 's').exec(body) ?? [];
      if (printed === undefined || meter === undefined) continue;
      channels += 1;
      const values = [...printed.matchAll(/<value[^>]*>(\d+)</g)].map(([, value = '']) => parseDecimal(value));
      const key = `${code80020} ${channel}`;
      const owed = owedAfter(truth, meter, channel, record.day, values, carriedIn.get(key) ?? ZERO);
      const kept = carriedOut.get(key);
      if (owed === null || kept === undefined || compare(owed, kept) !== 0)
        faults.push(`the remainder of ${key} on ${record.day} in file ${record.number}`);
    }
  }
  if (channels === 0 || channels !== record.content.channels) faults.push(`${channels} channels in file ${record.number}`);
  return faults;
}

/** What is owed at the end of the day; null when the figures are not as many as the half-hours, or more than half a unit is owed in between. */
function owedAfter(
  truth: PlantTruth,
  { serial, constant, ct, vt }: TruthMeter,
  channel: Channel,
  day: string,
  values: readonly Rational[],
  carriedIn: Rational,
): Rational | null {
  const { halfHours } = marketDay(day, MARKET_TIME);
  if (values.length !== halfHours.length) return null;
  let owed = carriedIn;
  for (const [index, { startUtc }] of halfHours.entries()) {
    const counts = truth.interval(serial, startUtc)?.[channel] ?? null;
    const value = values[index];
    if (counts === null || value === undefined) return null;
    const energy = multiply(multiply(rational(counts, 2 * constant), ratioOf(ct)), ratioOf(vt));
    owed = subtract(add(owed, energy), value);
    if (compare(magnitude(owed), HALF) > 0) return null;
  }
  return owed;
}

function carriesOf(store: StoreReader, id: number): Map<string, Rational> {
  return new Map(
    store.supplierFiles.carryOf(id).map(({ pointCode, channel, carry }) => {
      const [numerator = '', denominator = ''] = carry.split('/');
      return [`${pointCode} ${channel}`, { numerator: BigInt(numerator), denominator: BigInt(denominator) }];
    }),
  );
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
