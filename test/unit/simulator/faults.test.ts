import { expect, test } from 'vitest';
import { faultKinds, parseFaults } from '../../../src/main/simulator/faults.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';

test('a faults file is checked field by field', () => {
  expect(
    parseFaults([
      { kind: 'dead-meter', point: 'TP1-06' },
      { kind: 'corrupt', rate: 0.01 },
      { kind: 'drop-line', line: 'ТП-2', after_s: 1, for_s: 2 },
      { kind: 'silent-line' },
      { kind: 'loss', rate: 0.1, of: 'requests' },
      { kind: 'truncate', rate: 0.1, line: 'ТП-1' },
      { kind: 'echo' },
      { kind: 'noise', rate: 0.1, bytes: 3, place: 'before' },
      { kind: 'late-reply', rate: 0.1, delay_ms: 900 },
      { kind: 'slow-gateway', latency_ms: 200, jitter_ms: 50 },
      { kind: 'segments', bytes: 1 },
      { kind: 'one-client', second: 'drops-first', stale_s: 30 },
      { kind: 'frozen-gateway', line: 'ТП-3' },
      { kind: 'modbus-gateway', answer: 'exception' },
      { kind: 'wrong-parity', baud_rate: 4800, format: '8O1' },
      { kind: 'foreign-master', period_ms: 500 },
      { kind: 'flapping', serial: '1', on_s: 30, off_s: 90 },
      { kind: 'duplicate-address', point: 'TP1-06' },
      { kind: 'zero-only', point: 'TP1-06' },
    ]),
  ).toHaveLength(19);
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
    [{ kind: 'loss', rate: 0.1, of: 'bytes' }],
    [{ kind: 'echo', serial: '1' }],
    [{ kind: 'flapping' }],
    [{ kind: 'zero-only', serial: '1', point: '2' }],
    [{ kind: 'wrong-parity', baud_rate: 0 }],
  ];
  for (const json of faulty)
    expect(() => parseFaults(json), JSON.stringify(json)).toThrow(expect.objectContaining({ code: 'api/invalid-argument' }));
});

test('every kind of fault tells its target and its fields', () => {
  const kinds = faultKinds();
  expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(kinds.length);
  expect(kinds.find(({ kind }) => kind === 'noise')).toEqual({
    kind: 'noise',
    target: 'line',
    fields: [
      { name: 'rate', type: 'number', isRequired: true },
      { name: 'bytes', type: 'number', isRequired: false },
      { name: 'place', type: 'text', isRequired: false },
      { name: 'after_s', type: 'number', isRequired: false },
      { name: 'for_s', type: 'number', isRequired: false },
    ],
  });
  expect(kinds.find(({ kind }) => kind === 'lost-phase')).toMatchObject({
    target: 'point',
    fields: [{ name: 'phases', type: 'phases', isRequired: true }, { name: 'after_s' }, { name: 'for_s' }],
  });
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
