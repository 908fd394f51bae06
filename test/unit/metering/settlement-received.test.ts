import { expect, test } from 'vitest';
import { decimalText, rational } from '../../../src/main/metering/energy.ts';
import { type ReceivedEnergy, type SettlementSource, settlementSteps } from '../../../src/main/metering/settlement.ts';
import type { Replacement } from '../../../src/shared/domain/replacement.ts';
import { installation, interval, meter, plant, point, utc } from './plant.ts';

const START = utc('2026-11-20T21:00:00Z');
const HALF = 1800;
const at = (index: number) => START + index * HALF;
const bounds = [0, 1, 2, 3, 4].map(at);

type Figure = ReceivedEnergy['figures'][number];
const figure = (index: number, kwh: number | null, over: Partial<Figure> = {}): Figure => ({
  channel: 'A+',
  startUtc: at(index),
  lengthS: HALF,
  energy: kwh === null ? null : rational(kwh),
  isValid: true,
  ...over,
});
const replacement = (index: number, energyWh: number): Replacement => ({
  pointId: 1,
  channel: 'A+',
  startUtc: at(index),
  lengthS: HALF,
  energyWh,
  method: 'manual',
});

function source(figures: readonly Figure[], over: Partial<SettlementSource> = {}): SettlementSource {
  return {
    plant: () => plant({ points: [point(1)] }),
    intervals: () => [],
    keptChannels: () => [],
    replacements: () => [],
    received: () => ({ fromUtc: at(0), channels: ['A+'], figures }),
    ...over,
  };
}
const stepsOf = (from: SettlementSource, edges: readonly number[] = bounds) =>
  (settlementSteps(1, from, edges).get('A+') ?? []).map(({ startUtc, energy, status }) => [
    (startUtc - START) / HALF,
    energy === null ? null : decimalText(energy),
    status,
  ]);

test('a point without a meter has the figures of its sender, and what he does not tell is missing', () => {
  expect(stepsOf(source([figure(0, 5), figure(1, 0), figure(3, 7)]))).toEqual([
    [0, '5', 'valid'],
    [1, '0', 'valid'],
    [2, null, 'missing'],
    [3, '7', 'valid'],
  ]);
});

test('a figure that the sender calls unfit, and one that is empty, are no valid figures', () => {
  expect(stepsOf(source([figure(0, 5, { isValid: false }), figure(1, null), figure(2, 1), figure(3, 1)]))).toEqual([
    [0, '5', 'incomplete'],
    [1, null, 'missing'],
    [2, '1', 'valid'],
    [3, '1', 'valid'],
  ]);
});

test('a replacement stands in for what is missing or unfit, never for a valid figure', () => {
  const replacements = () => [replacement(0, 9000), replacement(1, 9000), replacement(2, 9000)];
  expect(stepsOf(source([figure(0, 5), figure(1, 5, { isValid: false }), figure(3, 1)], { replacements }))).toEqual([
    [0, '5', 'valid'],
    [1, '9', 'replaced'],
    [2, '9', 'replaced'],
    [3, '1', 'valid'],
  ]);
});

test('half-hours before its first file are not expected', () => {
  const late: ReceivedEnergy = { fromUtc: at(2), channels: ['A+'], figures: [figure(2, 1), figure(3, 1)] };
  expect(stepsOf(source([], { received: () => late }))).toEqual([
    [2, '1', 'valid'],
    [3, '1', 'valid'],
  ]);
});

test('where the point had a meter of its own, the meter counts', () => {
  const own = {
    plant: () => plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1, { toUtc: at(2) })] }),
    intervals: () => [interval(at(0), { 'A+': 4000 })],
  };
  expect(
    stepsOf(
      source(
        [0, 1, 2, 3].map((index) => figure(index, 8)),
        own,
      ),
    ),
  ).toEqual([
    [0, '2', 'valid'],
    [1, null, 'missing'],
    [2, '8', 'valid'],
    [3, '8', 'valid'],
  ]);
});

test('hours and days add up what came', () => {
  const all = [0, 1, 2, 3].map((index) => figure(index, index + 1));
  expect(stepsOf(source(all), [at(0), at(4)])).toEqual([[0, '10', 'valid']]);
  expect(stepsOf(source([figure(0, 5, { lengthS: 3600 }), figure(2, 6, { lengthS: 3600 })]), [at(0), at(2), at(4)])).toEqual([
    [0, '5', 'valid'],
    [2, '6', 'valid'],
  ]);
});
