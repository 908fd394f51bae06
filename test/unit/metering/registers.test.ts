import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PerChannel } from '../../../src/shared/domain/channel.ts';
import {
  compare,
  decimalText,
  multiply,
  perChannel,
  type Rational,
  rational,
  scalingFactor,
  sumOf,
} from '../../../src/main/metering/energy.ts';
import { checkTariffs, energyByRegisters, registerDifference, secondaryLimit } from '../../../src/main/metering/registers.ts';
import { installation, utc } from './plant.ts';

const text = (value: Rational | null) => (value === null ? null : decimalText(value));
const pair = (first: number | null, last: number | null, over: object = {}) =>
  registerDifference({ first, last, digits: 6, limit: rational(50_000), ...over });

describe('difference of readings', () => {
  test('a reading that grew is a plain difference', () => {
    expect(pair(1000, 3500)).toEqual({ verdict: 'normal', energy: 2500, reason: null });
    expect(pair(1000, 1000)).toEqual({ verdict: 'normal', energy: 0, reason: null });
    expect(pair(0, 7, { digits: null, limit: null })).toEqual({ verdict: 'normal', energy: 7, reason: null });
  });

  test('a missing reading is null with a reason, never 0', () => {
    for (const [first, last] of [
      [null, 5],
      [5, null],
      [null, null],
    ] as const) {
      expect(pair(first, last)).toEqual({ verdict: null, energy: null, reason: 'reading-missing' });
    }
  });

  test('six digits run over at 1 000 000 kWh', () => {
    expect(pair(999_999_900, 200)).toEqual({ verdict: 'roll-over', energy: 300, reason: null });
  });

  test('a smaller reading that the connection cannot have caused is suspect', () => {
    expect(pair(500_000_000, 200)).toEqual({ verdict: 'suspect', energy: null, reason: 'ran-backwards' });
    expect(pair(999_950_000, 0).verdict).toBe('roll-over');
    expect(pair(999_949_999, 0).reason).toBe('ran-backwards');
  });

  test('without digits or a limit nobody can tell a roll-over from a reset', () => {
    expect(pair(10, 5, { digits: null }).reason).toBe('capacity-unknown');
    expect(pair(10, 5, { limit: null }).reason).toBe('limit-unknown');
    expect(pair(999_999_990, 5, { limit: null, isRollOverConfirmed: true })).toEqual({ verdict: 'roll-over', energy: 15, reason: null });
  });

  test('growth beyond what the connection draws and readings beyond the digits are suspect', () => {
    expect(pair(0, 50_000).verdict).toBe('normal');
    expect(pair(0, 50_001)).toEqual({ verdict: 'suspect', energy: null, reason: 'above-limit' });
    expect(pair(0, 1_000_000_000)).toEqual({ verdict: 'suspect', energy: null, reason: 'beyond-capacity' });
  });

  test('the limit is Pmax x T / K', () => {
    // 600 kW for two hours behind 600/5 and 6000/100 is 1 200 000 Wh / 7200.
    const scaling = installation(1, 1, { ct: { primary: 600, secondary: 5 }, vt: { primary: 6000, secondary: 100 } });
    expect(compare(secondaryLimit(600_000, 7200, scaling), rational(500, 3))).toBe(0);
  });

  test('whatever was counted comes back, across the end of the register too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 8 }), fc.nat(), fc.nat(), (digits, from, counted) => {
        const capacity = 10 ** digits * 1000;
        const first = from % capacity;
        const energy = counted % capacity;
        const last = (first + energy) % capacity;
        const found = registerDifference({ first, last, digits, limit: rational(energy) });
        expect(found).toEqual({ verdict: last < first ? 'roll-over' : 'normal', energy, reason: null });
      }),
    );
  });
});

describe('tariffs against their sum', () => {
  test('within one unit they agree', () => {
    expect(checkTariffs(pair(0, 100), [pair(0, 60), pair(0, 39)])).toEqual({ agrees: true, excess: -1 });
    expect(checkTariffs(pair(0, 100), [pair(0, 60), pair(0, 42)])).toEqual({ agrees: false, excess: 2 });
    expect(checkTariffs(pair(0, 100), [pair(0, 60), pair(0, 50)], 10)).toEqual({ agrees: true, excess: 10 });
  });

  test('a tariff that is missing or suspect leaves nothing to compare', () => {
    expect(checkTariffs(pair(0, 100), [pair(0, 60), pair(null, 42)])).toEqual({ agrees: null, excess: null });
    expect(checkTariffs(pair(9, 3), [pair(0, 60)])).toEqual({ agrees: null, excess: null });
    expect(checkTariffs(pair(0, 100), [])).toEqual({ agrees: null, excess: null });
  });
});

