/** `export-80020` and `import-80020` as a script starts them: processes of their own over one data folder. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { feeder } from '../support/feeder-process.ts';
import { HALF_HOUR, importRow, stored, temporaryFolder } from '../unit/store/support.ts';

/** A day that is over by any clock; 00:00 by Moscow. */
const DAY = '2025-03-14';
const START = Date.parse('2025-03-13T21:00:00Z') / 1000;
const SAMPLE = new URL('../vectors/80020/80020_1834024515_20211031_4690_5600010900.xml', import.meta.url);
const XML80020 = { sender: { inn: '7701234567', name: 'АО «Завод»' }, area: { inn: '5600010901', name: 'Площадка 1' } };
const nameOf = (number: number) => `80020_7701234567_20250314_${number}_5600010900.xml`;

let data = '';
let out = '';

async function fill(count: number, halfHours = 48): Promise<void> {
  const store = openStore({ folder: data, clock: new FakeClock(), logger: silentLogger });
  const facts = { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 };
  const intervals = Array.from({ length: halfHours }, (_, index) => ({
    startUtc: START + index * HALF_HOUR,
    lengthS: HALF_HOUR,
    counts: { 'A+': count, 'A-': null, 'R+': 7, 'R-': null },
    flags: [],
    source: 'profile' as const,
    exchange: null,
  }));
  await stored(store, { meterId: 1, atUtc: START, facts, intervals });
  store.close();
}

beforeEach(async () => {
  const folder = temporaryFolder();
  [data, out] = [join(folder, 'data'), join(folder, 'out')];
  const store = openStore({ folder: data, clock: new FakeClock(), logger: silentLogger });
  store.plant.applyImport([importRow(1, { code80020: '560000000000001' })], 180, 'test');
  store.settings.save({ ...store.settings.load(), xml80020: { ...store.settings.load().xml80020, ...XML80020 } }, 'test');
  store.close();
});

const exported = () => feeder(['export-80020', '--data', data, '--day', DAY, '--out', out]);

describe('feeder export-80020', { timeout: 60_000 }, () => {
  test('makes a file that check-80020 accepts, the same one when asked again, and a correction of other figures', async () => {
    await fill(2001);
    const first = await exported();
    // 2001 counts are 1.0005 kWh, by the ratio of 120 a half-hour has 120.06 kWh and the day 5762.88; 48 x 0.42 kvarh are 20.16.
    expect([first.code, first.lines]).toEqual([
      0,
      [
        expect.objectContaining({
          file: join(out, nameOf(1)),
          number: 1,
          day: DAY,
          outcome: 'new',
          points: 1,
          channels: 2,
          sums: { 'A+': '5763', 'R+': '20' },
          held: [],
        }),
      ],
    ]);
    const bytes = readFileSync(join(out, nameOf(1)));
    const check = await feeder(['check-80020', join(out, nameOf(1))]);
    expect([check.code, check.lines.filter((line) => line['verdict'] === 'fault')]).toEqual([0, []]);
    const again = await exported();
    expect([again.code, again.lines[0]?.['outcome'], again.lines[0]?.['number']]).toEqual([0, 'same', 1]);
    expect(readFileSync(join(out, nameOf(1))).equals(bytes)).toBe(true);
    await fill(2500);
    const corrected = await exported();
    expect([corrected.code, corrected.lines[0]?.['outcome'], corrected.lines[0]?.['number']]).toEqual([0, 'correction', 2]);
    expect(readdirSync(out).sort()).toEqual([nameOf(1), nameOf(2)]);
  });

  test('holds a day that lacks figures, names them and ends with 3', async () => {
    await fill(2001, 40);
    const { code, lines } = await exported();
    const place = { reason: 'missing', code_80020: '560000000000001', from: '2025-03-14T17:00:00Z', to: '2025-03-14T21:00:00Z' };
    expect([code, lines]).toEqual([
      3,
      [
        expect.objectContaining({
          file: null,
          number: null,
          outcome: 'held',
          held: [
            { ...place, channel: 'A+' },
            { ...place, channel: 'R+' },
          ],
        }),
      ],
    ]);
    expect(readdirSync(out)).toEqual([]);
  });

  test('says what the settings lack', async () => {
    const store = openStore({ folder: data, clock: new FakeClock(), logger: silentLogger });
    const settings = store.settings.load();
    store.settings.save({ ...settings, xml80020: { ...settings.xml80020, sender: { inn: '', name: '' } } }, 'test');
    store.close();
    const { code, lines } = await exported();
    expect([code, lines]).toEqual([
      1,
      [{ error: expect.objectContaining({ code: 'api/invalid-argument', details: { problems: ['sender-inn', 'sender-name'] } }) }],
    ]);
  });
});

describe('feeder import-80020', { timeout: 60_000 }, () => {
  test('compares our own file with our own figures, and ends with 3 once they differ', async () => {
    await fill(2001);
    await exported();
    const same = await feeder(['import-80020', '--data', data, join(out, nameOf(1))]);
    expect([same.code, same.lines]).toEqual([
      0,
      [
        expect.objectContaining({
          outcome: 'stored',
          number: 1,
          unknownPoints: [],
          comparison: [
            expect.objectContaining({
              code_80020: '560000000000001',
              channel: 'A+',
              ours: '5762.88',
              theirs: '5763',
              difference: '0.12',
              differing: 0,
            }),
            expect.objectContaining({ channel: 'R+', ours: '20.16', theirs: '20', differing: 0 }),
          ],
        }),
      ],
    ]);
    await fill(2500);
    const other = await feeder(['import-80020', '--data', data, join(out, nameOf(1))]);
    expect([other.code, other.lines[0]?.['outcome']]).toEqual([3, 'known']);
  });

  test('makes the points of a real file live by it, and their figures are handed on', async () => {
    const { code, lines } = await feeder(['import-80020', '--data', data, SAMPLE.pathname, '--as-source']);
    expect([code, lines[0]]).toEqual([0, expect.objectContaining({ outcome: 'stored', number: 4690, day: '2021-10-31', faults: [] })]);
    expect(lines[0]?.['sources']).toBe(lines[0]?.['points']);
    const pack = await feeder([
      'export-1c',
      '--data',
      data,
      '--kind',
      'IV',
      '--from',
      '2021-10-31',
      '--to',
      '2021-10-31',
      '--format',
      'csv',
      '--out',
      out,
    ]);
    expect(pack.code).toBe(0);
    const csv = new TextDecoder('windows-1251').decode(
      readFileSync(join(out, readdirSync(out).find((name) => name.endsWith('.csv')) ?? '')),
    );
    const sample = new TextDecoder('windows-1251').decode(readFileSync(SAMPLE));
    const [, point = ''] = /<measuringpoint code="(\d+)"/.exec(sample) ?? [];
    const told = [...sample.slice(sample.indexOf(`code="${point}"`)).matchAll(/<value[^>]*>(\d+)</g)]
      .slice(0, 48)
      .map(([, value]) => `${value},000`);
    const rows = csv.split('\r\n').filter((row) => row.includes(point) && row.includes('A+'));
    expect(rows).toHaveLength(48);
    for (const [index, row] of rows.entries()) expect(row).toContain(told[index] ?? 'no figure');
  });

  test('refuses what is no file of the layout', async () => {
    const file = join(temporaryFolder(), 'a.xml');
    writeFileSync(file, '<a/>');
    const { code, lines } = await feeder(['import-80020', '--data', data, file]);
    expect([code, lines]).toEqual([1, [{ error: expect.objectContaining({ code: 'import/wrong-layout' }) }]]);
  });
});
