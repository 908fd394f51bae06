import { describe, expect, test } from 'vitest';
import type { OnecKind } from '../../../src/shared/api/receivers.ts';
import type { RegisterReading } from '../../../src/shared/domain/register.ts';
import { writeCsv } from '../../../src/main/export/file/csv.ts';
import { columnsOf } from '../../../src/main/export/onec/columns.ts';
import { packageName, packageNumber } from '../../../src/main/export/onec/name.ts';
import { judgeRows, sentDays } from '../../../src/main/export/onec/revisions.ts';
import type { OnecRow } from '../../../src/main/export/onec/row.ts';
import { NO_ROWS, pointsInOrder, printedFigure, rowsOfPoint, summarise } from '../../../src/main/export/onec/rows.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySink } from './file/support.ts';
import { MemorySource, readStrictly, SETTINGS, sumOfPrinted } from './support.ts';

const zone = siteZone('Europe/Moscow');
const day = '2026-11-22';
const starts = halfHoursOf(day, zone);
const at = (index: number) => starts[index] ?? 0;

function sourceOf(...parts: Parameters<typeof plant>): MemorySource {
  return new MemorySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)], ...parts[0] }));
}

function rowsOf(source: MemorySource, kind: OnecKind, from = day, to = from): OnecRow[] {
  return pointsInOrder(source.plant()).flatMap((each) => rowsOfPoint(each, source, { kind, from, to, zone }));
}

async function csvOf(rows: readonly OnecRow[], kind: OnecKind, encoding: 'windows-1251' | 'utf-8' = 'windows-1251'): Promise<Uint8Array> {
  const { columns, cells } = columnsOf(kind, SETTINGS.onec);
  const sink = new MemorySink();
  await writeCsv({ columns, rows: rows.map(cells) }, sink, { encoding, separator: ';', decimal: ',' });
  return sink.bytes();
}

const channelOf = (row: OnecRow) => ('channel' in row ? row.channel : null);
const cellsOf = async (rows: readonly OnecRow[], kind: OnecKind = 'IV') => readStrictly(await csvOf(rows, kind));

