import { describe, expect, test } from 'vitest';
import type { ConsumptionRow } from '../../../src/shared/api/methods.ts';
import { consumptionLines, lackOf } from '../../../src/renderer/features/consumption/slice.ts';
import { missingRuns } from '../../../src/renderer/ui/chart-marks.ts';
import { groupAttention, subjectsOf } from '../../../src/renderer/features/overview/slice.ts';
import type { Attention } from '../../../src/shared/api/values.ts';

const row = (start: string, part: Partial<ConsumptionRow> = {}): ConsumptionRow => ({
  start,
  minutes: 30,
  energy: '100',
  expected: 1,
  received: 1,
  reason: null,
  flags: [],
  ...part,
});
const series = (pointId: number, rows: ConsumptionRow[]) => ({
  pointId,
  code: `P${pointId}`,
  name: `Точка ${pointId}`,
  rows,
  total: null,
  peak: null,
  completeness: { expected: 0, received: 0 },
});

describe('the table of consumption', () => {
  test('puts the same step of all points on one line and adds exactly what is there', () => {
    const [first, second] = consumptionLines([
      series(1, [
        row('2026-11-21T00:00:00Z', { energy: '0.1' }),
        row('2026-11-21T00:30:00Z', { energy: null, received: 0, reason: 'silent' }),
      ]),
      series(2, [row('2026-11-21T00:00:00Z', { energy: '0.2' }), row('2026-11-21T00:30:00Z', { energy: '7' })]),
    ]);
    expect(first?.sum).toBe('0.3');
    expect(second?.sum).toBe('7');
    expect(second?.cells.map((cell) => cell?.energy ?? null)).toEqual([null, '7']);
  });

  test('keeps the hourly steps of one meter beside the half-hours of another', () => {
    const lines = consumptionLines([
      series(1, [row('2026-11-21T00:00:00Z', { minutes: 60 })]),
      series(2, [row('2026-11-21T00:00:00Z'), row('2026-11-21T00:30:00Z')]),
    ]);
    expect(lines.map(({ cells }) => cells.map((cell) => cell?.minutes ?? null))).toEqual([
      [60, 30],
      [null, 30],
    ]);
    expect(lines[0]?.minutes).toBe(30);
  });

  const now = Date.parse('2026-11-21T12:00:00Z');
  const day = { start: '2026-11-20T21:00:00Z', minutes: 1440 };

  test.each([
    [row('2026-11-20T00:00:00Z'), null],
    [row('2026-11-20T00:00:00Z', { expected: 0, received: 0, energy: null }), { kind: 'future' }],
    [row('2026-11-20T00:00:00Z', { received: 0, energy: null, reason: 'silent' }), { kind: 'absent', reason: 'silent' }],
    [row('2026-11-20T00:00:00Z', { energy: null }), { kind: 'not-kept' }],
    [
      row('2026-11-20T00:00:00Z', { expected: 48, received: 47, reason: 'not-read' }),
      { kind: 'part', received: 47, expected: 48, reason: 'not-read' },
    ],
    [row('2026-11-20T00:00:00Z', { energy: '0' }), null],
    [row(day.start, { ...day, expected: 30, received: 30 }), { kind: 'running' }],
    [
      row(day.start, { ...day, expected: 30, received: 29, reason: 'not-read' }),
      { kind: 'part', received: 29, expected: 30, reason: 'not-read' },
    ],
    [row('2026-11-21T11:30:00Z'), null],
  ])('tells why a figure is absent or will change: %o', (cell, lack) => {
    expect(lackOf(cell, now)).toEqual(lack);
  });
});

test('missing intervals are hatched in runs, partly missing ones apart', () => {
  expect(missingRuns(['none', 'all', 'all', 'part', 'none', 'all'])).toEqual([
    [1, 3, 'all'],
    [3, 4, 'part'],
    [5, 6, 'all'],
  ]);
  expect(missingRuns(['none'])).toEqual([]);
});

describe('what asks for attention', () => {
  const item = (code: Attention['code'], state: Attention['state'], id: number): Attention => ({
    code,
    state,
    subject: { kind: 'point', id, name: `Точка ${id}` },
    since: null,
    params: {},
  });

  test('is grouped by cause, the worst first, then the largest group', () => {
    const groups = groupAttention([
      item('clock-deviation', 'attention', 1),
      item('phase-lost', 'attention', 2),
      item('phase-lost', 'attention', 3),
      item('meter-silent', 'fault', 4),
    ]);
    expect(groups.map(({ code, state, items }) => [code, state, items.length])).toEqual([
      ['meter-silent', 'fault', 1],
      ['phase-lost', 'attention', 2],
      ['clock-deviation', 'attention', 1],
    ]);
  });

  test('names a point once, however many of its phases are lost', () => {
    const subjects = subjectsOf([
      item('phase-lost', 'attention', 2),
      item('phase-lost', 'attention', 2),
      item('phase-lost', 'attention', 3),
    ]);
    expect(subjects.map((same) => same.length)).toEqual([2, 1]);
  });
});
