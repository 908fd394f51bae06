import { expect, test } from 'vitest';
import { checkReading, type ReadingFacts } from '../../../../src/main/metering/replacement/reading-check.ts';
import { decimalText } from '../../../../src/main/metering/energy.ts';
import { installation } from '../plant.ts';

const DAY_S = 86_400;
const at = (day: number, readingWh: number) => ({ atUtc: day * DAY_S, readingWh });

/** Ratio 120; a day before 10 kWh a day were counted. */
function check(over: Partial<ReadingFacts>, reading: object) {
  const { doubts, energy, usual } = checkReading({
    reading: { ...at(2, 0), isRollOver: false, ...reading },
    before: at(1, 20_000),
    after: null,
    earlier: at(0, 10_000),
    installation: installation(1, 1, { ct: { primary: 600, secondary: 5 } }),
    digits: null,
    maxPowerW: null,
    unusualTimes: 3,
    nowUtc: 10 * DAY_S,
    ...over,
  });
  return {
    doubts: doubts.map(({ code, isRefusal }) => `${code}${isRefusal ? '!' : ''}`),
    energy: energy === null ? null : decimalText(energy),
    usual: usual === null ? null : decimalText(usual),
  };
}

test('energy since the reading before, beside what is usual in as long a time', () => {
  expect(check({}, at(2, 29_000))).toEqual({ doubts: [], energy: '1080000', usual: '1200000' });
  expect(check({}, at(3, 45_000))).toEqual({ doubts: [], energy: '3000000', usual: '2400000' });
});

test('three times the usual is the limit, both ways', () => {
  expect(check({}, at(2, 50_000)).doubts).toEqual([]);
  expect(check({}, at(2, 50_001)).doubts).toEqual(['unusual']);
  expect(check({}, at(2, 23_334)).doubts).toEqual([]);
  expect(check({}, at(2, 23_333)).doubts).toEqual(['unusual']);
});

test('a register never runs backwards, on either side', () => {
  expect(check({}, at(2, 19_999))).toMatchObject({ doubts: ['runs-backwards!'], energy: null });
  expect(check({ after: at(3, 30_000) }, at(2, 30_001)).doubts).toEqual(['runs-backwards!']);
  expect(check({ after: at(3, 30_000) }, at(2, 30_000)).doubts).toEqual([]);
});

test('a roll-over that a person states is counted when the digits are known, believed when they are not', () => {
  const before = at(1, 999_990_000);
  expect(check({ before, earlier: null, digits: 6 }, { ...at(2, 5000), isRollOver: true })).toEqual({
    doubts: [],
    energy: '1800000',
    usual: null,
  });
  expect(check({ before, earlier: null }, { ...at(2, 5000), isRollOver: true })).toEqual({ doubts: [], energy: null, usual: null });
  expect(check({ before, earlier: null, digits: 6 }, at(2, 5000)).doubts).toEqual(['runs-backwards!']);
  // With a largest power the arithmetic sees it by itself: 50 kW x 24 h is 1,200 kWh, 15 kWh x 120 are 1,800.
  expect(check({ before, earlier: null, digits: 6, maxPowerW: 75_000 }, at(2, 5000)).doubts).toEqual([]);
  expect(check({ before, earlier: null, digits: 6, maxPowerW: 74_999 }, at(2, 5000)).doubts).toEqual(['runs-backwards!']);
});

test('no more than the connection can draw', () => {
  expect(check({ maxPowerW: 50_000 }, at(2, 30_000)).doubts).toEqual([]);
  expect(check({ maxPowerW: 49_999 }, at(2, 30_000)).doubts).toEqual(['above-max-power']);
});

test('nothing to compare with, and a moment that has not come', () => {
  expect(check({ before: null, earlier: null }, at(2, 5)).doubts).toEqual(['nothing-to-compare']);
  expect(check({ nowUtc: DAY_S }, at(2, 25_000)).doubts).toEqual(['in-the-future!']);
});
