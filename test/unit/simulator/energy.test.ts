import { expect, test } from 'vitest';
import { CHANNELS } from '../../../src/shared/domain/channel.ts';
import { wallStart } from '../../../src/main/simulator/energy.ts';
import { LOAD_KINDS, slotCounts } from '../../../src/main/simulator/load.ts';
import { oneMeter } from './meters.ts';

const MIDNIGHT = wallStart(2026, 11, 18);

test('registers are the floor of the exact sum of the half-hours, tariff by tariff', () => {
  for (const wanted of [
    { family: 'm234', connection: 'vt' },
    { family: 'm230' },
    { family: 'm236' },
    { family: 'm234', load: 'testBench' },
  ] as const) {
    const { meter } = oneMeter(wanted);
    const { ledger, spec } = meter;
    const start = ledger.registers(MIDNIGHT, 0);
    const end = ledger.registers(MIDNIGHT + 86400, 0);
    CHANNELS.forEach((channel, index) => {
      let counts = 0;
      for (let half = 0; half < 48; half += 1) counts += ledger.slot(MIDNIGHT / 1800 + half)[index] ?? 0;
      if (!spec.channels.includes(channel)) {
        expect(end?.[channel]).toBeNull();
        return;
      }
      const grown = (end?.[channel] ?? Number.NaN) - (start?.[channel] ?? Number.NaN);
      expect(Math.abs(grown - (counts * 1000) / (2 * spec.connection.constant))).toBeLessThan(1);
    });
  }
});

test('tariffs 1 and 2 sum to tariff 0 and no register ever runs back', () => {
  const { meter } = oneMeter({ family: 'm234', connection: 'vt' });
  const last = [0, 0, 0];
  for (let at = MIDNIGHT; at < MIDNIGHT + 2 * 86400; at += 601) {
    const now = [0, 1, 2].map((tariff) => meter.ledger.registers(at, tariff)?.['A+'] ?? Number.NaN);
    expect((now[1] ?? 0) + (now[2] ?? 0)).toBe(now[0]);
    now.forEach((value, tariff) => {
      expect(value).toBeGreaterThanOrEqual(last[tariff] ?? 0);
      last[tariff] = value;
    });
    expect(meter.ledger.registers(at, 3)?.['A+']).toBe(0);
  }
});

test('by day tariff 1 counts and tariff 2 stands, by night the other way round', () => {
  const { meter } = oneMeter({ family: 'm234', load: 'serverRoom' });
  const grown = (tariff: number, from: number, to: number) =>
    (meter.ledger.registers(MIDNIGHT + to * 3600, tariff)?.['A+'] ?? 0) -
    (meter.ledger.registers(MIDNIGHT + from * 3600, tariff)?.['A+'] ?? 0);
  expect(grown(1, 0, 7)).toBe(0);
  expect(grown(2, 0, 7)).toBeGreaterThan(0);
  expect(grown(2, 7, 23)).toBe(0);
  expect(grown(1, 7, 23)).toBeGreaterThan(0);
  expect(grown(1, 23, 31)).toBe(0);
});

test('within a half-hour energy grows evenly', () => {
  const { meter } = oneMeter({ family: 'm236', load: 'lighting' });
  const at = (second: number) => meter.ledger.registers(MIDNIGHT + second, 0)?.['A+'] ?? Number.NaN;
  const whole = at(1800) - at(0);
  expect(whole).toBeGreaterThan(100);
  for (const minutes of [5, 10, 15, 20, 25]) expect(Math.abs(at(minutes * 60) - at(0) - (whole * minutes) / 30)).toBeLessThanOrEqual(2);
});

test('a lost phase lowers the registers from its half-hour on and leaves the past alone', () => {
  const { meter } = oneMeter({ family: 'm236', load: 'lighting' });
  const { ledger, spec } = meter;
  const noon = MIDNIGHT + 12 * 3600;
  const read = (at: number) => ledger.registers(at, 0)?.['A+'] ?? Number.NaN;
  const healthy = { noon: read(noon), night: read(MIDNIGHT + 86400) };
  ledger.wire({ lost: [3] }, noon / 1800);
  expect(read(noon)).toBe(healthy.noon);
  const share = (1000 - spec.phaseShares[2]) / 1000;
  expect(read(MIDNIGHT + 86400) - healthy.noon).toBeCloseTo((healthy.night - healthy.noon) * share, -2);
  ledger.wire({ lost: [] }, MIDNIGHT / 1800 + 48);
  expect(ledger.slot(MIDNIGHT / 1800 + 48)).toEqual(ledger.fullSlot(MIDNIGHT / 1800 + 48));
});

test('registers before the year before the start are unknown, not zero', () => {
  const { meter } = oneMeter({ family: 'm234' });
  expect(meter.ledger.registers(wallStart(2025, 1), 0)?.['A+']).toBeGreaterThan(0);
  expect(meter.ledger.registers(wallStart(2025, 1) - 1, 0)).toBeNull();
});

test('every kind of load gives whole counts that fit a record, different by seed and the same by the same seed', () => {
  for (const [name, kind] of Object.entries(LOAD_KINDS)) {
    const draw = (seed: number) => Array.from({ length: 336 }, (_, half) => slotCounts(kind, 20700, seed, MIDNIGHT / 1800 + half));
    const week = draw(5);
    expect(kind.hours, name).toHaveLength(24);
    for (const count of week.flat()) expect(Number.isInteger(count) && count >= 0 && count < 65535, `${name} ${count}`).toBe(true);
    expect(draw(5)).toEqual(week);
    expect(draw(6)).not.toEqual(week);
  }
});

test('shops rest on Sunday, light burns at night', () => {
  const sum = (kind: keyof typeof LOAD_KINDS, day: number, from: number, to: number) => {
    let total = 0;
    for (let half = from * 2; half < to * 2; half += 1)
      total += slotCounts(LOAD_KINDS[kind], 3450, 3, wallStart(2026, 11, day) / 1800 + half)[0];
    return total;
  };
  // 18.11.2026 is a Wednesday, 22.11. a Sunday.
  expect(sum('machines', 18, 8, 16)).toBeGreaterThan(4 * sum('machines', 22, 8, 16));
  expect(sum('lighting', 18, 0, 4)).toBeGreaterThan(2 * sum('lighting', 18, 11, 15));
  expect(sum('standby', 18, 0, 24)).toBeLessThan(sum('machines', 18, 0, 24) / 50);
});
