import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { packExtremes, unpackExtremes } from '../../../src/main/store/extremes-pack.ts';
import { openStoreReader } from '../../../src/main/store/store.ts';
import { INSTANTANEOUS_KEYS } from '../../../src/shared/domain/quantity.ts';
import { HALF_HOUR, MIDNIGHT, stored, storeWithMeters } from './support.ts';

const P = (min: number, max: number, sum: number, reads: number) => ({ P: { scale: -2, min, max, sum, reads } });

describe('extremes of half-hours', () => {
  test('are given back by meter, quantity and time', async () => {
    const { store, folder } = storeWithMeters(2);
    const U1 = { scale: -2, min: 22_990, max: 23_110, sum: 46_100, reads: 2 };
    await stored(
      store,
      { meterId: 1, atUtc: MIDNIGHT, extremes: { startUtc: MIDNIGHT, values: { ...P(-5, 7, 2, 2), U1 } } },
      { meterId: 1, atUtc: MIDNIGHT, extremes: { startUtc: MIDNIGHT + HALF_HOUR, values: P(1, 2, 3, 2) } },
      { meterId: 2, atUtc: MIDNIGHT, extremes: { startUtc: MIDNIGHT, values: P(9, 9, 9, 1) } },
    );
    const reader = openStoreReader({ folder });
    for (const { extremes } of [store, reader]) {
      expect(extremes.list(1, 'P', MIDNIGHT, MIDNIGHT + 2 * HALF_HOUR)).toEqual([
        { startUtc: MIDNIGHT, ...P(-5, 7, 2, 2).P },
        { startUtc: MIDNIGHT + HALF_HOUR, ...P(1, 2, 3, 2).P },
      ]);
      expect(extremes.list(1, 'U1', MIDNIGHT, MIDNIGHT + 2 * HALF_HOUR)).toEqual([{ startUtc: MIDNIGHT, ...U1 }]);
      expect(extremes.list(1, 'P', MIDNIGHT + 1, MIDNIGHT + HALF_HOUR)).toEqual([]);
      expect(extremes.list(2, 'U1', MIDNIGHT, MIDNIGHT + HALF_HOUR)).toEqual([]);
    }
    reader.close();
  });

  test('grow by what a half-hour brings after a restart in its middle', async () => {
    const { store } = storeWithMeters(1);
    const F = { scale: -2, min: 4998, max: 5003, sum: 10_001, reads: 2 };
    await stored(store, { meterId: 1, atUtc: MIDNIGHT + 600, extremes: { startUtc: MIDNIGHT, values: P(-5, 7, 2, 2) } });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT + 1800, extremes: { startUtc: MIDNIGHT, values: { ...P(0, 20, 40, 6), F } } });
    expect(store.extremes.list(1, 'P', MIDNIGHT, MIDNIGHT + 1)).toEqual([{ startUtc: MIDNIGHT, ...P(-5, 20, 42, 8).P }]);
    expect(store.extremes.list(1, 'F', MIDNIGHT, MIDNIGHT + 1)).toEqual([{ startUtc: MIDNIGHT, ...F }]);
  });

  test('count once, though a faulty batch makes its group be stored anew', async () => {
    const { store } = storeWithMeters(1);
    const good = store.commit({ meterId: 1, atUtc: MIDNIGHT, extremes: { startUtc: MIDNIGHT, values: P(1, 3, 4, 2) } });
    const faulty = store.commit({ meterId: 99, atUtc: MIDNIGHT });
    await store.flush();
    await good;
    await expect(faulty).rejects.toMatchObject({ code: 'api/not-found' });
    expect(store.extremes.list(1, 'P', MIDNIGHT, MIDNIGHT + 1)).toMatchObject([{ sum: 4, reads: 2 }]);
  });
});

describe('a pack of extremes', () => {
  const counts = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), { minLength: 1, maxLength: 500 });
  const extremes = fc.tuple(fc.integer({ min: -9, max: 9 }), counts).map(([scale, list]) => ({
    scale,
    min: Math.min(...list),
    max: Math.max(...list),
    sum: list.reduce((sum, count) => sum + count, 0),
    reads: list.length,
  }));
  const values = fc.dictionary(fc.constantFrom(...INSTANTANEOUS_KEYS), extremes);

  test('comes out as it went in', () => {
    fc.assert(
      fc.property(values, (given) => {
        expect(unpackExtremes(packExtremes(given))).toEqual({ ...given });
      }),
    );
  });

  test('that is cut short or names what is not known is damage, not figures', () => {
    const packed = packExtremes({ P: { scale: -2, min: 1, max: 900, sum: 1200, reads: 3 } });
    for (let length = 1; length < packed.length; length += 1) {
      expect(() => unpackExtremes(packed.slice(0, length))).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
    }
    expect(() => unpackExtremes(Uint8Array.of(101, 0, 1, 0, 0, 0))).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
  });

  test('takes some twelve bytes a quantity of the largest figures', () => {
    const one = { scale: -2, min: 41_200_00, max: 44_300_00, sum: 120 * 42_000_00, reads: 120 };
    const given = Object.fromEntries(INSTANTANEOUS_KEYS.map((key) => [key, one]));
    expect(packExtremes(given).length).toBeLessThan(12.5 * INSTANTANEOUS_KEYS.length);
  });
});
