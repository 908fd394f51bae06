import { expect, test } from 'vitest';
import { isSettled, settledFigures } from '../../../src/main/api/settled.ts';
import { Site } from '../../../src/main/api/site.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import { gap, HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters, temporaryStore } from '../store/support.ts';

/** The site is three hours ahead of UTC: its 22 November begins six slots before midnight. */
const slots = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => interval(from + n - 6, 100));
const DAY = { from: '2026-11-22', to: '2026-11-22' };
const END = MIDNIGHT + 42 * HALF_HOUR;

async function plant() {
  const { store, clock } = storeWithMeters(2);
  for (const meterId of [1, 2])
    await stored(store, { meterId, atUtc: MIDNIGHT, facts: { ...NO_FACTS, constantImpPerKwh: 500, profilePeriodMin: 30 } });
  return { store, site: new Site({ store, clock, engine: () => null }) };
}

test('a day is settled when every half-hour is stored or proven absent', async () => {
  const { store, site } = await plant();
  await stored(store, { meterId: 1, atUtc: END, intervals: slots(0, 48) });
  await stored(store, { meterId: 2, atUtc: END, intervals: slots(0, 46) });
  expect(settledFigures(site, 'IV', DAY)).toEqual({ expected: 96, settled: 94 });
  expect(isSettled(site, 'IV', DAY, 100)).toBe(false);
  await stored(store, {
    meterId: 2,
    atUtc: END,
    gaps: [{ ...gap(40, 42), state: 'proven-absent', reason: 'never-recorded' }],
  });
  expect(settledFigures(site, 'IV', DAY)).toEqual({ expected: 96, settled: 96 });
  expect(isSettled(site, 'DY', DAY, 100)).toBe(true);
});

test('a threshold lets so many figures be missing and not one more', async () => {
  const { store, site } = await plant();
  await stored(store, { meterId: 1, atUtc: END, intervals: slots(0, 48) });
  await stored(store, { meterId: 2, atUtc: END, intervals: slots(0, 44) });
  // 4 of 96 are missing, which is 4.2 %.
  expect(isSettled(site, 'IV', DAY, 95)).toBe(true);
  expect(isSettled(site, 'IV', DAY, 96)).toBe(false);
});

test('readings wait for the midnight that ends the period, reference data for nothing', async () => {
  const { store, site } = await plant();
  const midnight = { kind: 'day-start' as const, momentUtc: END, tariff: 0, energy: { 'A+': 1, 'A-': null, 'R+': 0, 'R-': null } };
  await stored(store, { meterId: 1, atUtc: END, registers: [midnight] });
  expect(settledFigures(site, 'RD', DAY)).toEqual({ expected: 2, settled: 1 });
  expect(isSettled(site, 'RD', DAY, 100)).toBe(false);
  expect(isSettled(site, 'RD', DAY, 50)).toBe(true);
  expect(isSettled(site, 'RF', DAY, 100)).toBe(true);
  expect(settledFigures(site, 'RF', DAY)).toBeNull();
});

test('where nothing is expected, nothing is complete', () => {
  const { store, clock } = temporaryStore();
  const site = new Site({ store, clock, engine: () => null });
  expect(isSettled(site, 'IV', DAY, 1)).toBe(false);
  expect(isSettled(site, 'RF', DAY, 1)).toBe(false);
});
