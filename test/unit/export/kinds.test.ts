import { describe, expect, test } from 'vitest';
import type { OnecKind } from '../../../src/shared/api/receivers.ts';
import type { ReplacementMethod } from '../../../src/shared/domain/replacement.ts';
import type { RegisterReading } from '../../../src/shared/domain/register.ts';
import { columnsOf } from '../../../src/main/export/onec/columns.ts';
import type { OnecRow } from '../../../src/main/export/onec/row.ts';
import { rowsOfPoint } from '../../../src/main/export/onec/rows.ts';
import { wholeMonths } from '../../../src/main/export/onec/month-rows.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, SETTINGS } from './support.ts';

const zone = siteZone('Europe/Moscow');
const day = '2026-11-22';
const starts = halfHoursOf(day, zone);
const at = (index: number) => starts[index] ?? 0;
const midnight = (date: string) => zone.startOfDay(date);

function sourceOf(...parts: Parameters<typeof plant>): MemorySource {
  return new MemorySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)], ...parts[0] }));
}

function rowsOf(source: MemorySource, kind: OnecKind, from = day, to = from): OnecRow[] {
  return source.plant().points.flatMap((each) => rowsOfPoint(each, source, { kind, from, to, zone }));
}

/** Cells by the names of their columns, as the writers get them. */
function cellsOf(rows: readonly OnecRow[], kind: OnecKind, settings = SETTINGS.onec): Record<string, unknown>[] {
  const { columns, cells } = columnsOf(kind, settings);
  return rows.map((row) => Object.fromEntries(cells(row).map((cell, index) => [columns[index]?.name ?? '', cell])));
}

const reading = (date: string, wh: number, over: Partial<RegisterReading> = {}): RegisterReading => ({
  kind: 'day-start',
  momentUtc: midnight(date),
  tariff: 0,
  energy: { 'A+': wh, 'A-': null, 'R+': null, 'R-': null },
  ...over,
});

const replacement = (startUtc: number, energyWh: number, method: ReplacementMethod) => ({
  pointId: 1,
  channel: 'A+' as const,
  startUtc,
  lengthS: 1800,
  energyWh,
  method,
});

describe('replaced figures', () => {
  test.each([
    ['control', 'control'],
    ['opposite-end', 'calc'],
    ['bus-balance', 'calc'],
    ['readings-by-profile', 'profile'],
    ['legal', 'analog'],
    ['manual', 'manual'],
  ] as const)('an interval replaced by %s has status 1 and the method %s', (method, told) => {
    const source = sourceOf({});
    source.profile.set(
      1,
      starts.filter((_, index) => index !== 3).map((start) => interval(start, { 'A+': 2 })),
    );
    source.replaced.push(replacement(at(3), 1500, method));
    const cells = cellsOf(rowsOf(source, 'IV'), 'IV');
    expect(cells[3]).toMatchObject({ energy: 1500n, losses: 0n, energy_total: 1500n, status: 1, method: told });
    expect(cells[4]).toMatchObject({ energy: 1n, status: 0, method: 'auto' });
    expect(cellsOf(rowsOf(source, 'DY'), 'DY')).toMatchObject([{ zone: 0, energy: 1547n, status: 1, method: told }]);
  });
});

describe('RF rows', () => {
  test('a point is told with its owner, its role and the meter that stands there at the end of the period', () => {
    const source = sourceOf({
      points: [
        point(1, { role: 'control', departmentCode: 'Ц-05', costItem: '20', tenantInn: '7701234567', tenantContract: '12/ЭЭ' }),
        point(2, { role: 'technical' }),
      ],
      meters: [meter(1), meter(2, { serial: '00012345' }), meter(3)],
      installations: [
        installation(1, 1, { toUtc: at(10) }),
        installation(1, 2, { fromUtc: at(10), ct: { primary: 600, secondary: 5 }, vt: { primary: 15750, secondary: 100 } }),
        installation(1, 3, { fromUtc: midnight('2026-11-24') }),
      ],
    });
    const settings = { ...SETTINGS.onec, zoneNames: ['пик', 'ночь'] };
    expect(cellsOf(rowsOf(source, 'RF'), 'RF', settings)).toEqual([
      {
        point_code: 'P1',
        point_name: 'Ввод 1',
        dept_code: 'Ц-05',
        cost_item: '20',
        tenant_inn: '7701234567',
        tenant_contract: '12/ЭЭ',
        meter_role: 'C',
        meter_serial: '00012345',
        meter_model: null,
        ratio_ct: 1_200_000n,
        ratio_vt: 1_575_000n,
        zone_1: 'пик',
        zone_2: 'ночь',
        zone_3: null,
        zone_4: null,
      },
      expect.objectContaining({ point_code: 'P2', meter_role: 'T', meter_serial: null, ratio_ct: null, ratio_vt: null }),
    ]);
  });
});

