import { expect, test } from 'vitest';
import { historyLines } from '../../../src/renderer/features/points/history.ts';
import type { History } from '../../../src/shared/api/history.ts';

const at = (time: string) => `2026-11-22T${time}:00Z`;
const row = (time: string, minutes = 30) => ({ start: at(time), minutes, min: '1', mean: '2', max: '3', reads: 120 });
const history = (...rows: History['rows']): History => ({
  pointId: 1,
  quantity: 'P',
  unit: 'W',
  from: at('00:00'),
  to: '2026-11-23T00:00:00Z',
  step: 'half-hour',
  rows,
});
const told = (given: History, now: string) =>
  historyLines(given, Date.parse(now)).map((line) => [
    new Date(line.startS * 1000).toISOString().slice(11, 16),
    line.row !== null,
    line.missing,
  ]);

test('what was not read is missing, what is still to come is not', () => {
  expect(told(history(row('01:00'), row('01:30'), row('03:00')), at('05:10'))).toEqual([
    ['00:00', false, 'all'],
    ['01:00', true, 'none'],
    ['01:30', true, 'none'],
    ['02:00', false, 'all'],
    ['03:00', true, 'none'],
    ['03:30', false, 'all'],
    ['05:00', false, 'none'],
  ]);
});

test('a half-hour that goes on is not missing yet', () => {
  expect(told(history(row('00:00')), at('00:59'))).toEqual([
    ['00:00', true, 'none'],
    ['00:30', false, 'none'],
  ]);
});

test('a period gone by without a read is missing as a whole, one to come not at all', () => {
  expect(told(history(), '2026-12-01T00:00:00Z')).toEqual([['00:00', false, 'all']]);
  expect(told(history(), '2026-11-01T00:00:00Z')).toEqual([['00:00', false, 'none']]);
});

test('a day that goes on reaches to its end', () => {
  expect(told(history(row('00:00', 1440)), at('14:00'))).toEqual([['00:00', true, 'none']]);
});
