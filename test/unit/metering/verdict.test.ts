import { describe, expect, test } from 'vitest';
import type { InstantaneousValues } from '../../../src/shared/domain/quantity.ts';
import { findLostPhases } from '../../../src/main/metering/verdict.ts';

const volts = (count: number) => ({ count, scale: -2, unit: 'V' }) as const;
const milliamps = (count: number) => ({ count, scale: -3, unit: 'A' }) as const;
const codes = (values: InstantaneousValues, scheme: Parameters<typeof findLostPhases>[1] = '3CT+3VT') =>
  findLostPhases(values, scheme).map(({ code, phase }) => [code, phase]);

describe('lost phase', () => {
  test('a phase below half of the largest is lost', () => {
    expect(codes({ U1: volts(5770), U2: volts(2800), U3: volts(5760) })).toEqual([['phase-lost', 2]]);
    expect(codes({ U1: volts(5770), U2: volts(2885), U3: volts(5760) })).toEqual([]);
  });

  test('load on a phase without voltage is said so', () => {
    expect(codes({ U1: volts(0), U2: volts(23000), U3: volts(23100), I1: milliamps(1200) })).toEqual([['current-without-voltage', 1]]);
    expect(codes({ U1: volts(0), U2: volts(23000), U3: volts(23100), I1: milliamps(10) })).toEqual([['phase-lost', 1]]);
  });

  test('a feeder that is off has lost nothing', () => {
    expect(codes({ U1: volts(0), U2: volts(3900), U3: volts(0) })).toEqual([]);
  });

  test('voltages that were not given are no finding', () => {
    expect(codes({ U1: volts(23000), U2: null })).toEqual([]);
    expect(codes({})).toEqual([]);
  });

  test('the earthed middle phase of the two-element scheme is not lost', () => {
    const values = { U1: volts(10000), U2: volts(20), U3: volts(10010) };
    expect(codes(values, '2CT+2VT')).toEqual([]);
    expect(codes({ ...values, U3: volts(4000) }, '2CT+2VT')).toEqual([['phase-lost', 3]]);
  });
});
