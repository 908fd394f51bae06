import { expect, test } from 'vitest';
import { oneMeter } from './meters.ts';
import { signed, triple } from './readers.ts';

test('one value and its group say the same', () => {
  const { ask, login } = oneMeter({ family: 'm236' });
  login();
  const groups: [group: string, first: number, step: number, singles: string[]][] = [
    ['00', 0, 3, ['00', '01', '02', '03']],
    ['04', 0, 3, ['04', '05', '06', '07']],
    ['08', 0, 3, ['08', '09', '0A', '0B']],
    ['11', 0, 3, ['11', '12', '13']],
    ['21', 0, 3, ['21', '22', '23']],
    ['30', 0, 3, ['30', '31', '32', '33']],
    ['40', 0, 3, ['40']],
    ['51', 0, 3, ['51', '52', '53']],
    ['61', 0, 2, ['61', '62', '63']],
    ['70', 0, 2, ['70']],
    ['81', 0, 3, ['81', '82', '83']],
  ];
  for (const [group, first, step, singles] of groups) {
    const data = ask(`08 16 ${group}`) ?? [];
    expect(data).toHaveLength(step * singles.length);
    singles.forEach((single, place) =>
      expect(ask(`08 11 ${single}`), single).toEqual(data.slice(first + place * step, first + (place + 1) * step)),
    );
  }
});

test('unused low bits of a group are ignored, phases that do not exist get status 1', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  expect(ask('08 16 10')).toEqual(ask('08 16 11'));
  expect(ask('08 16 31')).toEqual(ask('08 16 30'));
  for (const body of ['08 11 10', '08 11 20', '08 11 50', '08 11 0C', '08 11 90', '08 16 0C', '08 16 90'])
    expect(ask(body), body).toEqual([1]);
});

test('16 A0 is the groups in the order of the table: 86 bytes, 95 with line voltages, none on the 230', () => {
  for (const [family, length] of [
    ['m234', 86],
    ['m236', 95],
  ] as const) {
    const { ask, login } = oneMeter({ family });
    login();
    const groups = ['00', '04', '08', '11', '51', '21', '30', '40', '61', '70', ...(length === 95 ? ['81'] : [])];
    expect(ask('08 16 A0')).toEqual(groups.flatMap((group) => ask(`08 16 ${group}`) ?? []));
    expect(ask('08 16 A0')).toHaveLength(length);
  }
  const old = oneMeter({ family: 'm230' });
  old.login();
  for (const body of ['08 16 A0', '08 11 70', '08 11 61', '08 16 81']) expect(old.ask(body), body).toEqual([1]);
});

test('power is that of the running half-hour and Q, S, I, cos follow from it', async () => {
  for (const wanted of [
    { family: 'm234', connection: 'vt' },
    { family: 'm234', connection: 'ct' },
    { family: 'm236' },
    { family: 'm230' },
  ] as const) {
    const { ask, login, meter, clock } = oneMeter(wanted);
    login();
    for (let step = 0; step < 20; step += 1) {
      await clock.advance(97_000);
      const power = ask('08 16 00') ?? [];
      const reactive = ask('08 16 04') ?? [];
      const apparent = ask('08 16 08') ?? [];
      const P = [0, 3, 6, 9].map((at) => signed(power, at, 0x80) / 100);
      const Q = [0, 3, 6, 9].map((at) => signed(reactive, at, 0x40) / 100);
      const S = [0, 3, 6, 9].map((at) => signed(apparent, at, 0x80) / 100).map(Math.abs);
      const U = [0, 3, 6].map((at) => (triple(ask('08 16 11') ?? [], at) ?? Number.NaN) / 100);
      const I = [0, 3, 6].map((at) => (triple(ask('08 16 21') ?? [], at) ?? Number.NaN) / 1000);
      const cos = [0, 3, 6, 9].map((at) => signed(ask('08 16 30') ?? [], at, 0x80) / 1000);
      const [counts] = meter.ledger.slot(Math.floor(meter.wall() / 1800));
      const meanW = (counts * 2 * 1000) / (2 * meter.spec.connection.constant);
      expect(Math.abs((P[0] ?? 0) - meanW)).toBeLessThanOrEqual(meanW * 0.02 + 0.05);
      expect(P[0]).toBeCloseTo((P[1] ?? 0) + (P[2] ?? 0) + (P[3] ?? 0), 6);
      P.forEach((value, at) => {
        expect(Math.abs((S[at] ?? 0) ** 2 - value ** 2 - (Q[at] ?? 0) ** 2)).toBeLessThanOrEqual(0.02 * (S[at] ?? 0) + 0.01);
        expect(Math.abs((cos[at] ?? 0) - value / (S[at] ?? 1))).toBeLessThanOrEqual(0.001);
      });
      U.forEach((volts, phase) => {
        expect(Math.abs(volts / (meter.spec.connection.phaseVoltage / 100) - 1)).toBeLessThan(0.04);
        expect(Math.abs((I[phase] ?? 0) * volts - (S[phase + 1] ?? 0))).toBeLessThanOrEqual(0.0006 * volts + 0.01);
      });
    }
  }
});