describe('DY rows', () => {
  test('zone 0 is the sum of the intervals, rounded once; the tariffs are differences of registers times the ratio', () => {
    const source = sourceOf({
      installations: [installation(1, 1, { ct: { primary: 600, secondary: 5 }, vt: { primary: 15750, secondary: 100 } })],
    });
    source.profile.set(
      1,
      starts.map((start) => interval(start, { 'A+': 1 })),
    );
    source.readings.set(1, [
      reading(day, 1000, { tariff: 1 }),
      reading('2026-11-23', 1010, { tariff: 1 }),
      reading(day, 500, { tariff: 2 }),
      reading(day, 1500),
      reading('2026-11-23', 1524),
    ]);
    const cells = cellsOf(rowsOf(source, 'DY'), 'DY');
    // 48 counts of 0.0005 kWh x 120 x 157.5 = 453.6; rounding each half-hour first would not add to that.
    expect(cells.map((row) => [row['zone'], row['energy'], row['status'], row['meter_serial']])).toEqual([
      [0, 453_600n, 0, '01'],
      [1, 189_000n, 0, '01'],
      [2, null, 2, '01'],
    ]);
    expect(cells[0]).toMatchObject({ day, losses: 0n, energy_total: 453_600n, revision: 1 });
    expect(cells[2]).toMatchObject({ losses: null, energy_total: null });
  });

  test('a day that lacks an interval has its figure and status 2, one without any is empty', () => {
    const source = sourceOf({});
    source.profile.set(
      1,
      starts.slice(1).map((start) => interval(start, { 'A+': 2 })),
    );
    const cells = cellsOf(rowsOf(source, 'DY', day, '2026-11-23'), 'DY');
    expect(cells.map((row) => [row['day'], row['energy'], row['status']])).toEqual([
      [day, 47n, 2],
      ['2026-11-23', null, 2],
    ]);
  });

  test('a day of a replacement adds both meters by the registers of the act', () => {
    const swap = at(20);
    const act = (wh: number) => [{ tariff: 1, energy: { 'A+': wh, 'A-': null, 'R+': null, 'R-': null } }];
    const source = sourceOf({
      meters: [meter(1), meter(2)],
      installations: [
        installation(1, 1, { toUtc: swap, lastRegisters: act(1100) }),
        installation(1, 2, { fromUtc: swap, firstRegisters: act(7), ct: { primary: 10, secondary: 1 } }),
      ],
    });
    // The act is what both sides signed, whatever a register froze at that moment.
    source.readings.set(1, [reading(day, 1000, { tariff: 1 }), reading(day, 1099, { tariff: 1, momentUtc: swap })]);
    source.readings.set(2, [reading('2026-11-23', 57, { tariff: 1 })]);
    const cells = cellsOf(rowsOf(source, 'DY'), 'DY').filter((row) => row['zone'] === 1);
    // 100 Wh of the old meter and 50 Wh x 10 of the new one.
    expect(cells).toMatchObject([{ energy: 600n, status: 0, meter_serial: '02' }]);
  });
});