describe('IV rows', () => {
  test('each row is rounded half-up by itself and the control sum adds what is printed', async () => {
    const source = sourceOf({ installations: [installation(1, 1, { vt: { primary: 15750, secondary: 100 } })] });
    source.profile.set(
      1,
      starts.map((start) => interval(start, { 'A+': 1 })),
    );
    const rows = rowsOf(source, 'IV');
    // 1 count at A 1000 = 0.0005 kWh x 157.5 = 0.07875, printed 0.079; the exact day would be 3.780.
    expect(new Set(rows.map(printedFigure))).toEqual(new Set(['0.079']));
    expect(summarise(NO_ROWS, rows)).toEqual({ rows: 48, missingRows: 0, sum: 3792n });
    expect(sumOfPrinted((await cellsOf(rows)).map((row) => row['energy'] ?? ''))).toBe(3792n);
  });

  test('a tie of half a thousandth goes up', () => {
    const source = sourceOf({});
    source.profile.set(
      1,
      starts.map((start, index) => interval(start, { 'A+': index })),
    );
    expect(rowsOf(source, 'IV').slice(0, 4).map(printedFigure)).toEqual(['0.000', '0.001', '0.001', '0.002']);
  });

  test('a missing interval is an empty row with status 2, and zero is a figure', async () => {
    const source = sourceOf({});
    source.profile.set(
      1,
      starts.filter((_, index) => index !== 3).map((start) => interval(start, { 'A+': 0 })),
    );
    const cells = await cellsOf(rowsOf(source, 'IV'));
    expect(cells).toHaveLength(48);
    expect(cells[3]).toMatchObject({ begin: '22.11.2026 01:30:00', energy: '', losses: '', energy_total: '', status: '2' });
    expect(cells[4]).toMatchObject({ energy: '0,000', losses: '0,000', energy_total: '0,000', status: '0' });
    expect(summarise(NO_ROWS, rowsOf(source, 'IV'))).toMatchObject({ missingRows: 1, sum: 0n });
  });

  test.each([
    [['power-cut'], 0],
    [['power-cut', 'incomplete'], 0],
    [['frozen'], 0],
    [['incomplete'], 2],
    [['clock-set'], 2],
    [['clock-corrected', 'power-cut'], 2],
    [['initialised'], 2],
    [['season-changed'], 2],
  ] as const)('an interval with %j keeps its figure under status %i', (flags, status) => {
    const source = sourceOf({});
    source.profile.set(1, [interval(at(0), { 'A+': 8 }, flags)]);
    expect(rowsOf(source, 'IV')[0]).toMatchObject({ figure: 4n, status });
  });

  test('only channels that the meter keeps have rows, a whole missing day included', () => {
    const source = sourceOf({});
    source.keeps.set(1, { channels: ['A+', 'R+'], registers: [] });
    const rows = rowsOf(source, 'IV');
    expect(rows.map(channelOf)).toEqual([...Array<string>(48).fill('A+'), ...Array<string>(48).fill('R+')]);
    expect(summarise(NO_ROWS, rows)).toEqual({ rows: 96, missingRows: 96, sum: null });
    expect(new Set(rowsOf(sourceOf({}), 'IV').map(channelOf))).toEqual(new Set(['A+']));
  });

  test('the direction map turns the channels of a boundary meter round', () => {
    const direction = { 'A+': 'A-', 'A-': 'A+', 'R+': 'R-', 'R-': 'R+' } as const;
    const source = sourceOf({ installations: [installation(1, 1, { direction })] });
    source.profile.set(1, [interval(at(0), { 'A+': 2000, 'A-': 4000, 'R+': 6000, 'R-': 8000 })]);
    const first = rowsOf(source, 'IV').filter(({ instantUtc }) => instantUtc === at(0));
    expect(first.map((row) => [channelOf(row), printedFigure(row)])).toEqual([
      ['A+', '2.000'],
      ['A-', '1.000'],
      ['R+', '4.000'],
      ['R-', '3.000'],
    ]);
  });

  test('a meter that counts primary energy is not multiplied again', () => {
    const source = sourceOf({ installations: [installation(1, 1, { ct: { primary: 600, secondary: 5 }, valuesArePrimary: true })] });
    source.profile.set(1, [interval(at(0), { 'A+': 2000 })]);
    expect(rowsOf(source, 'IV')[0]).toMatchObject({ figure: 1000n });
  });

  test('counts of frozen registers are watt-hours, with or without the meter constant', () => {
    const source = sourceOf({ meters: [meter(1, { facts: { ...meter(1).facts, constantImpPerKwh: null } })] });
    source.profile.set(1, [interval(at(0), { 'A+': 1234 }, ['frozen'], 1800, 'frozen-registers')]);
    expect(rowsOf(source, 'IV')[0]).toMatchObject({ figure: 1234n, status: 0 });
  });

  test('without the meter constant counts are no energy', () => {
    const source = sourceOf({ meters: [meter(1, { facts: { ...meter(1).facts, constantImpPerKwh: null } })] });
    source.profile.set(1, [interval(at(0), { 'A+': 2000 })]);
    expect(rowsOf(source, 'IV')[0]).toMatchObject({ figure: null, status: 2 });
  });

  test('the day with the repeated hour has 50 rows in order of time, told apart by the offset', async () => {
    const source = sourceOf({});
    source.profile.set(
      1,
      halfHoursOf('2014-10-26', zone).map((start, index) => interval(start, { 'A+': 2 * index })),
    );
    const cells = await cellsOf(rowsOf(source, 'IV', '2014-10-26'));
    expect(cells).toHaveLength(50);
    expect(cells.slice(1, 7).map((row) => [row['begin'], row['utc_offset_min'], row['energy']])).toEqual([
      ['26.10.2014 00:30:00', '240', '0,001'],
      ['26.10.2014 01:00:00', '240', '0,002'],
      ['26.10.2014 01:30:00', '240', '0,003'],
      ['26.10.2014 01:00:00', '180', '0,004'],
      ['26.10.2014 01:30:00', '180', '0,005'],
      ['26.10.2014 02:00:00', '180', '0,006'],
    ]);
    expect(new Set(cells.map((row) => `${row['begin']} ${row['utc_offset_min']}`)).size).toBe(50);
  });

  test('the interval of a replacement adds both meters and is incomplete', () => {
    const swap = at(20) + 600;
    const source = sourceOf({
      meters: [meter(1), meter(2, { facts: { ...meter(2).facts, constantImpPerKwh: 500 } })],
      installations: [installation(1, 1, { toUtc: swap }), installation(1, 2, { fromUtc: swap, ct: { primary: 600, secondary: 5 } })],
    });
    const all = starts.map((start) => interval(start, { 'A+': 2 }));
    source.profile.set(1, all);
    source.profile.set(2, all);
    const rows = rowsOf(source, 'IV');
    expect(rows.map(({ figure, status }) => [figure, status]).slice(19, 22)).toEqual([
      [1n, 0],
      [241n, 2],
      [240n, 0],
    ]);
    expect(rows).toHaveLength(48);
  });

  test('the half-hour in which the same meter got another ratio has no figure of either', () => {
    const change = at(10) + 600;
    const ct = { primary: 600, secondary: 5 };
    const source = sourceOf({
      installations: [installation(1, 1, { id: 1, toUtc: change }), installation(1, 1, { id: 2, fromUtc: change, ct })],
    });
    source.profile.set(
      1,
      starts.map((start) => interval(start, { 'A+': 2000 })),
    );
    const rows = rowsOf(source, 'IV').filter((row) => channelOf(row) === 'A+');
    expect(rows.slice(9, 12).map((row) => [printedFigure(row), row.status])).toEqual([
      ['1.000', 0],
      ['', 2],
      ['120.000', 0],
    ]);
  });

  test('a time before the first meter has no rows', () => {
    const source = sourceOf({ installations: [installation(1, 1, { fromUtc: at(10) })] });
    expect(rowsOf(source, 'IV').map(({ instantUtc }) => instantUtc)).toEqual(starts.slice(10));
  });

  test('hours are the sum of their half-hours; one half is an incomplete hour', async () => {
    const source = sourceOf({ points: [point(1, { intervalMin: 60 })] });
    source.profile.set(1, [interval(at(0), { 'A+': 1 }), interval(at(1), { 'A+': 2 }), interval(at(2), { 'A+': 10 })]);
    const cells = await cellsOf(rowsOf(source, 'IV'));
    expect(cells).toHaveLength(24);
    expect(cells.slice(0, 3).map((row) => [row['begin'], row['length_min'], row['energy'], row['status']])).toEqual([
      ['22.11.2026 00:00:00', '60', '0,002', '0'],
      ['22.11.2026 01:00:00', '60', '0,005', '2'],
      ['22.11.2026 02:00:00', '60', '', '2'],
    ]);
  });

  test('points stand in the order of their codes', () => {
    const source = sourceOf({
      points: [point(1, { code: 'B' }), point(2, { code: 'A' })],
      meters: [meter(1), meter(2)],
      installations: [installation(1, 1), installation(2, 2)],
    });
    const rows = rowsOf(source, 'IV');
    expect(rows.map((row) => row.point.code)).toEqual([...Array<string>(48).fill('A'), ...Array<string>(48).fill('B')]);
  });
});

