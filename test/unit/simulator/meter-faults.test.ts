import { expect, test } from 'vitest';
import type { Fault } from '../../../src/main/simulator/faults.ts';
import { instantaneousAt } from '../../../src/main/simulator/instantaneous.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { parseFaults } from '../../../src/main/simulator/faults.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { oneMeter } from './meters.ts';

const START = '2026-11-22T09:10:00Z';
const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(`2026-11-22T${iso}:00Z`) / 1000;

function plantWith(...faults: readonly Fault[]) {
  const clock = new FakeClock(START);
  const options = { clock, deviationS: [0, 0], historyDays: 5 } as const;
  const [plant, healthy] = [createPlant(options), createPlant(options)];
  for (const fault of faults) plant.setFault(fault);
  const serialOf = (point: string) => plant.truth.meters.find(({ pointCode }) => pointCode === point)?.serial ?? '';
  return { clock, plant, healthy, serialOf };
}

test('the new kinds are checked field by field', () => {
  const good = [
    { kind: 'power-off', point: 'TP1-03', after_s: 60, for_s: 600 },
    { kind: 'clock-set', point: 'TP1-03', by_s: -3600 },
    { kind: 'clock-drift', point: 'TP1-03', s_per_day: 20 },
    { kind: 'replaced-meter', serial: '12345678' },
    { kind: 'wrong-ct', point: 'TP1-03', papers: '200/5' },
    { kind: 'reversed-phase', point: 'TP1-03', phases: [1] },
    { kind: 'crossed-phases', point: 'TP1-03', phases: [1, 3] },
  ];
  expect(parseFaults(good)).toHaveLength(7);
  const faulty = [
    { kind: 'clock-set', point: 'TP1-03' },
    { kind: 'clock-drift', point: 'TP1-03', s_per_day: 1e6 },
    { kind: 'wrong-ct', point: 'TP1-03', papers: '200' },
    { kind: 'crossed-phases', point: 'TP1-03', phases: [1] },
    { kind: 'crossed-phases', point: 'TP1-03', phases: [2, 2] },
    { kind: 'reversed-phase', point: 'TP1-03', phases: [] },
    { kind: 'power-off' },
  ];
  for (const each of faulty)
    expect(() => parseFaults([each]), JSON.stringify(each)).toThrow(expect.objectContaining({ code: 'api/invalid-argument' }));
});

test('an outage leaves out whole half-hours and lowers those at its edges', async () => {
  const { clock, plant, healthy, serialOf } = plantWith({ kind: 'power-off', point: 'TP1-03', after_s: 600, for_s: 5400 });
  const serial = serialOf('TP1-03');
  await clock.advance(4 * HOUR);
  // Off from 09:20 to 10:50; 09:30 and 10:00 are missing, 10:30 has ten minutes left.
  expect(plant.truth.expectedStarts(serial, at('08:30'), at('12:00'))).toEqual(['08:30', '09:00', '10:30', '11:00', '11:30'].map(at));
  const share = (iso: string) =>
    (plant.truth.interval(serial, at(iso))?.['A+'] ?? 0) / (healthy.truth.interval(serial, at(iso))?.['A+'] ?? 0);
  expect(share('08:30')).toBe(1);
  expect(share('09:00')).toBeCloseTo(20 / 30, 1);
  expect(share('10:30')).toBeCloseTo(10 / 30, 1);
  expect(share('11:00')).toBe(1);
  expect(plant.truth.interval(serial, at('09:30'))).toBeNull();
  const shown = plant.truth.events(serial).filter(({ kind }) => kind === 'power-on' || kind === 'power-off');
  expect(shown.slice(1).map(({ kind, atUtc }) => [kind, atUtc])).toEqual([
    ['power-off', at('09:20')],
    ['power-on', at('10:50')],
  ]);
});

test('a drifting clock closes its half-hours ever later', async () => {
  const { clock, plant, serialOf } = plantWith({ kind: 'clock-drift', point: 'TP1-03', s_per_day: -240 });
  const serial = serialOf('TP1-03');
  await clock.advance(11 * HOUR + 50 * 60_000 + 60_000);
  expect(plant.truth.interval(serial, at('20:30'))).toBeNull();
  await clock.advance(2 * 60_000);
  expect(plant.truth.interval(serial, at('20:30'))).not.toBeNull();
});

test('a clock set by an hour is set back when the fault ends, and the truth has both events', async () => {
  const { clock, plant, serialOf } = plantWith({ kind: 'clock-set', point: 'TP1-03', by_s: 3600, for_s: 7200 });
  await clock.advance(3 * HOUR);
  const sets = plant.truth.events(serialOf('TP1-03')).flatMap((event) => (event.kind === 'clock-set' ? [event.after - event.before] : []));
  expect(sets).toEqual([3600, -3600]);
});