describe('energy by registers over a replacement', () => {
  const [from, swap, back, to] = ['2026-11-01', '2026-11-10', '2026-11-11', '2026-12-01'].map((day) => utc(`${day}T00:00:00Z`)) as [
    number,
    number,
    number,
    number,
  ];
  const only = (channel: 'A+' | 'A-', figure: number | null): PerChannel<number | null> =>
    perChannel((one) => (one === channel ? figure : null));
  const old = installation(1, 1, { toUtc: swap, ct: { primary: 600, secondary: 5 } });
  const fresh = installation(1, 2, { fromUtc: back, ct: { primary: 400, secondary: 5 } });
  const common = { digits: 6, maxPowerW: null };
  const readings = [
    { ...common, installation: fresh, first: only('A+', 10), last: only('A+', 510) },
    { ...common, installation: old, first: only('A+', 1000), last: only('A+', 1200) },
  ];
  const period = { channel: 'A+', fromUtc: from, toUtc: to } as const;

  test('each meter counts with its own ratio, and the time between stays apart', () => {
    const calculated = [{ fromUtc: swap, toUtc: back, energy: rational(9000), reason: 'Акт 17' }];
    const month = energyByRegisters({ ...period, readings, calculated });
    // 200 x 120 + 500 x 80 = 64 000 Wh measured, 9000 Wh calculated beside it.
    expect([text(month.measured), text(month.total)]).toEqual(['64000', '73000']);
    expect(month.parts.map((part) => [part.installation.meterId, part.first, part.last, text(part.energy)])).toEqual([
      [1, 1000, 1200, '24000'],
      [2, 10, 510, '40000'],
    ]);
    expect([month.calculated, month.uncovered]).toEqual([calculated, []]);
  });

  test('a time without meter and without calculation leaves the whole unknown, not the measured part', () => {
    const month = energyByRegisters({ ...period, readings, calculated: [] });
    expect([text(month.measured), month.total, month.uncovered]).toEqual(['64000', null, [{ fromUtc: swap, toUtc: back }]]);
    expect(energyByRegisters({ ...period, readings: [], calculated: [] })).toMatchObject({
      measured: null,
      total: null,
      uncovered: [{ fromUtc: from, toUtc: to }],
    });
  });

  test('one reading that is missing makes the sum null', () => {
    const [first, second] = readings;
    if (first === undefined || second === undefined) throw new Error('two readings');
    const month = energyByRegisters({ ...period, readings: [first, { ...second, last: only('A+', null) }], calculated: [] });
    expect([month.measured, month.parts[0]?.energy, month.parts[0]?.difference.reason]).toEqual([null, null, 'reading-missing']);
  });

  test('a meter that left as the period began is no part of it', () => {
    const gone = { ...common, installation: installation(1, 3, { toUtc: from }), first: only('A+', null), last: only('A+', null) };
    const whole = { ...common, installation: installation(1, 1, { fromUtc: from }), first: only('A+', 5), last: only('A+', 25) };
    const month = energyByRegisters({ ...period, readings: [gone, whole], calculated: [] });
    expect([month.parts.length, text(month.total)]).toEqual([1, '20']);
  });

  test('a meter mounted the other way gives its export as the point’s import', () => {
    const direction = { 'A+': 'A-', 'A-': 'A+', 'R+': 'R-', 'R-': 'R+' } as const;
    const turned = { ...common, installation: installation(1, 1, { direction }), first: only('A-', 5), last: only('A-', 25) };
    expect(text(energyByRegisters({ ...period, readings: [turned], calculated: [] }).total)).toBe('20');
  });

  test('a roll-over is seen by what the connection draws in the time of the meter', () => {
    const rolled = { ...common, installation: installation(1, 1), first: only('A+', 999_999_000), last: only('A+', 1000) };
    const month = (maxPowerW: number | null) => energyByRegisters({ ...period, readings: [{ ...rolled, maxPowerW }], calculated: [] });
    expect([month(1000).parts[0]?.difference.verdict, text(month(1000).total)]).toEqual(['roll-over', '2000']);
    // One watt draws 720 Wh in a month.
    expect(month(1).parts[0]?.difference.reason).toBe('ran-backwards');
    expect(month(null).parts[0]?.difference.reason).toBe('limit-unknown');
  });

  test('the whole is the sum of its meters in whatever order they are told', () => {
    const one = fc.record({ first: fc.nat(1e6), counted: fc.nat(1e6), ratio: fc.integer({ min: 1, max: 4000 }), isRead: fc.boolean() });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (meters) => {
        const lengthS = Math.floor((to - from) / meters.length);
        const parts = meters.map(({ first, counted, ratio, isRead }, index) => ({
          ...common,
          installation: installation(1, index + 1, {
            fromUtc: index === 0 ? null : from + index * lengthS,
            toUtc: index === meters.length - 1 ? null : from + (index + 1) * lengthS,
            ct: { primary: ratio, secondary: 5 },
          }),
          first: only('A+', first),
          last: only('A+', isRead ? first + counted : null),
        }));
        const month = energyByRegisters({ ...period, readings: parts, calculated: [] });
        const reversed = energyByRegisters({ ...period, readings: parts.toReversed(), calculated: [] });
        expect(text(month.total)).toBe(text(reversed.total));
        const whole = sumOf(
          parts.map(({ installation: own }, index) => multiply(rational(meters[index]?.counted ?? 0), scalingFactor(own))),
        );
        expect(text(month.total)).toBe(meters.every(({ isRead }) => isRead) ? decimalText(whole) : null);
      }),
    );
  });
});