describe('RD rows', () => {
  const midnight = (date: string) => zone.startOfDay(date);
  const reading = (date: string, wh: number, over: Partial<RegisterReading> = {}): RegisterReading => ({
    kind: 'day-start',
    momentUtc: midnight(date),
    tariff: 0,
    energy: { 'A+': wh, 'A-': null, 'R+': wh + 1, 'R-': null },
    ...over,
  });

  test('a period has the reading at both of its ends', async () => {
    const source = sourceOf({
      installations: [installation(1, 1, { ct: { primary: 600, secondary: 5 }, vt: { primary: 15750, secondary: 100 } })],
    });
    source.readings.set(1, [reading('2026-11-21', 3_196_201), reading('2026-11-23', 3_200_000)]);
    const cells = await cellsOf(rowsOf(source, 'RD', '2026-11-21', '2026-11-22'), 'RD');
    expect(cells.filter((row) => row['channel'] === 'A+')).toEqual([
      {
        point_code: 'P1',
        point_name: 'Ввод 1',
        meter_serial: '01',
        meter_model: '',
        channel: 'A+',
        zone: '0',
        moment: '21.11.2026 00:00:00',
        utc_offset_min: '180',
        reading: '3196,201',
        ratio_ct: '120',
        ratio_vt: '157,5',
        status: '0',
        method: 'auto',
        replaced_meter: '0',
        rollover: '0',
        revision: '1',
      },
      expect.objectContaining({ moment: '22.11.2026 00:00:00', reading: '', status: '2' }),
      expect.objectContaining({ moment: '23.11.2026 00:00:00', reading: '3200,000', status: '0' }),
    ]);
    expect(cells.filter((row) => row['channel'] === 'R+').map((row) => row['reading'])).toEqual(['3196,202', '', '3200,001']);
    expect(new Set(cells.map((row) => row['channel']))).toEqual(new Set(['A+', 'R+']));
  });

  test('November has 31 midnights', () => {
    expect(rowsOf(sourceOf({}), 'RD', '2026-11-01', '2026-11-30')).toHaveLength(31);
  });

  test('tariffs follow one another at each midnight, and the first of the month may come from its own register', async () => {
    const source = sourceOf({});
    const only = (wh: number) => ({ 'A+': wh, 'A-': null, 'R+': null, 'R-': null });
    source.readings.set(1, [
      reading('2026-11-01', 0, { kind: 'month-start', energy: only(500) }),
      reading('2026-11-02', 0, { tariff: 2, energy: only(200) }),
      reading('2026-11-02', 0, { tariff: 1, energy: only(300) }),
      reading('2026-11-02', 0, { energy: only(600) }),
      reading('2026-11-02', 0, { kind: 'now', energy: only(999), momentUtc: midnight('2026-11-02') }),
    ]);
    const cells = await cellsOf(rowsOf(source, 'RD', '2026-11-01'), 'RD');
    expect(cells.map((row) => [row['moment']?.slice(0, 10), row['zone'], row['reading'], row['status']])).toEqual([
      ['01.11.2026', '0', '0,500', '0'],
      ['01.11.2026', '1', '', '2'],
      ['01.11.2026', '2', '', '2'],
      ['02.11.2026', '0', '0,600', '0'],
      ['02.11.2026', '1', '0,300', '0'],
      ['02.11.2026', '2', '0,200', '0'],
    ]);
  });

  test('a reading of another moment is not moved to midnight', () => {
    const source = sourceOf({});
    source.readings.set(1, [reading(day, 100, { momentUtc: midnight(day) + 3600 })]);
    expect(rowsOf(source, 'RD').every(({ figure }) => figure === null)).toBe(true);
  });

  test('a reading below the one before, or two that disagree, is disputed and never silently a roll-over', () => {
    const source = sourceOf({});
    source.readings.set(1, [
      reading('2026-11-01', 900),
      reading('2026-11-02', 100),
      reading('2026-11-03', 200),
      reading('2026-11-03', 201, { kind: 'month-start' }),
    ]);
    const rows = rowsOf(source, 'RD', '2026-11-01', '2026-11-02').filter((row) => channelOf(row) === 'A+');
    expect(rows.map(({ figure, status }) => [figure, status])).toEqual([
      [900n, 0],
      [100n, 3],
      [200n, 3],
    ]);
  });

  test('a replaced meter leaves its last reading and the new one brings its first', async () => {
    const swap = midnight('2026-11-22');
    const source = sourceOf({
      meters: [meter(1), meter(2)],
      installations: [installation(1, 1, { toUtc: swap }), installation(1, 2, { fromUtc: swap, ct: { primary: 600, secondary: 5 } })],
    });
    for (const id of [1, 2]) {
      source.readings.set(
        id,
        ['2026-11-21', '2026-11-22', '2026-11-23'].map((date) => reading(date, id * 1000)),
      );
    }
    const cells = (await cellsOf(rowsOf(source, 'RD', '2026-11-21', '2026-11-22'), 'RD')).filter((row) => row['channel'] === 'A+');
    expect(cells.map((row) => [row['moment']?.slice(0, 2), row['meter_serial'], row['ratio_ct'], row['replaced_meter']])).toEqual([
      ['21', '01', '1', '1'],
      ['22', '01', '1', '1'],
      ['22', '02', '120', '1'],
      ['23', '02', '120', '1'],
    ]);
  });
});

