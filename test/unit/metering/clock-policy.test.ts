import { describe, expect, test } from 'vitest';
import {
  type ClockPolicyRules,
  type ClockPolicyState,
  clockDrift,
  decideCorrection,
  sinceLastStep,
} from '../../../src/main/metering/clock-policy.ts';
import { utc } from './plant.ts';

const RULES: ClockPolicyRules = { isOn: true, settlementThresholdS: 5, technicalThresholdS: 15, settlementReason: 'order 4' };
/** A quarter of an hour after 12:00 in Moscow. */
const STATE: ClockPolicyState = {
  role: 'technical',
  deviationMs: 20_000,
  nowUtc: utc('2026-11-24T09:15:00Z'),
  offsetMin: 180,
  periodMin: 30,
  correctedUtc: null,
  isPcClockDoubted: false,
};
const decide = (state: Partial<ClockPolicyState>, rules: Partial<ClockPolicyRules> = {}) =>
  decideCorrection({ ...RULES, ...rules }, { ...STATE, ...state });

describe('the rule of the clocks', () => {
  test.each([
    ['correct', {}, {}],
    ['correct', { deviationMs: -239_000 }, {}],
    ['correct', { role: 'settlement', deviationMs: 6000 }, {}],
    ['within-threshold', { deviationMs: 6000 }, {}],
    ['within-threshold', { role: 'settlement', deviationMs: -5000 }, {}],
    ['off', {}, { isOn: false }],
    ['pc-clock-doubted', { isPcClockDoubted: true }, {}],
    ['settlement-without-reason', { role: 'settlement' }, { settlementReason: null }],
    ['too-far', { deviationMs: 241_000 }, {}],
    ['corrected-today', { correctedUtc: utc('2026-11-24T00:10:00Z') }, {}],
    // 23:50 of the day before in Moscow.
    ['correct', { correctedUtc: utc('2026-11-23T20:50:00Z') }, {}],
    ['near-a-boundary', { nowUtc: utc('2026-11-24T09:02:00Z') }, {}],
    ['near-a-boundary', { nowUtc: utc('2026-11-24T09:20:00Z'), deviationMs: 200_000 }, {}],
  ] as const)('says %s for %j under %j', (decision, state, rules) => {
    expect(decide(state, rules)).toBe(decision);
  });
});

const readings = (...ms: number[]) => ms.map((deviationMs, day) => ({ atUtc: day * 86_400, deviationMs }));

test('drift is told per day, from a day of measurements on', () => {
  expect(clockDrift(readings(0, 400, 800, 1200))).toBeCloseTo(400);
  expect(clockDrift(readings(100))).toBeNull();
  expect(clockDrift([])).toBeNull();
});

test('a clock that was set begins a new trend, one that runs fast does not', () => {
  expect(sinceLastStep(readings(0, 400, 20_000, 20_400)).map(({ deviationMs }) => deviationMs)).toEqual([20_000, 20_400]);
  expect(sinceLastStep(readings(0, 9000, 18_000))).toHaveLength(3);
  expect(sinceLastStep([])).toEqual([]);
});