test('energy that flows back carries the direction bits', () => {
  const { ask, login, clock, meter } = oneMeter({ family: 'm234', load: 'compensatedInput' });
  const isCapacitive = () => (meter.ledger.slot(Math.floor(meter.wall() / 1800))[3] ?? 0) > 0;
  for (let step = 0; step < 96 && !isCapacitive(); step += 1) clock.jump(1_800_000);
  expect(isCapacitive()).toBe(true);
  login();
  const power = ask('08 16 00') ?? [];
  const reactive = ask('08 16 04') ?? [];
  expect(signed(power, 0, 0x80)).toBeGreaterThan(0);
  expect(signed(reactive, 0, 0x40)).toBeLessThan(0);
  expect((power[0] ?? 0) & 0xc0).toBe(0x40);
  expect((reactive[0] ?? 0) & 0xc0).toBe(0x40);
});

test('angles are 120, 240, 120 and agree with each other', () => {
  const { ask, login } = oneMeter({ family: 'm230' });
  login();
  const data = ask('08 16 51') ?? [];
  const [first = 0, second = 0, third = 0] = [0, 3, 6].map((at) => triple(data, at) ?? Number.NaN);
  expect(Math.abs(first - 12000) <= 30 && Math.abs(third - 12000) <= 30).toBe(true);
  expect(first + third).toBe(second);
});

test('a lost phase shows as in the sample of 2013: voltages, no angles, power in the living phase alone', () => {
  const { ask, login, meter } = oneMeter({ family: 'm236', load: 'lighting' });
  login();
  const slot = Math.floor(meter.wall() / 1800);
  const before = meter.ledger.slot(slot + 1)[0];
  meter.ledger.wire({ lost: [1, 2] }, slot + 1);
  const U = [0, 3, 6].map((at) => triple(ask('08 16 11') ?? [], at));
  expect(U.slice(0, 2)).toEqual([1115, 0]);
  expect(U[2]).toBeGreaterThan(22000);
  expect([0, 3, 6].map((at) => triple(ask('08 16 51') ?? [], at))).toEqual([null, null, null]);
  expect([0, 3].map((at) => triple(ask('08 16 21') ?? [], at))).toEqual([0, 0]);
  const power = ask('08 16 00') ?? [];
  expect(signed(power, 0, 0x80)).toBeGreaterThan(0);
  expect(signed(power, 0, 0x80)).toBe(signed(power, 9, 0x80));
  expect(meter.ledger.slot(slot + 1)[0]).toBe(Math.floor((before * meter.spec.phaseShares[2]) / 1000));
  expect(meter.ledger.slot(slot)[0]).toBe(meter.ledger.fullSlot(slot)[0]);
});