test('after a replacement another serial stands at the point, with registers of its own and an empty profile', async () => {
  const { clock, plant, serialOf } = plantWith();
  const serial = serialOf('TP1-03');
  expect(plant.truth.standing('TP1-03')).toBe(serial);
  plant.setFault({ kind: 'replaced-meter', point: 'TP1-03' });
  const other = plant.truth.standing('TP1-03');
  expect(other).not.toBe(serial);
  expect(other).toMatch(/^\d{8}$/);
  await clock.advance(2 * HOUR);
  const now = at('11:10');
  expect(plant.truth.register(other, 'now', now, 0)).not.toEqual(plant.truth.register(serial, 'now', now, 0));
  expect(plant.truth.expectedStarts(other, 0, now)[0]).toBe(at('09:00'));
  // The old meter lies on the shelf: it counts nothing, and takes over again when it comes back.
  expect(plant.truth.register(serial, 'now', now, 0)).toEqual(plant.truth.register(serial, 'now', at('09:10'), 0));
  expect(plant.importFile()).toContain(serial);
  plant.clearFault({ kind: 'replaced-meter', point: 'TP1-03' });
  expect(plant.truth.standing('TP1-03')).toBe(serial);
});

test('a wrong ratio falsifies the papers and neither the meter nor the truth', async () => {
  const { plant, serialOf } = plantWith({ kind: 'wrong-ct', point: 'TP1-03', papers: '200/5' });
  const row = () =>
    plant
      .importFile()
      .split('\n')
      .find((line) => line.includes('TP1-03')) ?? '';
  await Promise.resolve();
  expect(row()).toContain(';200/5;');
  expect(plant.truth.meters.find(({ serial }) => serial === serialOf('TP1-03'))?.ct).toEqual({ primary: 400, secondary: 5 });
  plant.clearFault({ kind: 'wrong-ct', point: 'TP1-03', papers: '200/5' });
  expect(row()).toContain(';400/5;');
});

test('a reversed phase takes its part from the sum instead of adding it', async () => {
  const { clock, plant, healthy, serialOf } = plantWith({ kind: 'reversed-phase', point: 'TP1-03', phases: [2] });
  const serial = serialOf('TP1-03');
  await clock.advance(2 * HOUR);
  expect(plant.truth.interval(serial, at('09:00'))).toEqual(healthy.truth.interval(serial, at('09:00')));
  const share = (plant.truth.interval(serial, at('10:00'))?.['A+'] ?? 0) / (healthy.truth.interval(serial, at('10:00'))?.['A+'] ?? 0);
  // A third less twice: between 1 - 2 x 0.42 and 1 - 2 x 0.24.
  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.53);
});

test('two reversed phases of three make the energy flow back', () => {
  const { meter } = oneMeter({ family: 'm234', isTwoWay: true, load: 'input' });
  const slot = Math.floor(meter.clock.run() / 1800) + 1;
  meter.wire({ reversed: [1, 2] });
  const [drawn, given] = meter.ledger.slot(slot);
  expect(drawn).toBe(0);
  expect(given).toBeGreaterThan(0);
});

test('a reversed phase shows its power with a minus, and the sum has it', () => {
  const { meter } = oneMeter({ family: 'm234' });
  const before = instantaneousAt(meter.spec, meter.ledger, meter.clock.run());
  meter.wire({ reversed: [3] });
  const after = instantaneousAt(meter.spec, meter.ledger, meter.clock.run());
  expect([after.P[1], after.P[2], after.P[3]]).toEqual([before.P[1], before.P[2], -(before.P[3] ?? 0)]);
  expect(after.P[0]).toBe((before.P[1] ?? 0) + (before.P[2] ?? 0) - (before.P[3] ?? 0));
  expect(after.U).toEqual(before.U);
});

test('crossed voltages turn the sequence round, change the power factors and bring the sum near nothing', () => {
  const { meter } = oneMeter({ family: 'm234' });
  const before = instantaneousAt(meter.spec, meter.ledger, meter.clock.run());
  meter.wire({ crossed: [1, 2] });
  const after = instantaneousAt(meter.spec, meter.ledger, meter.clock.run());
  expect(Math.round((before.angles[0] ?? 0) / 100)).toBe(120);
  expect(Math.round((after.angles[0] ?? 0) / 100)).toBe(240);
  expect(Math.round((after.angles[1] ?? 0) / 100)).toBe(120);
  // S stays but for rounding, and P of the third phase is untouched.
  expect(Math.abs((after.S[1] ?? 0) - (before.S[1] ?? 0))).toBeLessThan((before.S[1] ?? 0) * 0.01);
  expect(after.P[3]).toBe(before.P[3]);
  expect(Math.abs(after.P[0] ?? 0)).toBeLessThan(Math.abs(before.P[0] ?? 0) * 0.3);
});

test('a fault in force again replaces the first, and clearing what is not in force does nothing', async () => {
  const { clock, plant, serialOf } = plantWith();
  const serial = serialOf('TP1-03');
  plant.clearFault({ kind: 'clock-set', point: 'TP1-03', by_s: 60 });
  expect(plant.truth.events(serial).filter(({ kind }) => kind === 'clock-set')).toEqual([]);
  plant.setFault({ kind: 'clock-set', point: 'TP1-03', by_s: 60 });
  plant.setFault({ kind: 'clock-set', point: 'TP1-03', by_s: 90 });
  plant.clearFault({ kind: 'clock-set', point: 'TP1-03', by_s: 0 });
  await clock.advance(1000);
  const sets = plant.truth.events(serial).flatMap((event) => (event.kind === 'clock-set' ? [event.after - event.before] : []));
  expect(sets).toEqual([60, -60, 90, -90]);
});