describe('revisions', () => {
  test('a row keeps its revision until its figure or status changes', () => {
    const source = sourceOf({});
    source.profile.set(1, [interval(at(0), { 'A+': 2 }), interval(at(1), { 'A+': 2 }), interval(at(2), { 'A+': 2 })]);
    const request = { kind: 'IV', from: day, to: day, zone } as const;
    const first = judgeRows(point(1), rowsOf(source, 'IV'), [], request);
    expect(new Set(first.map(({ row }) => row.revision))).toEqual(new Set([1]));
    const sent = sentDays(first);
    expect(sent.map(({ key, rows }) => [key, sent[0]?.day, rows.length])).toEqual([['P1;A+', day, 48]]);
    source.profile.set(1, [interval(at(0), { 'A+': 2 }), interval(at(1), { 'A+': 4 }), interval(at(2), { 'A+': 2 }, ['clock-set'])]);
    const before = sent.map((entry) => ({ ...entry, rows: entry.rows.slice(0, 40).map(([a, , c, d]) => [a, 3, c, d] as const) }));
    const second = judgeRows(point(1), rowsOf(source, 'IV'), before, request);
    expect(second.map(({ row }) => row.revision)).toEqual([3, 4, 4, ...Array<number>(37).fill(3), ...Array<number>(8).fill(1)]);
  });
});

