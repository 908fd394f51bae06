import { expect, test } from 'vitest';
import { addressOf } from '../../../src/main/simulator/assembly.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const NOW = Date.parse('2026-11-22T09:10:00Z') / 1000;
const plantOf = (options: Partial<Parameters<typeof createPlant>[0]> = {}) =>
  createPlant({ clock: new FakeClock('2026-11-22T09:10:00Z'), ...options });

test('the plant has 70 meters on 4 lines with unique serials and, on each line, addresses', () => {
  const { lines, truth } = plantOf();
  expect(lines.map(({ meters }) => meters)).toEqual([18, 18, 17, 17]);
  expect(new Set(truth.meters.map(({ serial }) => serial)).size).toBe(70);
  expect(new Set(truth.meters.map(({ pointCode }) => pointCode)).size).toBe(70);
  expect(new Set(truth.meters.map(({ line, address }) => `${line} ${address}`)).size).toBe(70);
  expect(new Set(truth.meters.map(({ substation }) => substation)).size).toBe(4);
  for (const { serial } of truth.meters) expect(serial).toMatch(/^\d{8}$/);
  expect(truth.meters.some(({ serial }) => serial.startsWith('0'))).toBe(true);
});

test('addresses follow the rule of the makers', () => {
  for (const [serial, address] of [
    ['38395190', 190],
    ['38395790', 90],
    ['38395700', 1],
    ['51664847', 47],
  ] as const) {
    expect(addressOf(serial, 'plain')).toBe(address);
  }
  for (const [serial, address] of [
    ['38395190', 90],
    ['38395700', 20],
    ['38395507', 17],
  ] as const)
    expect(addressOf(serial, 'd')).toBe(address);
  const clock = new FakeClock();
  for (const seed of [1, 2, 3, 4, 5]) {
    for (const meter of createPlant({ clock, seed }).truth.meters) {
      if (meter.driver === 'mercury-200') {
        expect([Number(meter.serial), Number(meter.serial.slice(-6))]).toContain(meter.address);
        continue;
      }
      expect([addressOf(meter.serial, 'plain'), addressOf(meter.serial, 'd')]).toContain(meter.address);
    }
  }
});

test('one seed is one plant, another seed another', () => {
  const facts = (seed: number) => {
    const { truth } = plantOf({ seed });
    return truth.meters.map((meter) => [
      meter,
      truth.interval(meter.serial, NOW - 600 - 1800),
      truth.register(meter.serial, 'now', NOW, 1),
    ]);
  };
  expect(facts(3)).toEqual(facts(3));
  expect(facts(3)).not.toEqual(facts(4));
});

test('meter clocks are off by three seconds at most and not all alike', () => {
  const deviations = plantOf().truth.meters.map(({ deviationS }) => deviationS);
  expect(Math.min(...deviations)).toBe(-3);
  expect(Math.max(...deviations)).toBe(3);
  expect(new Set(plantOf({ deviationS: [40, 40] }).truth.meters.map(({ deviationS }) => deviationS))).toEqual(new Set([40]));
});

test('the truth knows 60 days of half-hours and nothing before or after them', () => {
  const { truth } = plantOf();
  for (const { serial, channels, intervals, periodMin } of truth.meters) {
    const starts = truth.expectedStarts(serial, 0, NOW + 86400);
    expect(truth.interval(serial, NOW - 600)).toBeNull();
    if (intervals === 'registers') {
      expect(starts).toEqual([]);
      expect(truth.interval(serial, NOW - 600 - 1800)?.['A+']).toBeGreaterThanOrEqual(0);
      continue;
    }
    const lengthS = periodMin * 60;
    // Whole intervals without supply are missing.
    const edges = truth.events(serial).flatMap(({ kind, atUtc }) => (kind === 'power-off' || kind === 'power-on' ? [atUtc] : []));
    const [, off = 0, on = off] = edges;
    const missing = Math.max(0, Math.floor(on / lengthS) - Math.ceil(off / lengthS));
    expect(starts).toHaveLength((60 * 86400) / lengthS - missing);
    expect(starts.at(-1)).toBe(NOW - 600 - lengthS);
    expect(truth.interval(serial, (starts[0] ?? 0) - lengthS)).toBeNull();
    expect(truth.interval(serial, (starts[0] ?? 0) + 60)).toBeNull();
    const first = truth.interval(serial, starts[0] ?? 0);
    expect(first?.['A+']).toBeGreaterThanOrEqual(0);
    expect(first?.['A-'] === null).toBe(!channels.includes('A-'));
  }
  const [meter] = truth.meters;
  expect(truth.expectedStarts(meter?.serial ?? '', NOW - 600 - 3600, NOW - 600)).toEqual([NOW - 600 - 3600, NOW - 600 - 1800]);
  expect(() => truth.interval('00000000', NOW)).toThrow(expect.objectContaining({ code: 'api/not-found' }));
});

