import { crc16modbus } from 'crc';
import { expect, test } from 'vitest';
import { damage, parseFaults } from '../../../src/main/simulator/faults.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { request } from './readers.ts';

const REPLY = request(0x42, ...Array.from({ length: 60 }, (_, at) => (at * 37) % 256));

test('damage is one burst of 16 bits at most, or a reply cut short, and no checksum survives it', () => {
  let bursts = 0;
  let cuts = 0;
  for (let exchange = 0; exchange < 2000; exchange += 1) {
    const damaged = damage(REPLY, 1, 11, exchange);
    const body = damaged.subarray(0, -2);
    const crc = crc16modbus(Buffer.from(body));
    expect(damaged.length >= 4 && damaged.at(-2) === (crc & 0xff) && damaged.at(-1) === crc >> 8).toBe(false);
    if (damaged.length < REPLY.length) {
      cuts += 1;
      expect(damaged).toEqual(REPLY.slice(0, damaged.length));
      continue;
    }
    bursts += 1;
    const wrong = Array.from({ length: REPLY.length * 8 }, (_, bit) => bit).filter(
      (bit) => ((((REPLY[bit >> 3] ?? 0) ^ (damaged[bit >> 3] ?? 0)) >> (bit & 7)) & 1) === 1,
    );
    expect(wrong.length).toBeGreaterThan(0);
    expect((wrong.at(-1) ?? 0) - (wrong[0] ?? 0)).toBeLessThan(16);
  }
  expect(Math.min(bursts, cuts)).toBeGreaterThan(800);
});

test('damage comes at the rate asked for, the same for the same seed, and never touches the original', () => {
  const original = REPLY.slice();
  const hits = (rate: number, seed: number) =>
    Array.from({ length: 20_000 }, (_, exchange) => exchange).filter((exchange) => damage(REPLY, rate, seed, exchange) !== REPLY);
  expect(hits(0, 1)).toHaveLength(0);
  expect(hits(0.01, 1).length).toBeGreaterThan(150);
  expect(hits(0.01, 1).length).toBeLessThan(250);
  expect(hits(0.01, 1)).toEqual(hits(0.01, 1));
  expect(hits(0.01, 1)).not.toEqual(hits(0.01, 2));
  expect(REPLY).toEqual(original);
});

test('a faults file is checked field by field', () => {
  expect(
    parseFaults([
      { kind: 'dead-meter', point: 'TP1-06' },
      { kind: 'corrupt', rate: 0.01 },
      { kind: 'drop-line', line: 'ТП-2', after_s: 1, for_s: 2 },
    ]),
  ).toHaveLength(3);
  const faulty = [
    {},
    [{ kind: 'fire' }],
    [{ kind: 'dead-meter' }],
    [{ kind: 'dead-meter', serial: '1', point: '2' }],
    [{ kind: 'corrupt', rate: 1.5 }],
    [{ kind: 'drop-line' }],
    [{ kind: 'drop-line', line: 'ТП-2', for_s: -1 }],
    [{ kind: 'lost-phase', point: 'TP1-01', phases: [4] }],
    [{ kind: 'segments', bytes: 0 }],
    [{ kind: 'corrupt', rate: 0.1, unknown: 1 }],
  ];
  for (const json of faulty)
    expect(() => parseFaults(json), JSON.stringify(json)).toThrow(expect.objectContaining({ code: 'api/invalid-argument' }));
});

test('a fault of a meter or line that is not there is refused before the plant starts', () => {
  const clock = new FakeClock();
  expect(() => createPlant({ clock, faults: [{ kind: 'dead-meter', point: 'TP9-99' }] })).toThrow(
    expect.objectContaining({ code: 'api/not-found' }),
  );
  expect(() => createPlant({ clock, faults: [{ kind: 'corrupt', rate: 1, line: 'ТП-9' }] })).toThrow(
    expect.objectContaining({ code: 'api/not-found' }),
  );
});

test('a phase lost for a while is missing in the half-hours between and in no other', () => {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const plant = createPlant({ clock, deviationS: [0, 0] });
  const healthy = createPlant({ clock, deviationS: [0, 0] });
  const serial = plant.truth.meters.find(({ pointCode }) => pointCode === 'TP1-14')?.serial ?? '';
  plant.setFault({ kind: 'lost-phase', point: 'TP1-14', phases: [1] });
  clock.jump(2 * 3_600_000);
  plant.clearFault({ kind: 'lost-phase', serial, phases: [1] });
  clock.jump(2 * 3_600_000);
  const from = Date.parse('2026-11-22T08:00:00Z') / 1000;
  const starts = plant.truth.expectedStarts(serial, from, from + 86400);
  const isLower = starts.map(
    (start) => (plant.truth.interval(serial, start)?.['A+'] ?? 0) < (healthy.truth.interval(serial, start)?.['A+'] ?? 0),
  );
  // 11:00-13:00 whole, from 12:30 wall (09:30Z) four half-hours less, whole again from 14:30 wall (11:30Z).
  expect(starts).toHaveLength(10);
  expect(isLower).toEqual([false, false, false, true, true, true, true, false, false, false]);
});