describe('names and text', () => {
  test('a name says site, kind, period and number', () => {
    const name = packageName({ siteCode: 'ZAVOD1', kind: 'IV', from: '2026-11-01', to: '2026-11-30', number: 42 });
    expect(name).toBe('EN_ZAVOD1_IV_20261101_20261130_00000042');
    expect(packageNumber(`${name}.csv.part`, 'ZAVOD1')).toBe(42);
    expect(packageNumber(`${name}.ok`, 'ZAVOD2')).toBeNull();
    expect(packageNumber('readme.txt', 'ZAVOD1')).toBeNull();
  });

  test('text cannot break the columns', async () => {
    const source = sourceOf({ points: [point(1, { name: 'ТП "Северная";\r\nячейка\t5' })] });
    const [cells] = await cellsOf(rowsOf(source, 'IV'));
    expect(cells?.['point_name']).toBe("ТП 'Северная',  ячейка 5");
  });

  test('windows-1251 spoils at most a name, never a code; UTF-8 holds both and begins with its mark', async () => {
    const rows = rowsOf(sourceOf({ points: [point(1, { name: 'Печь ₽' })] }), 'IV');
    expect((await cellsOf(rows))[0]?.['point_name']).toBe('Печь ?');
    const coded = rowsOf(sourceOf({ points: [point(1, { code: 'P₽' })] }), 'IV');
    await expect(csvOf(coded, 'IV')).rejects.toMatchObject({ code: 'export/unsupported' });
    const bytes = await csvOf(coded, 'IV', 'utf-8');
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(readStrictly(bytes, 'utf-8')[0]?.['point_code']).toBe('P₽');
  });

  test('a ratio without a finite decimal is printed to four places', async () => {
    const source = sourceOf({ installations: [installation(1, 1, { ct: { primary: 100, secondary: 3 } })] });
    expect((await cellsOf(rowsOf(source, 'RD'), 'RD'))[0]).toMatchObject({ ratio_ct: '33,3333', ratio_vt: '1' });
  });
});