test('what a ring has overwritten is no longer expected', () => {
  const { truth } = plantOf({ historyDays: 100 });
  const keeping = truth.meters.filter(({ intervals, periodMin }) => intervals === 'profile' && periodMin === 30);
  const depths = new Set(keeping.map(({ serial }) => truth.expectedStarts(serial, 0, NOW).length));
  expect(depths).toEqual(new Set([4096, 4800]));
});

test('an interval exists from the moment when the clock of the meter closes it', () => {
  const clock = new FakeClock('2026-11-22T09:29:58Z');
  const { truth } = createPlant({ clock, deviationS: [1, 1] });
  const serial = truth.meters[0]?.serial ?? '';
  const start = Date.parse('2026-11-22T09:00:00Z') / 1000;
  expect(truth.interval(serial, start)).toBeNull();
  clock.jump(1000);
  expect(truth.interval(serial, start)).not.toBeNull();
});

test('frozen registers of the truth stand at the boundary that a moment falls behind', () => {
  const { truth } = plantOf({ deviationS: [0, 0] });
  const serial = truth.meters[2]?.serial ?? '';
  const at = (iso: string) => truth.register(serial, 'now', Date.parse(iso) / 1000, 0);
  expect(truth.register(serial, 'day-start', NOW, 0)).toEqual(at('2026-11-21T21:00:00Z'));
  expect(truth.register(serial, 'month-start', NOW, 0)).toEqual(at('2026-10-31T21:00:00Z'));
  expect(truth.register(serial, 'year-start', NOW, 0)).toEqual(at('2025-12-31T21:00:00Z'));
  expect(truth.register(serial, 'now', 0, 0)).toBeNull();
});

test('the reading of a moment is the one that a meter with a clock ahead shows at that moment', () => {
  const [exact, ahead] = [plantOf({ deviationS: [0, 0] }).truth, plantOf({ deviationS: [900, 900] }).truth];
  const serial = exact.meters[2]?.serial ?? '';
  expect(ahead.register(serial, 'now', NOW, 0)).toEqual(exact.register(serial, 'now', NOW + 900, 0));
  expect(ahead.register(serial, 'now', NOW, 0)).not.toEqual(exact.register(serial, 'now', NOW, 0));
  expect(ahead.register(serial, 'day-start', NOW, 0)).toEqual(exact.register(serial, 'day-start', NOW, 0));
});

test('sixty days of all meters and their registers are there in about a second', () => {
  const startedAt = performance.now();
  const { truth } = plantOf();
  let counts = 0;
  for (const { serial } of truth.meters) {
    truth.register(serial, 'now', NOW, 0);
    for (const start of truth.expectedStarts(serial, 0, NOW)) counts += truth.interval(serial, start)?.['A+'] ?? 0;
  }
  expect(counts).toBeGreaterThan(0);
  // Generous: the machine that runs the tests is shared.
  expect(performance.now() - startedAt).toBeLessThan(8000);
});

test('the import file names every meter once with ratios as pairs', () => {
  const plant = plantOf();
  const [header, ...rows] = plant.importFile().trimEnd().split('\n');
  expect(header).toBe(
    'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio;role;scheme;clock_zone',
  );
  expect(rows).toHaveLength(70);
  const cells = rows.map((row) => row.split(';'));
  for (const row of cells) expect(row).toHaveLength(14);
  expect(cells.map((row) => row[6])).toEqual(plant.truth.meters.map(({ serial }) => serial));
  expect(cells[0]?.slice(9)).toEqual(['300/5', '6000/100', 'settlement', '3CT+3VT', '']);
  expect(cells.find((row) => row[2] === 'Бытовые помещения')?.slice(9)).toEqual(['1', '1', 'technical', 'direct', '']);
  expect(cells.filter((row) => row[13] !== '').map((row) => [row[2], row[13]])).toEqual([['Тепловой пункт', 'UTC+5']]);
  expect(cells.filter((row) => row[4] === 'mercury-200').map((row) => row[2])).toEqual(['Склад бумаги', 'Проходная']);
});