describe('MN rows', () => {
  const november = { from: '2026-11-01', to: '2026-11-30' };
  const month = (source: MemorySource) => cellsOf(rowsOf(source, 'MN', november.from, november.to), 'MN');

  test('only months that the period covers whole', () => {
    expect(wholeMonths('2026-11-02', '2027-01-30')).toEqual(['2026-12-01']);
    expect(wholeMonths('2026-11-01', '2026-12-31')).toEqual(['2026-11-01', '2026-12-01']);
    expect(wholeMonths('2026-11-01', '2026-11-29')).toEqual([]);
  });

  test('readings at both ends, their difference times the ratio, and the intervals beside it', () => {
    const source = sourceOf({
      points: [point(1, { departmentCode: 'Ц-05', tenantInn: '7701234567' })],
      installations: [installation(1, 1, { ct: { primary: 100, secondary: 3 } })],
    });
    source.readings.set(1, [
      reading('2026-11-01', 3_196_201, { kind: 'month-start' }),
      reading('2026-12-01', 3_196_301, { kind: 'month-start' }),
    ]);
    const all = Array.from({ length: 30 * 48 }, (_, index) => interval(midnight('2026-11-01') + index * 1800, { 'A+': 1 }));
    source.profile.set(1, all);
    expect(month(source)).toMatchObject([
      {
        dept_code: 'Ц-05',
        tenant_inn: '7701234567',
        zone: 0,
        month: '2026-11',
        reading_begin: 3_196_201n,
        reading_end: 3_196_301n,
        ratio_ct: 333_333n,
        // 0.1 kWh x 100/3, half-up; the exact ratio is used and not the printed one.
        energy: 3_333n,
        losses: 0n,
        energy_total: 3_333n,
        energy_intervals: 24_000n,
        status: 0,
        method: 'auto',
        replaced_meter: false,
        rollover: false,
      },
    ]);
    source.profile.set(1, all.slice(1));
    expect(month(source)).toMatchObject([{ energy: 3_333n, energy_intervals: 23_983n, status: 2 }]);
    source.replaced.push(replacement(all[0]?.startUtc ?? 0, 17, 'manual'));
    expect(month(source)).toMatchObject([{ energy: 3_333n, energy_intervals: 24_000n, status: 1, method: 'manual' }]);
    source.profile.set(1, []);
    source.replaced.splice(0);
    expect(month(source)).toMatchObject([{ energy: 3_333n, energy_intervals: null, status: 0 }]);
  });

  test('a missing reading makes the energy empty with status 2, never the sum of intervals', () => {
    const source = sourceOf({});
    source.readings.set(1, [reading('2026-11-01', 100)]);
    expect(month(source)).toMatchObject([
      { reading_begin: 100n, reading_end: null, energy: null, losses: null, energy_total: null, status: 2 },
    ]);
  });

  test('a register that went backwards is disputed; with its digits and the power known it is a roll-over', () => {
    const source = sourceOf({});
    source.readings.set(1, [reading('2026-11-01', 999_999_000), reading('2026-12-01', 500)]);
    expect(month(source)).toMatchObject([{ energy: null, status: 3, rollover: false }]);
    source.registerLimits = () => ({ digits: 6, maxPowerW: 1000 });
    expect(month(source)).toMatchObject([{ energy: 1_500n, status: 0, rollover: true }]);
    source.registerLimits = () => ({ digits: 6, maxPowerW: 1 });
    expect(month(source)).toMatchObject([{ energy: null, status: 3, rollover: false }]);
  });

  test('a replaced meter is flagged, and a time between two meters makes the month incomplete', () => {
    const swap = midnight('2026-11-10');
    const act = (wh: number) => [{ tariff: 0, energy: { 'A+': wh, 'A-': null, 'R+': null, 'R-': null } }];
    const parts = (resumed: number) => ({
      meters: [meter(1), meter(2)],
      installations: [
        installation(1, 1, { toUtc: swap, lastRegisters: act(300) }),
        installation(1, 2, { fromUtc: resumed, firstRegisters: act(10) }),
      ],
    });
    for (const [resumed, status] of [
      [swap, 0],
      [swap + 3600, 2],
    ] as const) {
      const source = sourceOf(parts(resumed));
      source.readings.set(1, [reading('2026-11-01', 100)]);
      source.readings.set(2, [reading('2026-12-01', 60)]);
      expect(month(source)).toMatchObject([
        { meter_serial: '02', reading_begin: 100n, reading_end: 60n, energy: 250n, status, replaced_meter: true },
      ]);
    }
  });

  test('a point that got its first meter within the month lacks nothing of the time before', () => {
    const source = sourceOf({ installations: [installation(1, 1, { fromUtc: midnight('2026-11-10') })] });
    source.readings.set(1, [reading('2026-11-10', 5), reading('2026-12-01', 60)]);
    expect(month(source)).toMatchObject([{ reading_begin: 5n, energy: 55n, status: 0, replaced_meter: false }]);
  });
});

test('a receiver may have fewer columns in another order', () => {
  const settings = { ...SETTINGS.onec, columns: { IV: ['energy' as const, 'point_code' as const] } };
  const source = sourceOf({});
  source.profile.set(1, [interval(at(0), { 'A+': 2 })]);
  expect(columnsOf('IV', settings).columns.map(({ name, dbf }) => [name, dbf])).toEqual([
    ['energy', 'ENERGY'],
    ['point_code', 'PT_CODE'],
  ]);
  expect(columnsOf('IV', settings).cells(rowsOf(source, 'IV')[0] as OnecRow)).toEqual([1n, 'P1']);
  expect(columnsOf('RD', settings).columns).toHaveLength(16);
});
